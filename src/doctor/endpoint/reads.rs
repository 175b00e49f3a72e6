//! What requests that change nothing show of a server: those that the rows of permissions made, and three more.

use std::time::Duration;

use bytes::Bytes;
use http::Method;

use super::product_of;
use crate::doctor::Patient;
use crate::doctor::permissions::ask;
use crate::domain::diagnosis::{
    Ability, Answer, EndpointReport, Known, Permission, PermissionMatrix, Product, Verdict,
};
use crate::domain::{Addressing, CredentialSpec, Operation, StorageConfig};
use crate::storage::Storage;
use crate::storage::calls::{Question, Reply};

/// A host that does not exist may take long to say so.
const OTHER_HOST: Duration = Duration::from_secs(5);

/// What the rows showed, and whether the bucket may stand elsewhere, and whether there are temporary credentials.
pub(crate) async fn look(
    patient: &Patient,
    storage: &Storage,
    matrix: &PermissionMatrix,
    listing: Option<&Reply>,
) -> EndpointReport {
    let host = storage.request_host().unwrap_or_default();
    let mut report = EndpointReport {
        host: host.clone(),
        ..EndpointReport::default()
    };
    let mut found = |ability, answer: Option<Answer>| {
        let finding = answer.map_or(Known::Untold, Known::Is);
        report.findings.insert(ability, finding);
    };
    let marks = storage.server_marks();
    let product = product_of(&host, &marks);
    let (addressing, sts) = tokio::join!(
        addressing(patient, storage, listing.is_some(), product),
        sts(patient, storage, product),
    );
    found(Ability::Addressing, addressing);
    found(Ability::Sts, sts);
    found(Ability::ListV2, listing.and_then(list_v2));
    found(Ability::UrlListings, listing.map(url_listings));
    found(Ability::Tagging, offered(matrix, &[Permission::Tags]));
    found(Ability::Acl, offered(matrix, &[Permission::Acl]));
    let versions = [Permission::Versions, Permission::Versioning];
    found(Ability::Versions, offered(matrix, &versions));
    report.product = product;
    report.server = marks.server;
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

/// Offered when one of the rows works, not offered when all of them say so; a denial tells nothing.
fn offered(matrix: &PermissionMatrix, rows: &[Permission]) -> Option<Answer> {
    let mut verdicts = rows.iter().map(|row| matrix.verdict(*row));
    if verdicts.clone().any(|verdict| verdict == Verdict::Allowed) {
        Some(Answer::Yes)
    } else if verdicts.all(|verdict| verdict == Verdict::Unsupported) {
        Some(Answer::No)
    } else {
        None
    }
}

/// Lists with the bucket in its other place.
async fn addressing(
    patient: &Patient,
    storage: &Storage,
    works: bool,
    product: Product,
) -> Option<Answer> {
    if product == Product::AmazonS3 {
        return Some(Answer::HostAndPath);
    }
    let bucket = storage.bucket().ok()?;
    let host = storage.request_host().ok()?;
    let in_host = host.starts_with(&format!("{bucket}."));
    let style = if in_host {
        Addressing::Path
    } else {
        Addressing::Virtual
    };
    let config = StorageConfig {
        addressing: style,
        ..storage.config().clone()
    };
    let other = Storage::connect_in(config, patient.world.clone())
        .await
        .ok()?;
    // An address, or a name that cannot stand in a host, leaves the path as the only place.
    let is_other = other.request_host().ok()? != host;
    let other_works = is_other && lists(&other, bucket).await;
    match (works, other_works, in_host) {
        (true, true, _) => Some(Answer::HostAndPath),
        (true, false, true) | (false, true, false) => Some(Answer::HostOnly),
        (true, false, false) | (false, true, true) => Some(Answer::PathOnly),
        (false, false, _) => None,
    }
}

/// True when this place lists this very bucket.
async fn lists(storage: &Storage, bucket: &str) -> bool {
    let prefix = storage.config().location.trim_start_matches('/').to_owned();
    let question = Question {
        query: vec![("max-keys", "1"), ("prefix", prefix.as_str())],
        ..Question::new(Operation::List, Method::GET, "")
    };
    match tokio::time::timeout(OTHER_HOST, ask(storage, &question)).await {
        Ok(Ok(reply)) => {
            reply.root().as_deref() == Some("ListBucketResult")
                && reply.text("Name").is_none_or(|name| name == bucket)
        }
        _ => false,
    }
}

/// Sends the account's address a request of STS that is made without a signature and lacks its token: a server that knows
/// STS refuses it in the words of STS, another one in those of S3.
async fn sts(patient: &Patient, storage: &Storage, product: Product) -> Option<Answer> {
    if product == Product::AmazonS3 {
        return Some(Answer::Yes);
    }
    let config = StorageConfig {
        credentials: CredentialSpec::Anonymous,
        bucket: None,
        ..storage.config().clone()
    };
    let unsigned = Storage::connect_in(config, patient.world.clone())
        .await
        .ok()?;
    let question = Question {
        headers: vec![(
            "content-type".to_owned(),
            "application/x-www-form-urlencoded".to_owned(),
        )],
        body: Bytes::from_static(b"Action=AssumeRoleWithWebIdentity&Version=2011-06-15"),
        ..Question::new(Operation::Connect, Method::POST, "")
    };
    let asked = unsigned.calls();
    let asked = Box::pin(asked.ask_account(&question));
    let root = tokio::time::timeout(OTHER_HOST, asked).await.ok()?.ok()?;
    let speaks_sts = matches!(
        root.as_deref(),
        Some("ErrorResponse" | "AssumeRoleWithWebIdentityResponse")
    );
    Some(if speaks_sts { Answer::Yes } else { Answer::No })
}
