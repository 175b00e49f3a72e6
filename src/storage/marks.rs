//! What a server lets show of itself: its own name and the headers that only some products send.
//!
//! Taken from the answers to requests that are made anyway; nothing is asked for it.

use std::sync::{Mutex, PoisonError};

use http::HeaderMap;

/// More headers than this are not kept.
const MOST: usize = 64;

/// What answers showed so far.
#[derive(Clone, Debug, Default, PartialEq, Eq)]
pub struct ServerMarks {
    /// The `Server` header.
    pub server: Option<String>,
    /// Request id, whose form differs from product to product.
    pub request_id: Option<String>,
    /// Names of the headers of one's own (`x-...`) and of a few others that tell, in lower case, sorted.
    pub names: Vec<String>,
    /// At least one answer came.
    pub answered: bool,
}

/// The record of one connection.
#[derive(Debug, Default)]
pub(super) struct Marks(Mutex<ServerMarks>);

impl Marks {
    /// Takes in what the head of an answer shows.
    pub(super) fn note(&self, headers: &HeaderMap) {
        let mut marks = self.0.lock().unwrap_or_else(PoisonError::into_inner);
        marks.answered = true;
        let short = |text: &str| text.chars().take(120).collect::<String>();
        let text = |name: &str| Some(short(headers.get(name)?.to_str().ok()?));
        // Some send two: what serves HTTP, and what they are.
        let servers = headers.get_all("server").iter();
        let servers: Vec<&str> = servers.filter_map(|value| value.to_str().ok()).collect();
        let server = short(&servers.join(", "));
        // Not every answer of such a one says both.
        let says_less = (marks.server.as_ref()).is_some_and(|known| known.starts_with(&server));
        if !server.is_empty() && !says_less {
            marks.server = Some(server);
        }
        if let Some(id) = text("x-amz-request-id") {
            marks.request_id = Some(id);
        }
        for name in headers.keys().map(http::HeaderName::as_str) {
            let tells = name.starts_with("x-") || name == "cf-ray";
            if tells
                && marks.names.len() < MOST
                && let Err(place) = marks
                    .names
                    .binary_search_by(|known| known.as_str().cmp(name))
            {
                marks.names.insert(place, name.to_owned());
            }
        }
    }
}

impl super::Storage {
    /// What the server's answers showed of it so far.
    #[must_use]
    pub fn server_marks(&self) -> ServerMarks {
        let marks = &self.core.marks.0;
        marks.lock().unwrap_or_else(PoisonError::into_inner).clone()
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn names_come_once_and_the_newest_server_counts() {
        let marks = Marks::default();
        let mut headers = HeaderMap::new();
        headers.insert("server", http::HeaderValue::from_static("MinIO"));
        headers.append("server", http::HeaderValue::from_static("amazon.com"));
        headers.insert("x-amz-id-2", http::HeaderValue::from_static("a"));
        headers.insert("date", http::HeaderValue::from_static("b"));
        marks.note(&headers);
        headers.insert("server", http::HeaderValue::from_static("MinIO"));
        marks.note(&headers);
        let seen = marks.0.lock().unwrap().clone();
        assert_eq!(seen.server.as_deref(), Some("MinIO, amazon.com"));
        assert_eq!(seen.names, ["x-amz-id-2"]);
        assert!(seen.answered);
    }
}
