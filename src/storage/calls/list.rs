//! The old listing call, which `listdir` still uses.

use http::{HeaderMap, Method};

use super::{Call, Calls};
use crate::domain::{ErrorKind, ListSink, Operation, StorageError, Timestamp};
use crate::storage::{error, page};

/// One page of the old listing call.
#[derive(Clone, Debug, Default, PartialEq, Eq)]
pub struct OldPage {
    /// Common prefixes in the server's order.
    pub prefixes: Vec<String>,
    /// Keys in the server's order.
    pub keys: Vec<String>,
    /// Where the next page begins; `None` at the end.
    pub next: Option<String>,
}

impl ListSink for OldPage {
    fn object(&mut self, key: &str, _: u64, _: Timestamp, _: &str, _: &str) {
        self.keys.push(key.to_owned());
    }

    fn folder(&mut self, prefix: &str) {
        self.prefixes.push(prefix.to_owned());
    }
}

impl Calls<'_> {
    /// `ListObjects`: one page of the keys that begin with `prefix`, grouped at slashes.
    ///
    /// # Errors
    /// Also when the answer is no listing, or says that there is more but not where.
    pub async fn list_objects(
        &self,
        prefix: &str,
        marker: Option<&str>,
    ) -> Result<OldPage, StorageError> {
        let mut query = vec![("delimiter", "/"), ("prefix", prefix)];
        query.extend(marker.map(|marker| ("marker", marker)));
        query.push(("encoding-type", "url"));
        let call = Call {
            query,
            ..Call::new(Operation::List, Method::GET, "")
        };
        let answer = self.whole(&call).await?;
        let corrupt = |why: &str| {
            StorageError::new(Operation::List, ErrorKind::Corrupt, prefix).with_message(why)
        };
        match page::check(&answer.body) {
            Ok(()) => {}
            Err(page::NoPage::Error) => {
                let headers = HeaderMap::new();
                let failure =
                    error::from_answer(Operation::List, prefix, 200, &headers, &answer.body);
                return Err(failure);
            }
            Err(page::NoPage::Cut | page::NoPage::Foreign) => {
                return Err(corrupt("the answer is no whole listing"));
            }
        }
        let mut found = OldPage::default();
        page::read(&answer.body, &mut found);
        if page::is_truncated(&answer.body) {
            let next = page::next_marker(&answer.body).or_else(|| found.keys.last().cloned());
            if next.is_none() || next.as_deref() == marker {
                return Err(corrupt("the server says that there is more, but not where"));
            }
            found.next = next;
        }
        Ok(found)
    }
}
