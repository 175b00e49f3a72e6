//! A storage of Django over a connection: every operation of `S3Boto3Storage` and `S3StaticStorage`, with the same
//! calls, the same names and the same refusals as django-storages 1.13.
//!
//! A storage is cheap to clone. Settings that make requests impossible are told by the operation that needs the
//! server, as there: links on a custom domain work with any region, endpoint and bucket.

use std::fmt;
use std::sync::{Arc, Mutex, PoisonError};

use serde_json::Value;

use super::content::Content;
use super::failure::DjangoError;
use super::file::DjangoFile;
use super::link_value::{python_text, typed_text};
use super::project::{ModifiedTime, Project};
use crate::domain::{
    CredentialSpec, Key, SignatureVersion, SignedLink, StorageConfig, StorageError, Timestamp,
    Verify,
};
use crate::settings::parameters::check_parameter;
use crate::settings::profiles::{self, Profile, ProfileProblem, Profiles};
use crate::settings::{Environment, OptionId, Problem, Reason, Resolved, StorageKind};
use crate::storage::calls::{ObjectHead, Source};
use crate::storage::names::{self, Alternatives};
use crate::storage::{LinkRequest, Storage, UploadParameters, World};

/// Draws the seven characters that make a taken name another.
pub type Draw = Box<dyn FnMut() -> String + Send>;

/// A storage of Django.
#[derive(Clone)]
pub struct DjangoStorage(Arc<Inner>);

struct Inner {
    storage: Storage,
    kind: StorageKind,
    project: Project,
    /// What stops everything that needs the server.
    stop: Option<Problem>,
    /// Keys were found, but no secret.
    has_no_secret: bool,
    draw: Mutex<Draw>,
}

impl fmt::Debug for DjangoStorage {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        f.debug_struct("DjangoStorage")
            .field("storage", &self.0.storage)
            .field("kind", &self.0.kind)
            .field("stop", &self.0.stop)
            .finish_non_exhaustive()
    }
}

impl DjangoStorage {
    /// A storage of settings that have been resolved in these surroundings. Sends nothing.
    ///
    /// # Errors
    /// When a file of certificates cannot be read.
    pub async fn connect(
        resolved: &Resolved,
        environment: &Environment,
        project: Project,
        world: World,
    ) -> Result<Self, DjangoError> {
        let stop =
            missing_profile(resolved, environment).or_else(|| resolved.stops_requests().cloned());
        let mut config = resolved.config.clone();
        if stop.is_some() {
            without_a_server(&mut config);
        }
        let keys = &resolved.keys;
        let is_explicit = matches!(config.credentials, CredentialSpec::Keys { .. });
        Ok(Self(Arc::new(Inner {
            storage: Box::pin(Storage::connect_in(config, world)).await?,
            kind: resolved.kind,
            project,
            stop,
            has_no_secret: is_explicit && keys.secret_key.is_none(),
            draw: Mutex::new(Box::new(names::random_suffix)),
        })))
    }

    /// The same with another source of characters for names that are taken.
    #[must_use]
    pub fn drawing(self, draw: Draw) -> Self {
        *self.0.draw.lock().unwrap_or_else(PoisonError::into_inner) = draw;
        self
    }

    /// The connection below.
    ///
    /// # Errors
    /// What stops everything that needs the server.
    pub fn connection(&self) -> Result<&Storage, DjangoError> {
        match &self.0.stop {
            Some(problem) => Err(DjangoError::Setting(problem.clone())),
            None => Ok(&self.0.storage),
        }
    }

    /// What the project sets beside.
    #[must_use]
    pub fn project(&self) -> &Project {
        &self.0.project
    }

    /// The settings of the connection.
    #[must_use]
    pub fn config(&self) -> &StorageConfig {
        self.0.storage.config()
    }

    /// The connection, standing in a bucket.
    pub(super) fn in_bucket(&self) -> Result<&Storage, DjangoError> {
        let storage = self.connection()?;
        if storage.config().bucket.is_none() {
            return Err(DjangoError::NoBucket);
        }
        if self.0.has_no_secret && storage.request_signature() == SignatureVersion::V2 {
            return Err(DjangoError::NoSecret);
        }
        Ok(storage)
    }

    /// The full key of a name.
    ///
    /// # Errors
    /// When the name leads out of the location.
    pub fn key(&self, name: &str) -> Result<String, DjangoError> {
        Ok(names::key_of(
            &self.config().location,
            &names::clean_name(name),
        )?)
    }

    /// `HeadObject` of a full key.
    pub(super) async fn head(&self, key: &str) -> Result<ObjectHead, DjangoError> {
        let storage = self.in_bucket()?;
        not_empty(key)?;
        Ok(storage.calls().head_object(key).await?)
    }

