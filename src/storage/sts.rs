//! STS, signed by our own signer: who is calling, and temporary keys of a role.
//!
//! [`Sts`] is the service at one place; Amazon's, or that of a server which speaks STS beside S3 (MinIO, Ceph,
//! SeaweedFS, moto). No answer's body is kept in a failure, for it may hold keys.

use aws_credential_types::Credentials;
use bytes::Bytes;
use http::Method;
use jiff::Timestamp as Instant;

use super::clock::Clock;
use super::encode;
use super::error;
use super::http::HttpPool;
use super::service::{self, Answer, Ask, Place, Service};
use super::sign::v4::{self, ServiceSigning};
use super::world::World;
use super::xml;
use crate::domain::diagnosis::{AskedService, Break, BrokenSource, RoleWord};
use crate::domain::{ErrorKind, Operation, RoleSpec, Secret, StorageError};

const FORM: &str = "application/x-www-form-urlencoded";
const VERSION: &str = "2011-06-15";

/// What STS says to a wrong or used code; the code of the error is the same as for any refusal.
const WRONG_CODE: &str = "MultiFactorAuthentication failed";

/// Who the credentials belong to.
#[derive(Clone, Debug, PartialEq, Eq)]
pub struct Caller {
    /// `arn:aws:sts::123456789012:assumed-role/media-editor/cooperage`.
    pub arn: String,
    /// The account's number.
    pub account: String,
    /// The unique id of the user or role.
    pub user_id: String,
}

/// Temporary keys of a role.
#[derive(Clone, Debug)]
pub(super) struct RoleKeys {
    /// The keys with their end.
    pub(super) keys: Credentials,
}

/// STS at one place.
#[derive(Clone, Debug)]
pub(super) struct Sts {
    pool: HttpPool,
    clock: Clock,
    place: Place,
}

impl Sts {
    /// The service of a region. `own` is the address that the profile or the connection gives.
    ///
    /// # Errors
    /// When address or region cannot be part of a URL.
    pub(super) fn new(
        pool: &HttpPool,
        clock: &Clock,
        region: &str,
        own: Option<&str>,
        world: &World,
    ) -> Result<Self, StorageError> {
        Ok(Self {
            pool: pool.clone(),
            clock: clock.clone(),
            place: Place::find(Service::Sts, region, own, world)?,
        })
    }

    /// The address that is asked, without a slash at the end.
    pub(super) fn url(&self) -> &str {
        &self.place.url
    }

    /// The host that is asked.
    pub(super) fn host(&self) -> &str {
        &self.place.host
    }

    /// Whether anything there speaks STS: a request that is made without a signature and lacks its token is refused by
    /// STS in its own words, by S3 in those of S3.
    ///
    /// # Errors
    /// When there is no answer.
    pub(super) async fn is_spoken(&self) -> Result<bool, StorageError> {
        let form = [
            ("Action", "AssumeRoleWithWebIdentity"),
            ("Version", VERSION),
        ];
        let answer = self
            .send(Operation::Connect, self.host(), None, &form)
            .await?;
        let root = xml::root(&answer.body);
        Ok(matches!(
            root.as_deref(),
            Some("ErrorResponse" | "AssumeRoleWithWebIdentityResponse")
        ))
    }

    /// Who these credentials belong to.
    ///
    /// # Errors
    /// When they are refused, or nothing there speaks STS.
    pub(super) async fn caller_identity(&self, keys: &Credentials) -> Result<Caller, StorageError> {
        let operation = Operation::Caller;
        let form = [("Action", "GetCallerIdentity"), ("Version", VERSION)];
        let answer = self.post(operation, self.host(), Some(keys), &form).await?;
        let text = |name: &[u8]| xml::text_in(&answer.body, name);
        match (text(b"Arn"), text(b"Account")) {
            (Some(arn), Some(account)) => Ok(Caller {
                arn,
                account,
                user_id: text(b"UserId").unwrap_or_default(),
            }),
            _ => Err(no_sts(operation, self.host())),
        }
    }

    /// Temporary keys of a role. `code` is that of its MFA device.
    ///
    /// # Errors
    /// [`ErrorKind::CodeNeeded`] for a wrong or used code.
    pub(super) async fn assume_role(
        &self,
        keys: &Credentials,
        role: &RoleSpec,
        code: Option<&Secret>,
    ) -> Result<RoleKeys, StorageError> {
        let session = role.session_name.as_deref().unwrap_or(SESSION_NAME);
        let duration = role.duration_secs.map(|secs| secs.to_string());
        let mut form = vec![
            ("Action", "AssumeRole"),
            ("Version", VERSION),
            ("RoleArn", role.arn.as_str()),
            ("RoleSessionName", session),
        ];
        form.extend(role.external_id.as_deref().map(|id| ("ExternalId", id)));
        form.extend(duration.as_deref().map(|secs| ("DurationSeconds", secs)));
        if let (Some(serial), Some(code)) = (role.mfa_serial.as_deref(), code) {
            form.extend([("SerialNumber", serial), ("TokenCode", code.reveal())]);
        }
        let mut answer = self
            .post(Operation::AssumeRole, &role.arn, Some(keys), &form)
            .await;
        if let Err(refused) = &mut answer
            && code.is_some()
            && is_wrong_code(refused)
        {
            refused.kind = ErrorKind::CodeNeeded;
        }
        self.role_keys(answer, role)
    }

