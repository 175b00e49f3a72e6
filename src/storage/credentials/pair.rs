//! Keys that stand somewhere: in variables, in a section of a shared file, in a file of older tools.

use std::path::{Path, PathBuf};
use std::time::{Duration, SystemTime};

use aws_credential_types::Credentials;
use aws_credential_types::provider::future::ProvideCredentials as Providing;
use aws_credential_types::provider::{ProvideCredentials, SharedCredentialsProvider};
use serde_json::Value;
use sha2::{Digest as _, Sha256};

use super::shared::{SharedFile, SharedFiles};
use super::stop::{Stop, refused};
use crate::domain::Timestamp;
use crate::domain::diagnosis::{Break, CacheFlaw, Origin, Unread};
use crate::domain::ini::Ini;
use crate::shared_files;
use crate::storage::clock::Clock;
use crate::storage::sign::v4::hex;
use crate::storage::world::World;

const KEY: &str = "aws_access_key_id";
const SECRET: &str = "aws_secret_access_key";
/// botocore's order.
const TOKENS: [&str; 2] = ["aws_security_token", "aws_session_token"];

/// The pair of the variables; `None` without a key id.
pub(super) fn of_variables(
    world: &World,
    clock: &Clock,
) -> Option<Result<SharedCredentialsProvider, Stop>> {
    let id = world.variable("AWS_ACCESS_KEY_ID")?;
    let missing = "AWS_SECRET_ACCESS_KEY";
    let Some(secret) = world.variable(missing) else {
        return Some(Err(Break::HalfPair { missing }.into()));
    };
    let token = ["AWS_SECURITY_TOKEN", "AWS_SESSION_TOKEN"]
        .into_iter()
        .find_map(|name| world.variable(name));
    let end = world
        .variable("AWS_CREDENTIAL_EXPIRATION")
        .and_then(|text| Timestamp::from_tools(&text));
    let at = Origin::Variable("AWS_ACCESS_KEY_ID".to_owned());
    let of_token = || {
        let names = ["AWS_SECURITY_TOKEN", "AWS_SESSION_TOKEN"];
        let name = names
            .into_iter()
            .find(|name| world.variable(name).is_some())?;
        Break::of_token(token.as_ref()?, Some(Origin::Variable(name.to_owned())))
    };
    if let Some(cause) = Break::of_pair(&id, &secret, Some(at)).or_else(of_token) {
        return Some(Err(cause.into()));
    }
    let pair = (id.as_str(), secret.as_str(), token);
    Some(Ok(ending(pair, end, clock, "environment")))
}

/// A pair whose end was told together with it; past that nothing is signed with it.
pub(super) fn ending(
    (id, secret, token): (&str, &str, Option<String>),
    end: Option<Timestamp>,
    clock: &Clock,
    from: &'static str,
) -> SharedCredentialsProvider {
    let keys = Credentials::new(id, secret, token, end.map(system_time), from);
    SharedCredentialsProvider::new(Ending {
        keys,
        end,
        from,
        clock: clock.clone(),
    })
}

/// The pair of a profile in one of the files; `None` without a key id.
pub(super) fn of_file(
    files: &SharedFiles,
    file: SharedFile,
    profile: &str,
) -> Option<Result<SharedCredentialsProvider, Stop>> {
    let get = |key| files.only(file, profile, key);
    let id = get(KEY)?;
    let secret = get(SECRET).unwrap_or_default();
    let cause = match (id, secret) {
        ("", "") => Some(Break::PairEmpty),
        ("", _) => Some(Break::HalfPair { missing: KEY }),
        (_, "") => Some(Break::HalfPair { missing: SECRET }),
        _ => Break::of_pair(id, secret, files.place(file, profile, KEY)),
    };
    if let Some(cause) = cause {
        return Some(Err(cause.into()));
    }
    let token = TOKENS
        .into_iter()
        .find_map(|key| Some((key, get(key)?)))
        .filter(|(_, text)| !text.is_empty());
    let unfit =
        token.and_then(|(key, text)| Break::of_token(text, files.place(file, profile, key)));
    if let Some(cause) = unfit {
        return Some(Err(cause.into()));
    }
    let token = token.map(|(_, text)| text);
    let keys = Credentials::new(id, secret, token.map(str::to_owned), None, "profile");
    Some(Ok(SharedCredentialsProvider::new(keys)))
}

/// Keys whose end was told together with them.
#[derive(Debug)]
struct Ending {
    keys: Credentials,
    end: Option<Timestamp>,
    from: &'static str,
    clock: Clock,
}

