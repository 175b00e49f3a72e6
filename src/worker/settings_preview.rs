//! Works out what settings being edited would lead to: key, host, link and upload headers of a sample name.
//!
//! Nothing is sent and no program is started: keys that only a server or a program could give are replaced by made-up
//! ones, which lead to a link of the same form. Whatever is secret in a link is dots before it leaves this file.

use std::path::PathBuf;
use std::sync::Arc;

use crate::domain::{
    CredentialSpec, Key, Secret, StorageConfig, StorageError, Ticket, Timestamp, masked_key_id,
};
use crate::settings::{
    Connection, ConnectionId, Environment, OptionId, ProfileKind, Profiles, SecretSlot, Values,
    inspect,
};
use crate::storage::{LinkRequest, Storage, UploadHeaders};
use crate::words;

use super::hub::Hub;
use super::messages::{Event, LinkSigning, PreviewLink, SettingsPreview};

/// A secret of a connection, fetched from the keyring.
type Fetched = (ConnectionId, SecretSlot, Secret);

/// How a secret stands in a link.
const DOTS: &str = "••••••••";

/// What is to be previewed.
pub(super) struct Edited {
    pub(super) connection: Connection,
    pub(super) others: Vec<Connection>,
    pub(super) sample: String,
    /// Secrets that are not at hand come from the keyring.
    pub(super) fetch_secrets: bool,
}

pub(super) async fn preview(hub: &Arc<Hub>, ticket: Ticket, edited: Edited) {
    let environment = hub.environment().await;
    let Edited {
        mut connection,
        others,
        sample,
        fetch_secrets,
    } = edited;
    let mut parents: Vec<Connection> = connection
        .parents(&others)
        .map(|parents| parents.into_iter().cloned().collect())
        .unwrap_or_default();
    let own = Arc::clone(hub);
    let fetched = hub.blocking(move || {
        let mut secrets = Vec::new();
        if fetch_secrets {
            for one in std::iter::once(&mut connection).chain(&mut parents) {
                fetch(&own, one, &mut secrets);
            }
        }
        (connection, parents, secrets)
    });
    let (preview, secrets) = match fetched.await {
        Some((connection, parents, secrets)) => {
            let preview = of(&connection, &parents, &environment, &sample).await;
            (preview, secrets)
        }
        None => (SettingsPreview::failed(super::lost::SAID), Vec::new()),
    };
    hub.tell(Event::SettingsPreviewed {
        ticket,
        preview: Box::new(preview),
        secrets,
    })
    .await;
}

/// Longest file that is taken for a key, in bytes.
const LONGEST_KEY_FILE: u64 = 64 * 1024;

/// Reads a key from a file.
pub(super) async fn read_secret_file(
    hub: &Arc<Hub>,
    ticket: Ticket,
    option: OptionId,
    path: PathBuf,
) {
    let read = hub.blocking(move || {
        let name = words::quoted(&path.display().to_string());
        let length = std::fs::metadata(&path).map(|metadata| metadata.len());
        if length.is_ok_and(|length| length > LONGEST_KEY_FILE) {
            return Err(format!("{name} is too long for a key."));
        }
        std::fs::read_to_string(&path)
            .map(Secret::new)
            .map_err(|error| format!("{name} cannot be read as text: {error}"))
    });
    let result = read
        .await
        .unwrap_or_else(|| Err(super::lost::SAID.to_owned()));
    hub.tell(Event::SecretFileRead {
        ticket,
        option,
        result,
    })
    .await;
}

/// Fetches the secrets that the keyring keeps for a connection and that its values lack.
fn fetch(hub: &Hub, connection: &mut Connection, secrets: &mut Vec<Fetched>) {
    let missing: Vec<SecretSlot> = connection
        .kept_secrets
        .iter()
        .filter(|slot| !connection.has_at_hand(slot))
        .cloned()
        .collect();
    for slot in missing {
        if let Ok(Some(secret)) = hub.vault.get(&connection.id, &slot) {
            connection.put_secret(&slot, secret.clone());
            secrets.push((connection.id.clone(), slot, secret));
        }
    }
}

