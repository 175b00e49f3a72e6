//! The built-in bucket: a real S3 server inside the process, for trying the program without any account.
//!
//! It listens on loopback at a free port with random credentials, and is used through the same client, signing and
//! transfers as any other server. Its objects are plain files below the program's data folder.
//!
//! Parts: `server` listens; `calls`, `objects`, `multipart`, `unfinished`, `listing` answer; `conditions`, `digest`, `tags`,
//! `body`, `failure` serve them; `folder`, `names`, `record`, `walk` are the bucket on disk; `samples` fills it once.
//!
//! The rules others rely on: any key is kept exactly; no object is ever seen half written, whatever is killed when; two
//! instances may share the folder; deleted samples stay deleted.

mod body;
mod calls;
mod conditions;
mod digest;
mod failure;
mod folder;
mod listing;
mod multipart;
mod names;
mod objects;
mod record;
mod samples;
mod server;
mod tags;
mod unfinished;
mod walk;

use std::fmt;
use std::io;
use std::net::SocketAddr;
use std::path::{Path, PathBuf};
use std::sync::Arc;

use s3s::auth::SimpleAuth;
use s3s::service::S3ServiceBuilder;
use tokio::runtime::Handle;
use tokio::task::JoinHandle;
use tokio_util::sync::CancellationToken;

use crate::domain::{Addressing, CredentialSpec, Secret, SignatureVersion, StorageConfig};

use calls::Calls;
use folder::Folder;

/// Name of the one bucket.
pub const BUCKET: &str = "built-in";
/// The region it says it is in.
pub const REGION: &str = "us-east-1";

/// The running server. Dropping it stops it: open requests have two seconds to end.
pub struct Builtin {
    address: SocketAddr,
    access_key: String,
    secret: Secret,
    files: PathBuf,
    stop: CancellationToken,
    serving: Option<JoinHandle<()>>,
}

/// Why the built-in bucket did not start.
#[derive(Debug)]
pub enum BuiltinError {
    /// Its folder cannot be made, read or written.
    Folder {
        /// The data folder.
        path: PathBuf,
        /// What the system said.
        source: io::Error,
    },
    /// There is no port to listen on.
    Listen(io::Error),
    /// The system gave no random numbers for the credentials.
    Random(io::Error),
}

impl fmt::Display for BuiltinError {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        match self {
            Self::Folder { path, source } => write!(f, "folder {}: {source}", path.display()),
            Self::Listen(source) => write!(f, "listen on loopback: {source}"),
            Self::Random(source) => write!(f, "random numbers: {source}"),
        }
    }
}

impl std::error::Error for BuiltinError {
    fn source(&self) -> Option<&(dyn std::error::Error + 'static)> {
        match self {
            Self::Folder { source, .. } | Self::Listen(source) | Self::Random(source) => {
                Some(source)
            }
        }
    }
}

impl Builtin {
    /// Opens the bucket in this folder, puts the samples there the first time, and serves it on the runtime.
    ///
    /// Reads and writes the disk before it returns; not for the window's thread.
    ///
    /// # Errors
    /// When the folder cannot be used, or the system gives no port or no random numbers.
    pub fn start(runtime: &Handle, data_dir: &Path) -> Result<Self, BuiltinError> {
        let on_folder = |source| BuiltinError::Folder {
            path: data_dir.to_owned(),
            source,
        };
        let folder = Arc::new(Folder::open(data_dir).map_err(on_folder)?);
        samples::put_once(&folder).map_err(on_folder)?;
        let files = folder.files().to_owned();

        let access_key = format!("BUILTIN{}", random_text(13).map_err(BuiltinError::Random)?);
        let secret = Secret::new(random_text(40).map_err(BuiltinError::Random)?);
        let mut builder = S3ServiceBuilder::new(Calls { folder });
        builder.set_auth(SimpleAuth::from_single(
            access_key.as_str(),
            secret.reveal(),
        ));
        let service = builder.build();

        let (listener, address) = server::listener().map_err(BuiltinError::Listen)?;
        let stop = CancellationToken::new();
        let listener = {
            let _context = runtime.enter();
            tokio::net::TcpListener::from_std(listener).map_err(BuiltinError::Listen)?
        };
        let serving = runtime.spawn(server::serve(listener, service, stop.clone()));
        Ok(Self {
            address,
            access_key,
            secret,
            files,
            stop,
            serving: Some(serving),
        })
    }

    /// `http://127.0.0.1:PORT`.
    #[must_use]
    pub fn endpoint(&self) -> String {
        format!("http://{}", self.address)
    }

    /// The name of the bucket, [`BUCKET`].
    #[must_use]
    pub const fn bucket(&self) -> &'static str {
        BUCKET
    }

    /// The access key id of this run.
    #[must_use]
    pub fn access_key(&self) -> &str {
        &self.access_key
    }

    /// The secret key of this run.
    #[must_use]
    pub const fn secret(&self) -> &Secret {
        &self.secret
    }

    /// The folder in which a person finds the objects as files.
    #[must_use]
    pub fn files(&self) -> &Path {
        &self.files
    }

    /// The configuration of a connection to it: path style, signature version 4, no proxy.
    #[must_use]
    pub fn config(&self) -> StorageConfig {
        StorageConfig {
            bucket: Some(BUCKET.to_owned()),
            credentials: CredentialSpec::Keys {
                access_key: self.access_key.clone(),
                secret_key: self.secret.clone(),
                token: None,
            },
            region: Some(REGION.to_owned()),
            endpoint: Some(self.endpoint()),
            use_ssl: false,
            addressing: Addressing::Path,
            signature: SignatureVersion::V4,
            proxies: Some(Vec::new()),
            ..StorageConfig::default()
        }
    }

    /// Stops and waits for the end, which comes within about two seconds.
    pub async fn stop(mut self) {
        self.stop.cancel();
        if let Some(serving) = self.serving.take() {
            // It ends with an error only when the runtime ends itself.
            serving.await.ok();
        }
    }
}

impl Drop for Builtin {
    fn drop(&mut self) {
        self.stop.cancel();
    }
}

impl fmt::Debug for Builtin {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        f.debug_struct("Builtin")
            .field("endpoint", &self.endpoint())
            .field("files", &self.files)
            .finish_non_exhaustive()
    }
}

/// Random letters and digits, five bits each.
fn random_text(len: usize) -> io::Result<String> {
    const SIGNS: &[u8; 32] = b"ABCDEFGHIJKLMNOPQRSTUVWXYZ234567";
    let mut bytes = vec![0; len];
    getrandom::fill(&mut bytes).map_err(|error| io::Error::other(error.to_string()))?;
    let sign = |byte: &u8| char::from(SIGNS[usize::from(byte % 32)]);
    Ok(bytes.iter().map(sign).collect())
}
