//! The files of tools older than the shared files, in which botocore still looks.

use std::path::{Path, PathBuf};

use super::draft::Draft;
use super::pairs::{facts, odd, unfit};
use crate::domain::Secret;
use crate::domain::diagnosis::{Break, ChainWord, KeyHalf, Origin, Remedy, Rung, RungPlace};
use crate::settings::Environment;
use crate::settings::ini::Ini;
use crate::shared_files;

/// The rung of such a file, where there is one with a key id.
pub(super) fn draft(environment: &Environment, searched: bool) -> Option<Draft> {
    let (path, id, secret, missing) = of_amazon(environment).or_else(|| of_boto(environment))?;
    let mut rung = Rung::empty(RungPlace::OldFile(path.clone()));
    rung.key = Some(facts(&id, false));
    let at = Origin::Path(path.clone());
    rung.origins.push((ChainWord::KeyId, at.clone()));
    let cause = match &secret {
        None => Some(Break::HalfPair { missing }),
        Some(secret) => Break::of_pair(&id, secret.reveal(), Some(at.clone())),
    };
    match (&cause, secret) {
        (Some(cause), _) => {
            unfit(&mut rung, cause);
            rung.remedy = Some(Remedy::ShowFile(path));
        }
        (None, Some(secret)) => {
            let id = odd(KeyHalf::Id, &id, &at);
            let secret = odd(KeyHalf::Secret, secret.reveal(), &at);
            rung.notes.extend(id.into_iter().chain(secret));
        }
        (None, None) => {}
    }
    Some(Draft::found(rung, searched, cause))
}

/// File, key id, its secret, what the secret is called.
type Found = (PathBuf, String, Option<Secret>, &'static str);

fn expanded(environment: &Environment, path: &str) -> PathBuf {
    let home = environment.found(if cfg!(windows) { "USERPROFILE" } else { "HOME" });
    let variable = |name: &str| environment.found(name).map(str::to_owned);
    shared_files::expanded(path, variable, home.map(Path::new))
}

fn of_amazon(environment: &Environment) -> Option<Found> {
    const SECRET: &str = "AWSSecretKey";
    let path = expanded(environment, environment.found("AWS_CREDENTIAL_FILE")?);
    let text = shared_files::read(&path).ok()??;
    let value = |name: &str| {
        let lines = text.lines().filter_map(|line| line.split_once('='));
        let mut named = lines.filter(|(own, _)| own.trim() == name);
        named.next_back().map(|(_, value)| value.trim().to_owned())
    };
    Some((
        path,
        value("AWSAccessKeyId")?,
        value(SECRET).map(Secret::new),
        SECRET,
    ))
}

fn of_boto(environment: &Environment) -> Option<Found> {
    const SECRET: &str = "aws_secret_access_key";
    let places = match environment.found("BOTO_CONFIG") {
        Some(path) => vec![path],
        None => vec!["/etc/boto.cfg", "~/.boto"],
    };
    places.into_iter().find_map(|place| {
        let path = expanded(environment, place);
        let ini = Ini::parse(&shared_files::read(&path).ok()??);
        let section = ini.sections.iter().find(|one| one.name == "Credentials")?;
        let id = section.entries.get("aws_access_key_id")?.value.clone();
        let secret = section.entries.get(SECRET);
        let secret = secret.map(|entry| Secret::new(entry.value.as_str()));
        Some((path, id, secret, SECRET))
    })
}