    /// True when there is an object of exactly this name.
    ///
    /// # Errors
    /// Every refusal but 404.
    pub async fn exists(&self, name: &str) -> Result<bool, DjangoError> {
        match self.head(&self.key(name)?).await {
            Ok(_) => Ok(true),
            Err(failure) if is_missing(&failure) => Ok(false),
            Err(failure) => Err(failure),
        }
    }

    /// Stored length in bytes.
    ///
    /// # Errors
    /// Also when there is no such object.
    pub async fn size(&self, name: &str) -> Result<u64, DjangoError> {
        Ok(self.head(&self.key(name)?).await?.bytes)
    }

    /// When the object was changed.
    ///
    /// # Errors
    /// Also when there is no such object.
    pub async fn modified_time(&self, name: &str) -> Result<ModifiedTime, DjangoError> {
        let head = self.head(&self.key(name)?).await?;
        Ok(self.0.project.shown(head.modified.unwrap_or(Timestamp(0))))
    }

    /// Deletes an object; one that is not there is no error.
    ///
    /// # Errors
    /// Every refusal but 404.
    pub async fn delete(&self, name: &str) -> Result<(), DjangoError> {
        let key = self.key(name)?;
        let storage = self.in_bucket()?;
        not_empty(&key)?;
        match storage.calls().delete_object(&key).await {
            Err(failure) if failure.status != Some(404) => Err(failure.into()),
            _ => Ok(()),
        }
    }

    /// Folders and files below a folder, as names relative to it, in the server's order. Keys that no path can hold
    /// show as `.` and `..`.
    ///
    /// # Errors
    /// What the server refuses.
    pub async fn listdir(&self, path: &str) -> Result<(Vec<String>, Vec<String>), DjangoError> {
        let mut prefix = self.key(path)?;
        if !prefix.is_empty() && !prefix.ends_with('/') {
            prefix.push('/');
        }
        let storage = self.in_bucket()?;
        let (mut folders, mut files) = (Vec::new(), Vec::new());
        let mut marker: Option<String> = None;
        loop {
            let page = storage
                .calls()
                .list_objects(&prefix, marker.as_deref())
                .await?;
            let seen = |key: &String| names::posix::relative(key, &prefix);
            folders.extend(page.prefixes.iter().map(seen));
            // The marker of the folder itself is left out.
            files.extend(page.keys.iter().filter(|key| **key != prefix).map(seen));
            match page.next {
                Some(next) => marker = Some(next),
                None => return Ok((folders, files)),
            }
        }
    }

    /// A link to an object. Parameters are values as Python holds them; `expires_secs` and `method` override the
    /// settings.
    ///
    /// # Errors
    /// When name or parameter are refused, or there is nothing to sign with.
    pub async fn url(
        &self,
        name: &str,
        options: &UrlOptions,
        now: Timestamp,
    ) -> Result<SignedLink, DjangoError> {
        let key = self.key(name)?;
        let has_domain = self.config().links.custom_domain.is_some();
        let storage = if has_domain {
            &self.0.storage
        } else {
            let storage = self.connection()?;
            if storage.config().bucket.is_none() {
                return Err(DjangoError::NoBucket);
            }
            not_empty(&key)?;
            storage
        };
        let mut parameters = Vec::new();
        for (name, value) in &options.parameters {
            let text = if has_domain {
                python_text(value)
            } else {
                typed_text(name, value)?
            };
            parameters.push((name.clone(), text));
        }
        if !has_domain
            && self.0.has_no_secret
            && self.config().links.signed
            && storage.link_signature() == SignatureVersion::V2
        {
            return Err(DjangoError::NoSecret);
        }
        let request = LinkRequest {
            key: Key::new(key),
            method: options.method.clone().unwrap_or_else(|| "GET".to_owned()),
            expires_secs: options.expires_secs,
            parameters,
        };
        Ok(storage.sign_link(&request, now).await?)
    }

    /// The name to save under: the wanted one, shortened where it is too long; without overwriting another one when
    /// it is taken.
    ///
    /// # Errors
    /// When no name fits, and every refusal of the server but 404.
    pub async fn available_name(
        &self,
        name: &str,
        max_chars: Option<usize>,
    ) -> Result<String, DjangoError> {
        let clean = names::clean_name(name);
        if self.config().file_overwrite {
            return Ok(names::shortened(&clean, max_chars)?);
        }
        let (mut alternatives, mut name) = Alternatives::of(&clean, max_chars)?;
        while self.exists(&name).await? || alternatives.is_too_long(&name) {
            let mut draw = self.0.draw.lock().unwrap_or_else(PoisonError::into_inner);
            name = alternatives.next(&mut *draw)?;
        }
        Ok(name)
    }

