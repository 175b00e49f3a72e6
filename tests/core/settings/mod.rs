//! Options as a person sets them, resolved, connected, and seen at the other end of real sockets.
//!
//! Every test goes the way of the program: values as text, `resolve`, `Storage::connect`. Parts: `proxies`, `trust`
//! (certificates), `signing` (checked by the rules of Amazon's documents), `effects` (what reaches the server), `canary`
//! (secrets that must appear nowhere).

mod canary;
mod effects;
mod proxies;
mod signing;
mod trust;

use cooperage::domain::{ListSink, StorageError, Timestamp};
use cooperage::settings::{Connection, Environment, OptionId, Resolved, Value, Values, resolve};
use cooperage::storage::{ListRequest, Storage};

use crate::support::memory_s3::{ACCESS_KEY, BUCKET, SECRET_KEY};

/// A connection with the keys and the bucket of the test servers, and these options by their Django names.
pub(crate) fn connection(options: &[(OptionId, &str)]) -> Connection {
    let mut connection = Connection::new("one");
    let basic = [
        (OptionId::S3AccessKey, ACCESS_KEY),
        (OptionId::S3SecretKey, SECRET_KEY),
        (OptionId::Bucket, BUCKET),
        (OptionId::Region, "us-east-1"),
    ];
    for (option, text) in basic.iter().chain(options) {
        let value = Value::from_text(*option, text).unwrap();
        connection.values.set(*option, value);
    }
    connection
}

/// What holds for it among these variables.
pub(crate) fn resolved(
    options: &[(OptionId, &str)],
    variables: &[(&str, &str)],
) -> (Resolved, Environment) {
    let environment = Environment::of(variables.iter().copied());
    let connection = connection(options);
    let resolved = resolve(&connection, &[], &Values::default(), &environment).unwrap();
    (resolved, environment)
}

/// Resolves and connects.
pub(crate) async fn connect(options: &[(OptionId, &str)], variables: &[(&str, &str)]) -> Storage {
    let config = resolved(options, variables).0.config;
    Storage::connect(config).await.unwrap()
}

/// The keys of the first page.
pub(crate) async fn keys(storage: &Storage) -> Result<Vec<String>, StorageError> {
    let mut keys = Keys::default();
    storage.list_page(&ListRequest::all(""), &mut keys).await?;
    Ok(keys.0)
}

#[derive(Default)]
struct Keys(Vec<String>);

impl ListSink for Keys {
    fn object(&mut self, key: &str, _: u64, _: Timestamp, _: &str, _: &str) {
        self.0.push(key.to_owned());
    }

    fn folder(&mut self, _: &str) {}
}
