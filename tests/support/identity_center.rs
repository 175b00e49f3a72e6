//! `IdentityCenter`: the OIDC service, the portal and STS of Amazon in one scripted server over loopback.
//!
//! It knows what a test tells it: how often a code is pending, which tokens are good, which MFA codes. It checks what
//! clients send the way Amazon does (grants, bearer tokens, used codes) and remembers every request.

use std::collections::{HashMap, HashSet};
use std::sync::{Arc, Mutex, MutexGuard};

use serde_json::{Value, json};

use super::scripted::{Asked, Reply, ScriptedServer};

/// How the service behaves; a test changes it before or while it is asked.
#[derive(Clone, Debug)]
pub struct Behaviour {
    /// What the token endpoint says to a device code before it gives a token: error names, one a question.
    pub device_answers: Vec<&'static str>,
    /// Seconds an access token lives.
    pub token_secs: i64,
    /// Whether tokens come with a refresh token.
    pub refreshes: bool,
    /// Whether a refresh token is taken.
    pub takes_refresh: bool,
    /// Seconds the keys of a role live.
    pub key_secs: i64,
    /// Key id and secret of every role; `None` for others each time.
    pub role_keys: Option<(&'static str, &'static str)>,
    /// The MFA code that STS takes, once.
    pub code: &'static str,
    /// The external id that the role asks for.
    pub external_id: Option<&'static str>,
    /// Access tokens that are good.
    pub tokens: HashSet<String>,
}

impl Default for Behaviour {
    fn default() -> Self {
        Self {
            device_answers: Vec::new(),
            token_secs: 28_800,
            refreshes: true,
            takes_refresh: true,
            key_secs: 3600,
            role_keys: None,
            code: "123456",
            external_id: None,
            tokens: HashSet::new(),
        }
    }
}

#[derive(Default)]
struct State {
    behaviour: Behaviour,
    issued: usize,
    used_codes: HashSet<String>,
    challenge: Option<String>,
}

/// The running server.
pub struct IdentityCenter {
    server: ScriptedServer,
    state: Arc<Mutex<State>>,
}

impl IdentityCenter {
    /// Starts it.
    pub fn start(behaviour: Behaviour) -> Self {
        let state = Arc::new(Mutex::new(State {
            behaviour,
            ..State::default()
        }));
        let own = Arc::clone(&state);
        let server = ScriptedServer::start(move |asked| own.lock().unwrap().answer(asked));
        Self { server, state }
    }

    /// `http://127.0.0.1:PORT`.
    pub fn endpoint(&self) -> String {
        self.server.endpoint()
    }

    /// Every request so far.
    pub fn asked(&self) -> Vec<Asked> {
        self.server.asked()
    }

    /// How often this path was asked.
    pub fn count(&self, path: &str) -> usize {
        let asked = self.asked();
        asked
            .iter()
            .filter(|asked| asked.target.split('?').next() == Some(path))
            .count()
    }

    /// Changes how it behaves.
    pub fn change(&self, change: impl FnOnce(&mut Behaviour)) {
        change(&mut self.state().behaviour);
    }

    /// A token of another program, good from now on.
    pub fn grant(&self, token: &str) {
        self.change(|behaviour| {
            behaviour.tokens.insert(token.to_owned());
        });
    }

    /// What a browser would be told to prove for this challenge.
    pub fn expect_challenge(&self, challenge: &str) {
        self.state().challenge = Some(challenge.to_owned());
    }

    fn state(&self) -> MutexGuard<'_, State> {
        self.state.lock().unwrap()
    }

    /// The variables that lead clients here, as botocore reads them.
    pub fn variables(&self) -> Vec<(&'static str, String)> {
        [
            "AWS_ENDPOINT_URL_SSO",
            "AWS_ENDPOINT_URL_SSO_OIDC",
            "AWS_ENDPOINT_URL_STS",
        ]
        .into_iter()
        .map(|name| (name, self.endpoint()))
        .collect()
    }
}

fn refuse(status: u16, error: &str) -> Reply {
    let body = json!({ "error": error, "error_description": "scripted" });
    Reply::new(status, body.to_string()).header("x-amzn-errortype", error)
}

fn json_reply(body: &Value) -> Reply {
    Reply::new(200, body.to_string()).header("content-type", "application/json")
}

