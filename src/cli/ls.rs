//! `ls`: objects and folders, page by page as they come.

use serde_json::json;

use crate::domain::{ListSink, Timestamp};
use crate::storage::ListRequest;
use crate::words::quoted;

use super::address::Address;
use super::run::{Failure, Job};

/// How to list.
#[derive(Clone, Copy, Debug)]
pub(super) struct How {
    pub recursive: bool,
    pub null: bool,
}

/// Lists what begins with the address; the buckets when there is neither an address nor a bucket.
pub(super) async fn run(job: &Job, from: Option<&Address>, how: How) -> Result<u64, Failure> {
    if from.is_none() && job.storage().bucket().is_err() {
        return buckets(job).await;
    }
    let location = || {
        let location = &job.storage().config().location;
        let slash = if location.is_empty() || location.ends_with('/') {
            ""
        } else {
            "/"
        };
        format!("{location}{slash}")
    };
    let prefix = from.map_or_else(location, |address| address.text.clone());
    let storage = job.storage_of(from)?;
    let request = ListRequest {
        delimiter: (!how.recursive).then_some('/'),
        ..ListRequest::all(prefix.as_str())
    };
    let mut sweep = storage.sweep(request);
    let mut rows = 0_u64;
    loop {
        let mut page = Page::default();
        let listed = job.until_cancelled(sweep.next_page(&mut page)).await?;
        if listed.is_none() {
            break;
        }
        rows += page.rows.len() as u64;
        page.write(job, how)?;
    }
    if rows == 0 {
        job.console().note(&if prefix.is_empty() {
            format!("The bucket {} is empty.", storage.bucket()?)
        } else {
            format!("Nothing begins with {}.", quoted(&prefix))
        });
    }
    Ok(0)
}

async fn buckets(job: &Job) -> Result<u64, Failure> {
    for bucket in job.until_cancelled(job.storage().list_buckets()).await? {
        let created = bucket.created.map(iso);
        let name = job.console().shown(&bucket.name);
        job.console().result(
            &format!(
                "{:>15}  {:<20}  s3://{name}/",
                "-",
                created.as_deref().unwrap_or("-")
            ),
            '\n',
        )?;
        job.console()
            .object(&json!({ "type": "bucket", "name": bucket.name, "created": created }))?;
    }
    Ok(0)
}

/// `2026-03-14T14:02:51Z`.
pub(super) fn iso(time: Timestamp) -> String {
    time.strftime("%Y-%m-%dT%H:%M:%SZ", &jiff::tz::TimeZone::UTC)
}

/// The rows of one page. Servers send objects and folders apart; sorted together they read as one list.
#[derive(Default)]
struct Page {
    rows: Vec<Row>,
}

struct Row {
    key: String,
    /// `None` for a folder.
    object: Option<Facts>,
}

struct Facts {
    size: u64,
    modified: Timestamp,
    etag: String,
    class: String,
}

impl ListSink for Page {
    fn object(&mut self, key: &str, size: u64, modified: Timestamp, etag: &str, class: &str) {
        self.rows.push(Row {
            key: key.to_owned(),
            object: Some(Facts {
                size,
                modified,
                etag: etag.to_owned(),
                class: class.to_owned(),
            }),
        });
    }

    fn folder(&mut self, prefix: &str) {
        self.rows.push(Row {
            key: prefix.to_owned(),
            object: None,
        });
    }
}

impl Page {
    fn write(mut self, job: &Job, how: How) -> Result<(), Failure> {
        let console = job.console();
        self.rows.sort_by(|one, other| one.key.cmp(&other.key));
        for row in &self.rows {
            if how.null {
                console.result(&row.key, '\0')?;
            } else if !console.json() {
                console.result(&row.line(&console.shown(&row.key)), '\n')?;
            }
            console.object(&row.json())?;
        }
        console.flush()?;
        Ok(())
    }
}

impl Row {
    fn line(&self, shown: &str) -> String {
        let (size, modified) = self.object.as_ref().map_or_else(
            || ("-".to_owned(), "-".to_owned()),
            |facts| (facts.size.to_string(), iso(facts.modified)),
        );
        format!("{size:>15}  {modified:<20}  {shown}")
    }

    fn json(&self) -> serde_json::Value {
        self.object.as_ref().map_or_else(
            || json!({ "type": "folder", "prefix": self.key }),
            |facts| {
                json!({
                    "type": "object",
                    "key": self.key,
                    "size": facts.size,
                    "modified": iso(facts.modified),
                    "etag": facts.etag,
                    "class": facts.class,
                })
            },
        )
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn the_key_is_the_rest_of_the_line() {
        let mut page = Page::default();
        page.object("a  b", 1234, Timestamp(1_678_883_696), "e", "");
        page.folder("a/");
        assert_eq!(
            page.rows[0].line("a  b"),
            "           1234  2023-03-15T12:34:56Z  a  b"
        );
        assert_eq!(
            page.rows[1].line("a/"),
            "              -  -                     a/"
        );
    }
}
