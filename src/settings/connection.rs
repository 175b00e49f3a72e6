//! One saved connection: what it is called, what it may do, and the options it sets.
//!
//! Secrets are part of [`Connection::values`] while the program runs, and are taken out before the file is written;
//! [`Connection::kept_secrets`] names those that the keyring holds, so that nothing is asked of the keyring for a
//! connection without any.

use std::collections::BTreeSet;
use std::fmt;

use super::option::Section;
use super::slot::SecretSlot;
use super::table::OptionId;
use super::values::Values;
use crate::domain::diagnosis::ServerTraits;
use crate::domain::{IdentityCenterRole, Location, ParameterRule, RoleSpec, Secret, Timestamp};

/// How many colours a connection can have.
pub const COLOURS: u8 = 7;

/// Identity of a connection: random, never shown, never reused. It names the connection's secrets in the keyring.
#[derive(Clone, Debug, PartialEq, Eq, PartialOrd, Ord, Hash)]
pub struct ConnectionId(String);

impl ConnectionId {
    /// A new one: 80 random bits as 16 letters and digits.
    #[must_use]
    pub fn random() -> Self {
        const LETTERS: &[u8; 32] = b"abcdefghijkmnpqrstuvwxyz23456789";
        let mut bytes = [0_u8; 16];
        if getrandom::fill(&mut bytes).is_err() {
            // Without a random source only uniqueness on this computer is left, which time gives.
            let nanos = std::time::UNIX_EPOCH
                .elapsed()
                .map_or(0, |age| age.as_nanos());
            bytes = nanos.to_le_bytes();
        }
        Self(
            bytes
                .iter()
                .map(|byte| LETTERS[usize::from(byte & 31)] as char)
                .collect(),
        )
    }

    /// The identity of a saved connection: 1 to 64 letters, digits, dashes and underscores.
    #[must_use]
    pub fn parse(text: &str) -> Option<Self> {
        let fits = (1..=64).contains(&text.len())
            && text
                .bytes()
                .all(|byte| byte.is_ascii_alphanumeric() || b"-_".contains(&byte));
        fits.then(|| Self(text.to_owned()))
    }

    /// Its letters.
    #[must_use]
    pub fn as_str(&self) -> &str {
        &self.0
    }
}

impl fmt::Display for ConnectionId {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        f.write_str(&self.0)
    }
}

