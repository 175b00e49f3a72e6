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
    if name.len() == 12 && name.bytes().all(|byte| byte.is_ascii_digit()) {
        return Ok(json!({ "AWS": format!("arn:{partition}:iam::{name}:root") }));
    }
    if name.starts_with("arn:") {
        return arn(name, partition);
    }
    let host = name.bytes().all(|byte| {
        byte.is_ascii_lowercase() || byte.is_ascii_digit() || byte == b'.' || byte == b'-'
    });
    let is_service = host
        && [".amazonaws.com", ".amazonaws.com.cn"]
            .iter()
            .any(|end| name.strip_suffix(end).is_some_and(|it| !it.is_empty()));
    if is_service {
        return Ok(json!({ "Service": name }));
    }
    Err(PolicyRefusal::BadPrincipal)
}

/// `arn:PARTITION:iam::ACCOUNT:user/NAME`, `...:role/NAME`, `...:root`, or of STS: `assumed-role/ROLE/SESSION`.
fn arn(name: &str, partition: &str) -> Result<Value, PolicyRefusal> {
    let parts: Vec<&str> = name.splitn(6, ':').collect();
    let [_, own, service, "", account, resource] = parts[..] else {
        return Err(PolicyRefusal::BadPrincipal);
    };
    // CloudFront's own identities have the word in place of an account.
    let account_fits = account == "cloudfront"
        || (account.len() == 12 && account.bytes().all(|byte| byte.is_ascii_digit()));
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
    matches!(form, PolicyForm::Bucket { principal } if principal.trim() == "*")
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
