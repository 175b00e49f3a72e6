//! Reads a light out of the answers that are in; `None` while it needs one that is not.
//!
//! One cause, one red light: where keys, region or style are to blame, the checks that fail for the same reason are
//! told as skipped after the one that names it.

use super::facts::Facts;
use super::{ALLOWED_SKEW_SECS, millis, refusal};
use crate::domain::diagnosis::{CheckKind, Finding, Skip};
use crate::domain::{ErrorKind, StorageError, nearest};
use crate::storage::probe::Probe;

/// A difference that needs no word.
const AGREES_SECS: i64 = 60;

type Light = (Finding, Option<u64>);

/// What a check came to.
pub(super) fn conclude(kind: CheckKind, facts: &Facts) -> Option<Light> {
    match kind {
        CheckKind::Settings | CheckKind::Name | CheckKind::Tcp | CheckKind::Tls => None,
        CheckKind::Proxy => proxy(facts),
        CheckKind::Clock => clock(facts),
        CheckKind::Caller => caller(facts),
        // Whose fault a refusal of the keys is, shows only when everything was asked.
        _ if !facts.s3_is_done() && doubts_keys(facts) => None,
        CheckKind::Region => region(facts),
        CheckKind::Style => style(facts),
        CheckKind::Listing => listing(facts),
        CheckKind::Buckets => buckets(facts),
    }
}

const fn after(kind: CheckKind) -> Finding {
    Finding::Skipped(Skip::After(kind))
}

fn took<T>(probe: &Probe<T>) -> Option<u64> {
    Some(millis(probe.took))
}

/// A plain proxy shows only with a request whether it lets through.
fn proxy(facts: &Facts) -> Option<Light> {
    let proxy = facts.known.way.proxy.as_ref()?;
    if !facts.s3_is_done() {
        return None;
    }
    let name = format!("{}:{}", proxy.host, proxy.port);
    let finding = if facts.refusals().any(is_407) {
        Finding::ProxyWantsLogin {
            proxy: name,
            has_login: proxy.has_login,
        }
    } else {
        Finding::ProxyPasses {
            proxy: name,
            from_environment: proxy.from_environment,
        }
    };
    Some((finding, None))
}

fn is_407(failure: &StorageError) -> bool {
    failure.status == Some(407)
}

fn clock(facts: &Facts) -> Option<Light> {
    fn of<T>(probe: Option<&Probe<T>>) -> Option<i64> {
        probe.and_then(|probe| probe.ahead_secs)
    }
    let ahead = of(facts.list.as_ref())
        .or_else(|| of(facts.head.as_ref()))
        .or_else(|| of(facts.buckets.as_ref()));
    let finding = match ahead {
        Some(ahead_secs) if ahead_secs.abs() <= AGREES_SECS => Finding::ClockFits { ahead_secs },
        Some(ahead_secs) if ahead_secs.abs() <= ALLOWED_SKEW_SECS => {
            Finding::ClockDrifts { ahead_secs }
        }
        Some(ahead_secs) => Finding::ClockWrong { ahead_secs },
        None if facts.s3_is_done() => Finding::Skipped(Skip::NoTime),
        None => return None,
    };
    Some((finding, None))
}

/// What S3 itself said about the keys, once everything was asked. Where it accepted them elsewhere, the one request is at
/// fault and not the keys.
fn refused_keys(facts: &Facts) -> Option<Finding> {
    let decided = facts.s3_is_done() && !facts.keys_accepted();
    facts.refusals().find_map(key_fault).filter(|_| decided)
}

/// Some answer of S3 refuses the keys.
fn doubts_keys(facts: &Facts) -> bool {
    !facts.known.is_unsigned && facts.refusals().any(|failure| key_fault(failure).is_some())
}

/// Why keys are refused; `None` when a failure is about something else.
fn key_fault(failure: &StorageError) -> Option<Finding> {
    let by_code = match failure.code.as_deref().unwrap_or_default() {
        "InvalidAccessKeyId" | "InvalidClientTokenId" | "UnrecognizedClientException" => {
            Some(Finding::KeyUnknown)
        }
        "SignatureDoesNotMatch" => Some(Finding::SecretWrong),
        "ExpiredToken" | "ExpiredTokenException" => Some(Finding::SessionEnded),
        "InvalidToken" | "TokenRefreshRequired" => Some(Finding::TokenWrong),
        _ => None,
    };
    by_code.or_else(|| match failure.kind {
        ErrorKind::ExpiredCredentials => Some(Finding::SessionEnded),
        ErrorKind::BadCredentials => Some(Finding::KeysRefused(refusal(failure))),
        _ => None,
    })
}

