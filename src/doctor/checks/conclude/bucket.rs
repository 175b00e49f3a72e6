//! What the answers say about the bucket and the account: region, addressing style, the listing, the buckets.

use std::time::Duration;

use super::super::facts::{Facts, Place};
use super::{Light, after, blamed, is_denial, millis, owner, plain_proxy, refusal, took};
use crate::doctor::permissions::is_no_s3;
use crate::domain::diagnosis::{CheckKind, Denied, DeniedTo, Finding, NoRegion, Skip};
use crate::domain::{ErrorKind, StorageError, nearest};

/// So many names of buckets are offered.
const MOST_NAMES: usize = 5;

/// A listing of one key that takes longer is worth a word.
const SLOW: Duration = Duration::from_secs(4);

/// Where the bucket is, as far as anybody told.
fn found_region(facts: &Facts) -> Option<&str> {
    let head = facts.head.as_ref()?;
    let told = match &head.result {
        Ok(region) => region.as_deref(),
        Err(failure) => failure.region.as_deref(),
    };
    let refused = || {
        facts
            .refusals()
            .find_map(|failure| failure.region.as_deref())
    };
    told.or_else(refused).or(match &facts.location {
        Some(Place::Named(region)) => Some(region.as_str()),
        Some(Place::Untold(_)) | None => None,
    })
}

/// The region that the server wants for questions about the account, where it refused the configured one.
fn wanted_region(facts: &Facts) -> Option<&str> {
    let failure = facts.buckets.as_ref()?.result.as_ref().err()?;
    let told = failure.region.as_deref()?;
    (failure.kind == ErrorKind::WrongRegion && told != facts.known.region).then_some(told)
}

/// The bucket, or the account where none is named, cannot be listed because its region is another one than the
/// configured.
pub(super) fn is_wrong_region(facts: &Facts) -> bool {
    if facts.known.bucket.is_none() {
        return wanted_region(facts).is_some();
    }
    let listed = facts.list.as_ref().map(|probe| &probe.result);
    let is_wrong = matches!(listed, Some(Err(failure)) if failure.kind == ErrorKind::WrongRegion);
    is_wrong && found_region(facts) != Some(facts.known.region.as_str())
}

pub(super) fn region(facts: &Facts) -> Option<Light> {
    if facts.known.bucket.is_none() {
        facts.buckets.as_ref()?;
        let nowhere = Finding::Skipped(Skip::NoBucket);
        let finding = wanted_region(facts).map_or(nowhere, |found| Finding::RegionWanted {
            found: found.to_owned(),
            configured: facts.known.region.clone(),
        });
        return Some((finding, None));
    }
    let head = facts.head.as_ref()?;
    let list = facts.list.as_ref()?;
    let configured = facts.known.region.clone();
    let failure = list.result.as_ref().err();
    // What was listed, or denied by a policy, was signed for a region that is good enough.
    let is_taken = failure.is_none_or(is_denial);
    let finding = match found_region(facts) {
        Some(found) if found == configured => Finding::RegionFits { region: configured },
        Some(found) => {
            let found = found.to_owned();
            let is_blamed = facts.known.is_amazon && !facts.known.is_unsigned && !is_taken;
            if is_wrong_region(facts) || is_blamed {
                Finding::RegionDiffers { found, configured }
            } else {
                Finding::RegionIgnored { found, configured }
            }
        }
        None if is_wrong_region(facts) => Finding::RegionWrong { configured },
        None if is_taken => {
            let why = match &facts.location {
                Some(Place::Untold(why)) => *why,
                Some(Place::Named(_)) | None => NoRegion::Failed,
            };
            Finding::RegionUntold { configured, why }
        }
        None => after(blamed(facts)),
    };
    Some((finding, took(head)))
}

/// Only the other style works.
pub(super) fn is_wrong_style(facts: &Facts) -> Option<bool> {
    let list = facts.list.as_ref()?;
    let other = facts.other.as_ref()?;
    let Err(failure) = &list.result else {
        return Some(false);
    };
    let other_works = other.as_ref().is_some_and(|probe| probe.result.is_ok());
    Some(other_works && owner(facts, failure).is_none())
}

pub(super) fn style(facts: &Facts) -> Option<Light> {
    let list = facts.list.as_ref()?;
    let other = facts.other.as_ref()?;
    let in_host = facts.known.way.bucket_in_host;
    let time = other.as_ref().and_then(took);
    let Err(failure) = &list.result else {
        let works = Finding::StyleWorks {
            in_host,
            other_works: other.as_ref().map(|probe| probe.result.is_ok()),
        };
        return Some((works, time));
    };
    if is_wrong_style(facts)? {
        return Some((Finding::StyleWrong { in_host }, time));
    }
    let finding = match owner(facts, failure) {
        Some(owner) => after(owner),
        // The bucket was found: the style is not to blame.
        None if is_denial(failure) => Finding::StyleWorks {
            in_host,
            other_works: None,
        },
        None => after(CheckKind::Listing),
    };
    Some((finding, time))
}

