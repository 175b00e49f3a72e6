//! What requests that change nothing show of a server: those that the rows of permissions made, and a few more.
//!
//! [`look`] is part of an examination. [`meet`] is the first contact of a connection with a server: at most eight requests,
//! one after the other, so that whatever a person waits for goes first. Amazon's own hosts are not asked: what they do is
//! what all others are measured by.

use std::time::Duration;

use super::product::{of_host, product_of};
use crate::doctor::permissions;
use crate::domain::ErrorKind;
use crate::domain::diagnosis::{
    Ability, Answer, EndpointReport, Known, Permission, PermissionMatrix, ServerPlace, Untested,
    Verdict,
};
use crate::storage::Storage;
use crate::storage::calls::Reply;

/// A host that does not exist may take long to say so.
const OTHER_HOST: Duration = Duration::from_secs(5);

/// What an examination's rows showed, and whether the bucket may stand elsewhere, and whether there are temporary
/// credentials.
pub(crate) async fn look(
    storage: &Storage,
    matrix: &PermissionMatrix,
    listing: Option<&Reply>,
) -> EndpointReport {
    let other_place = addressing(storage, &matrix.prefix, listing.is_some());
    let (addressing, sts) = tokio::join!(other_place, sts(storage));
    report(storage, matrix, listing, (addressing, sts))
}

/// Meets a server for the first time. `None` when nothing can be said: the connection stands in no bucket, or the bucket
/// cannot be listed.
pub async fn meet(storage: &Storage, prefix: &str) -> Option<EndpointReport> {
    let bucket = storage.bucket().ok()?;
    if is_amazons(storage, bucket) {
        return Some(of_amazon(storage));
    }
    let mut matrix = PermissionMatrix::new(bucket, prefix, Untested::NotAsked);
    let (key, listing) = permissions::first_key(storage, prefix).await?;
    for permission in [Permission::Tags, Permission::Acl] {
        matrix.set(permissions::of_object(storage, permission, &key).await);
    }
    matrix.set(permissions::of_bucket(storage, Permission::Versions, prefix).await);
    let addressing = addressing(storage, prefix, true).await;
    let sts = sts(storage).await;
    Some(report(storage, &matrix, Some(&listing), (addressing, sts)))
}

/// What answers to other work show: the product, and no place, for it was not looked at.
#[must_use]
pub fn seen_by_the_way(storage: &Storage) -> EndpointReport {
    EndpointReport {
        place: None,
        ..unseen(storage)
    }
}

/// What is written down of a place before anything was found there.
pub(crate) fn unseen(storage: &Storage) -> EndpointReport {
    let host = storage.request_host().unwrap_or_default();
    let marks = storage.server_marks();
    EndpointReport {
        product: product_of(&host, &marks),
        by_host: of_host(&host).is_some(),
        server: marks.server,
        host,
        place: storage.endpoint_url().ok().map(|endpoint| ServerPlace {
            endpoint,
            bucket: storage.bucket().unwrap_or_default().to_owned(),
        }),
        ..EndpointReport::default()
    }
}

/// A bucket of the usual kind at Amazon. Directory buckets (`...--x-s3`) know less.
fn is_amazons(storage: &Storage, bucket: &str) -> bool {
    storage.is_amazon() && !bucket.ends_with("--x-s3")
}

fn of_amazon(storage: &Storage) -> EndpointReport {
    let mut report = unseen(storage);
    let read = Ability::ALL
        .into_iter()
        .filter(|ability| !ability.needs_writing());
    let known = read.map(|ability| (ability, Known::Is(ability.of_amazon())));
    report.findings.extend(known);
    report
}

