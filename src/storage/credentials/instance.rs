//! EC2's metadata service, which gives the keys of the machine's role.
//!
//! Asked as botocore asks it: once for a second, its second protocol first, and the first where no token is to be had. What
//! it answers instead of keys is told apart, for people who look for the reason.

use std::time::Duration;

use aws_credential_types::Credentials;
use aws_credential_types::provider::ProvideCredentials;
use aws_credential_types::provider::error::CredentialsError;
use aws_credential_types::provider::future::ProvideCredentials as Providing;
use http::Method;
use serde_json::Value;

use super::keyring::Tools;
use super::machine::{ask, json, keys, silent};
use super::pair::system_time;
use super::stop::{Stop, failure};
use crate::domain::diagnosis::{Break, Machine, OutputFlaw, StrangeAnswer};
use crate::domain::{ErrorKind, StorageError, Timestamp, redact};
use crate::storage::clock::Clock;
use crate::storage::http::HttpPool;
use crate::storage::service::{self, Answer, Place};
use crate::storage::world::World;

/// Where EC2 answers.
const EC2: &str = "http://169.254.169.254";
const EC2_IPV6: &str = "http://[fd00:ec2::254]";

/// Keys of the metadata service that have ended are used on for so long, as AWS asks of its clients: the service may be
/// late in renewing them. botocore takes 12 to 20 minutes, by chance.
const EXTENSION_SECS: i64 = 15 * 60;

/// The metadata service of an EC2 machine.
#[derive(Debug)]
pub(super) struct Instance {
    pool: HttpPool,
    clock: Clock,
    place: Place,
    limit: Duration,
    tries: u32,
    /// The first version of its protocol, which needs no token, must not be used.
    needs_token: bool,
}

/// The end of keys that are used on.
#[derive(Clone, Copy, Debug)]
struct PastEnd(Timestamp);

/// The end that the service wrote beside keys that it hands out although it is past.
pub(in crate::storage) fn past_end(keys: &Credentials) -> Option<Timestamp> {
    keys.get_property::<PastEnd>().map(|end| end.0)
}

/// Forbids to ask the metadata service.
const OFF: &str = "AWS_EC2_METADATA_DISABLED";

impl Instance {
    /// The service where variables and profile say it is.
    pub(super) fn of(tools: &Tools<'_>) -> Result<Self, Stop> {
        let is = |text: Option<String>| text.is_some_and(|text| text.eq_ignore_ascii_case("true"));
        if is(tools.world.variable(OFF)) {
            return Err(Break::InstanceSwitchedOff { variable: OFF }.into());
        }
        let set = |variable: &str, key: &str| tools.set(variable, key);
        let mode = set(
            "AWS_EC2_METADATA_SERVICE_ENDPOINT_MODE",
            "ec2_metadata_service_endpoint_mode",
        );
        let ipv6 = match mode {
            Some(mode) => mode.eq_ignore_ascii_case("ipv6"),
            None => is(set("AWS_IMDS_USE_IPV6", "imds_use_ipv6")),
        };
        let own = set(
            "AWS_EC2_METADATA_SERVICE_ENDPOINT",
            "ec2_metadata_service_endpoint",
        );
        let url = own.unwrap_or_else(|| if ipv6 { EC2_IPV6 } else { EC2 }.to_owned());
        let number = |variable: &str, key: &str| {
            let text = set(variable, key);
            text.and_then(|text| text.parse().ok()).unwrap_or(1_u32)
        };
        let secs = number("AWS_METADATA_SERVICE_TIMEOUT", "metadata_service_timeout");
        let tries = number(
            "AWS_METADATA_SERVICE_NUM_ATTEMPTS",
            "metadata_service_num_attempts",
        );
        let none: Option<&[(String, String)]> = if tools.world.is_given() {
            Some(&[])
        } else {
            None
        };
        Ok(Self {
            pool: tools.pool.with_proxies(none),
            clock: tools.clock.clone(),
            place: Place::at(&url, "")?,
            limit: Duration::from_secs(secs.clamp(1, 60).into()),
            tries: tries.clamp(1, 10),
            needs_token: is(set(
                "AWS_EC2_METADATA_V1_DISABLED",
                "ec2_metadata_v1_disabled",
            )),
        })
    }

    fn broken(&self, cause: Break) -> StorageError {
        failure(&self.place.host, cause)
    }