fn sts_error(status: u16, code: &str, message: &str) -> Reply {
    let xml = format!(
        "<ErrorResponse xmlns=\"https://sts.amazonaws.com/doc/2011-06-15/\"><Error><Type>Sender</Type>\
         <Code>{code}</Code><Message>{message}</Message></Error><RequestId>R1</RequestId></ErrorResponse>"
    );
    Reply::new(status, xml).header("content-type", "text/xml")
}

/// The pairs of a query or a form.
pub fn pairs(text: &str) -> HashMap<String, String> {
    text.split('&')
        .filter_map(|pair| pair.split_once('='))
        .map(|(name, value)| (decoded(name), decoded(value)))
        .collect()
}

fn decoded(text: &str) -> String {
    let mut bytes = Vec::new();
    let mut rest = text.bytes();
    while let Some(byte) = rest.next() {
        match byte {
            b'+' => bytes.push(b' '),
            b'%' => {
                let digits = [rest.next().unwrap(), rest.next().unwrap()];
                let digits = std::str::from_utf8(&digits).unwrap().to_owned();
                bytes.push(u8::from_str_radix(&digits, 16).unwrap());
            }
            byte => bytes.push(byte),
        }
    }
    String::from_utf8(bytes).unwrap()
}

fn iso(secs_from_now: i64) -> String {
    let now = cooperage::domain::Timestamp::now();
    now.plus_secs(secs_from_now)
        .strftime("%Y-%m-%dT%H:%M:%SZ", &jiff::tz::TimeZone::UTC)
}

impl State {
    fn answer(&mut self, asked: &Asked) -> Reply {
        let (path, query) = asked.target.split_once('?').unwrap_or((&asked.target, ""));
        match path {
            "/client/register" => {
                let body: Value = serde_json::from_slice(&asked.body).unwrap();
                assert_eq!(body["clientType"], "public");
                json_reply(&json!({
                    "clientId": "client",
                    "clientSecret": "CANARY-client-secret",
                    "clientIdIssuedAt": 0,
                    "clientSecretExpiresAt": cooperage::domain::Timestamp::now().0 + 7_776_000,
                }))
            }
            "/device_authorization" => json_reply(&json!({
                "deviceCode": "CANARY-device",
                "userCode": "ABCD-EFGH",
                "verificationUri": "https://device.example/",
                "verificationUriComplete": "https://device.example/?user_code=ABCD-EFGH",
                "expiresIn": 600,
                "interval": 1,
            })),
            "/token" => self.token(&serde_json::from_slice(&asked.body).unwrap()),
            "/assignment/accounts" => self.portal(asked, || {
                // Two pages, not in the order of names.
                let query = pairs(query);
                match query.get("next_token").map(String::as_str) {
                    None => json!({ "accountList": [{ "accountId": "222222222222", "accountName": "Media", "emailAddress": "m@x" }], "nextToken": "more" }),
                    Some(_) => json!({ "accountList": [{ "accountId": "111111111111", "accountName": "archive", "emailAddress": "a@x" }] }),
                }
            }),
            "/assignment/roles" => self.portal(asked, || {
                json!({ "roleList": [{ "roleName": "Viewer" }, { "roleName": "Editor" }] })
            }),
            "/federation/credentials" => {
                let end = (cooperage::domain::Timestamp::now().0 + self.behaviour.key_secs) * 1000;
                self.issued += 1;
                let number = self.issued;
                let role = pairs(query).remove("role_name").unwrap_or_default();
                if role == "Forbidden" {
                    return Reply::new(403, json!({ "message": "No access" }).to_string())
                        .header("x-amzn-errortype", "ForbiddenException");
                }
                self.portal(asked, || {
                    json!({ "roleCredentials": {
                        "accessKeyId": format!("ASIACENTER{number:010}"),
                        "secretAccessKey": "CANARY-secret",
                        "sessionToken": format!("CANARY-token-{number}"),
                        "expiration": end,
                    }})
                })
            }
            "/" => self.sts(asked),
            other => Reply::new(404, other.to_owned()),
        }
    }

    fn portal(&self, asked: &Asked, body: impl FnOnce() -> Value) -> Reply {
        let token = asked.header("x-amz-sso_bearer_token").unwrap_or_default();
        if self.behaviour.tokens.contains(token) {
            json_reply(&body())
        } else {
            Reply::new(
                401,
                json!({ "message": "Session token not found or invalid" }).to_string(),
            )
            .header("x-amzn-errortype", "UnauthorizedException:http://internal")
        }
    }

