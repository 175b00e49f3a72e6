//! The built-in bucket, asked by a plain SDK client and looked at on disk.
//!
//! `keys`: names and listings; `objects`: reads, writes, copies, multipart; `life`: start, stop, access, two at once;
//! `through_storage`: the same through the program's own core.

mod keys;
mod life;
mod objects;
mod through_storage;

use aws_sdk_s3::Client;
use aws_sdk_s3::primitives::ByteStream;
use aws_sdk_s3::types::EncodingType;
use cooperage::builtin::{BUCKET, Builtin};
use tempfile::TempDir;
use tokio::runtime::Handle;

use crate::support::{fixtures, names, sdk};

const MIB: usize = 1024 * 1024;

/// A bucket without its samples.
pub(super) struct Bucket {
    pub(super) server: Builtin,
    pub(super) client: Client,
    pub(super) folder: TempDir,
}

impl Bucket {
    pub(super) async fn empty() -> Self {
        let folder = fixtures::folder();
        let server = Builtin::start(&Handle::current(), folder.path()).unwrap();
        let client = client(&server);
        for key in all_keys(&client).await {
            let delete = client.delete_object().bucket(BUCKET).key(key);
            delete.send().await.unwrap();
        }
        Self {
            server,
            client,
            folder,
        }
    }

    pub(super) async fn put(&self, key: &str, bytes: impl Into<Vec<u8>>) {
        let put = self.client.put_object().bucket(BUCKET).key(key);
        put.body(ByteStream::from(bytes.into()))
            .send()
            .await
            .unwrap();
    }

    pub(super) async fn get(&self, key: &str) -> Vec<u8> {
        let got = self.client.get_object().bucket(BUCKET).key(key).send();
        let got = got
            .await
            .unwrap_or_else(|error| panic!("{key:?}: {error:?}"));
        got.body.collect().await.unwrap().to_vec()
    }

    pub(super) fn file(&self, path: &str) -> std::path::PathBuf {
        self.folder.path().join("files").join(path)
    }
}

pub(super) fn client(server: &Builtin) -> Client {
    sdk::client(
        &server.endpoint(),
        server.access_key(),
        server.secret().reveal(),
    )
}

pub(super) async fn all_keys(client: &Client) -> Vec<String> {
    let (keys, _) = walk(client, "", None, 3).await;
    keys
}

/// All keys and common prefixes below a prefix, in pages of this size.
pub(super) async fn walk(
    client: &Client,
    prefix: &str,
    delimiter: Option<&str>,
    page: i32,
) -> (Vec<String>, Vec<String>) {
    let (mut keys, mut groups, mut token) = (Vec::new(), Vec::new(), None);
    loop {
        let answer = client
            .list_objects_v2()
            .bucket(BUCKET)
            .prefix(prefix)
            .set_delimiter(delimiter.map(str::to_owned))
            .max_keys(page)
            .encoding_type(EncodingType::Url)
            .set_continuation_token(token)
            .send()
            .await
            .unwrap();
        assert!(answer.key_count().unwrap() <= page);
        let found = answer.contents().iter();
        keys.extend(found.map(|object| names::decode(object.key().unwrap())));
        let found = answer.common_prefixes().iter();
        groups.extend(found.map(|group| names::decode(group.prefix().unwrap())));
        token = answer.next_continuation_token().map(str::to_owned);
        assert_eq!(token.is_some(), answer.is_truncated().unwrap());
        if token.is_none() {
            return (keys, groups);
        }
    }
}
