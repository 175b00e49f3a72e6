//! `url`: the link alone on standard output, ready for `$(...)`.

use serde_json::json;

use crate::domain::{LinkEnd, Timestamp};
use crate::storage::LinkRequest;

use super::address::Address;
use super::ls::iso;
use super::run::{Failure, Job};

/// The longest lifetime that Amazon accepts for version 4 signatures.
const LONGEST_SECS: i64 = 7 * 24 * 3600;

/// Makes a link.
pub(super) async fn run(
    job: &Job,
    target: &Address,
    expires_secs: Option<i64>,
) -> Result<u64, Failure> {
    let console = job.console();
    let storage = job.storage_of(Some(target))?;
    let lifetime_secs = expires_secs.unwrap_or(storage.config().links.expires_secs);
    let request = LinkRequest {
        expires_secs,
        ..LinkRequest::new(target.key())
    };
    let link = job
        .until_cancelled(storage.sign_link(&request, Timestamp::now()))
        .await?;
    let works_until = link.works_until.map(iso);
    let end = match link.end {
        LinkEnd::Lifetime => "lifetime",
        LinkEnd::Session => "session",
        LinkEnd::Never => "never",
    };
    console.result(&link.url, '\n')?;
    console.object(&json!({
        "type": "link",
        "key": target.text,
        "url": link.url,
        "works_until": works_until,
        "end": end,
    }))?;
    console.flush()?;
    match (link.end, works_until) {
        (LinkEnd::Session, Some(until)) => console.note(&format!(
            "Works until {until}, sooner than asked for: the credentials that signed it end then."
        )),
        (LinkEnd::Lifetime, Some(until)) if console.is_read_by_people() => {
            console.note(&format!("Works until {until}."));
        }
        (LinkEnd::Never, _) if expires_secs.is_some() => {
            console.note(
                "This link is not signed and has no end: it works while the object is public.",
            );
        }
        _ => {}
    }
    if job.is_builtin() {
        console.note("The built-in bucket stops with this program, and the link with it; in the window it stays.");
    }
    if link.end != LinkEnd::Never && lifetime_secs > LONGEST_SECS {
        console.note("Amazon S3 refuses version 4 links of more than 7 days (604800 seconds).");
    }
    Ok(0)
}