fn caller(facts: &Facts) -> Option<Light> {
    if let Some(failure) = &facts.unsigned {
        let finding = match failure.kind {
            ErrorKind::TimedOut => Finding::CredentialsSilent,
            _ => key_fault(failure).unwrap_or_else(|| Finding::NoCredentials {
                reason: failure.message.clone().unwrap_or_default(),
            }),
        };
        return Some((finding, None));
    }
    if facts.known.is_unsigned {
        return Some((Finding::Skipped(Skip::Unsigned), None));
    }
    if facts.known.lacks_sts {
        // What S3 says of the keys counts all the same.
        let finding = refused_keys(facts).or_else(|| {
            let skipped = Finding::Skipped(Skip::NoSts);
            facts.s3_is_done().then_some(skipped)
        });
        return finding.map(|finding| (finding, None));
    }
    let probe = facts.caller.as_ref()?;
    let failure = match &probe.result {
        Ok(caller) => {
            // The token service may be another server than S3, whose word counts.
            if !facts.s3_is_done() {
                return None;
            }
            let arn = caller.arn.clone();
            let finding = refused_keys(facts).unwrap_or(Finding::CallerIs { arn });
            return Some((finding, took(probe)));
        }
        Err(failure) => failure,
    };
    // Elsewhere the same door may verify the signature as one of S3, or not know the call: S3's own word counts.
    if facts.known.is_amazon
        && let Some(finding) = key_fault(failure)
    {
        return Some((finding, took(probe)));
    }
    if let Some(finding) = refused_keys(facts) {
        return Some((finding, took(probe)));
    }
    if !facts.s3_is_done() {
        return None;
    }
    let host = facts.known.token_service.clone();
    let finding = if facts.refusals().any(is_407) {
        after(CheckKind::Proxy)
    } else if facts.known.is_amazon {
        Finding::CallerUntold(refusal(failure))
    } else if facts.keys_accepted() {
        Finding::CallerAccepted { host }
    } else {
        after(blamed(facts))
    };
    Some((finding, took(probe)))
}

/// The check that names what went wrong where nothing got through.
const fn blamed(facts: &Facts) -> CheckKind {
    if facts.known.bucket.is_some() {
        CheckKind::Listing
    } else {
        CheckKind::Buckets
    }
}

/// The check that a failure belongs to, where it is another one than that which met it.
fn owner(facts: &Facts, failure: &StorageError) -> Option<CheckKind> {
    if is_407(failure) {
        return Some(CheckKind::Proxy);
    }
    if key_fault(failure).is_some() && !facts.known.is_unsigned && !facts.keys_accepted() {
        return Some(CheckKind::Caller);
    }
    match failure.kind {
        ErrorKind::ClockSkew => Some(CheckKind::Clock),
        ErrorKind::WrongRegion if facts.known.bucket.is_some() => Some(CheckKind::Region),
        _ => None,
    }
}

/// Where the bucket is, as far as anybody told.
fn found_region(facts: &Facts) -> Option<&str> {
    let head = facts.head.as_ref()?;
    let told = match &head.result {
        Ok(region) => region.as_deref(),
        Err(failure) => failure.region.as_deref(),
    };
    told.or_else(|| {
        facts
            .refusals()
            .find_map(|failure| failure.region.as_deref())
    })
    .or_else(|| facts.location.as_ref().and_then(Option::as_deref))
}

fn region(facts: &Facts) -> Option<Light> {
    let head = facts.head.as_ref()?;
    let list = facts.list.as_ref()?;
    let configured = facts.known.region.clone();
    let time = took(head);
    let failure = list.result.as_ref().err();
    let is_wrong = failure.is_some_and(|failure| failure.kind == ErrorKind::WrongRegion);
    let finding = match found_region(facts) {
        Some(found) if found == configured => Finding::RegionFits { region: configured },
        Some(found) => {
            let found = found.to_owned();
            if is_wrong || facts.known.is_amazon {
                Finding::RegionDiffers { found, configured }
            } else {
                Finding::RegionIgnored { found, configured }
            }
        }
        None if is_wrong => Finding::RegionWrong { configured },
        None => match failure {
            Some(failure) => match owner(facts, failure) {
                Some(owner) => after(owner),
                None if failure.kind == ErrorKind::AccessDenied => {
                    Finding::RegionUntold { configured }
                }
                None => after(CheckKind::Listing),
            },
            None => Finding::RegionUntold { configured },
        },
    };
    Some((finding, time))
}

