//! The test that writes: what it will do, why it need not be tried, and what it left behind.

use super::permissions;
use crate::domain::ErrorKind;
use crate::domain::diagnosis::{
    Leftover, Permission, PermissionMatrix, PermissionRow, Setup, Untested, Verdict,
};

/// Why a write need not be tried where a listing ended like this; `None` where it may still work.
#[must_use]
pub const fn no_write_either(listed: Verdict) -> Option<&'static str> {
    Some(match listed {
        Verdict::NotTested(why) => match why {
            Untested::NoSuchBucket => "the bucket does not exist",
            Untested::NotS3 => "what answers is no S3 server",
            Untested::NoBucket => "this connection names no bucket",
            Untested::NoWay => "the server was not reached",
            Untested::NoCredentials => "there are no credentials to sign with",
            _ => return None,
        },
        Verdict::Failed(kind) => match kind {
            ErrorKind::BadCredentials => "the server does not accept the credentials",
            ErrorKind::ExpiredCredentials => "the credentials have expired",
            ErrorKind::NoCredentials | ErrorKind::SignInNeeded | ErrorKind::CodeNeeded => {
                "there are no credentials to sign with"
            }
            ErrorKind::Unreachable | ErrorKind::ProxyUnreachable | ErrorKind::ProxyRefused => {
                "the server was not reached"
            }
            ErrorKind::Tls => "the certificate of the server was not accepted",
            ErrorKind::TimedOut => "the server does not answer",
            _ => return None,
        },
        Verdict::Allowed
        | Verdict::Denied(_)
        | Verdict::Unsupported
        | Verdict::SignatureRefused { .. } => return None,
    })
}

/// What a write test will do, before it is asked for.
#[must_use]
pub fn before_writing(prefix: &str, setup: Option<&Setup>) -> String {
    if setup.is_some_and(|setup| setup.bucket.is_none()) {
        return "No bucket is named in which anything could be tried.".to_owned();
    }
    let place = if prefix.is_empty() {
        "into the bucket".to_owned()
    } else {
        format!("below {}", crate::words::visible(prefix))
    };
    let class = setup.and_then(|setup| setup.storage_class.as_deref());
    let class = class.map_or_else(String::new, |class| {
        format!(
            " It takes the storage class {} of the settings for that moment.",
            crate::words::visible(class)
        )
    });
    let locks = setup.map_or_else(String::new, |setup| untried_locks(setup, " "));
    format!(
        "Testing writes puts one object with a random name {place} and removes it again, even after a crash.{class}{locks}"
    )
}

/// Which parameters of uploads no test tries, with something before it; nothing where there are none.
#[must_use]
pub fn untried_locks(setup: &Setup, before: &str) -> String {
    if setup.locks.is_empty() {
        return String::new();
    }
    format!(
        "{before}Not tried: {}, which would keep the object from being removed.",
        setup.locks.join(", ")
    )
}

/// What is left of a test: of this one, or of an earlier one, for which nothing was written now; with what may still arrive.
#[must_use]
pub fn left(matrix: &PermissionMatrix) -> String {
    let mut said = Vec::new();
    let names: Vec<String> = matrix.remains().map(name).collect();
    if !names.is_empty() {
        let (what, ask) = (listed(&names), ask_for(matrix));
        said.push(if matrix.waits_for_removal() {
            format!(
                "An earlier test left {what}, which still cannot be removed. {ask}Another test would leave more."
            )
        } else {
            format!("The test could not remove {what}. {ask}The next one tries it again before it writes anything.")
        });
    }
    let awaited = matrix.leftovers.iter().filter(|one| one.may_arrive);
    let awaited: Vec<String> = awaited.map(name).collect();
    if !awaited.is_empty() {
        said.push(format!(
            "An upload of a test got no answer from the server and may still arrive: {}. The next test looks for it again.",
            listed(&awaited)
        ));
    }
    said.join(" ")
}

/// Why a write test that was asked for did not take place; `None` where it did.
#[must_use]
pub fn not_tested(matrix: &PermissionMatrix) -> Option<String> {
    let write = matrix.row(Permission::Write)?;
    let why = match write.verdict {
        Verdict::NotTested(Untested::LeftBehind) => return Some(left(matrix)),
        // Without a place for it nobody came to ask.
        Verdict::NotTested(Untested::NotAsked) => Untested::Settings,
        Verdict::NotTested(why) => why,
        _ => return None,
    };
    let told = permissions::row(&PermissionRow::untested(Permission::Write, why));
    Some(format!("{} {}", told.cause, told.next).trim().to_owned())
}