impl ProvideCredentials for Ending {
    fn provide_credentials<'a>(&'a self) -> Providing<'a>
    where
        Self: 'a,
    {
        Providing::ready(match self.end {
            Some(at) if at <= self.clock.now() => Err(refused(self.from, Break::KeysEnded { at })),
            _ => Ok(self.keys.clone()),
        })
    }
}

pub(super) fn system_time(time: Timestamp) -> SystemTime {
    SystemTime::UNIX_EPOCH + Duration::from_secs(u64::try_from(time.0).unwrap_or(0))
}

/// What `aws login` keeps for a session: keys that only that tool renews.
#[derive(Debug)]
pub(super) struct Login {
    session: String,
    profile: String,
    path: PathBuf,
    clock: Clock,
}

impl Login {
    /// The keys of a profile's session.
    pub(super) fn new(profile: &str, session: &str, world: &World, clock: &Clock) -> Self {
        let own = world
            .variable("AWS_LOGIN_CACHE_DIRECTORY")
            .map(|path| world.expanded(&path));
        let folder = own.or_else(|| Some(world.home()?.join(".aws").join("login").join("cache")));
        let name = hex(&Sha256::digest(session.as_bytes()));
        Self {
            session: session.to_owned(),
            profile: profile.to_owned(),
            path: folder.unwrap_or_default().join(name).with_extension("json"),
            clock: clock.clone(),
        }
    }

    fn read(&self) -> Result<Credentials, CacheFlaw> {
        let text = match shared_files::read(&self.path) {
            Ok(Some(text)) => text,
            Ok(None) => return Err(CacheFlaw::Missing),
            Err(Unread::NotText) => return Err(CacheFlaw::CutOff),
            Err(_) => return Err(CacheFlaw::Unreadable),
        };
        let json: Value = serde_json::from_str(&text).map_err(|_| CacheFlaw::CutOff)?;
        let field = |member: &'static str| {
            let text = json["accessToken"][member].as_str();
            text.ok_or(CacheFlaw::Unfit { member })
        };
        let (id, secret) = (field("accessKeyId")?, field("secretAccessKey")?);
        let token = field("sessionToken")?;
        let member = "expiresAt";
        let end = Timestamp::from_tools(field(member)?).ok_or(CacheFlaw::NoTime { member })?;
        if end <= self.clock.now() {
            return Err(CacheFlaw::Expired(end));
        }
        let token = Some(token.to_owned());
        Ok(Credentials::new(
            id,
            secret,
            token,
            Some(system_time(end)),
            "login",
        ))
    }
}

impl ProvideCredentials for Login {
    fn provide_credentials<'a>(&'a self) -> Providing<'a>
    where
        Self: 'a,
    {
        Providing::ready(self.read().map_err(|flaw| {
            let profile = self.profile.clone();
            refused(&self.session, Break::Login { profile, flaw })
        }))
    }
}

/// The files of tools older than the shared files, in botocore's order: that of Amazon's first command line tools, then
/// those of boto 2.
pub(super) fn of_older_tools(world: &World) -> Option<Result<SharedCredentialsProvider, Stop>> {
    if let Some(path) = world.variable("AWS_CREDENTIAL_FILE") {
        let text = read(&world.expanded(&path)).unwrap_or_default();
        let value = |name: &str| {
            let lines = text.lines().filter_map(|line| line.split_once('='));
            let mut named = lines.filter(|(own, _)| own.trim() == name);
            named.next_back().map(|(_, value)| value.trim().to_owned())
        };
        if let Some(id) = value("AWSAccessKeyId") {
            return Some(whole(&path, id, value("AWSSecretKey"), "AWSSecretKey"));
        }
    }
    let places = match world.variable("BOTO_CONFIG") {
        Some(path) => vec![path],
        None if world.is_given() => Vec::new(),
        None => vec!["/etc/boto.cfg".to_owned(), "~/.boto".to_owned()],
    };
    places.iter().find_map(|place| {
        let ini = Ini::parse(&read(&world.expanded(place))?);
        let section = ini.sections.iter().find(|one| one.name == "Credentials")?;
        let value = |key: &str| section.entries.get(key).map(|entry| entry.value.clone());
        Some(whole(place, value(KEY)?, value(SECRET), SECRET))
    })
}

fn read(path: &Path) -> Option<String> {
    shared_files::read(path).ok()?
}

fn whole(
    path: &str,
    id: String,
    secret: Option<String>,
    missing: &'static str,
) -> Result<SharedCredentialsProvider, Stop> {
    let secret = secret.ok_or(Break::HalfPair { missing })?;
    if let Some(cause) = Break::of_pair(&id, &secret, Some(Origin::Path(path.into()))) {
        return Err(cause.into());
    }
    let keys = Credentials::new(id, secret, None, None, "older tools");
    Ok(SharedCredentialsProvider::new(keys))
}