/// The preview of one connection in its surroundings.
async fn of(
    connection: &Connection,
    parents: &[Connection],
    environment: &Environment,
    sample: &str,
) -> SettingsPreview {
    let parents: Vec<&Connection> = parents.iter().collect();
    let inspected = inspect(connection, &parents, &Values::default(), environment);
    let mut config = inspected.resolved.config;
    let keys_unknown = replace_unknown_keys(&mut config, environment);
    let key = final_key(&config.location, sample);
    let whole = key
        .as_ref()
        .map(|(front, name)| Key::new(format!("{front}{name}")))
        .map_err(Clone::clone);
    let headers = whole.clone().and_then(|key| headers(&config, &key));
    let storage = Storage::connect(config).await.map_err(|error| said(&error));
    let host = match &storage {
        Ok(storage) => storage.request_host().map_err(|error| said(&error)),
        Err(reason) => Err(reason.clone()),
    };
    let link = match (&storage, &whole) {
        (Ok(storage), Ok(key)) => link(storage, key.clone(), keys_unknown).await,
        (Err(reason), _) | (_, Err(reason)) => Err(reason.clone()),
    };
    SettingsPreview {
        key,
        host,
        link,
        headers,
    }
}

/// Why, in one sentence.
fn said(error: &StorageError) -> String {
    if let Some(message) = &error.message {
        let mut letters = message.chars();
        let first = letters.next().map(char::to_uppercase);
        return first.into_iter().flatten().chain(letters).collect();
    }
    words::explain(error).cause
}

/// True when the real keys would take a request or a program; made-up ones stand in for them then.
fn replace_unknown_keys(config: &mut StorageConfig, environment: &Environment) -> bool {
    let at_hand = |name: &str| {
        let profiles = Profiles::read(environment);
        let kind = profiles.get(name).map(|profile| &profile.kind);
        matches!(kind, Some(ProfileKind::AccessKey { .. }))
    };
    let known = match &config.credentials {
        CredentialSpec::Anonymous => true,
        CredentialSpec::Keys { access_key, .. } => !access_key.is_empty(),
        CredentialSpec::Profile(name) => at_hand(name),
        CredentialSpec::IdentityCenter(_) => false,
        CredentialSpec::Chain => environment.found("AWS_ACCESS_KEY_ID").is_some(),
    };
    let known = known && config.role.is_none();
    if !known {
        config.role = None;
        config.credentials = CredentialSpec::Keys {
            access_key: "unknown".to_owned(),
            secret_key: Secret::new("unknown"),
            token: None,
        };
    }
    !known
}

/// The location and the name below it, as Django joins them.
fn final_key(location: &str, name: &str) -> Result<(String, String), String> {
    let name = name.replace('\\', "/");
    let mut parts: Vec<&str> = Vec::new();
    for part in name.split('/') {
        match part {
            "" | "." => {}
            ".." => {
                if parts.pop().is_none() {
                    return Err("The name leads out of the location.".to_owned());
                }
            }
            part => parts.push(part),
        }
    }
    if parts.is_empty() {
        return Err("Type a name.".to_owned());
    }
    let end = if name.ends_with('/') { "/" } else { "" };
    let front = location.trim_matches('/');
    let front = if front.is_empty() {
        String::new()
    } else {
        format!("{front}/")
    };
    Ok((front, parts.join("/") + end))
}

fn headers(config: &StorageConfig, key: &Key) -> Result<Vec<(String, String)>, String> {
    let mut headers = UploadHeaders::for_key(config, key).map_err(|error| {
        let subject = error.subject.clone();
        let words = said(&error);
        if subject.is_empty() {
            words
        } else {
            format!("{subject}: {words}")
        }
    })?;
    if headers.wants_gzip(config) {
        headers.set("content-encoding", "gzip");
    }
    let mut shown: Vec<(String, String)> = headers
        .iter()
        .map(|(name, value)| {
            let secret = name.contains("customer-key");
            let value = if secret { DOTS } else { value };
            (name.to_owned(), value.to_owned())
        })
        .collect();
    // What the content is comes first, then how it is kept.
    shown.sort_by_key(|(name, _)| match name.as_str() {
        "content-type" => 0,
        "content-encoding" => 1,
        name if name.starts_with("x-amz-meta-") => 4,
        name if name.starts_with("x-amz-") => 3,
        _ => 2,
    });
    Ok(shown)
}

