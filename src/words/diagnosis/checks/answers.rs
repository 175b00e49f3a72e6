//! What the server said in words: caller, region, style, listing, buckets.

use super::{Told, failed, next_of, plain, told, words_of};
use crate::domain::Timestamp;
use crate::domain::diagnosis::{DeniedTo, Finding, NoRegion, Origin};
use crate::words::diagnosis::{When, of_kms};
use crate::words::{quoted, visible};

pub(super) fn caller(finding: &Finding) -> Told {
    match finding {
        Finding::CallerIs { arn } => plain(visible(short_arn(arn))),
        Finding::CallerAccepted { host } => plain(format!(
            "The keys are accepted; {} has no token service to say whose they are",
            visible(host)
        )),
        Finding::KeyUnknown => told(
            "The server does not know this access key id",
            "It was deleted or misspelt, or belongs to another provider or partition; temporary keys need their \
             session token too.",
            "Enter the key again, with its secret and, if it has one, its token.",
        ),
        Finding::SecretWrong => told(
            "The secret key does not belong to this access key id",
            "The signature does not fit: the secret is misspelt, cut or has a blank at its end, or something on the \
             way changes requests.",
            "Enter the secret again.",
        ),
        Finding::SessionEnded => told(
            "The temporary credentials have ended",
            "Their session is over; long-term keys do not end.",
            "Sign in again, or enter new temporary credentials.",
        ),
        Finding::TokenWrong { from, needless } => wrong_token(from.as_ref(), *needless),
        Finding::KeysRefused(refusal) => told(
            "The server refuses these credentials",
            words_of(refusal, "It does not say why."),
            "Check that key, secret and endpoint belong together.",
        ),
        Finding::NoCredentials { reason } => told(
            "There is nothing to sign with",
            match reason.trim() {
                "" => "No source of credentials gave any.".to_owned(),
                reason => format!(
                    "The source says: {}.",
                    visible(reason.trim_end_matches('.'))
                ),
            },
            "Choose a source of credentials in the settings, or enter keys.",
        ),
        Finding::CredentialsSilent => told(
            "The source of the credentials does not answer",
            "A sign-in service, a metadata service or a credential process takes longer than 4 s.",
            "Look at the source that is used; run its program by hand.",
        ),
        Finding::CallerUntold(refusal) => told(
            "The token service does not say who signs",
            words_of(refusal, "It answered something else."),
            "S3 takes these credentials, so this is no harm unless a role is to be assumed with them.",
        ),
        _ => plain(""),
    }
}

fn wrong_token(from: Option<&Origin>, needless: bool) -> Told {
    let zone = jiff::tz::TimeZone::UTC;
    let when = When {
        now: Timestamp(0),
        zone: &zone,
        home: None,
    };
    let place = from.map(|from| super::super::origin(from, &when));
    let Some(place) = place else {
        return told(
            "The session token that came with these keys is refused",
            "Who gave key id, secret and token gave them together, and the server does not take the token: it is of \
             another partition, or was called back.",
            "Fetch new keys where these came from.",
        );
    };
    if needless {
        return told(
            "A session token is sent that is not of these keys",
            format!(
                "The key id is a long-term one and needs none. One goes along from {place}, and the server refuses both \
                 for it."
            ),
            "Take the token away there; long-term keys sign without.",
        );
    }
    told(
        "The session token does not belong to this key",
        format!(
            "It comes from {place}. Key id, secret and token have to be of one sign-in, and each new one has all three anew."
        ),
        "Paste the three again together, or take the token away if the keys are long-term ones.",
    )
}

/// What comes after the account: `assumed-role/media-editor/cooperage`.
fn short_arn(arn: &str) -> &str {
    arn.splitn(6, ':').nth(5).unwrap_or(arn)
}

pub(super) fn region(finding: &Finding) -> Told {
    match finding {
        Finding::RegionFits { region } => plain(format!(
            "The bucket is in {}, as configured",
            visible(region)
        )),
        Finding::RegionDiffers { found, configured } => told(
            format!(
                "The bucket is in {}, this connection says {}",
                visible(found),
                visible(configured)
            ),
            format!(
                "Requests are redirected, and links signed for {} are refused.",
                visible(configured)
            ),
            format!("Set the region to {}.", visible(found)),
        ),
        Finding::RegionWanted { found, configured } => told(
            format!(
                "The server wants the region {}, this connection says {}",
                visible(found),
                visible(configured)
            ),
            "It refuses what is signed for another one.",
            format!("Set the connection's region to {}.", visible(found)),
        ),
        Finding::RegionIgnored { found, configured } => plain(format!(
            "The server calls its region {}, and works with {} too",
            visible(found),
            visible(configured)
        )),
        Finding::RegionWrong { configured } => told(
            format!("The bucket is not in {}", visible(configured)),
            "The server refuses that region and does not say which one is right.",
            "Look the bucket's region up in the provider's console.",
        ),
        Finding::RegionUntold { configured, why } => plain(format!(
            "{}; requests for {} are accepted",
            match why {
                NoRegion::Empty => "The server names none",
                NoRegion::Denied => "Asking for it is denied (s3:GetBucketLocation)",
                NoRegion::Unsupported => "This server cannot be asked for it",
                NoRegion::Failed => "The server gave no usable answer",
            },
            visible(configured)
        )),
        _ => plain(""),
    }
}

