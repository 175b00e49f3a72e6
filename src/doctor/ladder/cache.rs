//! The kept sign-in of Identity Center, read as the AWS tools write it: is it there, whole, and still good?

use std::io::ErrorKind;
use std::path::{Path, PathBuf};

use serde_json::{Map, Value};
use sha1::{Digest as _, Sha1};

use crate::domain::Timestamp;
use crate::domain::diagnosis::CacheFlaw;
use crate::settings::Environment;

/// The file of a session: `~/.aws/sso/cache/<sha1 of its name or address>.json`.
pub(super) fn path_of(environment: &Environment, session: &str) -> Option<PathBuf> {
    use std::fmt::Write as _;
    let variable = if cfg!(windows) { "USERPROFILE" } else { "HOME" };
    let home = environment.found(variable)?;
    let mut name = String::new();
    for byte in Sha1::digest(session.as_bytes()) {
        // Writing into a text cannot fail.
        let _written = write!(name, "{byte:02x}");
    }
    let folder = Path::new(home).join(".aws").join("sso").join("cache");
    Some(folder.join(name).with_extension("json"))
}

/// When the sign-in ends.
///
/// # Errors
/// Why it cannot be used. A token that has ended and can be renewed is no flaw.
pub(super) fn look(path: &Path, now: Timestamp) -> Result<Timestamp, CacheFlaw> {
    let text = std::fs::read(path).map_err(|error| match error.kind() {
        ErrorKind::NotFound => CacheFlaw::Missing,
        _ => CacheFlaw::Unreadable,
    })?;
    let json: Map<String, Value> = serde_json::from_slice(&text).map_err(|_| CacheFlaw::CutOff)?;
    let field = |member: &'static str| {
        let text = json.get(member).and_then(Value::as_str);
        text.filter(|text| !text.is_empty())
            .ok_or(CacheFlaw::Unfit { member })
    };
    field("accessToken")?;
    let member = "expiresAt";
    let ends = Timestamp::from_tools(field(member)?).ok_or(CacheFlaw::NoTime { member })?;
    let renews = field("refreshToken").is_ok()
        && field("clientId").is_ok()
        && field("clientSecret").is_ok()
        && (field("registrationExpiresAt")
            .ok()
            .and_then(Timestamp::from_tools))
        .is_some_and(|end| end > now);
    if ends > now || renews {
        Ok(ends)
    } else {
        Err(CacheFlaw::Expired(ends))
    }
}