macro_rules! words {
    ($(#[$meta:meta])* $name:ident { $($(#[$doc:meta])* $variant:ident = $word:literal, $label:literal;)* }) => {
        $(#[$meta])*
        #[derive(Clone, Copy, Debug, Default, PartialEq, Eq, Hash)]
        pub enum $name {
            $($(#[$doc])* $variant,)*
        }

        impl $name {
            /// All of them in order.
            pub const ALL: &[Self] = &[$(Self::$variant,)*];

            /// The word in the saved file.
            #[must_use]
            pub const fn word(self) -> &'static str {
                match self { $(Self::$variant => $word,)* }
            }

            /// The words for people.
            #[must_use]
            pub const fn label(self) -> &'static str {
                match self { $(Self::$variant => $label,)* }
            }

            /// The one of that word.
            #[must_use]
            pub fn from_word(word: &str) -> Option<Self> {
                Self::ALL.iter().copied().find(|one| one.word() == word)
            }
        }
    };
}

words! {
    /// What the program may do with the connection.
    Access {
        /// Everything.
        #[default]
        Full = "full", "Everything";
        /// All but deleting and overwriting.
        NoDelete = "no-delete", "No deleting";
        /// Only looking, downloading and linking.
        ReadOnly = "read-only", "Read only";
    }
}

words! {
    /// Where credentials are looked for.
    CredentialMode {
        /// As django-storages searches: profile, keys, environment, default session.
        #[default]
        Auto = "auto", "Find them for me";
        /// The session profile, and nothing else.
        Profile = "profile", "AWS profile";
        /// The keys set in the connection, and nothing else.
        Keys = "keys", "Access key";
        /// The environment's keys, and nothing else.
        Environment = "environment", "Environment";
        /// An account and a role at IAM Identity Center.
        IdentityCenter = "identity-center", "Identity Center";
        /// The default session, as if the connection set neither profile nor keys.
        Chain = "chain", "Default chain";
        /// None: requests are not signed.
        Anonymous = "anonymous", "Anonymous";
    }
}

words! {
    /// Which of the storage classes the connection stands for.
    StorageKind {
        /// Files of users.
        #[default]
        Default = "default", "Default";
        /// Static files: links are plain.
        Static = "static", "Static";
        /// Static files under hashed names.
        ManifestStatic = "manifest-static", "Manifest static";
    }
}

impl StorageKind {
    /// The storage class of django-storages.
    #[must_use]
    pub const fn class_path(self) -> &'static str {
        match self {
            Self::Default => "storages.backends.s3boto3.S3Boto3Storage",
            Self::Static => "storages.backends.s3boto3.S3StaticStorage",
            Self::ManifestStatic => "storages.backends.s3boto3.S3ManifestStaticStorage",
        }
    }

    /// The kind of a class of django-storages, by its old or its new name; `None` for a class of one's own.
    #[must_use]
    pub fn of_class(path: &str) -> Option<Self> {
        match path.rsplit('.').next()? {
            "S3Boto3Storage" | "S3Storage" => Some(Self::Default),
            "S3StaticStorage" => Some(Self::Static),
            "S3ManifestStaticStorage" => Some(Self::ManifestStatic),
            _ => None,
        }
    }
}

/// When a pair of keys ends. It says so of this pair alone: other keys in its place are not meant.
#[derive(Clone, Debug, PartialEq, Eq)]
pub struct KeysEnd {
    /// Their access key id.
    pub access_key: String,
    /// Their end.
    pub at: Timestamp,
}

/// One connection.
#[derive(Clone, Debug, PartialEq)]
pub struct Connection {
    /// Never changes.
    pub id: ConnectionId,
    /// What people call it.
    pub name: String,
    /// Which of the seven colours, from 0.
    pub colour: u8,
    /// What may be done with it.
    pub access: Access,
    /// A band along the top of the window warns that it matters.
    pub production: bool,
    /// Where credentials are looked for.
    pub credentials: CredentialMode,
    /// The options set here, secrets included while the program runs.
    pub values: Values,
    /// Session token of temporary keys that were pasted together with it (the attribute `security_token`, which no
    /// setting feeds).
    pub session_token: Option<Secret>,
    /// When its keys end, where that was told together with them.
    pub keys_end: Option<KeysEnd>,
    /// The account and role at Identity Center, for credentials from there.
    pub identity_center: Option<IdentityCenterRole>,
    /// The role that is taken with the credentials found.
    pub role: Option<RoleSpec>,
    /// Secrets that the keyring holds for this connection.
    pub kept_secrets: BTreeSet<SecretSlot>,
    /// Upload parameters for names that match a pattern.
    pub rules: Vec<ParameterRule>,
    /// Which storage class it stands for.
    pub kind: StorageKind,
    /// The connection whose options hold where this one sets none.
    pub based_on: Option<ConnectionId>,
    /// Places to come back to.
    pub bookmarks: Vec<Location>,
    /// Buckets shown at the left even when the account's list is denied.
    pub buckets: Vec<String>,
    /// What is known of its server, found or said.
    pub server: ServerTraits,
}

impl Connection {
    /// A new connection that sets nothing.
    pub fn new(name: impl Into<String>) -> Self {
        Self {
            id: ConnectionId::random(),
            name: name.into(),
            colour: 0,
            access: Access::default(),
            production: false,
            credentials: CredentialMode::default(),
            values: Values::default(),
            session_token: None,
            keys_end: None,
            identity_center: None,
            role: None,
            kept_secrets: BTreeSet::new(),
            rules: Vec::new(),
            kind: StorageKind::default(),
            based_on: None,
            bookmarks: Vec::new(),
            buckets: Vec::new(),
            server: ServerTraits::default(),
        }
    }

    /// A new connection with the values that a person is better off with than with Django's defaults: links signed
    /// with version 4, and on Amazon the host of the bucket's own region in them. Imported settings do not get these.
    #[must_use]
    pub fn with_better_defaults(mut self) -> Self {
        use super::value::Value;
        let missing = |values: &Values, option| values.get(option).is_none();
        if missing(&self.values, OptionId::SignatureVersion) {
            self.values
                .set(OptionId::SignatureVersion, Value::text("s3v4"));
        }
        // Other servers seldom have a name for every bucket.
        let on_amazon = self
            .values
            .get(OptionId::Endpoint)
            .is_none_or(|value| !value.is_truthy());
        if on_amazon && missing(&self.values, OptionId::AddressingStyle) {
            self.values
                .set(OptionId::AddressingStyle, Value::text("virtual"));
        }
        self
    }

    /// How many options of a section are set here, kept secrets included.
    #[must_use]
    pub fn changed_in(&self, section: Section) -> usize {
        section
            .options()
            .filter(|spec| {
                self.values.get(spec.id).is_some()
                    || self.kept_secrets.contains(&SecretSlot::Option(spec.id))
            })
            .count()
    }

    /// The connections this one is based on, nearest first.
    ///
    /// # Errors
    /// When one of them is missing or the way leads back to this one.
    pub fn parents<'a>(&self, all: &'a [Self]) -> Result<Vec<&'a Self>, super::problem::Reason> {
        use super::problem::Reason;
        let mut chain: Vec<&Self> = Vec::new();
        let mut next = self.based_on.as_ref();
        while let Some(id) = next {
            if *id == self.id || chain.iter().any(|seen| seen.id == *id) {
                return Err(Reason::ParentLoop);
            }
            let parent = all
                .iter()
                .find(|one| one.id == *id)
                .ok_or(Reason::ParentMissing)?;
            chain.push(parent);
            next = parent.based_on.as_ref();
        }
        Ok(chain)
    }
}