fn report(
    storage: &Storage,
    matrix: &PermissionMatrix,
    listing: Option<&Reply>,
    (addressing, sts): (Option<Answer>, Option<Answer>),
) -> EndpointReport {
    let mut report = unseen(storage);
    let told = |answer: Option<Answer>| answer.map_or(Known::Untold, Known::Is);
    let of_row = |permission| offered(permission, matrix.verdict(permission));
    let of_listing = |read: &dyn Fn(&Reply) -> Option<Answer>| match listing {
        Some(reply) => told(read(reply)),
        None => of_row(Permission::ListPrefix),
    };
    report.findings.extend([
        (
            Ability::Addressing,
            match (addressing, of_row(Permission::ListPrefix)) {
                (Some(answer), _) => Known::Is(answer),
                (None, Known::Is(_)) => Known::Untold,
                // Whether the bucket is there shows only with a listing.
                (None, why) => why,
            },
        ),
        (Ability::Sts, told(sts)),
        (Ability::ListV2, of_listing(&list_v2)),
        (
            Ability::UrlListings,
            of_listing(&|reply| Some(url_listings(reply))),
        ),
        (Ability::Tagging, of_row(Permission::Tags)),
        (Ability::Acl, of_row(Permission::Acl)),
        // That a bucket can be asked whether it keeps versions does not mean that it can.
        (Ability::Versions, of_row(Permission::Versions)),
    ]);
    report
}

/// What the newer call adds is there, or what only the old one has.
fn list_v2(reply: &Reply) -> Option<Answer> {
    if reply.has("KeyCount") {
        Some(Answer::Yes)
    } else if reply.has("Marker") {
        Some(Answer::No)
    } else {
        None
    }
}

fn url_listings(reply: &Reply) -> Answer {
    if reply.text("EncodingType").as_deref() == Some("url") {
        Answer::Yes
    } else {
        Answer::No
    }
}

/// Offered when its row works, not offered when that says so; a denial tells nothing.
pub(crate) const fn offered(permission: Permission, verdict: Verdict) -> Known {
    match verdict {
        Verdict::Allowed => Known::Is(Answer::Yes),
        Verdict::Unsupported => Known::Is(Answer::No),
        Verdict::Denied(_) => Known::Denied(permission),
        Verdict::Failed(kind) | Verdict::NotTested(Untested::ListingFailed(kind))
            if is_of_keys(kind) =>
        {
            Known::KeysRefused
        }
        Verdict::NotTested(Untested::ListingFailed(_)) => Known::Failed(Permission::ListPrefix),
        Verdict::SignatureRefused { version2: true } => Known::NeedsV4,
        Verdict::SignatureRefused { version2: false } | Verdict::Failed(_) => {
            Known::Failed(permission)
        }
        Verdict::NotTested(Untested::NothingThere | Untested::NoListing) => Known::NoObject,
        Verdict::NotTested(_) => Known::Untold,
    }
}

/// The keys are to blame, and nothing that was asked for with them.
pub(crate) const fn is_of_keys(kind: ErrorKind) -> bool {
    matches!(
        kind,
        ErrorKind::BadCredentials | ErrorKind::ExpiredCredentials | ErrorKind::NoCredentials
    )
}

/// Lists with the bucket in its other place. `works` tells whether it does in its own.
async fn addressing(storage: &Storage, prefix: &str, works: bool) -> Option<Answer> {
    if storage.is_amazon() {
        return Some(Answer::HostAndPath);
    }
    let in_host = storage.way().ok()?.bucket_in_host;
    let asking = storage.ask_one_key_otherwise(prefix);
    // An address, or a name that cannot stand in a host, leaves the path as the only place.
    let other_works = match tokio::time::timeout(OTHER_HOST, asking).await {
        Ok(Some(probe)) => probe.result.is_ok(),
        Ok(None) | Err(_) => false,
    };
    match (works, other_works, in_host) {
        (true, true, _) => Some(Answer::HostAndPath),
        (true, false, true) | (false, true, false) => Some(Answer::HostOnly),
        (true, false, false) | (false, true, true) => Some(Answer::PathOnly),
        (false, false, _) => None,
    }
}

async fn sts(storage: &Storage) -> Option<Answer> {
    if storage.is_amazon() {
        return Some(Answer::Yes);
    }
    let asked = tokio::time::timeout(OTHER_HOST, storage.ask_sts()).await;
    let speaks = asked.ok()??;
    Some(if speaks { Answer::Yes } else { Answer::No })
}