    /// Saves content and tells the name it has now, without the location. `None` takes the content's own name.
    ///
    /// # Errors
    /// When a name is refused, a parameter, or the content; and what the server refuses.
    pub async fn save(
        &self,
        name: Option<&str>,
        content: Content,
        max_chars: Option<usize>,
    ) -> Result<String, DjangoError> {
        let name = name
            .map(str::to_owned)
            .or_else(|| content.name.clone())
            .unwrap_or_default();
        names::validate_file_name(&name, true)?;
        let name = self.available_name(&name, max_chars).await?;
        names::validate_file_name(&name, true)?;
        let name = self.save_as(&name, content).await?;
        names::validate_file_name(&name, true)?;
        Ok(name)
    }

    /// Saves content under this very name.
    ///
    /// # Errors
    /// As [`DjangoStorage::save`].
    pub(super) async fn save_as(
        &self,
        name: &str,
        mut content: Content,
    ) -> Result<String, DjangoError> {
        if self.0.kind == StorageKind::ManifestStatic {
            // It copies the bytes first, and nothing else of the content.
            if content.is_text() {
                return Err(DjangoError::TextContent);
            }
            content.content_type = None;
        }
        let clean = names::clean_name(name);
        let key = names::key_of(&self.config().location, &clean)?;
        let mut parameters = self.upload_parameters(&key, content.content_type.as_deref());
        let compress = parameters.wants_gzip(self.config());
        if compress {
            parameters.set("ContentEncoding", "gzip");
        }
        let storage = self.in_bucket()?;
        for (name, value) in parameters.iter() {
            check_parameter(name, value).map_err(|reason| match reason {
                Reason::UnknownParameter { name } => DjangoError::NoUploadParameter { name },
                reason => DjangoError::Parameter(reason),
            })?;
        }
        not_empty(&key)?;
        if content.is_text() && !compress {
            return Err(DjangoError::TextContent);
        }
        let headers = parameters.headers()?;
        let reader = content.reader()?;
        let source = if compress {
            Source::compressed(reader)
        } else {
            Source::plain(reader)
        };
        storage.calls().upload(&key, &headers, source).await?;
        Ok(clean)
    }

    /// The parameters that an upload of this full key is sent with.
    #[must_use]
    pub fn upload_parameters(&self, key: &str, content_type: Option<&str>) -> UploadParameters {
        UploadParameters::for_key(self.config(), &Key::new(key), content_type)
    }

    /// Opens an object as a file. The mode is read by its letters: `w` writes, everything else looks for the object
    /// at once.
    ///
    /// # Errors
    /// When the modes do not go together, and when there is no such object to read.
    pub async fn open(&self, name: &str, mode: &str) -> Result<DjangoFile, DjangoError> {
        let key = self.key(name)?;
        DjangoFile::open(self.clone(), key, mode).await
    }
}

/// How a link is to be, beside what the settings say.
#[derive(Clone, Debug, Default, PartialEq)]
pub struct UrlOptions {
    /// Parameters by name, in order.
    pub parameters: Vec<(String, Value)>,
    /// Lifetime in seconds.
    pub expires_secs: Option<i64>,
    /// HTTP method that the link is signed for.
    pub method: Option<String>,
}

/// True for an answer of 404, whatever it means.
pub(super) fn is_missing(failure: &DjangoError) -> bool {
    matches!(
        failure,
        DjangoError::Storage(StorageError {
            status: Some(404),
            ..
        })
    )
}

pub(super) fn not_empty(key: &str) -> Result<(), DjangoError> {
    if key.is_empty() {
        return Err(DjangoError::EmptyKey);
    }
    Ok(())
}

/// The profile that a session of boto3 is made for has to be there, even when keys were found elsewhere. `default`
/// alone may be missing.
fn missing_profile(resolved: &Resolved, environment: &Environment) -> Option<Problem> {
    let named = match resolved.options.text(OptionId::SessionProfile) {
        Some(name) => name,
        None => match profiles::named_profile(environment) {
            Some(name) => name,
            None if Profiles::read(environment).get("default").is_some() => "default",
            None => return None,
        },
    };
    let name = named.to_owned();
    let reason = match Profiles::read(environment).get(named) {
        None => Reason::ProfileMissing { name },
        Some(profile) if uses_profile(resolved) && has_no_secret(profile) => {
            Reason::ProfileWithoutSecret { name }
        }
        Some(_) => return None,
    };
    Some(Problem::new(OptionId::SessionProfile, reason))
}

const fn uses_profile(resolved: &Resolved) -> bool {
    matches!(
        resolved.config.credentials,
        CredentialSpec::Profile(_) | CredentialSpec::Chain
    )
}

fn has_no_secret(profile: &Profile) -> bool {
    let missing = "aws_secret_access_key";
    profile.problem == Some(ProfileProblem::HalfPair { missing })
}

/// Takes out what no connection can be made with; links on a custom domain need none of it.
fn without_a_server(config: &mut StorageConfig) {
    config.endpoint = None;
    config.region = Some("us-east-1".to_owned());
    config.verify = Verify::On;
    config.credentials = CredentialSpec::Anonymous;
}
