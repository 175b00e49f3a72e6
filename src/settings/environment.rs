//! A snapshot of what surrounds the program: environment variables and the shared AWS files.
//!
//! Only [`Environment::capture`] asks the system; everything else works on the snapshot, so that a test can give any
//! surroundings and resolution always sees one consistent state. It holds secrets, so it does not print its values.

use std::collections::BTreeMap;
use std::fmt;
use std::path::PathBuf;

use crate::domain::diagnosis::Unread;
use crate::shared_files;

/// Variables and shared files at one moment.
#[derive(Clone, Default, PartialEq, Eq)]
pub struct Environment {
    variables: BTreeMap<String, String>,
    /// The shared config file.
    pub config: SharedFile,
    /// The shared credentials file.
    pub credentials: SharedFile,
}

/// One of the shared AWS files.
#[derive(Clone, Default, PartialEq, Eq)]
pub struct SharedFile {
    /// Where it is looked for; empty when the account has no home.
    pub path: PathBuf,
    /// The variable that says so.
    pub named_by: Option<&'static str>,
    /// What it holds.
    pub content: SharedContent,
}

/// What a shared AWS file holds.
#[derive(Clone, Default, PartialEq, Eq)]
pub enum SharedContent {
    /// There is none.
    #[default]
    Missing,
    /// It gives no text.
    Unreadable(Unread),
    /// Its text.
    Text(String),
}

impl Environment {
    /// Surroundings of these variables and no files.
    pub fn of<N: Into<String>, V: Into<String>>(
        variables: impl IntoIterator<Item = (N, V)>,
    ) -> Self {
        Self {
            variables: variables
                .into_iter()
                .map(|(name, value)| (name.into(), value.into()))
                .collect(),
            ..Self::default()
        }
    }

    /// The same with these texts as shared files.
    #[must_use]
    pub fn with_files(mut self, config: Option<&str>, credentials: Option<&str>) -> Self {
        let file = |path: &str, text: Option<&str>| SharedFile {
            path: path.into(),
            named_by: None,
            content: text.map_or(SharedContent::Missing, |text| {
                SharedContent::Text(text.to_owned())
            }),
        };
        self.config = file("config", config);
        self.credentials = file("credentials", credentials);
        self
    }

    /// The surroundings of this process now. Reads two small files: not on a thread that draws.
    #[must_use]
    pub fn capture() -> Self {
        // Variables that are not UTF-8 are none that AWS tools could use.
        let variables: BTreeMap<String, String> = std::env::vars_os()
            .filter_map(|(name, value)| Some((name.into_string().ok()?, value.into_string().ok()?)))
            .collect();
        let home = directories::BaseDirs::new().map(|places| places.home_dir().to_owned());
        let found = |name: &str| variables.get(name).cloned();
        let file = |variable: &'static str, name: &str| {
            let own = variables.get(variable).filter(|path| !path.is_empty());
            let path = match (own, &home) {
                (Some(path), home) => shared_files::expanded(path, found, home.as_deref()),
                (None, Some(home)) => home.join(".aws").join(name),
                (None, None) => PathBuf::new(),
            };
            SharedFile::read(path, own.map(|_| variable))
        };
        let config = file("AWS_CONFIG_FILE", "config");
        let credentials = file("AWS_SHARED_CREDENTIALS_FILE", "credentials");
        Self {
            variables,
            config,
            credentials,
        }
    }

    /// A variable, also when it is empty.
    #[must_use]
    pub fn get(&self, name: &str) -> Option<&str> {
        self.variables.get(name).map(String::as_str)
    }

    /// A variable that holds something.
    #[must_use]
    pub fn found(&self, name: &str) -> Option<&str> {
        self.get(name).filter(|value| !value.is_empty())
    }

    /// The first of these variables that holds something, with its name.
    #[must_use]
    pub fn first_found(&self, names: &[&'static str]) -> Option<(&'static str, &str)> {
        names
            .iter()
            .find_map(|name| Some((*name, self.found(name)?)))
    }

    /// All variables in order of names, for the proxy search, which takes any letter case.
    pub fn variables(&self) -> impl Iterator<Item = (&str, &str)> {
        self.variables
            .iter()
            .map(|(name, value)| (name.as_str(), value.as_str()))
    }
}

impl SharedFile {
    fn read(path: PathBuf, named_by: Option<&'static str>) -> Self {
        let content = match shared_files::read(&path) {
            Ok(Some(text)) => SharedContent::Text(text),
            Ok(None) => SharedContent::Missing,
            Err(why) => SharedContent::Unreadable(why),
        };
        Self {
            path,
            named_by,
            content,
        }
    }

    /// Why it gives nothing, where it should give something.
    #[must_use]
    pub const fn unread(&self) -> Option<Unread> {
        match (&self.content, self.named_by) {
            (SharedContent::Unreadable(why), _) => Some(*why),
            (SharedContent::Missing, Some(variable)) => Some(Unread::Missing(variable)),
            (SharedContent::Missing, None) | (SharedContent::Text(_), _) => None,
        }
    }

    /// Its text; empty when there is none.
    #[must_use]
    pub fn text(&self) -> &str {
        match &self.content {
            SharedContent::Text(text) => text,
            SharedContent::Missing | SharedContent::Unreadable(_) => "",
        }
    }
}

impl fmt::Debug for Environment {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        f.debug_struct("Environment")
            .field("variables", &self.variables.len())
            .field("config", &self.config)
            .field("credentials", &self.credentials)
            .finish()
    }
}

impl fmt::Debug for SharedFile {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        let content = match &self.content {
            SharedContent::Missing => "missing".to_owned(),
            SharedContent::Unreadable(why) => format!("{why:?}"),
            SharedContent::Text(text) => format!("{} bytes", text.len()),
        };
        write!(f, "{} ({content})", self.path.display())
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn prints_no_value() {
        let environment = Environment::of([("AWS_SECRET_ACCESS_KEY", "CANARY")])
            .with_files(Some("[default]\naws_secret_access_key = CANARY"), None);
        assert!(!format!("{environment:?}").contains("CANARY"));
    }

    #[test]
    fn empty_variables_are_not_found() {
        let environment = Environment::of([("A", ""), ("B", "b")]);
        assert_eq!(
            (environment.get("A"), environment.found("A")),
            (Some(""), None)
        );
        assert_eq!(environment.first_found(&["A", "B"]), Some(("B", "b")));
    }
}
