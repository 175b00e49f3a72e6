//! `MemoryS3`: an S3 server in memory, on 127.0.0.1, for tests.
//!
//! Parts: `store` holds buckets, objects and unfinished uploads; `service`, `objects`, `multipart` and `listing` answer the
//! calls of the `s3s` trait (which checks signatures v4 and v2, in headers and in links); `conditions` and `digest` check what
//! a request demands and claims; `wire`
//! is the HTTP layer with the request log and the faults.
//!
//! A test starts one with [`MemoryS3::start`], talks to [`MemoryS3::endpoint`], and looks into it directly:
//! [`MemoryS3::objects`], [`MemoryS3::uploads`], [`MemoryS3::requests`]. Keys are kept exactly, to the byte.

mod conditions;
mod digest;
mod listing;
mod multipart;
mod objects;
mod service;
mod store;
mod wire;

use std::sync::{Arc, Mutex};

use bytes::Bytes;

pub use store::{Attributes, Behaviour, StoredObject, StoredUpload};
#[allow(unused_imports, reason = "not every test binary holds answers")]
pub use wire::Latch;
pub use wire::{Fault, Recorded};

use store::Store;
use wire::Wire;

/// Access key of every `MemoryS3`.
pub const ACCESS_KEY: &str = "AKIAMEMORYS3TESTKEY0";
/// Secret key of every `MemoryS3`.
pub const SECRET_KEY: &str = "memory/s3+secret=key0123456789abcdefghijk";
/// The bucket that exists from the start.
pub const BUCKET: &str = "test-bucket";
/// The region that the buckets say they are in.
pub const REGION: &str = "us-east-1";

/// A running server. Dropping it closes every connection and frees the port.
pub struct MemoryS3 {
    store: Arc<Mutex<Store>>,
    wire: Arc<Wire>,
    server: wire::Server,
}

impl MemoryS3 {
    /// Starts a server with one empty bucket, [`BUCKET`].
    pub fn start() -> Self {
        let store = Arc::new(Mutex::new(Store::new(BUCKET)));
        let wire = Arc::new(Wire::default());
        let server = wire::Server::start(service::build(store.clone()), wire.clone());
        Self {
            store,
            wire,
            server,
        }
    }

    /// `http://127.0.0.1:PORT`.
    pub fn endpoint(&self) -> String {
        format!("http://127.0.0.1:{}", self.port())
    }

    /// The port it listens on.
    pub fn port(&self) -> u16 {
        self.server.port
    }

    /// Access key id, secret key.
    pub fn credentials(&self) -> (&'static str, &'static str) {
        (ACCESS_KEY, SECRET_KEY)
    }

    /// Changes how the server behaves from now on: page size, which checks it knows, least part size.
    pub fn behave(&self, change: impl FnOnce(&mut Behaviour)) {
        change(&mut self.store.lock().unwrap().behaviour);
    }

    /// Makes another empty bucket.
    pub fn create_bucket(&self, bucket: &str) {
        self.store.lock().unwrap().create_bucket(bucket);
    }

    /// Puts an object straight into [`BUCKET`], without a request.
    pub fn put(&self, key: &str, bytes: impl Into<Bytes>) {
        self.put_with(key, bytes, Attributes::default());
    }

    /// Puts an object with attributes straight into [`BUCKET`].
    pub fn put_with(&self, key: &str, bytes: impl Into<Bytes>, attributes: Attributes) {
        let object = StoredObject::whole(bytes.into(), attributes);
        let mut store = self.store.lock().unwrap();
        let bucket = store.buckets.get_mut(BUCKET).unwrap();
        bucket.objects.insert(key.to_owned(), object);
    }

    /// Puts many empty objects at once.
    pub fn put_keys<K: Into<String>>(&self, keys: impl IntoIterator<Item = K>) {
        let empty = StoredObject::whole(Bytes::new(), Attributes::default());
        let mut store = self.store.lock().unwrap();
        let bucket = store.buckets.get_mut(BUCKET).unwrap();
        for key in keys {
            bucket.objects.insert(key.into(), empty.clone());
        }
    }

    /// Takes an object out of [`BUCKET`], without a request.
    pub fn remove(&self, key: &str) {
        let mut store = self.store.lock().unwrap();
        store.buckets.get_mut(BUCKET).unwrap().objects.remove(key);
    }

    /// All objects of [`BUCKET`] in key order.
    pub fn objects(&self) -> Vec<(String, StoredObject)> {
        self.objects_in(BUCKET)
    }

    /// All objects of a bucket in key order.
    pub fn objects_in(&self, bucket: &str) -> Vec<(String, StoredObject)> {
        let store = self.store.lock().unwrap();
        store.buckets.get(bucket).map_or_else(Vec::new, |bucket| {
            bucket
                .objects
                .iter()
                .map(|(key, object)| (key.clone(), object.clone()))
                .collect()
        })
    }

    /// All keys of [`BUCKET`] in order.
    pub fn keys(&self) -> Vec<String> {
        self.objects().into_iter().map(|(key, _)| key).collect()
    }

    /// One object of [`BUCKET`].
    pub fn object(&self, key: &str) -> Option<StoredObject> {
        let store = self.store.lock().unwrap();
        store.buckets[BUCKET].objects.get(key).cloned()
    }

    /// Multipart uploads of [`BUCKET`] that are neither completed nor aborted, by upload id.
    pub fn uploads(&self) -> Vec<(String, StoredUpload)> {
        let store = self.store.lock().unwrap();
        store.buckets[BUCKET]
            .uploads
            .iter()
            .map(|(id, upload)| (id.clone(), upload.clone()))
            .collect()
    }

    /// Every request that arrived so far, in order of arrival.
    pub fn requests(&self) -> Vec<Recorded> {
        self.wire.requests.lock().unwrap().clone()
    }

    /// Forgets the requests that were recorded so far.
    pub fn forget_requests(&self) {
        self.wire.requests.lock().unwrap().clear();
    }

    /// The largest number of requests that were being answered at one instant.
    pub fn peak_in_flight(&self) -> usize {
        self.wire.peak_in_flight()
    }

    /// Asks this hook for each request that arrives from now on; `Some` spoils the answer in that way.
    /// A later hook replaces an earlier one.
    pub fn fault(&self, hook: impl FnMut(&Recorded) -> Option<Fault> + Send + 'static) {
        *self.wire.hook.lock().unwrap() = Some(Box::new(hook));
    }

    /// Answers well again.
    pub fn heal(&self) {
        *self.wire.hook.lock().unwrap() = None;
    }
}