/// True when an answer shows that the request reached the bucket.
fn reaches(probe: &Probe<usize>) -> bool {
    probe.result.is_ok()
}

/// Only the other style works.
fn is_wrong_style(facts: &Facts) -> Option<bool> {
    let list = facts.list.as_ref()?;
    let other = facts.other.as_ref()?;
    let Err(failure) = &list.result else {
        return Some(false);
    };
    let other_works = other.as_ref().is_some_and(reaches);
    Some(other_works && owner(facts, failure).is_none())
}

fn style(facts: &Facts) -> Option<Light> {
    let list = facts.list.as_ref()?;
    let other = facts.other.as_ref()?;
    let in_host = facts.known.way.bucket_in_host;
    let time = other.as_ref().and_then(took);
    let Err(failure) = &list.result else {
        let other_works = other.as_ref().map(reaches);
        let works = Finding::StyleWorks {
            in_host,
            other_works,
        };
        return Some((works, time));
    };
    if is_wrong_style(facts)? {
        return Some((Finding::StyleWrong { in_host }, time));
    }
    let finding = match owner(facts, failure) {
        Some(owner) => after(owner),
        // The bucket was found, or surely is not there: the style is not to blame.
        None if failure.kind == ErrorKind::AccessDenied => Finding::StyleWorks {
            in_host,
            other_works: None,
        },
        None => after(CheckKind::Listing),
    };
    Some((finding, time))
}

fn listing(facts: &Facts) -> Option<Light> {
    let probe = facts.list.as_ref()?;
    let time = took(probe);
    let prefix = facts.known.prefix.clone();
    let failure = match &probe.result {
        Ok(0) => return Some((Finding::NothingThere { prefix }, time)),
        Ok(_) => return Some((Finding::KeyCame { prefix }, time)),
        Err(failure) => failure,
    };
    if let Some(owner) = owner(facts, failure) {
        return Some((after(owner), time));
    }
    if is_wrong_style(facts)? {
        return Some((after(CheckKind::Style), time));
    }
    let finding = match failure.kind {
        ErrorKind::AccessDenied => Finding::ListDenied {
            prefix,
            message: failure.message.clone(),
        },
        ErrorKind::NoSuchKey | ErrorKind::NoSuchBucket if !facts.known.endpoint_path.is_empty() => {
            Finding::EndpointHasPath {
                path: facts.known.endpoint_path.clone(),
            }
        }
        // An S3 server names the code, whatever it refuses to list.
        ErrorKind::NoSuchBucket | ErrorKind::Unsupported if failure.code.is_none() => {
            Finding::NotS3 {
                host: facts.known.way.host.clone(),
            }
        }
        // Which buckets there are tells what may have been meant.
        ErrorKind::NoSuchBucket => {
            let names = facts
                .buckets
                .as_ref()?
                .result
                .as_deref()
                .unwrap_or_default();
            let bucket = facts.known.bucket.clone().unwrap_or_default();
            let near = nearest(&bucket, names.iter().map(String::as_str)).map(str::to_owned);
            Finding::BucketMissing { bucket, near }
        }
        _ => Finding::ListFailed(refusal(failure)),
    };
    Some((finding, time))
}

fn buckets(facts: &Facts) -> Option<Light> {
    let probe = facts.buckets.as_ref()?;
    let own = facts.known.bucket.as_ref();
    let failure = match &probe.result {
        Ok(names) => {
            let seen = Finding::BucketsSeen {
                count: names.len(),
                has_own: own.map(|own| names.contains(own)),
            };
            return Some((seen, took(probe)));
        }
        Err(failure) => failure,
    };
    let finding = match (owner(facts, failure), failure.kind) {
        (Some(owner), _) => after(owner),
        (None, ErrorKind::AccessDenied) => Finding::BucketsDenied {
            has_bucket: own.is_some(),
        },
        (
            None,
            ErrorKind::Unsupported
            | ErrorKind::NoSuchBucket
            | ErrorKind::NoSuchKey
            | ErrorKind::Invalid,
        ) => Finding::BucketsUnsupported,
        // Where the bucket itself cannot be listed either, that check tells why.
        (None, _) if facts.known.bucket.is_some() => match facts.list.as_ref()?.result {
            Err(_) => after(CheckKind::Listing),
            Ok(_) => Finding::BucketsFailed(refusal(failure)),
        },
        (None, _) => Finding::BucketsFailed(refusal(failure)),
    };
    Some((finding, took(probe)))
}
