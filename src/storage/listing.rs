//! Listing: the buckets of the account.

use crate::domain::{BucketEntry, Operation, StorageError, Timestamp};

use super::Storage;

impl Storage {
    /// All buckets of the account, in the server's order.
    ///
    /// # Errors
    /// Mostly [`AccessDenied`](crate::domain::ErrorKind::AccessDenied): many identities may use a bucket but not
    /// list the account's.
    pub async fn list_buckets(&self) -> Result<Vec<BucketEntry>, StorageError> {
        let mut buckets = Vec::new();
        let mut token: Option<String> = None;
        loop {
            let page = self
                .call(Operation::ListBuckets, "", |client| {
                    client
                        .list_buckets()
                        .set_continuation_token(token.clone())
                        .send()
                })
                .await?;
            buckets.extend(page.buckets().iter().filter_map(|bucket| {
                Some(BucketEntry {
                    name: bucket.name()?.to_owned(),
                    created: bucket.creation_date().map(|time| Timestamp(time.secs())),
                })
            }));
            let next = page.continuation_token().map(str::to_owned);
            // A server that repeats its token would be asked for ever.
            if next.is_none() || next == token {
                return Ok(buckets);
            }
            token = next;
        }
    }
}