    fn token(&mut self, body: &Value) -> Reply {
        assert_eq!(body["clientSecret"], "CANARY-client-secret");
        match body["grantType"].as_str().unwrap() {
            "urn:ietf:params:oauth:grant-type:device_code" => {
                assert_eq!(body["deviceCode"], "CANARY-device");
                if !self.behaviour.device_answers.is_empty() {
                    return refuse(400, self.behaviour.device_answers.remove(0));
                }
            }
            "authorization_code" => {
                use base64::Engine as _;
                use sha2::Digest as _;
                let verifier = body["codeVerifier"].as_str().unwrap();
                let digest = sha2::Sha256::digest(verifier.as_bytes());
                let proof = base64::engine::general_purpose::URL_SAFE_NO_PAD.encode(digest);
                if body["code"] != "good-code" || self.challenge.as_ref() != Some(&proof) {
                    return refuse(400, "invalid_grant");
                }
                assert!(
                    body["redirectUri"]
                        .as_str()
                        .unwrap()
                        .starts_with("http://127.0.0.1:")
                );
            }
            "refresh_token" => {
                if !self.behaviour.takes_refresh {
                    return refuse(400, "invalid_grant");
                }
            }
            other => panic!("{other}"),
        }
        self.issued += 1;
        let token = format!("CANARY-access-{}", self.issued);
        self.behaviour.tokens.insert(token.clone());
        let mut body = json!({
            "accessToken": token,
            "tokenType": "Bearer",
            "expiresIn": self.behaviour.token_secs,
        });
        if self.behaviour.refreshes {
            body["refreshToken"] = json!(format!("CANARY-refresh-{}", self.issued));
        }
        json_reply(&body)
    }

    fn sts(&mut self, asked: &Asked) -> Reply {
        let form = pairs(std::str::from_utf8(&asked.body).unwrap());
        let signed = asked.header("authorization").is_some();
        match form.get("Action").map(String::as_str) {
            Some("GetCallerIdentity") if signed => Reply::new(
                200,
                "<GetCallerIdentityResponse xmlns=\"https://sts.amazonaws.com/doc/2011-06-15/\"><GetCallerIdentityResult>\
                 <Arn>arn:aws:iam::111111111111:user/me</Arn><UserId>AIDA</UserId><Account>111111111111</Account>\
                 </GetCallerIdentityResult></GetCallerIdentityResponse>",
            ),
            Some("AssumeRole") if signed => {
                let is_other =
                    form.get("ExternalId").map(String::as_str) != self.behaviour.external_id;
                if is_other || form["RoleArn"].ends_with("/forbidden") {
                    return sts_error(
                        403,
                        "AccessDenied",
                        "not authorized to perform: sts:AssumeRole",
                    );
                }
                if form["RoleArn"].ends_with("/needs-mfa") {
                    let code = form.get("TokenCode").cloned().unwrap_or_default();
                    if !form.contains_key("SerialNumber") {
                        return sts_error(
                            403,
                            "AccessDenied",
                            "not authorized to perform: sts:AssumeRole",
                        );
                    }
                    if code != self.behaviour.code || !self.used_codes.insert(code) {
                        return sts_error(
                            403,
                            "AccessDenied",
                            "MultiFactorAuthentication failed with invalid MFA one time pass code. ",
                        );
                    }
                }
                self.role_keys()
            }
            Some("AssumeRoleWithWebIdentity") if !signed => {
                if form["WebIdentityToken"] == "good-token" {
                    self.role_keys()
                } else {
                    sts_error(400, "ExpiredTokenException", "Token expired")
                }
            }
            _ => sts_error(403, "MissingAuthenticationToken", "scripted"),
        }
    }

    fn role_keys(&mut self) -> Reply {
        self.issued += 1;
        let (number, end) = (self.issued, iso(self.behaviour.key_secs));
        let (id, secret) = match self.behaviour.role_keys {
            Some((id, secret)) => (id.to_owned(), secret),
            None => (format!("ASIAROLE{number:012}"), "CANARY-secret"),
        };
        Reply::new(
            200,
            format!(
                "<AssumeRoleResponse xmlns=\"https://sts.amazonaws.com/doc/2011-06-15/\"><AssumeRoleResult><Credentials>\
                 <AccessKeyId>{id}</AccessKeyId><SecretAccessKey>{secret}</SecretAccessKey>\
                 <SessionToken>CANARY-token-{number}</SessionToken><Expiration>{end}</Expiration></Credentials>\
                 </AssumeRoleResult></AssumeRoleResponse>"
            ),
        )
    }
}
