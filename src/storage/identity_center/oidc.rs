//! Identity Center's OIDC service: registering this program, starting a device authorization, asking for tokens.

use bytes::Bytes;
use http::Method;
use serde_json::{Value as Json, json};

use crate::domain::{
    ACCOUNT_SCOPE, ErrorKind, Operation, Secret, SignInSession, StorageError, Timestamp,
};
use crate::storage::clock::Clock;
use crate::storage::error;
use crate::storage::http::HttpPool;
use crate::storage::service::{self, Answer, Ask, Place, Service};
use crate::storage::world::World;

const DEVICE: &str = "urn:ietf:params:oauth:grant-type:device_code";
/// Who we say we are; shown on the page that asks for consent.
const CLIENT_NAME: &str = "cooperage";
/// Where the browser comes back to; the port is added when it is known.
pub(super) const REDIRECT_PATH: &str = "/oauth/callback";

/// This program as the service knows it.
#[derive(Clone, Debug)]
pub(super) struct Client {
    pub(super) id: String,
    pub(super) secret: Secret,
    pub(super) expires: Timestamp,
}

/// What was started for a device.
pub(super) struct Device {
    pub(super) code: Secret,
    pub(super) user_code: String,
    pub(super) url: String,
    pub(super) full_url: Option<String>,
    pub(super) expires_secs: i64,
    pub(super) interval_secs: u64,
}

