//! What `collectstatic` does after static files have been saved.
//!
//! [`ManifestStorage::post_process`] copies each file under its hashed name, rewrites stylesheets so that they speak of
//! the copies, goes through them again until no name changes any more, and saves the list of names.

use serde_json::{Map, Value};

use super::content::Content;
use super::failure::{DjangoError, ManifestFault};
use super::file::Data;
use super::static_files::{LinkName, ManifestStorage};
use super::stylesheet::Pattern;
use super::url_parts::{UrlParts, unquoted, without_fragment};
use crate::domain::Timestamp;
use crate::storage::names::posix;

/// How often stylesheets that speak of each other are gone through.
const MOST_PASSES: usize = 5;

/// A file to be processed: its name and its own bytes.
#[derive(Clone, Debug, PartialEq, Eq)]
pub struct StaticFile {
    /// Name with folders.
    pub name: String,
    /// What it holds, before anything is rewritten.
    pub content: Vec<u8>,
}

/// What became of one file.
#[derive(Debug)]
pub struct Processed {
    /// Its name; nothing when all files are meant.
    pub name: Option<String>,
    /// The name of its copy.
    pub hashed: Option<String>,
    /// Whether a copy was saved, or why not.
    pub saved: Result<bool, DjangoError>,
}

impl ManifestStorage {
    /// Copies files under their hashed names, rewrites those that speak of others, and saves the list.
    ///
    /// # Errors
    /// What the server refuses. A file that speaks of one that is not there is told in the result instead.
    pub async fn post_process(
        &mut self,
        files: &[StaticFile],
        now: Timestamp,
    ) -> Result<Vec<Processed>, DjangoError> {
        let mut hashed = Map::new();
        let mut all: Vec<&StaticFile> = files.iter().collect();
        // The deepest first, so that most of what stylesheets speak of is there before them.
        all.sort_by_key(|file| std::cmp::Reverse(file.name.split('/').count()));
        let mut done = Vec::new();
        let mut adjustable: Vec<Processed> = Vec::new();
        for file in &all {
            let (failures, processed, _) = self.process(file, &mut hashed, now).await?;
            done.extend(failures);
            if Pattern::of_file(&file.name).is_empty() {
                done.push(processed);
            } else {
                adjustable.push(processed);
            }
        }
        let rewritten: Vec<&&StaticFile> = all
            .iter()
            .filter(|file| !Pattern::of_file(&file.name).is_empty())
            .collect();
        let mut changed = false;
        for _ in 0..MOST_PASSES {
            changed = false;
            for file in &rewritten {
                let (_, processed, differs) = self.process(file, &mut hashed, now).await?;
                changed |= differs;
                let known = adjustable.iter_mut().find(|one| one.name == processed.name);
                if let Some(known) = known {
                    *known = processed;
                }
            }
            if !changed {
                break;
            }
        }
        if changed {
            done.push(Processed {
                name: None,
                hashed: None,
                saved: Err(ManifestFault::DoesNotSettle.into()),
            });
        }
        done.extend(adjustable);
        self.hashed = hashed;
        self.save_manifest().await?;
        Ok(done)
    }

    /// One file once: what went wrong in rewriting, what became of it, and whether its hashed name changed.
    async fn process(
        &self,
        file: &StaticFile,
        hashed: &mut Map<String, Value>,
        now: Timestamp,
    ) -> Result<(Vec<Processed>, Processed, bool), DjangoError> {
        let key = file.name.replace('\\', "/");
        let old = match hashed.get(&key).and_then(Value::as_str) {
            Some(known) => known.to_owned(),
            None => Self::hashed_name(&file.name, &file.content),
        };
        let exists = self.storage.exists(&old).await?;
        let mut failures = Vec::new();
        let (name, saved) = if Pattern::of_file(&file.name).is_empty() {
            if exists {
                (old.clone(), false)
            } else {
                let content = Content::bytes(file.content.clone());
                (self.storage.save_as(&old, content).await?, true)
            }
        } else {
            let text = self.rewritten(file, hashed, &mut failures, now).await?;
            if exists {
                self.storage.delete(&old).await?;
            }
            let new = Self::hashed_name(&file.name, text.as_bytes());
            if self.storage.exists(&new).await? {
                self.storage.delete(&new).await?;
            }
            let content = Content::bytes(text.into_bytes());
            (self.storage.save_as(&new, content).await?, true)
        };
        let name = name.replace('\\', "/");
        hashed.insert(key, Value::from(name.as_str()));
        let differs = name != old;
        let processed = Processed {
            name: Some(file.name.clone()),
            hashed: Some(name),
            saved: Ok(saved),
        };
        Ok((failures, processed, differs))
    }

