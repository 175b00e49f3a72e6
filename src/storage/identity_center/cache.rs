//! The sign-in as the AWS tools keep it: `~/.aws/sso/cache/<sha1 of the session's name or address>.json`.
//!
//! Written to a temporary file of mode 0600 and renamed, so that nobody ever reads half of it. Keys and times are
//! botocore's, which also reads what is written here; keys that are not known are kept when a token is renewed.

use std::io::Write as _;
use std::path::{Path, PathBuf};

use serde_json::{Map, Value as Json};
use sha1::{Digest as _, Sha1};

use crate::domain::{Secret, Timestamp};
use crate::storage::sign::v4::hex;
use crate::storage::world::World;

/// A kept sign-in.
#[derive(Clone, Debug)]
pub(super) struct Token {
    pub(super) access: Secret,
    pub(super) expires: Timestamp,
    pub(super) renewal: Option<Renewal>,
}

/// What a token is renewed with.
#[derive(Clone, Debug)]
pub(super) struct Renewal {
    pub(super) refresh: Secret,
    pub(super) client_id: String,
    pub(super) client_secret: Secret,
    pub(super) registration_expires: Timestamp,
}

/// Why no token was read.
#[derive(Debug)]
pub(super) enum Unread {
    /// There is no file.
    Missing,
    /// It is cut off, or lacks the token or its end.
    Broken,
    /// It cannot be read.
    Refused(std::io::ErrorKind),
}

/// The folder.
#[derive(Clone, Debug)]
pub(super) struct Cache(PathBuf);

impl Cache {
    /// Below the home folder; `None` when there is none.
    pub(super) fn of(world: &World) -> Option<Self> {
        let home = world.home()?;
        Some(Self(home.join(".aws").join("sso").join("cache")))
    }

    /// The file of a session.
    pub(super) fn path(&self, id: &str) -> PathBuf {
        self.0
            .join(hex(&Sha1::digest(id.as_bytes())))
            .with_extension("json")
    }

    pub(super) fn read(&self, id: &str) -> Result<Token, Unread> {
        let text = std::fs::read(self.path(id)).map_err(|error| match error.kind() {
            std::io::ErrorKind::NotFound => Unread::Missing,
            kind => Unread::Refused(kind),
        })?;
        let json: Map<String, Json> = serde_json::from_slice(&text).map_err(|_| Unread::Broken)?;
        let field = |key: &str| json.get(key).and_then(Json::as_str);
        let (Some(access), Some(expires)) = (
            field("accessToken"),
            field("expiresAt").and_then(Timestamp::from_tools),
        ) else {
            return Err(Unread::Broken);
        };
        let renewal = || {
            Some(Renewal {
                refresh: Secret::new(field("refreshToken")?),
                client_id: field("clientId")?.to_owned(),
                client_secret: Secret::new(field("clientSecret")?),
                registration_expires: field("registrationExpiresAt")
                    .and_then(Timestamp::from_tools)?,
            })
        };
        Ok(Token {
            access: Secret::new(access),
            expires,
            renewal: renewal(),
        })
    }

    /// Keeps a token; what the file holds beside it stays.
    pub(super) fn write(
        &self,
        id: &str,
        token: &Token,
        start_url: &str,
        region: &str,
    ) -> std::io::Result<()> {
        let path = self.path(id);
        let mut json: Map<String, Json> = std::fs::read(&path)
            .ok()
            .and_then(|text| serde_json::from_slice(&text).ok())
            .unwrap_or_default();
        let mut set = |key: &str, value: &str| {
            json.insert(key.to_owned(), Json::String(value.to_owned()));
        };
        set("startUrl", start_url);
        set("region", region);
        set("accessToken", token.access.reveal());
        set("expiresAt", &token.expires.iso());
        let renewal_keys = [
            "clientId",
            "clientSecret",
            "registrationExpiresAt",
            "refreshToken",
        ];
        match &token.renewal {
            Some(renewal) => {
                let ends = renewal.registration_expires.iso();
                let values = [
                    renewal.client_id.as_str(),
                    renewal.client_secret.reveal(),
                    ends.as_str(),
                    renewal.refresh.reveal(),
                ];
                for (key, value) in renewal_keys.into_iter().zip(values) {
                    set(key, value);
                }
            }
            None => {
                for key in renewal_keys {
                    json.remove(key);
                }
            }
        }
        let text = zeroize::Zeroizing::new(serde_json::to_string(&json)?);
        write_whole(&self.0, &path, text.as_bytes())
    }
}

/// A temporary file of mode 0600 beside the place, then a rename.
fn write_whole(folder: &Path, path: &Path, bytes: &[u8]) -> std::io::Result<()> {
    std::fs::create_dir_all(folder)?;
    let mut file = tempfile::Builder::new()
        .prefix(".cooperage-")
        .tempfile_in(folder)?;
    file.write_all(bytes)?;
    file.as_file().sync_all()?;
    file.persist(path).map_err(|error| error.error)?;
    Ok(())
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn files_are_named_and_times_read_as_botocore_does() {
        let cache = Cache(PathBuf::from("/c"));
        // sha1("my-sso")
        assert!(
            cache
                .path("my-sso")
                .ends_with("0ad374308c5a4e22f723adf10145eafad7c4031c.json")
        );
        let at = Timestamp::from_iso("2020-06-17T10:02:08Z");
        for text in [
            "2020-06-17T10:02:08Z",
            "2020-06-17T10:02:08UTC",
            "2020-06-17T12:02:08+02:00",
        ] {
            assert_eq!(Timestamp::from_tools(text), at, "{text}");
        }
        assert_eq!(at.unwrap().iso(), "2020-06-17T10:02:08Z");
    }
}
