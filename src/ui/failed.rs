//! Why nothing is listed: the states of a connection that does not open and of a listing that failed.
//!
//! Each has the one button that helps, and beside it the Doctor, who looks at the whole way.

use egui::Ui;

use crate::domain::{ErrorKind, StorageError};
use crate::state::messages::{OpenError, Renewal};
use crate::state::{Action, CredentialsAction, DoctorAction, Go, SettingsAction, State};

use super::actions::Actions;
use super::kit::{EmptyState, Prose};
use super::{icons, words};

/// What is said of a failure, and what one click does about it.
struct Told {
    icon: char,
    title: String,
    text: Prose<'static>,
    help: Option<Help>,
    details: Option<String>,
}

/// The button that helps.
struct Help {
    icon: char,
    text: &'static str,
    action: Action,
}

impl Help {
    fn new(icon: char, text: &'static str, action: impl Into<Action>) -> Self {
        let action = action.into();
        Self { icon, text, action }
    }

    fn sign_in() -> Self {
        let action = CredentialsAction::SignIn { profile: None };
        Self::new(icons::SIGN_IN, "Sign in", action)
    }

    fn settings(state: &State) -> Option<Self> {
        let id = state.connections.current.clone()?;
        let action = SettingsAction::Edit(id);
        Some(Self::new(icons::SETTINGS, "Check the settings", action))
    }

    /// Opens the connection anew, which asks for a code or fetches keys.
    fn reopen(state: &State, text: &'static str) -> Option<Self> {
        let id = state.connections.current.clone()?;
        Some(Self::new(icons::REFRESH, text, Go::Connection(id)))
    }
}

/// Draws why the folder could not be listed.
pub(super) fn listing_ui(ui: &mut Ui, state: &State, error: &StorageError, actions: &mut Actions) {
    let details = crate::words::explain(error).to_text();
    let told = match error.kind {
        ErrorKind::AccessDenied | ErrorKind::NoSuchBucket => of_place(state, error),
        ErrorKind::SignInNeeded
        | ErrorKind::CodeNeeded
        | ErrorKind::ExpiredCredentials
        | ErrorKind::BadCredentials
        | ErrorKind::NoCredentials => of_credentials(state, error),
        _ => of_way(state, error),
    };
    let details = Some(details);
    show(ui, state, Told { details, ..told }, actions);
}

/// Draws why the connection could not be opened.
pub(super) fn opening_ui(ui: &mut Ui, state: &State, failure: &OpenError, actions: &mut Actions) {
    if let OpenError::Storage(error) = failure
        && error.kind == ErrorKind::ExpiredCredentials
        && never_renewed(state)
    {
        let details = Some(crate::words::explain(error).to_text());
        let told = of_credentials(state, error);
        show(ui, state, Told { details, ..told }, actions);
        return;
    }
    let name = (state.connections.current()).map_or("", |connection| connection.name.as_str());
    if let OpenError::Storage(error) = failure
        && error.kind == ErrorKind::Cancelled
    {
        let told = Told {
            icon: icons::HOURGLASS,
            title: format!("{} was not opened", words::quoted(name)),
            text: Prose::new().quiet("It was stopped before there were credentials to sign with."),
            help: Help::reopen(state, "Open again"),
            details: None,
        };
        return show(ui, state, told, actions);
    }
    let (text, details) = match failure {
        OpenError::Settings(problems) => {
            let lines: Vec<String> = problems
                .iter()
                .map(|problem| format!("{}: {}", problem.option.spec().label, problem.reason))
                .collect();
            (lines.join("\n"), None)
        }
        OpenError::Storage(error) => {
            let words = crate::words::explain(error);
            let text = format!("{} {}", words.cause, words.next_step);
            (text, Some(words.to_text()))
        }
        OpenError::Secrets(reason) => (reason.clone(), None),
    };
    let help = match failure {
        OpenError::Storage(error) if error.kind == ErrorKind::SignInNeeded => Some(Help::sign_in()),
        OpenError::Storage(error) if error.kind == ErrorKind::CodeNeeded => {
            Help::reopen(state, "Enter a code")
        }
        _ => Help::settings(state),
    };
    let told = Told {
        icon: icons::PLUGS,
        title: format!("{} cannot be opened", words::quoted(name)),
        text: Prose::new().quiet_with_code(&text),
        help,
        details,
    };
    show(ui, state, told, actions);
}

fn show(ui: &mut Ui, state: &State, told: Told, actions: &mut Actions) {
    let mut empty = EmptyState::new(told.icon, &told.title)
        .text(told.text)
        .details(told.details.as_deref());
    if let Some(help) = &told.help {
        empty = empty.action(help.icon, help.text);
    }
    if state.connections.current.is_some() {
        empty = empty.aside(icons::DOCTOR, "Ask the Doctor");
    }
    let pressed = empty.show(ui);
    if pressed.aside {
        actions.push(DoctorAction::Examine(None));
    }
    if let Some(help) = told.help.filter(|_| pressed.action) {
        actions.push(help.action);
    }
}