fn name(left: &Leftover) -> String {
    let what = if left.is_upload {
        "an unfinished upload of"
    } else {
        "the object"
    };
    format!("{what} {}", crate::words::visible(&left.key))
}

/// `a, b and c`.
fn listed(names: &[String]) -> String {
    match names {
        [] => String::new(),
        [one] => one.clone(),
        [before @ .., last] => format!("{} and {last}", before.join(", ")),
    }
}

/// Which actions would remove what is left, with a blank behind; nothing where no denial is known to be the cause.
fn ask_for(matrix: &PermissionMatrix) -> String {
    let mut actions = Vec::new();
    let is_earlier = matrix.waits_for_removal();
    if matrix.remains().any(|one| !one.is_upload) {
        if is_earlier || matrix.denies(Permission::Delete) {
            actions.push("s3:DeleteObject");
        } else if matrix.verdict(Permission::Delete) == Verdict::Allowed {
            // Only a version can stay where the object could be deleted.
            actions.push("s3:DeleteObjectVersion");
        }
    }
    if matrix.remains().any(|one| one.is_upload)
        && (is_earlier || matrix.denies(Permission::Multipart))
    {
        actions.push(Permission::Multipart.action());
    }
    match (actions.join(" and "), is_earlier) {
        (actions, _) if actions.is_empty() => actions,
        (actions, false) => format!("Ask for {actions}. "),
        (actions, true) => format!("Where that is denied, ask for {actions}. "),
    }
}

#[cfg(test)]
mod tests {
    use super::*;
    use crate::domain::diagnosis::Denial;

    fn leftover(key: &str, is_upload: bool, may_arrive: bool) -> Leftover {
        Leftover {
            key: key.to_owned(),
            is_upload,
            may_arrive,
        }
    }

    #[test]
    fn what_is_left_is_named_with_what_would_remove_it() {
        let set = |matrix: &mut PermissionMatrix, permission, verdict| {
            matrix.set(PermissionRow {
                verdict,
                ..PermissionRow::untested(permission, Untested::NotAsked)
            });
        };
        let mut matrix = PermissionMatrix::new("b", "p/", Untested::NotAsked);
        assert_eq!(left(&matrix), "");
        matrix.leftovers = vec![leftover("p/.t", false, false)];
        let next = "The next one tries it again before it writes anything.";
        let object = "The test could not remove the object p/.t.";
        assert_eq!(left(&matrix), format!("{object} {next}"));
        let denied = Verdict::Denied(Denial::Unexplained);
        for (verdict, action) in [
            (denied, "s3:DeleteObject"),
            (Verdict::Allowed, "s3:DeleteObjectVersion"),
        ] {
            set(&mut matrix, Permission::Delete, verdict);
            assert_eq!(left(&matrix), format!("{object} Ask for {action}. {next}"));
        }
        matrix.leftovers.push(leftover("p/.t", true, false));
        matrix.leftovers.push(leftover("p/.u", false, false));
        set(&mut matrix, Permission::Delete, denied);
        set(&mut matrix, Permission::Multipart, denied);
        let what = "the object p/.t, an unfinished upload of p/.t and the object p/.u";
        let actions = "s3:DeleteObject and s3:AbortMultipartUpload";
        let said = format!("The test could not remove {what}. Ask for {actions}. {next}");
        assert_eq!(left(&matrix), said);
        let waits = Verdict::NotTested(Untested::LeftBehind);
        for permission in Permission::WRITES {
            set(&mut matrix, permission, waits);
        }
        let said = left(&matrix);
        assert!(said.starts_with(&format!("An earlier test left {what}, ")));
        assert!(said.contains(actions), "{said}");
    }

    #[test]
    fn what_may_still_arrive_is_not_called_left() {
        let mut matrix = PermissionMatrix::new("b", "p/", Untested::NotAsked);
        matrix.leftovers = vec![leftover("p/.t", false, true)];
        let said = left(&matrix);
        assert!(
            said.contains("may still arrive: the object p/.t."),
            "{said}"
        );
        assert!(!said.contains("could not remove"), "{said}");
    }
}