    async fn send(
        &self,
        method: Method,
        path: &str,
        header: Option<(&'static str, String)>,
    ) -> Result<Answer, StorageError> {
        let headers = header.into_iter().collect();
        let request = ask(&self.place, method, path, headers);
        let mut tries = 1;
        loop {
            match service::once(&self.pool, &self.place, &request, self.limit).await {
                Err(late) if tries < self.tries && late.kind.is_transient() => {}
                Ok(answer) if tries < self.tries && answer.status >= 500 => {}
                answer => return answer,
            }
            tries += 1;
        }
    }

    /// The session token; `None` where the service gives none, and the first protocol is to be tried.
    async fn token(&self) -> Result<Option<String>, StorageError> {
        let life = ("x-aws-ec2-metadata-token-ttl-seconds", "21600".to_owned());
        match self
            .send(Method::PUT, "/latest/api/token", Some(life))
            .await
        {
            Ok(answer) if answer.status == 200 => Ok(Some(
                String::from_utf8_lossy(&answer.body).trim().to_owned(),
            )),
            Ok(answer) if answer.status == 400 => Err(self.refused(&answer)),
            Ok(_) => Ok(None),
            // The answer to this one request does not cross a hop too many; others do.
            Err(late) if late.kind == ErrorKind::TimedOut => Ok(None),
            Err(late) => Err(silent(&late, Machine::Instance, &self.place)),
        }
    }

    fn refused(&self, answer: &Answer) -> StorageError {
        self.broken(Break::MachineRefused {
            machine: Machine::Instance,
            status: answer.status,
        })
    }

    async fn get(&self, path: &str, token: Option<&String>) -> Result<Answer, StorageError> {
        let header = token.map(|token| ("x-aws-ec2-metadata-token", token.clone()));
        let answer = self.send(Method::GET, path, header).await;
        let answer = answer.map_err(|late| silent(&late, Machine::Instance, &self.place))?;
        match answer.status {
            200 => Ok(answer),
            401 if token.is_none() => Err(self.broken(Break::InstanceWithoutToken)),
            404 => Err(self.broken(Break::InstanceWithoutRole)),
            _ => Err(self.refused(&answer)),
        }
    }

    async fn keys(&self) -> Result<Credentials, StorageError> {
        const ROLES: &str = "/latest/meta-data/iam/security-credentials/";
        let token = self.token().await?;
        if token.is_none() && self.needs_token {
            return Err(self.broken(Break::InstanceWithoutToken));
        }
        let roles = self.get(ROLES, token.as_ref()).await?;
        if service::strange(&roles) == StrangeAnswer::WebPage {
            let (machine, flaw) = (Machine::Instance, OutputFlaw::WebPage);
            return Err(self.broken(Break::MachineAnswer { machine, flaw }));
        }
        let roles = String::from_utf8_lossy(&roles.body).into_owned();
        let role = roles.lines().next().unwrap_or_default().trim();
        if role.is_empty() {
            return Err(self.broken(Break::InstanceWithoutRole));
        }
        let answer = self.get(&format!("{ROLES}{role}"), token.as_ref()).await?;
        let machine = Machine::Instance;
        let flawed = |flaw| self.broken(Break::MachineAnswer { machine, flaw });
        let json = json(&answer).map_err(flawed)?;
        let (keys, end) = match keys(&json, "instance") {
            Ok(keys) => keys,
            Err(flaw) => {
                let code = json.get("Code").and_then(Value::as_str);
                return Err(match code.filter(|code| *code != "Success") {
                    Some(code) => self.broken(Break::InstanceRoleUnusable {
                        role: role.to_owned(),
                        code: redact::first_line(code),
                    }),
                    None => flawed(flaw),
                });
            }
        };
        if end > self.clock.now() {
            return Ok(keys);
        }
        let later = self.clock.now().plus_secs(EXTENSION_SECS);
        let mut used_on = Credentials::new(
            keys.access_key_id(),
            keys.secret_access_key(),
            keys.session_token().map(str::to_owned),
            Some(system_time(later)),
            "instance",
        );
        used_on.set_property(PastEnd(end));
        Ok(used_on)
    }
}

impl ProvideCredentials for Instance {
    fn provide_credentials<'a>(&'a self) -> Providing<'a>
    where
        Self: 'a,
    {
        Providing::new(async { self.keys().await.map_err(CredentialsError::provider_error) })
    }
}

/// True when the surroundings allow to look for a metadata service at all.
pub(in crate::storage) fn may_ask_instance(world: &World) -> bool {
    !world.is_given()
        || world
            .variable("AWS_EC2_METADATA_SERVICE_ENDPOINT")
            .is_some()
}