/// The bucket or the folder is at fault.
fn of_place(state: &State, error: &StorageError) -> Told {
    let location = &state.browser.location;
    if error.kind == ErrorKind::NoSuchBucket {
        let (text, help) = match state.nearest_bucket() {
            Some(near) => (
                Prose::new()
                    .quiet("The account has no bucket of exactly this name. Did you mean ")
                    .mono(words::visible(near))
                    .quiet("?"),
                Help::new(icons::BUCKET, "Open that bucket", Go::Bucket(near.to_owned())),
            ),
            None => (
                Prose::new().quiet(
                    "The server does not know this name. Check its spelling, the endpoint and the account.",
                ),
                Help::new(icons::BUCKET, "Open another bucket", Go::AskBucket),
            ),
        };
        return Told {
            icon: icons::BINOCULARS,
            title: format!("There is no bucket {}", words::quoted(&location.bucket)),
            text,
            help: Some(help),
            details: None,
        };
    }
    let listed = match location.prefix.is_root() {
        true => location.bucket.clone(),
        false => location.prefix.to_string(),
    };
    Told {
        icon: icons::LOCK_KEY,
        title: "You may not list this folder".to_owned(),
        text: Prose::new()
            .quiet("The policy gives no ")
            .mono("s3:ListBucket")
            .quiet(" on ")
            .mono(words::visible(&listed))
            .quiet(". A key you know still opens, and uploads and links may work."),
        help: Some(Help::new(icons::MOVE, "Go to a key", Go::AskPath)),
        details: None,
    }
}

/// There are no keys, or they are not taken.
fn of_credentials(state: &State, error: &StorageError) -> Told {
    let explained = crate::words::explain(error);
    let says = |text: &str| Prose::new().quiet_with_code(text);
    let (icon, title, text, help) = match error.kind {
        ErrorKind::SignInNeeded => (
            icons::SIGN_IN,
            "You are signed out".to_owned(),
            says(&explained.cause),
            Some(Help::sign_in()),
        ),
        ErrorKind::CodeNeeded => (
            icons::SHIELD,
            "The role wants a code".to_owned(),
            says(&explained.cause),
            Help::reopen(state, "Enter a code"),
        ),
        ErrorKind::ExpiredCredentials if never_renewed(state) => (
            icons::HOURGLASS,
            "The session has ended".to_owned(),
            says("The keys of this connection were temporary ones, and they have ended."),
            Some(Help::new(
                icons::CLIPBOARD,
                "Paste new keys",
                CredentialsAction::PasteKeys,
            )),
        ),
        ErrorKind::ExpiredCredentials => (
            icons::HOURGLASS,
            "The session has ended".to_owned(),
            says(&explained.next_step),
            Help::reopen(state, "Try again"),
        ),
        _ => (
            icons::KEY,
            explained.title,
            says(&explained.cause),
            Help::settings(state),
        ),
    };
    Told {
        icon,
        title,
        text,
        help,
        details: None,
    }
}

/// The server was not reached, or answers something else.
fn of_way(state: &State, error: &StorageError) -> Told {
    let explained = crate::words::explain(error);
    let both = format!("{} {}", explained.cause, explained.next_step);
    let again = |text| Some(Help::new(icons::REFRESH, text, Go::Refresh));
    let (icon, title, text, help) = match error.kind {
        ErrorKind::Unreachable | ErrorKind::TimedOut => {
            let (title, text) = crate::words::offline(error, host_of(state));
            (icons::OFFLINE, title, text, again("Try now"))
        }
        ErrorKind::ProxyUnreachable | ErrorKind::ProxyRefused => {
            (icons::OFFLINE, explained.title, both, Help::settings(state))
        }
        _ => (
            icons::WARNING_CIRCLE,
            explained.title,
            both,
            again("Try again"),
        ),
    };
    Told {
        icon,
        title,
        text: Prose::new().quiet_with_code(&text),
        help,
        details: None,
    }
}

/// The host of the open connection, for failures that do not name one.
pub(super) fn host_of(state: &State) -> &str {
    let opened = state.connections.opened.as_ref();
    let endpoint = opened.map_or("", |opened| opened.endpoint.as_str());
    endpoint
        .split_once("://")
        .map_or(endpoint, |(_, rest)| rest)
}

/// Keys that were typed stay what they are. Those whose end was told with them are not even opened after it.
fn never_renewed(state: &State) -> bool {
    match (&state.connections.opened, state.connections.current()) {
        (Some(opened), _) => opened.identity.renewal == Renewal::Never,
        (None, Some(connection)) => {
            (connection.keys_end.as_ref()).is_some_and(|end| end.at <= state.now)
        }
        (None, None) => false,
    }
}
