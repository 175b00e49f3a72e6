//! The files of tools older than the shared files, in which botocore still looks.

use std::path::{Path, PathBuf};

use super::draft::Draft;
use super::pairs::facts;
use crate::domain::diagnosis::{Break, ChainWord, Origin, Remedy, Rung, RungPlace};
use crate::settings::Environment;
use crate::settings::ini::Ini;
use crate::shared_files;

/// The rung of such a file, where there is one with a key id.
pub(super) fn draft(environment: &Environment, searched: bool) -> Option<Draft> {
    let (path, id, has_secret, missing) =
        of_amazon(environment).or_else(|| of_boto(environment))?;
    let mut rung = Rung::empty(RungPlace::OldFile(path.clone()));
    rung.key = Some(facts(&id, false));
    rung.origins
        .push((ChainWord::KeyId, Origin::Path(path.clone())));
    let cause = (!has_secret).then_some(Break::HalfPair { missing });
    rung.remedy = cause.is_some().then_some(Remedy::ShowFile(path));
    Some(Draft::found(rung, searched, cause))
}

/// File, key id, whether its secret is there, what the secret is called.
type Found = (PathBuf, String, bool, &'static str);

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
        value(SECRET).is_some(),
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
        Some((path, id, section.entries.contains_key(SECRET), SECRET))
    })
}