/// What a token is asked for with.
pub(super) enum Grant<'a> {
    Device(&'a Secret),
    Code {
        code: &'a Secret,
        verifier: &'a Secret,
        redirect: &'a str,
    },
    Refresh(&'a Secret),
}

/// Tokens as they came.
pub(super) struct Granted {
    pub(super) access: Secret,
    pub(super) refresh: Option<Secret>,
    pub(super) expires: Timestamp,
}

/// Why there is no token.
#[derive(Debug)]
pub(super) enum NoToken {
    Pending,
    SlowDown,
    Expired,
    Denied,
    /// The grant was used, revoked or has ended.
    InvalidGrant,
    Other(StorageError),
}

/// The service at one place.
#[derive(Clone, Debug)]
pub(super) struct Oidc {
    pool: HttpPool,
    clock: Clock,
    place: Place,
}

impl Oidc {
    pub(super) fn new(
        pool: &HttpPool,
        clock: &Clock,
        region: &str,
        world: &World,
    ) -> Result<Self, StorageError> {
        Ok(Self {
            pool: pool.clone(),
            clock: clock.clone(),
            place: Place::find(Service::SsoOidc, region, None, world)?,
        })
    }

    /// Where the browser is sent for an authorization code.
    pub(super) fn authorize_url(&self) -> String {
        format!("{}/authorize", self.place.url)
    }

    /// Registers this program; with `redirect` for a browser that comes back.
    pub(super) async fn register(
        &self,
        session: &SignInSession,
        redirect: bool,
    ) -> Result<Client, StorageError> {
        let mut body = json!({
            "clientName": CLIENT_NAME,
            "clientType": "public",
            "scopes": scopes(session),
        });
        if redirect {
            body["grantTypes"] = json!(["authorization_code", "refresh_token"]);
            body["redirectUris"] = json!([format!("http://127.0.0.1{REDIRECT_PATH}")]);
            body["issuerUrl"] = json!(session.start_url);
        } else {
            body["grantTypes"] = json!([DEVICE, "refresh_token"]);
        }
        let answer = self.post(session, "/client/register", &body).await?;
        let json = success(session, &answer)?;
        let (Some(id), Some(secret)) = (text(&json, "clientId"), text(&json, "clientSecret"))
        else {
            return Err(foreign(session));
        };
        Ok(Client {
            id,
            secret: Secret::new(secret),
            expires: Timestamp(json["clientSecretExpiresAt"].as_i64().unwrap_or(0)),
        })
    }

    pub(super) async fn start_device(
        &self,
        session: &SignInSession,
        client: &Client,
    ) -> Result<Device, StorageError> {
        let body = json!({
            "clientId": client.id,
            "clientSecret": client.secret.reveal(),
            "startUrl": session.start_url,
        });
        let answer = self.post(session, "/device_authorization", &body).await?;
        let json = success(session, &answer)?;
        let (Some(code), Some(user_code), Some(url)) = (
            text(&json, "deviceCode"),
            text(&json, "userCode"),
            text(&json, "verificationUri"),
        ) else {
            return Err(foreign(session));
        };
        // It is opened in a browser.
        if !is_page(&url) {
            return Err(foreign(session));
        }
        Ok(Device {
            code: Secret::new(code),
            user_code,
            url,
            full_url: text(&json, "verificationUriComplete").filter(|url| is_page(url)),
            expires_secs: json["expiresIn"].as_i64().unwrap_or(600),
            // Five seconds where nothing is said: RFC 8628, section 3.2.
            interval_secs: json["interval"]
                .as_u64()
                .filter(|secs| *secs > 0)
                .unwrap_or(5),
        })
    }

    pub(super) async fn token(
        &self,
        session: &SignInSession,
        client: (&str, &Secret),
        grant: Grant<'_>,
    ) -> Result<Granted, NoToken> {
        let mut body = json!({ "clientId": client.0, "clientSecret": client.1.reveal() });
        match grant {
            Grant::Device(code) => {
                body["grantType"] = json!(DEVICE);
                body["deviceCode"] = json!(code.reveal());
            }
            Grant::Code {
                code,
                verifier,
                redirect,
            } => {
                body["grantType"] = json!("authorization_code");
                body["code"] = json!(code.reveal());
                body["codeVerifier"] = json!(verifier.reveal());
                body["redirectUri"] = json!(redirect);
            }
            Grant::Refresh(token) => {
                body["grantType"] = json!("refresh_token");
                body["refreshToken"] = json!(token.reveal());
            }
        }
        let asked = self.clock.now();
        let answer = self
            .post(session, "/token", &body)
            .await
            .map_err(NoToken::Other)?;
        let json = match success(session, &answer) {
            Ok(json) => json,
            Err(failure) => return Err(no_token(failure)),
        };
        let Some(access) = text(&json, "accessToken") else {
            return Err(NoToken::Other(foreign(session)));
        };
        Ok(Granted {
            access: Secret::new(access),
            refresh: text(&json, "refreshToken").map(Secret::new),
            expires: asked.plus_secs(json["expiresIn"].as_i64().unwrap_or(0)),
        })
    }

    async fn post(
        &self,
        session: &SignInSession,
        path: &str,
        body: &Json,
    ) -> Result<Answer, StorageError> {
        let asked = Ask {
            operation: Operation::SignIn,
            subject: session.cache_id(),
            method: Method::POST,
            path,
            query: &[],
            headers: vec![("content-type", "application/json".to_owned())],
            body: Bytes::from(body.to_string()),
        };
        service::ask(&self.pool, &self.place, &asked).await
    }
}

/// What is asked for.
pub(super) fn scopes(session: &SignInSession) -> Vec<&str> {
    if session.scopes.is_empty() {
        return vec![ACCOUNT_SCOPE];
    }
    session.scopes.iter().map(String::as_str).collect()
}

fn no_token(failure: StorageError) -> NoToken {
    match failure.code.as_deref() {
        Some("authorization_pending" | "AuthorizationPendingException") => NoToken::Pending,
        Some("slow_down" | "SlowDownException") => NoToken::SlowDown,
        Some("expired_token" | "ExpiredTokenException") => NoToken::Expired,
        Some("access_denied" | "AccessDeniedException") => NoToken::Denied,
        Some("invalid_grant" | "InvalidGrantException") => NoToken::InvalidGrant,
        _ => NoToken::Other(failure),
    }
}

/// True for an address that a browser loads, and nothing else: no script, no file, nothing that a terminal would obey.
fn is_page(url: &str) -> bool {
    let web = ["https://", "http://"]
        .iter()
        .any(|scheme| url.len() > scheme.len() && url.starts_with(scheme));
    web && !url
        .chars()
        .any(|letter| letter.is_control() || letter.is_whitespace())
}

fn text(json: &Json, key: &str) -> Option<String> {
    json[key]
        .as_str()
        .filter(|text| !text.is_empty())
        .map(str::to_owned)
}

fn foreign(session: &SignInSession) -> StorageError {
    StorageError::new(
        Operation::SignIn,
        ErrorKind::Unsupported,
        session.cache_id(),
    )
    .with_message("the answer is not from Identity Center")
}

/// The JSON of a success, or what went wrong.
fn success(session: &SignInSession, answer: &Answer) -> Result<Json, StorageError> {
    json_of(answer, session.cache_id(), &foreign(session))
}

/// The JSON of a success. A failure keeps code and words of the server, never a body.
pub(super) fn json_of(
    answer: &Answer,
    subject: &str,
    foreign: &StorageError,
) -> Result<Json, StorageError> {
    let json: Option<Json> = serde_json::from_slice(&answer.body).ok();
    let said = |key: &str| json.as_ref().and_then(|json| text(json, key));
    if answer.is_success() {
        return json.ok_or_else(|| {
            StorageError::new(Operation::SignIn, foreign.kind, subject)
                .with_message(foreign.message.clone().unwrap_or_default())
        });
    }
    let from_header = answer
        .header("x-amzn-errortype")
        .map(|text| text.split(':').next().unwrap_or(text).to_owned());
    // `namespace#Name` in the older form.
    let from_type =
        said("__type").map(|text| text.rsplit('#').next().unwrap_or_default().to_owned());
    let code = said("error").or(from_header).or(from_type);
    let mut failure = error::from_answer(
        Operation::SignIn,
        subject,
        answer.status,
        &answer.headers,
        b"",
    );
    failure.kind = match (answer.status, code.as_deref()) {
        (401, _) | (_, Some("UnauthorizedException")) => ErrorKind::SignInNeeded,
        (_, Some("ForbiddenException" | "access_denied")) => ErrorKind::AccessDenied,
        (404, _) => ErrorKind::Invalid,
        (_, code) => error::kind_of(Operation::SignIn, answer.status, code),
    };
    failure.code = code;
    failure.message = said("error_description")
        .or_else(|| said("message"))
        .or_else(|| said("Message"));
    failure.request_id = answer
        .header("x-amzn-requestid")
        .or_else(|| answer.header("x-amz-request-id"))
        .map(str::to_owned);
    Err(failure)
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn only_pages_are_opened() {
        for (url, is) in [
            (
                "https://device.sso.eu-central-1.amazonaws.com/?user_code=A",
                true,
            ),
            ("http://127.0.0.1:9000/device", true),
            ("javascript:alert(1)", false),
            ("file:///etc/passwd", false),
            ("https://", false),
            ("https://device.example/\u{1b}[2J", false),
            ("https://device.example/ x", false),
        ] {
            assert_eq!(is_page(url), is, "{url:?}");
        }
    }
}