/// The name, or the name with the lowest number that makes it new: `media`, `media 2`.
#[must_use]
pub fn free_name(wanted: &str, taken: &[Connection]) -> String {
    let is_taken = |name: &str| taken.iter().any(|one| one.name == name);
    if !is_taken(wanted) {
        return wanted.to_owned();
    }
    (2..)
        .map(|number| format!("{wanted} {number}"))
        .find(|name| !is_taken(name))
        .unwrap_or_default()
}

#[cfg(test)]
mod tests {
    use super::*;
    use crate::settings::problem::Reason;
    use crate::settings::value::Value;

    #[test]
    fn identities_differ_and_read_back() {
        let (one, other) = (ConnectionId::random(), ConnectionId::random());
        assert_ne!(one, other);
        assert_eq!(ConnectionId::parse(one.as_str()), Some(one));
        assert_eq!(ConnectionId::parse("a/b"), None);
        assert_eq!(ConnectionId::parse(""), None);
    }

    #[test]
    fn parents_are_followed_and_loops_found() {
        let mut defaults = Connection::new("company defaults");
        let mut media = Connection::new("media");
        media.based_on = Some(defaults.id.clone());
        let all = [defaults.clone(), media.clone()];
        let names: Vec<_> = media
            .parents(&all)
            .expect("chain")
            .iter()
            .map(|one| &one.name)
            .collect();
        assert_eq!(names, ["company defaults"]);
        assert_eq!(media.parents(&[]), Err(Reason::ParentMissing));
        defaults.based_on = Some(media.id.clone());
        assert_eq!(
            media.parents(&[defaults, media.clone()]),
            Err(Reason::ParentLoop)
        );
    }

    #[test]
    fn better_defaults_leave_alone_what_is_set_and_other_servers() {
        let style = |one: &Connection| one.values.get(OptionId::AddressingStyle).cloned();
        let amazon = Connection::new("a").with_better_defaults();
        assert_eq!(style(&amazon), Some(Value::text("virtual")));
        let mut other = Connection::new("b");
        other
            .values
            .set(OptionId::Endpoint, Value::text("http://127.0.0.1:9000"));
        other
            .values
            .set(OptionId::SignatureVersion, Value::text("s3"));
        let other = other.with_better_defaults();
        assert_eq!(style(&other), None);
        assert_eq!(
            other.values.get(OptionId::SignatureVersion),
            Some(&Value::text("s3"))
        );
    }

    #[test]
    fn names_and_counts() {
        let mut media = Connection::new("media");
        media.values.set(OptionId::AccessKey, Value::text("AKIA"));
        media
            .kept_secrets
            .insert(SecretSlot::Option(OptionId::SecretKey));
        assert_eq!(media.changed_in(Section::Credentials), 2);
        assert_eq!(media.changed_in(Section::Links), 0);
        assert_eq!(free_name("media", &[media]), "media 2");
        assert_eq!(
            StorageKind::of_class("storages.backends.s3.S3StaticStorage"),
            Some(StorageKind::Static)
        );
        assert_eq!(StorageKind::of_class("app.MediaStorage"), None);
    }
}