const fn place(in_host: bool) -> &'static str {
    if in_host { "host name" } else { "path" }
}

pub(super) fn style(finding: &Finding) -> Told {
    match finding {
        Finding::StyleWorks {
            in_host,
            other_works,
        } => plain(match other_works {
            Some(true) => format!(
                "Bucket in the {} works, and in the {} too",
                place(*in_host),
                place(!*in_host)
            ),
            Some(false) => format!(
                "Bucket in the {} works, in the {} it does not",
                place(*in_host),
                place(!*in_host)
            ),
            None => format!("Bucket in the {} works", place(*in_host)),
        }),
        Finding::StyleWrong { in_host: true } => told(
            "This server wants the bucket in the path",
            "With the bucket in the host name it does not find it; in the path it does.",
            "Set the addressing style to path.",
        ),
        Finding::StyleWrong { in_host: false } => told(
            "This server wants the bucket in the host name",
            "With the bucket in the path it does not find it; in the host name it does.",
            "Set the addressing style to virtual.",
        ),
        _ => plain(""),
    }
}

pub(super) fn listing(finding: &Finding) -> Told {
    match finding {
        Finding::KeyCame { .. } => plain("1 key came back"),
        Finding::NothingThere { prefix } if prefix.is_empty() => {
            plain("Allowed; the bucket is empty")
        }
        Finding::NothingThere { prefix } => {
            plain(format!("Allowed; nothing is below {}", quoted(prefix)))
        }
        Finding::ListedSlowly {
            is_empty, took_ms, ..
        } => told(
            format!(
                "Slow: the answer came after {}",
                super::super::report::seconds(*took_ms)
            ),
            format!(
                "The server takes connections at once and thinks long: it wakes up, is overloaded or asks others first. {}.",
                match is_empty {
                    true => "The listing is allowed, and nothing is there",
                    false => "One key came back",
                }
            ),
            "Run again to see whether it stays so; every request of Django waits as long, and gives up after 60 s.",
        ),
        Finding::ListDenied {
            prefix,
            message,
            to,
        } => denied(prefix, message.as_deref(), to),
        Finding::BucketUnchosen { names, count, open } => unchosen(names, *count, open.as_deref()),
        Finding::BucketUnnamed { denied: true } => told(
            "No bucket is named, and these credentials may not list the buckets",
            "So none can be offered, and without a bucket nothing can be listed, uploaded or shared. \
             Many policies leave s3:ListAllMyBuckets out; that alone is no harm.",
            "Name the bucket in the connection; whoever gave the credentials knows it.",
        ),
        Finding::BucketUnnamed { denied: false } => told(
            "No bucket is named, and this server does not list its buckets",
            "It says nothing of what there is, and everything else is asked of a bucket.",
            "Name the bucket that you were given in the connection.",
        ),
        Finding::BucketMissing {
            bucket,
            near: Some(near),
        } => told(
            format!(
                "There is no bucket {}, but there is {}",
                quoted(bucket),
                quoted(near)
            ),
            "The account has none of exactly the name that the connection gives, and the other is nearly the same.",
            format!(
                "If you meant {}, use that; else correct the name.",
                visible(near)
            ),
        ),
        Finding::BucketMissing { bucket, near: None } => told(
            format!("There is no bucket {}", quoted(bucket)),
            "The server answers and knows no bucket of exactly this name; it may belong to another provider.",
            "Check the bucket's name and the endpoint.",
        ),
        Finding::EndpointHasPath { path } => told(
            format!("The endpoint has a path, {}", quoted(path)),
            "The server takes it for the bucket, and the bucket for the beginning of a key.",
            "Take the path out of the endpoint: the bucket is an option of its own.",
        ),
        Finding::NotS3 {
            host,
            proxy: Some(proxy),
        } => told(
            format!(
                "No answer of S3 comes from {} through the proxy {}",
                quoted(host),
                quoted(proxy)
            ),
            "What comes is a web page or the like: the proxy answers itself instead of passing requests on, or the host \
             behind it is no S3 server.",
            "Take the proxy out of AWS_S3_PROXIES (or of http_proxy in the environment) where the host is reached without; \
             else check the endpoint.",
        ),
        Finding::NotS3 { host, proxy: None } => told(
            format!("{} is no S3 server", quoted(host)),
            "It answers, but not as S3 does: a web page, a console or a proxy stands there.",
            "Check the endpoint; consoles often listen on another port than the server.",
        ),
        Finding::ListFailed(refusal) => failed::listing(refusal),
        _ => plain(""),
    }
}

