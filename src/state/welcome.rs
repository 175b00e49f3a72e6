//! The first page: three fields, the profiles found, the built-in bucket.

use crate::domain::{Location, LocationError, Secret, Ticket};
use crate::settings::CredentialMode;

/// What is typed on the first page.
#[derive(Debug)]
pub struct Welcome {
    /// Bucket or `s3://` address.
    pub bucket: String,
    /// Endpoint URL; empty for Amazon S3.
    pub endpoint: String,
    /// Where credentials come from.
    pub credentials: CredentialMode,
    /// Access key id, when keys are typed.
    pub access_key: String,
    /// Secret key, when keys are typed.
    pub secret_key: Secret,
    /// The profile chosen in the second door.
    pub profile: Option<String>,
    /// A connection or the built-in bucket is being opened.
    pub busy: Option<Ticket>,
    /// Why the last try failed.
    pub problem: Option<String>,
}

impl Default for Welcome {
    fn default() -> Self {
        Self {
            bucket: String::new(),
            endpoint: String::new(),
            credentials: CredentialMode::Auto,
            access_key: String::new(),
            secret_key: Secret::default(),
            profile: None,
            busy: None,
            problem: None,
        }
    }
}

/// A change on the first page.
#[derive(Clone, Debug)]
pub enum WelcomeEdit {
    /// The bucket field.
    Bucket(String),
    /// The endpoint field.
    Endpoint(String),
    /// The credentials drop-down.
    Credentials(CredentialMode),
    /// The access key field.
    AccessKey(String),
    /// The secret field.
    SecretKey(Secret),
    /// A row of the profiles.
    Profile(String),
}

impl Welcome {
    /// Takes a change in.
    pub fn edit(&mut self, edit: WelcomeEdit) {
        self.problem = None;
        match edit {
            WelcomeEdit::Bucket(text) => self.bucket = text,
            WelcomeEdit::Endpoint(text) => self.endpoint = text,
            WelcomeEdit::Credentials(mode) => self.credentials = mode,
            WelcomeEdit::AccessKey(text) => self.access_key = text,
            WelcomeEdit::SecretKey(secret) => self.secret_key = secret,
            WelcomeEdit::Profile(name) => self.profile = Some(name),
        }
    }

    /// The place that is typed, or why it is none.
    ///
    /// # Errors
    /// When the bucket field holds no bucket.
    pub fn location(&self) -> Result<Location, LocationError> {
        Location::parse(&self.bucket)
    }

    /// True when Connect may be pressed.
    #[must_use]
    pub fn ready(&self) -> bool {
        let keys = self.credentials != CredentialMode::Keys
            || (!self.access_key.trim().is_empty() && !self.secret_key.is_empty());
        self.busy.is_none() && keys && self.location().is_ok()
    }
}