    /// The text of a file with its references rewritten. A reference to nothing leaves all of its pattern as it is.
    async fn rewritten(
        &self,
        file: &StaticFile,
        hashed: &Map<String, Value>,
        failures: &mut Vec<Processed>,
        now: Timestamp,
    ) -> Result<String, DjangoError> {
        let mut text =
            String::from_utf8(file.content.clone()).map_err(|_| ManifestFault::NotText {
                name: file.name.clone(),
            })?;
        for pattern in Pattern::of_file(&file.name) {
            let mut out = String::new();
            let mut last = 0;
            let mut failure = None;
            for reference in pattern.find(&text) {
                out.push_str(&text[last..reference.start]);
                last = reference.end;
                match self
                    .converted(&file.name, &reference.url, hashed, now)
                    .await
                {
                    Ok(Some(url)) => out.push_str(&pattern.written(&url)),
                    Ok(None) => out.push_str(&reference.kept),
                    Err(DjangoError::Manifest(fault)) => {
                        failure = Some(fault);
                        break;
                    }
                    Err(other) => return Err(other),
                }
            }
            match failure {
                Some(fault) => failures.push(Processed {
                    name: Some(file.name.clone()),
                    hashed: None,
                    saved: Err(fault.into()),
                }),
                None => {
                    out.push_str(&text[last..]);
                    text = out;
                }
            }
        }
        Ok(text)
    }

    /// What a reference is rewritten to; `None` for one that means no static file.
    async fn converted(
        &self,
        name: &str,
        url: &str,
        hashed: &Map<String, Value>,
        now: Timestamp,
    ) -> Result<Option<String>, DjangoError> {
        let static_url = &self.storage.project().static_url;
        let scheme = url.find(|letter: char| !letter.is_ascii_lowercase());
        let has_scheme = scheme.is_some_and(|end| end > 0 && url[end..].starts_with(':'));
        if has_scheme || (url.starts_with('/') && !url.starts_with(static_url.as_str())) {
            return Ok(None);
        }
        let (path, fragment) = without_fragment(url);
        if path.is_empty() {
            return Ok(None);
        }
        let target = match path.strip_prefix(static_url.as_str()) {
            Some(below) if path.starts_with('/') => below.to_owned(),
            _ => posix::joined(posix::split(name).0, &path),
        };
        let target = unquoted(&target);
        let stored = match Self::link_name(&target, false) {
            LinkName::AsIs(name) => name,
            LinkName::Mapped(clean) => self.stored_or_hashed(&clean, hashed).await?,
        };
        let link = self.final_url(&target, &stored, now, false).await?;
        let folder = path.rfind('/').map_or("", |slash| &path[..=slash]);
        let file = link.rsplit('/').next().unwrap_or_default();
        let mut converted = format!("{folder}{file}");
        if !fragment.is_empty() {
            converted.push_str(if url.contains("?#") { "?#" } else { "#" });
            converted.push_str(&fragment);
        }
        Ok(Some(unquoted(&converted)))
    }

    /// The hashed name that is known, or one made from the object in the bucket.
    async fn stored_or_hashed(
        &self,
        name: &str,
        hashed: &Map<String, Value>,
    ) -> Result<String, DjangoError> {
        let normal = posix::normalised(name);
        let clean = normal.replace('\\', "/");
        if let Some(known) = hashed.get(&clean).and_then(Value::as_str) {
            return Ok(known.to_owned());
        }
        let wanted = UrlParts::split(&unquoted(&normal)).path.trim().to_owned();
        if !self.storage.exists(&wanted).await? {
            return Err(ManifestFault::NoFile { name: wanted }.into());
        }
        let mut file = match self.storage.open(&wanted, "rb").await {
            Ok(file) => file,
            Err(DjangoError::Missing { .. }) => return Ok(normal),
            Err(failure) => return Err(failure),
        };
        let content = match file.read(None).await? {
            Data::Bytes(bytes) => bytes,
            Data::Text(text) => text.into_bytes(),
        };
        file.close().await?;
        Ok(Self::hashed_name(&normal, &content).replace('\\', "/"))
    }
}
