//! The states without rows. Each says in words what it is, and has the one button that helps.

use egui::Ui;

use crate::domain::{ErrorKind, StorageError, grouped};
use crate::state::listing::Progress;
use crate::state::messages::{OpenError, Renewal};
use crate::state::{
    Action, Answer, CredentialsAction, Go, ObjectAction, SettingsAction, State, TableAction,
};

use super::actions::Actions;
use super::kit::{self, EmptyState, Prose};
use super::{icons, table_page, words};

/// Draws an empty state when there is no row to show. False when the table shall be drawn.
pub(super) fn empty_ui(ui: &mut Ui, state: &State, actions: &mut Actions) -> bool {
    let listing = &state.browser.listing;
    if let Some(failure) = &state.connections.failure {
        open_failure_ui(ui, state, failure, actions);
        return true;
    }
    if listing.shown() > 0 {
        return false;
    }
    if !listing.catalog.is_empty() && listing.is_arranged() {
        no_match_ui(ui, state, actions);
        return true;
    }
    match &listing.progress {
        _ if table_page::is_waiting(state) => waiting_ui(ui, state),
        Progress::Failed(error) => failure_ui(ui, state, error, actions),
        _ if state.browser.location.bucket.is_empty() => no_bucket_ui(ui, state, actions),
        Progress::Stopped => stopped_ui(ui, actions),
        Progress::Complete if listing.is_settled() => nothing_ui(ui, state, actions),
        _ => waiting_ui(ui, state),
    }
    true
}

fn act(response: Option<egui::Response>, action: impl Into<Action>, actions: &mut Actions) {
    if response.is_some_and(|response| response.clicked()) {
        actions.push(action);
    }
}

fn waiting_ui(ui: &mut Ui, state: &State) {
    let text = if state.connections.opening.is_some() {
        "Connecting…"
    } else {
        "Listing…"
    };
    ui.centered_and_justified(|ui| kit::quiet(ui, text));
}

fn nothing_ui(ui: &mut Ui, state: &State, actions: &mut Actions) {
    let place = words::visible(&state.browser.location.to_string());
    let drops = if state.drops_missing {
        "Pick files, or paste their paths"
    } else {
        "Drop files here, or pick them"
    };
    let text = Prose::new()
        .quiet(format!("{drops}. They go to "))
        .mono(place);
    let empty = EmptyState::new(icons::FOLDER_OPEN, "Nothing in this folder yet").text(text);
    match state.write_refusal() {
        Some(_) => drop(empty.show(ui)),
        None => {
            let response = empty.action(icons::UPLOAD, "Upload files").show(ui);
            act(response, ObjectAction::PickUpload { target: None }, actions);
        }
    }
}

fn no_match_ui(ui: &mut Ui, state: &State, actions: &mut Actions) {
    let count = grouped(state.browser.listing.catalog.totals().rows());
    let title = format!("No name matches {}", words::quoted(&state.browser.filter));
    let looked = match &state.browser.listing.progress {
        Progress::Complete => {
            format!("All {count} names of this folder were looked at. Folders below it were not.")
        }
        Progress::Running => format!("{count} names were looked at so far; more are coming."),
        _ => format!("{count} names were looked at; the listing is incomplete."),
    };
    let empty = EmptyState::new(icons::FUNNEL_X, &title).text(Prose::new().quiet(looked));
    act(
        empty.action(icons::X, "Clear the filter").show(ui),
        TableAction::Filter(String::new()),
        actions,
    );
}

fn stopped_ui(ui: &mut Ui, actions: &mut Actions) {
    let text =
        Prose::new().quiet("It was stopped before the first object came. There may be many here.");
    let empty = EmptyState::new(icons::HOURGLASS, "The listing is incomplete").text(text);
    act(
        empty.action(icons::REFRESH, "List again").show(ui),
        Go::Refresh,
        actions,
    );
}

fn no_bucket_ui(ui: &mut Ui, state: &State, actions: &mut Actions) {
    let text = match &state.browser.buckets {
        Answer::Failed(error) if error.kind == ErrorKind::AccessDenied => {
            "These keys may not list all buckets, which is common. A bucket you know by name opens all the same."
        }
        Answer::Failed(_) => {
            "The list of buckets could not be read. A bucket you know by name may open all the same."
        }
        _ => "Choose one at the left, or type the name of one that these keys may open.",
    };
    let empty = EmptyState::new(icons::BUCKET, "Which bucket?").text(Prose::new().quiet(text));
    act(
        empty.action(icons::PLUS, "Add a bucket by name").show(ui),
        Go::AskBucket,
        actions,
    );
}

/// Keys that were typed stay what they are.
fn never_renewed(state: &State) -> bool {
    (state.connections.opened.as_ref())
        .is_some_and(|opened| opened.identity.renewal == Renewal::Never)
}

