//! What can go wrong at the storage, as data. `storage::error` decides the kind from code and status, in one
//! place; `ui::words` and the command line write the sentences.

use std::error::Error;
use std::fmt;

/// What was being done.
#[derive(Clone, Copy, Debug, PartialEq, Eq, Hash)]
pub enum Operation {
    /// Finding credentials, region and host.
    Connect,
    /// Listing the buckets of the account.
    ListBuckets,
    /// Listing a prefix.
    List,
    /// Reading headers of an object.
    Head,
    /// Reading an object, or a part of it.
    Get,
    /// Writing an object.
    Put,
    /// Starting, finishing or aborting an upload in parts, or sending a part.
    Multipart,
    /// Copying an object inside the storage.
    Copy,
    /// Deleting objects.
    Delete,
    /// Making a link.
    Link,
    /// Reading or writing a file on this computer.
    LocalFile,
    /// Signing in to Identity Center, or asking it for accounts, roles and keys.
    SignIn,
    /// Taking a role.
    AssumeRole,
    /// Asking who the credentials belong to.
    Caller,
}

impl Operation {
    /// True when it makes an object.
    #[must_use]
    pub const fn writes(self) -> bool {
        matches!(self, Self::Put | Self::Multipart | Self::Copy)
    }
}

/// Why it failed, as far as the next step differs.
#[derive(Clone, Copy, Debug, PartialEq, Eq, Hash)]
pub enum ErrorKind {
    /// The bucket does not exist.
    NoSuchBucket,
    /// The object does not exist.
    NoSuchKey,
    /// The unfinished upload is gone.
    NoSuchUpload,
    /// The identity is known, the policy says no.
    AccessDenied,
    /// No credentials were found where the connection looks for them.
    NoCredentials,
    /// The key id is unknown, or the secret does not fit it.
    BadCredentials,
    /// Temporary credentials have ended.
    ExpiredCredentials,
    /// Nobody is signed in to Identity Center, or the sign-in has ended.
    SignInNeeded,
    /// A role asks for the code of an MFA device, and none was given or taken.
    CodeNeeded,
    /// The bucket lives in another region (named in [`StorageError::region`] when the server told it).
    WrongRegion,
    /// The server sends to another address ([`StorageError::host`], with its scheme) and does not say that this is about
    /// a region: most often from http to https.
    Redirected,
    /// This computer's clock is too far off.
    ClockSkew,
    /// The object is there already, or changed in between.
    Conflict,
    /// The server asks to slow down.
    Throttled,
    /// The server cannot be reached: name, route, refused, reset.
    Unreachable,
    /// The proxy cannot be reached: name, route, refused, reset.
    ProxyUnreachable,
    /// The proxy wants another login, or does not let this connection through.
    ProxyRefused,
    /// The certificate of the server was not accepted.
    Tls,
    /// No answer in time.
    TimedOut,
    /// The server failed (5xx).
    Server,
    /// The server does not offer this.
    Unsupported,
    /// A setting or an argument cannot be used.
    Invalid,
    /// What arrived is not what was sent.
    Corrupt,
    /// A file or folder of this computer.
    LocalFile,
    /// It was cancelled.
    Cancelled,
    /// Anything else.
    Other,
}

impl ErrorKind {
    /// True where trying again later may help without anybody changing anything.
    #[must_use]
    pub const fn is_transient(self) -> bool {
        matches!(
            self,
            Self::Throttled
                | Self::Unreachable
                | Self::ProxyUnreachable
                | Self::TimedOut
                | Self::Server
                | Self::Corrupt
        )
    }
}

/// A failure of the storage core, with everything a screen needs to explain it. Never holds a secret.
#[derive(Debug)]
pub struct StorageError {
    /// What was being done.
    pub operation: Operation,
    /// Why it failed.
    pub kind: ErrorKind,
    /// What it was done to: a key, a bucket, a host, a path.
    pub subject: String,
    /// HTTP status, when a server answered.
    pub status: Option<u16>,
    /// The server's error code, such as `NoSuchBucket`; for a certificate that was not accepted the reason:
    /// `CertificateUnknownIssuer`, `CertificateForOtherName`, `CertificateExpired`, `CertificateNotValidYet`; for a server
    /// that was not reached, where that is known: `NameUnknown`, `ConnectionRefused`, `NoRoute`; for one that was and gave
    /// no answer: `NotHttp`, `HungUp`, `AnswerCut`.
    pub code: Option<String>,
    /// The host that was not reached, with its port where one was given; for [`ErrorKind::Redirected`] the address to go to
    /// instead.
    pub host: Option<String>,
    /// The server's or the system's own words.
    pub message: Option<String>,
    /// The server's request id.
    pub request_id: Option<String>,
    /// The region the bucket lives in, when the server told it.
    pub region: Option<String>,
    /// The server refuses what is just as it asks for: it names the region that the settings name, or its clock agrees
    /// with this computer's. Something else is at fault then.
    pub contrary: bool,
    /// What lies below.
    pub source: Option<Box<dyn Error + Send + Sync>>,
}

impl StorageError {
    /// A failure without an answer of a server.
    pub fn new(operation: Operation, kind: ErrorKind, subject: impl Into<String>) -> Self {
        Self {
            operation,
            kind,
            subject: subject.into(),
            status: None,
            code: None,
            host: None,
            message: None,
            request_id: None,
            region: None,
            contrary: false,
            source: None,
        }
    }

    /// The same with words.
    #[must_use]
    pub fn with_message(mut self, message: impl Into<String>) -> Self {
        self.message = Some(message.into());
        self
    }

    /// The same with what lies below; its text becomes the message when there is none.
    #[must_use]
    pub fn with_source(mut self, source: impl Error + Send + Sync + 'static) -> Self {
        if self.message.is_none() {
            self.message = Some(source.to_string());
        }
        self.source = Some(Box::new(source));
        self
    }

    /// A file or folder of this computer failed.
    pub fn local(path: &std::path::Path, source: std::io::Error) -> Self {
        Self::new(
            Operation::LocalFile,
            ErrorKind::LocalFile,
            path.display().to_string(),
        )
        .with_source(source)
    }

    /// The work was cancelled.
    pub fn cancelled(operation: Operation, subject: impl Into<String>) -> Self {
        Self::new(operation, ErrorKind::Cancelled, subject)
    }
}

impl fmt::Display for StorageError {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        write!(
            f,
            "{:?} of {:?}: {:?}",
            self.operation, self.subject, self.kind
        )?;
        if let Some(status) = self.status {
            write!(f, " {status}")?;
        }
        if let Some(code) = &self.code {
            write!(f, " {code}")?;
        }
        if let Some(message) = &self.message {
            write!(f, ": {message}")?;
        }
        Ok(())
    }
}

impl Error for StorageError {
    fn source(&self) -> Option<&(dyn Error + 'static)> {
        self.source
            .as_deref()
            .map(|source| source as &(dyn Error + 'static))
    }
}