    /// Temporary keys of a role for a token of an identity provider. Not signed.
    ///
    /// # Errors
    /// When the token is refused or has ended.
    pub(super) async fn assume_role_with_web_identity(
        &self,
        role: &RoleSpec,
        token: &Secret,
    ) -> Result<RoleKeys, StorageError> {
        let duration = role.duration_secs.map(|secs| secs.to_string());
        let mut form = vec![
            ("Action", "AssumeRoleWithWebIdentity"),
            ("Version", VERSION),
            ("RoleArn", role.arn.as_str()),
            (
                "RoleSessionName",
                role.session_name.as_deref().unwrap_or(SESSION_NAME),
            ),
            ("WebIdentityToken", token.reveal()),
        ];
        form.extend(duration.as_deref().map(|secs| ("DurationSeconds", secs)));
        let answer = self
            .post(Operation::AssumeRole, &role.arn, None, &form)
            .await;
        self.role_keys(answer, role)
    }

    /// The keys of an answer; else why there are none, where that can be told.
    fn role_keys(
        &self,
        answer: Result<Answer, StorageError>,
        role: &RoleSpec,
    ) -> Result<RoleKeys, StorageError> {
        let answer = answer.map_err(|refused| {
            let said = refused.message.as_deref().unwrap_or_default();
            let is_about_words = refused.code.as_deref() == Some("ValidationError")
                && refused.kind != ErrorKind::CodeNeeded;
            match RoleWord::named_by(said).filter(|_| is_about_words) {
                Some(word) => refused.with_source(BrokenSource(Break::of_role_word(role, word))),
                None => refused,
            }
        })?;
        keys_of(&answer).ok_or_else(|| {
            let refused = no_sts(Operation::AssumeRole, &role.arn);
            match service::unanswered(AskedService::Sts, &self.place, &answer) {
                Some(cause) => refused.with_source(BrokenSource(cause)),
                None => refused,
            }
        })
    }

    /// Sends a form and gives what comes back, refusals too.
    async fn send(
        &self,
        operation: Operation,
        subject: &str,
        keys: Option<&Credentials>,
        form: &[(&str, &str)],
    ) -> Result<Answer, StorageError> {
        let mut body = String::new();
        for (name, value) in form {
            if !body.is_empty() {
                body.push('&');
            }
            body.push_str(name);
            body.push('=');
            encode::form_into(value, &mut body);
        }
        let place = &self.place;
        let path = format!("{}/", place.base_path);
        let mut headers = vec![("content-type", FORM.to_owned())];
        if let Some(keys) = keys {
            headers.extend(v4::service_headers(&ServiceSigning {
                keys,
                service: "sts",
                region: &place.region,
                method: "POST",
                path: &path,
                query: &[],
                headers: &[("content-type", FORM), ("host", &place.host)],
                body: body.as_bytes(),
                time: self.clock.now(),
            }));
        }
        let asked = Ask {
            operation,
            subject,
            method: Method::POST,
            path: "/",
            query: &[],
            headers,
            body: Bytes::from(body),
        };
        service::ask(&self.pool, place, &asked).await
    }

    async fn post(
        &self,
        operation: Operation,
        subject: &str,
        keys: Option<&Credentials>,
        form: &[(&str, &str)],
    ) -> Result<Answer, StorageError> {
        let skew_secs = self.clock.skew_secs();
        let answer = self.send(operation, subject, keys, form).await?;
        if answer.is_success() {
            return Ok(answer);
        }
        let mut failure = error::from_answer(
            operation,
            subject,
            answer.status,
            &answer.headers,
            &answer.body,
        );
        // STS has no code of its own for a wrong time: what is asked next is signed with the right one.
        let says = failure.message.as_deref().unwrap_or_default();
        if says.starts_with("Signature expired") || says.starts_with("Signature not yet current") {
            self.clock.refused(skew_secs, false);
        }
        // Without a code it is no STS that answered.
        if failure.code.is_none() && matches!(answer.status, 400 | 404 | 405 | 501) {
            failure.kind = ErrorKind::Unsupported;
        }
        let unanswered = service::unanswered(AskedService::Sts, &self.place, &answer);
        match unanswered.filter(|_| operation == Operation::AssumeRole) {
            Some(cause) if failure.code.is_none() || answer.status >= 500 => {
                Err(failure.with_source(BrokenSource(cause)))
            }
            _ => Err(failure),
        }
    }
}

/// What a session is called that has no name of its own.
const SESSION_NAME: &str = "cooperage";

fn is_wrong_code(refused: &StorageError) -> bool {
    let said = refused.message.as_deref().unwrap_or_default();
    // STS has no code of its own for it.
    said.contains(WRONG_CODE)
        || (refused.code.as_deref() == Some("ValidationError") && said.contains("tokenCode"))
}

fn no_sts(operation: Operation, subject: &str) -> StorageError {
    StorageError::new(operation, ErrorKind::Unsupported, subject)
        .with_message("the answer is not from STS")
}

fn keys_of(answer: &Answer) -> Option<RoleKeys> {
    let text = |name: &[u8]| xml::text_in(&answer.body, name).filter(|text| !text.is_empty());
    let (id, secret) = (text(b"AccessKeyId")?, text(b"SecretAccessKey")?);
    let token = text(b"SessionToken")?;
    let end = text(b"Expiration").and_then(|text| text.parse::<Instant>().ok());
    let keys = Credentials::new(id, secret, Some(token), end.map(Into::into), "role");
    Some(RoleKeys { keys })
}