#[expect(clippy::too_many_lines, reason = "one arm a kind of failure")]
fn failure_ui(ui: &mut Ui, state: &State, error: &StorageError, actions: &mut Actions) {
    let location = &state.browser.location;
    let bucket = words::quoted(&location.bucket);
    let listed = match location.prefix.is_root() {
        true => location.bucket.clone(),
        false => location.prefix.to_string(),
    };
    let details = crate::words::explain(error).to_text();
    let connection = state.connections.current.clone();
    let edit = connection.map(SettingsAction::Edit);
    let (icon, title, text, button, action): (char, String, Prose<'_>, (char, &str), Option<Action>) = match error.kind {
        ErrorKind::AccessDenied => (
            icons::LOCK_KEY,
            "You may not list this folder".to_owned(),
            Prose::new()
                .quiet("The policy gives no ")
                .mono("s3:ListBucket")
                .quiet(" on ")
                .mono(words::visible(&listed))
                .quiet(". A key you know still opens, and uploads and links may work."),
            (icons::MOVE, "Go to a key"),
            Some(Go::AskPath.into()),
        ),
        ErrorKind::NoSuchBucket => (
            icons::BINOCULARS,
            format!("There is no bucket {bucket}"),
            Prose::new().quiet("The server does not know this name. Check its spelling, the endpoint and the account."),
            (icons::BUCKET, "Open another bucket"),
            Some(Go::AskBucket.into()),
        ),
        ErrorKind::Unreachable => (
            icons::OFFLINE,
            "The server cannot be reached".to_owned(),
            Prose::new().quiet(
                "Its name is not known, nobody listens at that address, or the connection broke. Check the endpoint and \
                 its port, then the network, VPN and proxy.",
            ),
            (icons::REFRESH, "Try now"),
            Some(Go::Refresh.into()),
        ),
        ErrorKind::TimedOut => (
            icons::OFFLINE,
            "The server does not answer".to_owned(),
            Prose::new().quiet_with_code(&crate::words::explain(error).next_step),
            (icons::REFRESH, "Try now"),
            Some(Go::Refresh.into()),
        ),
        ErrorKind::ProxyUnreachable | ErrorKind::ProxyRefused => (
            icons::OFFLINE,
            crate::words::explain(error).title,
            Prose::new().quiet_with_code(&format!("{} {}", crate::words::explain(error).cause, crate::words::explain(error).next_step)),
            (icons::SETTINGS, "Check the settings"),
            edit.map(Into::into),
        ),
        ErrorKind::SignInNeeded => (
            icons::SIGN_IN,
            "You are signed out".to_owned(),
            Prose::new().quiet_with_code(&crate::words::explain(error).cause),
            (icons::SIGN_IN, "Sign in"),
            Some(CredentialsAction::SignIn { profile: None }.into()),
        ),
        ErrorKind::CodeNeeded => (
            icons::SHIELD,
            "The role wants a code".to_owned(),
            Prose::new().quiet_with_code(&crate::words::explain(error).cause),
            (icons::REFRESH, "Enter a code"),
            state.connections.current.clone().map(|id| Go::Connection(id).into()),
        ),
        ErrorKind::ExpiredCredentials if never_renewed(state) => (
            icons::HOURGLASS,
            "The session has ended".to_owned(),
            Prose::new().quiet("The keys of this connection were temporary ones, and they have ended."),
            (icons::CLIPBOARD, "Paste new keys"),
            Some(CredentialsAction::PasteKeys.into()),
        ),
        ErrorKind::ExpiredCredentials => (
            icons::HOURGLASS,
            "The session has ended".to_owned(),
            Prose::new().quiet_with_code(&crate::words::explain(error).next_step),
            (icons::REFRESH, "Try again"),
            state.connections.current.clone().map(|id| Go::Connection(id).into()),
        ),
        ErrorKind::BadCredentials | ErrorKind::NoCredentials => (
            icons::KEY,
            crate::words::explain(error).title,
            Prose::new().quiet_with_code(&crate::words::explain(error).cause),
            (icons::SETTINGS, "Check the settings"),
            edit.map(Into::into),
        ),
        _ => (
            icons::WARNING_CIRCLE,
            crate::words::explain(error).title,
            Prose::new().quiet_with_code(&format!("{} {}", crate::words::explain(error).cause, crate::words::explain(error).next_step)),
            (icons::REFRESH, "Try again"),
            Some(Go::Refresh.into()),
        ),
    };
    let mut empty = EmptyState::new(icon, &title)
        .text(text)
        .details(details.as_str());
    if action.is_some() {
        empty = empty.action(button.0, button.1);
    }
    let response = empty.show(ui);
    if let Some(action) = action {
        act(response, action, actions);
    }
}

fn open_failure_ui(ui: &mut Ui, state: &State, failure: &OpenError, actions: &mut Actions) {
    let name = state
        .connections
        .current()
        .map_or("", |connection| connection.name.as_str());
    let title = format!("{} cannot be opened", words::quoted(name));
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
            (
                format!("{} {}", words.cause, words.next_step),
                Some(words.to_text()),
            )
        }
        OpenError::Secrets(reason) => (reason.clone(), None),
    };
    let mut empty = EmptyState::new(icons::PLUGS, &title).text(Prose::new().quiet_with_code(&text));
    if let Some(details) = details.as_deref() {
        empty = empty.details(details);
    }
    if let OpenError::Storage(error) = failure {
        let help = match error.kind {
            ErrorKind::SignInNeeded => Some((
                (icons::SIGN_IN, "Sign in"),
                Action::from(CredentialsAction::SignIn { profile: None }),
            )),
            ErrorKind::CodeNeeded => (state.connections.current.clone())
                .map(|id| ((icons::REFRESH, "Enter a code"), Go::Connection(id).into())),
            _ => None,
        };
        if let Some(((icon, text), action)) = help {
            let response = empty.action(icon, text).show(ui);
            return act(response, action, actions);
        }
    }
    let response = empty.action(icons::SETTINGS, "Check the settings").show(ui);
    if let Some(id) = state.connections.current.clone() {
        act(response, SettingsAction::Edit(id), actions);
    }
}