pub(super) fn buckets(finding: &Finding) -> Told {
    match finding {
        Finding::BucketsSeen { count, has_own } => {
            let counted = match count {
                1 => "1 bucket".to_owned(),
                count => format!("{count} buckets"),
            };
            plain(match has_own {
                Some(true) => format!("{counted}, this one among them"),
                Some(false) => format!("{counted}; this one is not among them"),
                None => counted,
            })
        }
        Finding::BucketsDenied { has_bucket: true } => {
            plain("Denied, and that is fine: the bucket is named here")
        }
        Finding::BucketsDenied { has_bucket: false } => plain("Denied (s3:ListAllMyBuckets)"),
        Finding::BucketsUnsupported => plain("This server does not list buckets"),
        Finding::BucketsFailed {
            refusal,
            has_bucket: true,
        } => told(
            "Failed, and nothing here needs it: the bucket is named",
            words_of(refusal, ""),
            "",
        ),
        Finding::BucketsFailed { refusal, .. } => told(
            "Listing the buckets failed",
            words_of(refusal, "The server gives no reason for it."),
            next_of(refusal, "Look at the requests for the server's answer."),
        ),
        _ => plain(""),
    }
}

/// A listing that a policy does not allow.
fn denied(prefix: &str, message: Option<&str>, to: &DeniedTo) -> Told {
    let title = match prefix {
        "" => "Listing the bucket is denied".to_owned(),
        prefix => format!("Listing below {} is denied", quoted(prefix)),
    };
    let message = message.unwrap_or_default().trim().trim_end_matches('.');
    // That it is denied is known.
    let says = match message.eq_ignore_ascii_case("access denied") || message.is_empty() {
        true => String::new(),
        false => format!(" The server says: {}.", visible(message)),
    };
    let is_explicit = message.contains("with an explicit deny");
    let (cause, next) = match to {
        DeniedTo::Keys if is_explicit => (
            "The server knows these credentials; a policy denies s3:ListBucket here outright, which no other policy can allow.",
            "Have that statement changed, or set the location to a prefix that it leaves out.".to_owned(),
        ),
        DeniedTo::Keys => (
            "The server knows these credentials; their policy does not allow s3:ListBucket here.",
            "Ask for s3:ListBucket on this bucket, or set the location to a prefix that the policy allows.".to_owned(),
        ),
        DeniedTo::Kms(denied) => {
            // The server's own sentence says nothing that these do not.
            let (cause, next) = of_kms(denied, false).unwrap_or_default();
            return told(title, cause, next);
        }
        DeniedTo::Stranger { near: Some(near) } => (
            "The server knows these credentials; the buckets that they list do not include this one, but one of nearly the same name.",
            format!(
                "If you meant {}, use that; else ask the bucket's owner for s3:ListBucket.",
                visible(near)
            ),
        ),
        DeniedTo::Stranger { near: None } => (
            "The server knows these credentials; the buckets that they list do not include this one: it may be another account's, which has to allow it.",
            "Check the bucket's name, or ask its owner for s3:ListBucket.".to_owned(),
        ),
        DeniedTo::Unsigned => (
            "Requests are not signed, and the bucket does not let everybody list it.",
            "Enter keys, or have the bucket's policy allow s3:ListBucket to everybody.".to_owned(),
        ),
    };
    told(title, format!("{cause}{says}"), next)
}

/// No bucket is named, and these are there.
fn unchosen(names: &[String], count: usize, open: Option<&str>) -> Told {
    let names: Vec<String> = names.iter().map(|name| visible(name)).collect();
    let more = count.saturating_sub(names.len());
    match (names.as_slice(), more) {
        ([], _) => told(
            "No bucket is chosen, and the account has none",
            "The credentials are accepted, but there is nothing yet to list, to upload to or to share from.",
            "Create a bucket, then name it in the connection.",
        ),
        ([only], 0) => told(
            format!("No bucket is chosen; the account has one, {}", quoted(only)),
            "The credentials are accepted. As long as none is named, Django can list, upload and share nothing, and here it has to be chosen each time.",
            format!("Use {only}, or name another one in the connection."),
        ),
        (names, more) => {
            let rest = match more {
                0 => String::new(),
                more => format!(" and {more} more"),
            };
            told(
                format!("No bucket is chosen; the account has {count}"),
                "The credentials are accepted. Until one is named, Django can list, upload and share nothing, and here one has to be chosen each time.",
                match open {
                    Some(open) => format!(
                        "Use {}, which is open here, or name another one in the connection.",
                        visible(open)
                    ),
                    None => format!("Name one in the connection: {}{rest}.", names.join(", ")),
                },
            )
        }
    }
}