async fn link(storage: &Storage, key: Key, keys_unknown: bool) -> Result<PreviewLink, String> {
    let request = LinkRequest::new(key);
    let link = storage
        .sign_link(&request, Timestamp::now())
        .await
        .map_err(|error| said(&error))?;
    let (head, query) = link.url.split_once('?').unwrap_or((&link.url, ""));
    let (scheme, rest) = head.split_once("//").unwrap_or(("", head));
    let (host, path) = rest.split_once('/').unwrap_or((rest, ""));
    let parameters: Vec<(String, String)> = query
        .split('&')
        .filter(|part| !part.is_empty())
        .map(|part| {
            let (name, value) = part.split_once('=').unwrap_or((part, ""));
            (name.to_owned(), masked(name, value, keys_unknown))
        })
        .collect();
    let has = |wanted: &str| parameters.iter().any(|(name, _)| name == wanted);
    let signing = if has("X-Amz-Signature") {
        LinkSigning::Version4
    } else if has("AWSAccessKeyId") {
        LinkSigning::Version2
    } else if has("Key-Pair-Id") {
        LinkSigning::CloudFront
    } else {
        LinkSigning::Plain
    };
    Ok(PreviewLink {
        scheme: format!("{scheme}//"),
        host: host.to_owned(),
        path: format!("/{path}"),
        parameters,
        signing,
        works_until: link.works_until,
        end: link.end,
        keys_unknown: keys_unknown
            && matches!(signing, LinkSigning::Version2 | LinkSigning::Version4),
    })
}

/// A parameter as it may be shown.
fn masked(name: &str, value: &str, keys_unknown: bool) -> String {
    let id = |id: &str| {
        if keys_unknown {
            DOTS.to_owned()
        } else {
            masked_key_id(id)
        }
    };
    match name.to_ascii_lowercase().as_str() {
        "signature" | "x-amz-signature" | "x-amz-security-token" => DOTS.to_owned(),
        "awsaccesskeyid" => id(value),
        "x-amz-credential" => match value.split_once("%2F") {
            Some((key, scope)) => format!("{}%2F{scope}", id(key)),
            None => id(value),
        },
        _ => value.to_owned(),
    }
}

#[cfg(test)]
mod tests {
    use super::*;
    use crate::settings::Value;

    async fn shown(values: Values, sample: &str) -> SettingsPreview {
        let mut connection = Connection::new("one");
        connection.values = values;
        of(&connection, &[], &Environment::default(), sample).await
    }

    fn keys() -> Values {
        Values::default()
            .with(OptionId::AccessKey, Value::text("AKIAIOSFODNN7EXAMPLE"))
            .with(OptionId::SecretKey, Value::secret("CANARY"))
            .with(OptionId::Region, Value::text("eu-west-1"))
            .with(OptionId::Bucket, Value::text("media-live"))
            .with(OptionId::Location, Value::text("media"))
    }

    #[tokio::test]
    async fn key_host_link_and_headers_are_those_of_an_upload() {
        let preview = shown(keys(), "reports/été 2026.pdf").await;
        let key = ("media/".to_owned(), "reports/été 2026.pdf".to_owned());
        assert_eq!(preview.key, Ok(key));
        assert_eq!(
            preview.host.as_deref(),
            Ok("media-live.s3.eu-west-1.amazonaws.com")
        );
        let link = preview.link.expect("link");
        assert_eq!(link.signing, LinkSigning::Version2);
        assert_eq!(link.path, "/media/reports/%C3%A9t%C3%A9%202026.pdf");
        let text = format!("{link:?}");
        assert!(text.contains("AKIA…MPLE") && !text.contains("AKIAIOSFODNN7EXAMPLE"));
        assert!(
            link.parameters
                .contains(&("Signature".to_owned(), DOTS.to_owned()))
        );
        let headers = preview.headers.expect("headers");
        assert_eq!(
            headers[0],
            ("content-type".to_owned(), "application/pdf".to_owned())
        );
    }

    #[tokio::test]
    async fn keys_that_a_server_would_give_are_not_asked_for() {
        let values = Values::default()
            .with(OptionId::SessionProfile, Value::text("nobody"))
            .with(OptionId::SignatureVersion, Value::text("s3v4"))
            .with(OptionId::Bucket, Value::text("media-live"));
        let link = shown(values, "a").await.link.expect("link");
        assert!(link.keys_unknown && link.signing == LinkSigning::Version4);
        let credential = link
            .parameters
            .iter()
            .find(|(name, _)| name == "X-Amz-Credential");
        assert!(credential.is_some_and(|(_, value)| value.starts_with(DOTS)));
    }

    #[tokio::test]
    async fn what_is_missing_is_said() {
        let preview = shown(Values::default(), "a").await;
        assert_eq!(preview.link, Err("No bucket is set".to_owned()));
        assert!(shown(keys(), "../../a").await.key.is_err());
        assert!(shown(keys(), "").await.key.is_err());
    }
}
