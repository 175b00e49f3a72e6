//! Which secret of a connection is meant, and how secrets are taken out of a connection before it is written.
//!
//! The name of a slot is what the keyring entry and the list in the saved file use, so it never changes.

use serde_json::Value as Json;

use super::connection::Connection;
use super::environment::Environment;
use super::table::OptionId;
use super::value::Value;
pub use crate::domain::CUSTOMER_KEY;
use crate::domain::{Secret, proxy};

/// The name of the token's slot.
const SESSION_TOKEN: &str = "AWS_SESSION_TOKEN";

/// One secret of a connection.
#[derive(Clone, Debug, PartialEq, Eq, PartialOrd, Ord, Hash)]
pub enum SecretSlot {
    /// The value of an option.
    Option(OptionId),
    /// The session token of temporary keys.
    SessionToken,
    /// `SSECustomerKey` of the object parameters, or of the rule with this glob.
    CustomerKey(Option<String>),
    /// The password in the address of the proxy for this scheme, as it is written there.
    ProxyPassword(String),
}

impl SecretSlot {
    /// Its name in the keyring and in the saved file.
    #[must_use]
    pub fn name(&self) -> String {
        match self {
            Self::Option(option) => option.name().to_owned(),
            Self::SessionToken => SESSION_TOKEN.to_owned(),
            Self::CustomerKey(None) => CUSTOMER_KEY.to_owned(),
            Self::CustomerKey(Some(glob)) => format!("{CUSTOMER_KEY}@{glob}"),
            Self::ProxyPassword(scheme) => format!("{}@{scheme}", OptionId::Proxies.name()),
        }
    }

    /// The slot of that name.
    #[must_use]
    pub fn from_name(name: &str) -> Option<Self> {
        match name {
            SESSION_TOKEN => Some(Self::SessionToken),
            CUSTOMER_KEY => Some(Self::CustomerKey(None)),
            _ => match name.split_once('@') {
                Some((CUSTOMER_KEY, glob)) => Some(Self::CustomerKey(Some(glob.to_owned()))),
                Some((option, scheme)) if option == OptionId::Proxies.name() => {
                    Some(Self::ProxyPassword(scheme.to_owned()))
                }
                _ => OptionId::from_name(name)
                    .filter(|option| option.spec().is_secret())
                    .map(Self::Option),
            },
        }
    }
}

/// Fills the places that an export without secrets left in upload parameters, `{"$env": NAME}`, from the environment.
/// What is not set there is taken out and handed back as parameter and variable.
pub fn fill_places(value: &mut Value, environment: &Environment) -> Vec<(String, String)> {
    match value {
        Value::Map(map) => fill_places_in(map, environment),
        _ => Vec::new(),
    }
}

/// The same for a table of upload parameters.
pub fn fill_places_in(
    map: &mut serde_json::Map<String, Json>,
    environment: &Environment,
) -> Vec<(String, String)> {
    let place = map.get(CUSTOMER_KEY).and_then(|key| key.get("$env"));
    let Some(variable) = place.and_then(Json::as_str).map(str::to_owned) else {
        return Vec::new();
    };
    match environment.found(&variable) {
        Some(key) => {
            map.insert(CUSTOMER_KEY.to_owned(), key.into());
            Vec::new()
        }
        None => {
            map.shift_remove(CUSTOMER_KEY);
            vec![(CUSTOMER_KEY.to_owned(), variable)]
        }
    }
}

impl Connection {
    /// Takes all secrets out; what is left may lie in a file. An option set to nothing stays: it holds no
    /// secret and hides the parent's.
    pub fn take_secrets(&mut self) -> Vec<(SecretSlot, Secret)> {
        let mut taken: Vec<(SecretSlot, Secret)> = self
            .values
            .take_secrets()
            .iter()
            .filter_map(|(option, value)| match value {
                Value::Secret(secret) => Some((SecretSlot::Option(option), secret.clone())),
                _ => None,
            })
            .collect();
        taken.extend(
            self.session_token
                .take()
                .map(|token| (SecretSlot::SessionToken, token)),
        );
        // A customer key may be a text or bytes, so its JSON form is what is kept.
        let as_secret = |key: Json| Secret::new(key.to_string());
        if let Some(Value::Map(map)) = self.values.get(OptionId::ObjectParameters) {
            let mut map = map.clone();
            if let Some(key) = map.shift_remove(CUSTOMER_KEY) {
                taken.push((SecretSlot::CustomerKey(None), as_secret(key)));
                self.values.set(OptionId::ObjectParameters, Value::Map(map));
            }
        }
        if let Some(Value::Map(map)) = self.values.get(OptionId::Proxies) {
            let mut map = map.clone();
            for (scheme, address) in &mut map {
                let Some(text) = address.as_str() else {
                    continue;
                };
                if let Some(password) = proxy::password(text) {
                    let slot = SecretSlot::ProxyPassword(scheme.clone());
                    taken.push((slot, Secret::new(password)));
                    *address = Json::from(proxy::without_password(text));
                }
            }
            self.values.set(OptionId::Proxies, Value::Map(map));
        }
        for rule in &mut self.rules {
            if let Some(at) = rule
                .parameters
                .iter()
                .position(|(name, _)| name == CUSTOMER_KEY)
            {
                let (_, key) = rule.parameters.remove(at);
                taken.push((
                    SecretSlot::CustomerKey(Some(rule.glob.clone())),
                    as_secret(key),
                ));
            }
        }
        taken
    }

