//! `login`: signing in to IAM Identity Center, for this program and the AWS tools.
//!
//! Needs no connection. The address, and the code where there is one, go to standard error; standard output gets
//! nothing but, with `--json`, the result.

use std::io::Write as _;
use std::sync::Arc;

use serde_json::json;

use crate::domain::{SignInMethod, SignInSession, SignInStep};
use crate::settings::{Environment, Profiles, profiles};
use crate::storage::{IdentityCenter, World};
use crate::words::diagnosis::sign_in as told;
use crate::words::visible;

use super::args::Options;
use super::console::Console;
use super::ls::iso;
use super::reading::Words;
use super::run::Failure;
use super::usage::Usage;
use tokio_util::sync::CancellationToken;

/// What `login` was asked for.
#[derive(Clone, Debug, Default, PartialEq, Eq)]
pub(super) struct Login {
    /// `--profile`.
    pub profile: Option<String>,
    /// `--start-url`.
    pub start_url: Option<String>,
    /// `--region`.
    pub region: Option<String>,
    /// `--browser`: the browser of this computer comes back by itself.
    pub browser: bool,
}

impl Login {
    /// Understands the options.
    ///
    /// # Errors
    /// A sentence about what makes no sense.
    pub(super) fn read(words: &Words) -> Result<Self, Usage> {
        if !words.values.is_empty() {
            return Err(words.usage("login takes options only, such as --profile NAME"));
        }
        let text = |long: &str| -> Result<Option<String>, Usage> {
            let what = format!("the value of --{long}");
            words
                .value(long)
                .map(|value| words.text(value, &what))
                .transpose()
        };
        let login = Self {
            profile: text("profile")?,
            start_url: text("start-url")?,
            region: text("region")?,
            browser: words.has("browser"),
        };
        if login.region.is_some() && login.start_url.is_none() {
            return Err(words.usage("--region belongs to --start-url"));
        }
        if login.profile.is_some() && login.start_url.is_some() {
            return Err(words.usage("--profile and --start-url name two places; give one of them"));
        }
        Ok(login)
    }
}

/// Signs in.
pub(super) async fn run(
    console: &Console,
    login: &Login,
    cancel: &CancellationToken,
) -> Result<u64, Failure> {
    let environment = tokio::task::spawn_blocking(Environment::capture)
        .await
        .unwrap_or_default();
    let session = session(login, &environment)?;
    let failed = |failure| Failure::Failed(vec![told::sentence(&failure)]);
    let center = Box::pin(IdentityCenter::in_world(World::system()))
        .await
        .map_err(failed)?;
    let method = if login.browser {
        SignInMethod::Browser
    } else {
        SignInMethod::DeviceCode
    };
    let tell = |step: SignInStep| {
        // Both come from the server and go to a terminal.
        let url = visible(step.url());
        let words = match &step {
            SignInStep::Browser { .. } => {
                format!("Open this address in the browser of this computer:\n\n  {url}\n")
            }
            SignInStep::Device { code, .. } => format!(
                "Open this address in any browser and confirm the code {}:\n\n  {url}\n",
                visible(code)
            ),
        };
        console.message(&words);
    };
    let signed = Box::pin(center.sign_in(&session, method, &tell, cancel)).await;
    if cancel.is_cancelled() {
        return Err(Failure::Interrupted);
    }
    let end = signed.map_err(failed)?;
    console.object(&json!({
        "type": "sign-in",
        "session": session.cache_id(),
        "ends": iso(end),
    }))?;
    console.note(&format!(
        "Signed in to {} until {}.",
        session.cache_id(),
        iso(end)
    ));
    Ok(0)
}

/// Where to sign in: the address given, or the session of the profile named or in force, or the only one there is.
fn session(login: &Login, environment: &Environment) -> Result<SignInSession, Failure> {
    let refuse = |sentence: String| Failure::Settings(vec![sentence]);
    let found = Profiles::read(environment);
    if let Some(start_url) = &login.start_url {
        let known = found
            .sessions
            .iter()
            .find(|session| session.start_url == *start_url);
        let session = SignInSession {
            name: known.and_then(|known| known.name.clone()),
            start_url: start_url.clone(),
            region: login
                .region
                .clone()
                .or_else(|| known.map(|known| known.region.clone()))
                .unwrap_or_default(),
            scopes: known.map(|known| known.scopes.clone()).unwrap_or_default(),
        };
        return match session.problem() {
            Some(problem) => Err(refuse(format!(
                "--start-url and --region name no Identity Center: {}.",
                told::session_problem(problem)
            ))),
            None => Ok(session),
        };
    }
    let name = login
        .profile
        .as_deref()
        .unwrap_or_else(|| profiles::active_profile(environment));
    if let Some(session) = found.get(name).and_then(|profile| profile.sign_in.clone()) {
        return Ok(session);
    }
    match (&login.profile, found.sessions.as_slice()) {
        (None, [only]) => Ok(only.clone()),
        (Some(_), _) if found.get(name).is_none() => Err(refuse(format!(
            "There is no profile “{name}” in the shared AWS files."
        ))),
        (Some(_), _) => Err(refuse(format!(
            "The profile “{name}” names no Identity Center: it has neither sso_session nor sso_start_url."
        ))),
        (None, _) => Err(refuse(
            "Which Identity Center? Add --profile NAME, or --start-url URL and --region REGION."
                .to_owned(),
        )),
    }
}

/// Asks for the codes of MFA devices: the one of `--mfa` first, then the person at the terminal.
pub(super) struct Asks {
    given: std::sync::Mutex<Option<crate::domain::Secret>>,
    can_ask: bool,
}

impl Asks {
    /// Who answers: `--mfa`, then the person at the terminal; `None` when nobody could.
    pub(super) fn of(options: &Options, can_ask: bool) -> Option<Arc<Self>> {
        let given = options.mfa.clone();
        (given.is_some() || can_ask).then(|| {
            Arc::new(Self {
                given: std::sync::Mutex::new(given),
                can_ask,
            })
        })
    }

    /// Tells whoever gave a code that nothing asked for it.
    pub(super) fn tell_unused(&self, console: &Console) {
        let given = self.given.lock();
        let unused = given
            .unwrap_or_else(std::sync::PoisonError::into_inner)
            .is_some();
        if unused {
            console.note("cooperage: no role asked for the code of --mfa; it was not used.");
        }
    }
}

impl crate::storage::AskCode for Asks {
    fn ask(
        &self,
        request: crate::domain::CodeRequest,
    ) -> std::pin::Pin<Box<dyn Future<Output = Option<crate::domain::Secret>> + Send + 'static>>
    {
        let given = (self.given.lock())
            .unwrap_or_else(std::sync::PoisonError::into_inner)
            .take();
        let can_ask = self.can_ask;
        Box::pin(async move {
            if given.is_some() || !can_ask {
                return given;
            }
            let asked = tokio::task::spawn_blocking(move || at_terminal(&request));
            asked.await.ok()?
        })
    }
}

fn at_terminal(request: &crate::domain::CodeRequest) -> Option<crate::domain::Secret> {
    let mut out = std::io::stderr();
    if let Some(reason) = request.refused {
        writeln!(out, "{}", told::refusal(reason)).ok()?;
    }
    let (device, role) = (visible(&request.serial), visible(&request.role));
    write!(out, "MFA code of {device} for {role}: ").ok()?;
    out.flush().ok()?;
    let mut line = zeroize::Zeroizing::new(String::new());
    let read = std::io::stdin().read_line(&mut line).ok()?;
    let code = line.trim();
    (read > 0 && !code.is_empty()).then(|| crate::domain::Secret::new(code))
}
