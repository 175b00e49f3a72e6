//! The facts of a failure that a person who helps would ask for, apart from the sentences.

use crate::domain::StorageError;
use crate::domain::diagnosis::BrokenSource;

use super::visible;

/// One fact: what it is, and its value on one line.
#[derive(Clone, Debug, PartialEq, Eq)]
pub struct Detail {
    /// What it is, such as `Request id`.
    pub label: &'static str,
    /// The value as the server or the system gave it.
    pub value: String,
}

/// The facts of a failure, those that are known, in the order in which they are read.
pub(super) fn of(error: &StorageError) -> Vec<Detail> {
    let mut details = Vec::new();
    let mut add = |label, value: Option<String>| {
        if let Some(value) = value.filter(|value| !value.is_empty()) {
            details.push(Detail {
                label,
                value: visible(&value),
            });
        }
    };
    // A broken source of credentials is told by the sentences; its own text is for logs.
    let told = BrokenSource::in_failure(error).is_some();
    add("Message", error.message.clone().filter(|_| !told));
    add("Code", error.code.clone());
    add("Status", error.status.map(|status| status.to_string()));
    add("Region of the bucket", error.region.clone());
    add("Request id", error.request_id.clone());
    details
}