    /// True when a secret is here, and need not be fetched from the keyring.
    #[must_use]
    pub fn has_at_hand(&self, slot: &SecretSlot) -> bool {
        match slot {
            SecretSlot::Option(option) => self.values.get(*option).is_some(),
            SecretSlot::SessionToken => self.session_token.is_some(),
            SecretSlot::CustomerKey(None) => matches!(
                self.values.get(OptionId::ObjectParameters),
                Some(Value::Map(map)) if map.contains_key(CUSTOMER_KEY)
            ),
            SecretSlot::CustomerKey(Some(glob)) => self
                .rules
                .iter()
                .filter(|rule| rule.glob == *glob)
                .any(|rule| rule.parameters.iter().any(|(name, _)| name == CUSTOMER_KEY)),
            SecretSlot::ProxyPassword(scheme) => self
                .proxy_for(scheme)
                .is_some_and(|address| proxy::password(address).is_some()),
        }
    }

    /// True when there is something that the secret belongs to: a password needs an address that names a user.
    #[must_use]
    pub fn has_place_for(&self, slot: &SecretSlot) -> bool {
        match slot {
            SecretSlot::ProxyPassword(scheme) => {
                self.proxy_for(scheme).is_some_and(proxy::has_user)
            }
            SecretSlot::Option(_) | SecretSlot::SessionToken | SecretSlot::CustomerKey(_) => true,
        }
    }

    /// The address of the proxy for a scheme, as it is set here.
    fn proxy_for(&self, scheme: &str) -> Option<&str> {
        match self.values.get(OptionId::Proxies)? {
            Value::Map(map) => map.get(scheme)?.as_str(),
            _ => None,
        }
    }

    /// Puts a secret back where it belongs.
    pub fn put_secret(&mut self, slot: &SecretSlot, secret: Secret) {
        match slot {
            SecretSlot::Option(option) => self.values.set(*option, Value::Secret(secret)),
            SecretSlot::SessionToken => self.session_token = Some(secret),
            SecretSlot::ProxyPassword(scheme) => {
                // Without a user in the address the password belongs to one that is no longer there.
                let whole = self
                    .proxy_for(scheme)
                    .and_then(|address| proxy::with_password(address, secret.reveal()));
                if let (Some(whole), Some(Value::Map(map))) =
                    (whole, self.values.get(OptionId::Proxies))
                {
                    let mut map = map.clone();
                    map.insert(scheme.clone(), Json::from(whole));
                    self.values.set(OptionId::Proxies, Value::Map(map));
                }
            }
            SecretSlot::CustomerKey(rule) => {
                let Ok(key) = serde_json::from_str::<Json>(secret.reveal()) else {
                    return;
                };
                match rule {
                    None => {
                        let mut map = match self.values.get(OptionId::ObjectParameters) {
                            Some(Value::Map(map)) => map.clone(),
                            _ => serde_json::Map::new(),
                        };
                        map.insert(CUSTOMER_KEY.to_owned(), key);
                        self.values.set(OptionId::ObjectParameters, Value::Map(map));
                    }
                    Some(glob) => {
                        if let Some(rule) = self.rules.iter_mut().find(|rule| rule.glob == *glob) {
                            rule.parameters.retain(|(name, _)| name != CUSTOMER_KEY);
                            rule.parameters.push((CUSTOMER_KEY.to_owned(), key));
                        }
                    }
                }
            }
        }
    }
}

#[cfg(test)]
mod tests {
    use std::collections::BTreeSet;

    use serde_json::json;

    use super::*;
    use crate::domain::ParameterRule;

    fn with_all_secrets() -> Connection {
        let mut one = Connection::new("one");
        one.session_token = Some(Secret::new("CANARY token"));
        one.values
            .set(OptionId::SecretKey, Value::secret("CANARY key"));
        let parameters =
            json!({"CacheControl": "max-age=1", "SSECustomerKey": {"$bytes": "CANARY sse"}});
        let Json::Object(parameters) = parameters else {
            unreachable!()
        };
        one.values
            .set(OptionId::ObjectParameters, Value::Map(parameters));
        let proxies = json!({"https": "http://me:CANARY%40@proxy:1", "http": "proxy:2"});
        one.values.set(
            OptionId::Proxies,
            Value::from_json(OptionId::Proxies, &proxies).expect("proxies"),
        );
        one.rules.push(ParameterRule {
            glob: "a@b/**".to_owned(),
            parameters: vec![(CUSTOMER_KEY.to_owned(), json!("CANARY rule"))],
        });
        one
    }

    #[test]
    fn secrets_are_taken_out_and_put_back() {
        let whole = with_all_secrets();
        let mut bare = whole.clone();
        let secrets = bare.take_secrets();
        assert_eq!(secrets.len(), 5);
        assert!(!format!("{whole:?}").contains("CANARY"));
        assert!(!format!("{bare:?}").contains("CANARY"));
        for (slot, secret) in secrets {
            assert_eq!(SecretSlot::from_name(&slot.name()), Some(slot.clone()));
            bare.put_secret(&slot, secret);
        }
        assert_eq!(bare, whole);
    }

    #[test]
    fn names_tell_slots_apart() {
        let names: BTreeSet<String> = OptionId::all()
            .map(SecretSlot::Option)
            .chain([SecretSlot::SessionToken, SecretSlot::CustomerKey(None)])
            .chain(["http", "https", ""].map(|scheme| SecretSlot::ProxyPassword(scheme.to_owned())))
            .map(|slot| slot.name())
            .collect();
        assert_eq!(names.len(), 33);
        assert_eq!(SecretSlot::from_name("AWS_S3_REGION_NAME"), None);
    }
}