pub(super) fn listing(facts: &Facts) -> Option<Light> {
    if facts.known.bucket.is_none() {
        return choice(facts).map(|finding| (finding, None));
    }
    let probe = facts.list.as_ref()?;
    let time = took(probe);
    let prefix = facts.known.prefix.clone();
    let failure = match &probe.result {
        Ok(count) if probe.took >= SLOW => {
            let slowly = Finding::ListedSlowly {
                prefix,
                is_empty: *count == 0,
                took_ms: millis(probe.took),
            };
            return Some((slowly, time));
        }
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
        _ if is_denial(failure) => Finding::ListDenied {
            prefix,
            message: failure.message.clone(),
            to: denied_to(facts, Denied::of(failure))?,
        },
        ErrorKind::NoSuchKey | ErrorKind::NoSuchBucket if has_path(facts) => path(facts),
        _ if is_no_s3(failure) => no_s3(facts),
        // Which buckets there are tells what may have been meant.
        ErrorKind::NoSuchBucket => missing(facts)?,
        _ => Finding::ListFailed(refusal(failure)),
    };
    Some((finding, time))
}

fn missing(facts: &Facts) -> Option<Finding> {
    let near = near(facts)?;
    let bucket = facts.known.bucket.clone().unwrap_or_default();
    Some(Finding::BucketMissing { bucket, near })
}

/// A bucket of the account whose name is nearly that of the connection's.
fn near(facts: &Facts) -> Option<Option<String>> {
    let asked = facts.buckets.as_ref()?;
    let names = asked.result.as_deref().unwrap_or_default();
    let bucket = facts.known.bucket.as_deref().unwrap_or_default();
    Some(nearest(bucket, names.iter().map(String::as_str)).map(str::to_owned))
}

/// Whether the bucket is one of the account's tells who has to allow what is denied.
fn denied_to(facts: &Facts, denied: Option<Denied>) -> Option<DeniedTo> {
    if let Some(denied) = denied.filter(|denied| denied.how.is_of_kms()) {
        return Some(DeniedTo::Kms(denied));
    }
    if facts.known.is_unsigned {
        return Some(DeniedTo::Unsigned);
    }
    let near = near(facts)?;
    let names = facts.buckets.as_ref()?.result.as_deref();
    let own = facts.known.bucket.as_ref()?;
    Some(match names {
        Ok(names) if !names.contains(own) => DeniedTo::Stranger { near },
        Ok(_) | Err(_) => DeniedTo::Keys,
    })
}

/// The connection names no bucket: which it could name. Why the account cannot be asked at all, its own check tells.
fn choice(facts: &Facts) -> Option<Finding> {
    if facts.known.keys_only {
        return Some(Finding::Skipped(Skip::NoBucket));
    }
    let probe = facts.buckets.as_ref()?;
    let failure = match &probe.result {
        Ok(names) => {
            return Some(Finding::BucketUnchosen {
                names: names.iter().take(MOST_NAMES).cloned().collect(),
                count: names.len(),
                open: None,
            });
        }
        Err(failure) => failure,
    };
    Some(match buckets(facts)?.0 {
        Finding::BucketsDenied { .. } => Finding::BucketUnnamed { denied: true },
        Finding::BucketsUnsupported if failure.code.is_some() => {
            Finding::BucketUnnamed { denied: false }
        }
        _ => Finding::Skipped(Skip::NoBucket),
    })
}

fn has_path(facts: &Facts) -> bool {
    !facts.known.endpoint_path.is_empty()
}

fn path(facts: &Facts) -> Finding {
    Finding::EndpointHasPath {
        path: facts.known.endpoint_path.clone(),
    }
}

fn no_s3(facts: &Facts) -> Finding {
    Finding::NotS3 {
        host: facts.known.way.host.clone(),
        proxy: plain_proxy(facts),
    }
}

pub(super) fn buckets(facts: &Facts) -> Option<Light> {
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
    let finding = match own {
        _ if let Some(owner) = owner(facts, failure) => after(owner),
        _ if is_denial(failure) => Finding::BucketsDenied {
            has_bucket: own.is_some(),
        },
        None => of_account(facts, failure),
        // Where the bucket itself cannot be listed either, that check tells why.
        Some(_) => match (&facts.list.as_ref()?.result, failure.kind) {
            (Err(_), _) if is_no_s3(failure) => after(blamed(facts)),
            (_, kind) if is_unsupported(kind) => Finding::BucketsUnsupported,
            (Err(_), _) => after(blamed(facts)),
            (Ok(_), _) => Finding::BucketsFailed {
                refusal: refusal(failure),
                has_bucket: true,
            },
        },
    };
    Some((finding, took(probe)))
}

/// Nothing but the account was asked, so this is what shows whether anything there speaks S3.
fn of_account(facts: &Facts, failure: &StorageError) -> Finding {
    match failure.kind {
        ErrorKind::NoSuchKey | ErrorKind::NoSuchBucket if has_path(facts) => path(facts),
        _ if is_no_s3(failure) => no_s3(facts),
        kind if is_unsupported(kind) => Finding::BucketsUnsupported,
        _ => Finding::BucketsFailed {
            refusal: refusal(failure),
            has_bucket: false,
        },
    }
}

/// Servers that do not list buckets answer so.
const fn is_unsupported(kind: ErrorKind) -> bool {
    matches!(
        kind,
        ErrorKind::Unsupported
            | ErrorKind::NoSuchBucket
            | ErrorKind::NoSuchKey
            | ErrorKind::Invalid
    )
}
