//! What would be added to the user's AWS config file, word for word, for an account and role of Identity Center.
//!
//! Nothing here writes. The file is only ever appended to, after the text was shown; a name that is taken is refused.

use std::path::PathBuf;

use super::environment::{Environment, SharedContent};
use super::ini::Ini;
use crate::domain::{ACCOUNT_SCOPE, IdentityCenterRole};

/// A text to append.
#[derive(Clone, Debug, PartialEq, Eq)]
pub struct Addition {
    /// The file.
    pub path: PathBuf,
    /// What is appended, from the line end that the file may lack to the last one.
    pub text: String,
    /// The name of the profile.
    pub profile: String,
}

/// Why nothing can be added.
#[derive(Clone, Debug, PartialEq, Eq)]
pub enum NoAddition {
    /// The name cannot be that of a profile.
    BadName,
    /// A profile of this name is there already.
    Taken,
    /// There is no home folder, or the file cannot be read.
    NoFile,
}

/// The profile of that name, and the session it needs when the file has none for the address.
///
/// # Errors
/// When the name cannot be used, or the file cannot be read.
pub fn addition(
    name: &str,
    role: &IdentityCenterRole,
    region: Option<&str>,
    environment: &Environment,
) -> Result<Addition, NoAddition> {
    let fits = |name: &str| {
        !name.is_empty()
            && name
                .bytes()
                .all(|byte| byte.is_ascii_alphanumeric() || b"-_.@+".contains(&byte))
    };
    let file = &environment.config;
    if file.path.as_os_str().is_empty() || matches!(file.content, SharedContent::Unreadable(_)) {
        return Err(NoAddition::NoFile);
    }
    if !fits(name) || name == "default" {
        return Err(NoAddition::BadName);
    }
    let ini = Ini::parse(file.text());
    let section = |kind: &str, name: &str| {
        ini.sections.iter().find(|section| {
            section
                .name
                .split_once([' ', '\t'])
                .is_some_and(|(own, rest)| {
                    own == kind && rest.trim().trim_matches(['"', '\'']) == name
                })
        })
    };
    if section("profile", name).is_some() {
        return Err(NoAddition::Taken);
    }
    let says = |session: &super::ini::IniSection, key: &str, value: &str| {
        session
            .entries
            .get(key)
            .is_some_and(|entry| entry.value == value)
    };
    // A session of the same name counts only when it leads to the same place.
    let wanted = role
        .session
        .clone()
        .unwrap_or_else(|| session_name(&role.start_url));
    let names =
        std::iter::once(wanted.clone()).chain((2..).map(|number| format!("{wanted}-{number}")));
    let mut text = String::new();
    if !file.text().is_empty() && !file.text().ends_with('\n') {
        text.push('\n');
    }
    if !file.text().is_empty() {
        text.push('\n');
    }
    let mut session = wanted.clone();
    for candidate in names {
        match section("sso-session", &candidate) {
            Some(there)
                if !(says(there, "sso_start_url", &role.start_url)
                    && says(there, "sso_region", &role.region)) => {}
            Some(_) => {
                session = candidate;
                break;
            }
            None => {
                text.push_str(&format!(
                    "[sso-session {candidate}]\nsso_start_url = {}\nsso_region = {}\nsso_registration_scopes = {ACCOUNT_SCOPE}\n\n",
                    role.start_url, role.region
                ));
                session = candidate;
                break;
            }
        }
    }
    text.push_str(&format!(
        "[profile {name}]\nsso_session = {session}\nsso_account_id = {}\nsso_role_name = {}\n",
        role.account, role.role
    ));
    if let Some(region) = region.filter(|region| !region.is_empty()) {
        text.push_str(&format!("region = {region}\n"));
    }
    Ok(Addition {
        path: file.path.clone(),
        text,
        profile: name.to_owned(),
    })
}

/// `corp` of `https://corp.awsapps.com/start`.
#[must_use]
pub fn session_name(start_url: &str) -> String {
    let host = start_url
        .split_once("://")
        .map_or(start_url, |(_, rest)| rest);
    let first = host.split(['.', '/', ':']).next().unwrap_or_default();
    let name: String = first
        .chars()
        .filter(|each| each.is_ascii_alphanumeric() || *each == '-')
        .collect();
    if name.is_empty() {
        "sso".to_owned()
    } else {
        name
    }
}

/// A name for a profile: account and role, without what a name cannot hold.
#[must_use]
pub fn profile_name(account: &str, role: &str) -> String {
    let name: String = format!("{account}-{role}")
        .chars()
        .map(|each| match each {
            ' ' | '/' => '-',
            each => each,
        })
        .filter(|each| each.is_ascii_alphanumeric() || "-_.@+".contains(*each))
        .collect();
    name.trim_matches('-').to_owned()
}

#[cfg(test)]
mod tests {
    use super::*;
    use crate::settings::{ProfileKind, Profiles};

    fn role() -> IdentityCenterRole {
        IdentityCenterRole {
            session: None,
            start_url: "https://corp.awsapps.com/start".to_owned(),
            region: "eu-central-1".to_owned(),
            account: "123456789012".to_owned(),
            role: "Editor".to_owned(),
        }
    }

    #[test]
    fn what_is_added_reads_as_a_whole_profile() {
        let old = "[default]\nregion = eu-west-1";
        let environment = Environment::default().with_files(Some(old), None);
        let added = addition("media", &role(), Some("eu-west-1"), &environment).expect("addition");
        assert!(
            added.text.starts_with("\n\n[sso-session corp]\n"),
            "{}",
            added.text
        );
        let whole = format!("{old}{}", added.text);
        let environment = Environment::default().with_files(Some(&whole), None);
        let profiles = Profiles::read(&environment);
        assert!(profiles.faults.is_empty(), "{whole}");
        let profile = profiles.get("media").expect("profile");
        assert_eq!(profile.problem, None);
        let ProfileKind::IdentityCenter {
            role: name,
            account,
            session,
        } = &profile.kind
        else {
            panic!("{:?}", profile.kind);
        };
        assert_eq!(
            (name.as_str(), account.as_str(), session.as_str()),
            ("Editor", "123456789012", "corp")
        );
        assert_eq!(
            addition("media", &role(), None, &environment),
            Err(NoAddition::Taken)
        );
        // The session is there already.
        let second = addition("media-2", &role(), None, &environment).expect("addition");
        assert!(!second.text.contains("sso-session "), "{}", second.text);
    }

    #[test]
    fn a_session_that_leads_elsewhere_is_left_alone() {
        let old = "[sso-session corp]\nsso_start_url = https://other\nsso_region = us-east-1\n";
        let environment = Environment::default().with_files(Some(old), None);
        let added = addition("media", &role(), None, &environment).expect("addition");
        assert!(
            added.text.contains("[sso-session corp-2]"),
            "{}",
            added.text
        );
        assert!(
            added.text.contains("sso_session = corp-2\n"),
            "{}",
            added.text
        );
        for name in ["", "a b", "default", "x]"] {
            let refused = addition(name, &role(), None, &environment);
            assert_eq!(refused, Err(NoAddition::BadName), "{name}");
        }
        assert_eq!(
            addition("media", &role(), None, &Environment::default()),
            Err(NoAddition::NoFile)
        );
        assert_eq!(
            profile_name("Media Live", "Admin/Full"),
            "Media-Live-Admin-Full"
        );
    }
}
