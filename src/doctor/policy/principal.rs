//! Who a bucket policy is about.

use serde_json::{Value, json};

use super::resources::partition_named;
use crate::domain::diagnosis::{PolicyForm, PolicyRefusal};

/// The `Principal` element for what a person typed.
///
/// # Errors
/// When it is nothing that a policy can name, or lives in another partition than the bucket.
pub(super) fn element(typed: &str, partition: &str) -> Result<Value, PolicyRefusal> {
    let name = typed.trim();
    if name.is_empty() {
        return Err(PolicyRefusal::NoPrincipal);
    }
    if name == "*" {
        return Ok(json!("*"));
    }
    if is_account(name) {
        return Ok(json!({ "AWS": format!("arn:{partition}:iam::{name}:root") }));
    }
    if name.starts_with("arn:") {
        return arn(name, partition);
    }
    if PolicyForm::is_service(name) {
        return Ok(json!({ "Service": name }));
    }
    Err(PolicyRefusal::BadPrincipal)
}

/// What limits a service to one resource or account: without it, it comes for whoever asks it (the "confused deputy" of the
/// IAM User Guide). Nothing for other principals.
///
/// # Errors
/// When the source is nothing that a request can name, or the principal's requests name none.
pub(super) fn source_condition(
    principal: &str,
    source: &str,
    partition: &str,
) -> Result<Option<(&'static str, Value)>, PolicyRefusal> {
    let source = source.trim();
    if source.is_empty() {
        return Ok(None);
    }
    if !PolicyForm::is_service(principal) {
        return Err(PolicyRefusal::SourceOfNoService);
    }
    if is_account(source) {
        let account = json!({ "aws:SourceAccount": source });
        return Ok(Some(("StringEquals", account)));
    }
    let parts: Vec<&str> = source.splitn(6, ':').collect();
    let ["arn", own, service, _, account, resource] = parts[..] else {
        return Err(PolicyRefusal::BadSource);
    };
    let account_fits = account.is_empty() || is_account(account);
    if partition_named(own).is_none() || service.is_empty() || resource.is_empty() || !account_fits
    {
        return Err(PolicyRefusal::BadSource);
    }
    if own != partition {
        return Err(PolicyRefusal::OtherPartition);
    }
    Ok(Some(("ArnLike", json!({ "aws:SourceArn": source }))))
}

/// True when a service may come on anybody's behalf.
pub(super) fn is_for_any_source(form: &PolicyForm) -> bool {
    matches!(form, PolicyForm::Bucket { principal, source }
        if PolicyForm::is_service(principal) && source.trim().is_empty())
}

fn is_account(text: &str) -> bool {
    text.len() == 12 && text.bytes().all(|byte| byte.is_ascii_digit())
}

/// `arn:PARTITION:iam::ACCOUNT:user/NAME`, `...:role/NAME`, `...:root`, or of STS: `assumed-role/ROLE/SESSION`.
fn arn(name: &str, partition: &str) -> Result<Value, PolicyRefusal> {
    let parts: Vec<&str> = name.splitn(6, ':').collect();
    let [_, own, service, "", account, resource] = parts[..] else {
        return Err(PolicyRefusal::BadPrincipal);
    };
    // CloudFront's own identities have the word in place of an account.
    let account_fits = account == "cloudfront" || is_account(account);
    let resource_fits = match service {
        "iam" => {
            resource == "root"
                || ["user/", "role/"].iter().any(|kind| {
                    resource
                        .strip_prefix(kind)
                        .is_some_and(|it| !it.is_empty() && !it.contains('*'))
                })
        }
        "sts" => ["assumed-role/", "federated-user/"]
            .iter()
            .any(|kind| resource.starts_with(kind) && resource.len() > kind.len()),
        _ => false,
    };
    if partition_named(own).is_none() || !account_fits || !resource_fits {
        return Err(PolicyRefusal::BadPrincipal);
    }
    if own != partition {
        return Err(PolicyRefusal::OtherPartition);
    }
    Ok(json!({ "AWS": name }))
}

/// True when a policy lets everybody in.
pub(super) fn is_everybody(form: &PolicyForm) -> bool {
    matches!(form, PolicyForm::Bucket { principal, .. } if principal.trim() == "*")
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn every_form_of_a_principal_is_known() {
        for (typed, element_text) in [
            ("*", r#""*""#),
            (
                "123456789012",
                r#"{"AWS":"arn:aws:iam::123456789012:root"}"#,
            ),
            (
                " arn:aws:iam::123456789012:user/media/anna ",
                r#"{"AWS":"arn:aws:iam::123456789012:user/media/anna"}"#,
            ),
            (
                "arn:aws:sts::123456789012:assumed-role/editor/anna",
                r#"{"AWS":"arn:aws:sts::123456789012:assumed-role/editor/anna"}"#,
            ),
            (
                "arn:aws:iam::cloudfront:user/CloudFront Origin Access Identity E1",
                r#"{"AWS":"arn:aws:iam::cloudfront:user/CloudFront Origin Access Identity E1"}"#,
            ),
            (
                "cloudfront.amazonaws.com",
                r#"{"Service":"cloudfront.amazonaws.com"}"#,
            ),
        ] {
            let written = element(typed, "aws").expect(typed).to_string();
            assert_eq!(written, element_text);
        }
    }

    #[test]
    fn a_service_is_limited_to_what_it_comes_for() {
        let distribution = "arn:aws:cloudfront::123456789012:distribution/E1";
        let limited = |source| source_condition("cloudfront.amazonaws.com", source, "aws");
        assert_eq!(limited(" "), Ok(None));
        assert_eq!(
            limited(distribution),
            Ok(Some(("ArnLike", json!({ "aws:SourceArn": distribution }))))
        );
        assert_eq!(
            limited("123456789012"),
            Ok(Some((
                "StringEquals",
                json!({ "aws:SourceAccount": "123456789012" })
            )))
        );
        for (source, refusal) in [
            ("E1", PolicyRefusal::BadSource),
            ("arn:aws:cloudfront::E1", PolicyRefusal::BadSource),
            (
                "arn:aws:cloudfront::12:distribution/E1",
                PolicyRefusal::BadSource,
            ),
            (
                "arn:aws:cloudfront::123456789012:",
                PolicyRefusal::BadSource,
            ),
            (
                "arn:aws-cn:cloudfront::123456789012:distribution/E1",
                PolicyRefusal::OtherPartition,
            ),
        ] {
            assert_eq!(limited(source), Err(refusal), "{source}");
        }
        assert_eq!(
            source_condition("123456789012", distribution, "aws"),
            Err(PolicyRefusal::SourceOfNoService)
        );
    }

    #[test]
    fn what_can_name_nobody_is_refused() {
        for (typed, refusal) in [
            ("  ", PolicyRefusal::NoPrincipal),
            ("anna", PolicyRefusal::BadPrincipal),
            ("12345", PolicyRefusal::BadPrincipal),
            ("arn:aws:s3:::bucket", PolicyRefusal::BadPrincipal),
            (
                "arn:aws:iam::123456789012:user/",
                PolicyRefusal::BadPrincipal,
            ),
            (
                "arn:aws:iam::123456789012:user/*",
                PolicyRefusal::BadPrincipal,
            ),
            ("arn:aws:iam::1:user/a", PolicyRefusal::BadPrincipal),
            (".amazonaws.com", PolicyRefusal::BadPrincipal),
            (
                "arn:aws-cn:iam::123456789012:root",
                PolicyRefusal::OtherPartition,
            ),
        ] {
            assert_eq!(element(typed, "aws"), Err(refusal), "{typed}");
        }
    }
}
