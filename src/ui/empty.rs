//! The states without rows. Each says in words what it is, and has the one button that helps; see `failed` for those
//! that are failures.

use egui::Ui;

use crate::domain::{ErrorKind, grouped};
use crate::state::listing::Progress;
use crate::state::waiting::Silence;
use crate::state::{Action, Answer, DoctorAction, Go, ObjectAction, State, TableAction};

use super::actions::Actions;
use super::kit::{self, EmptyState, Pressed, Prose};
use super::{failed, icons, table_page, words};

/// Draws an empty state when there is no row to show. False when the table shall be drawn.
pub(super) fn empty_ui(ui: &mut Ui, state: &State, actions: &mut Actions) -> bool {
    let listing = &state.browser.listing;
    if let Some(failure) = &state.connections.failure {
        failed::opening_ui(ui, state, failure, actions);
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
        _ if table_page::is_waiting(state) => waiting_ui(ui, state, actions),
        Progress::Failed(error) => failed::listing_ui(ui, state, error, actions),
        _ if state.browser.location.bucket.is_empty() => no_bucket_ui(ui, state, actions),
        Progress::Stopped => stopped_ui(ui, actions),
        Progress::Complete if listing.is_settled() => nothing_ui(ui, state, actions),
        _ => waiting_ui(ui, state, actions),
    }
    true
}

fn act(pressed: Pressed, action: impl Into<Action>, actions: &mut Actions) {
    if pressed.action {
        actions.push(action);
    }
}

fn waiting_ui(ui: &mut Ui, state: &State, actions: &mut Actions) {
    if let Some(silence) = state.silence() {
        return silence_ui(ui, state, silence, actions);
    }
    let text = if state.connections.opening.is_some() {
        "Connecting…"
    } else {
        "Listing…"
    };
    ui.centered_and_justified(|ui| kit::quiet(ui, text));
}

/// Nobody has answered for some time: which try runs, and the two ways out.
fn silence_ui(ui: &mut Ui, state: &State, silence: Silence, actions: &mut Actions) {
    let since = words::duration(silence.secs);
    let (title, text) = match silence.trying {
        None => (
            "Not connected yet",
            Prose::new().quiet(format!(
                "Where the credentials come from has not answered for {since}."
            )),
        ),
        Some(trying) => (
            "No answer yet",
            Prose::new()
                .mono(words::visible(failed::host_of(state)))
                .quiet(format!(
                    " has said nothing for {since}. {}.",
                    words::trying(trying)
                )),
        ),
    };
    let empty = EmptyState::new(icons::HOURGLASS, title)
        .text(text)
        .action(icons::DOCTOR, "Ask the Doctor")
        .aside(icons::STOP, "Cancel");
    let pressed = empty.show(ui);
    if pressed.aside {
        actions.push(Go::CancelListing);
    }
    act(pressed, DoctorAction::Examine(None), actions);
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
        Some(reason) => {
            let why = Prose::new().quiet(format!("Nothing can be uploaded here: {reason}."));
            let _nothing_to_press = empty.text(why).show(ui);
        }
        None => {
            let pressed = empty.action(icons::UPLOAD, "Upload files").show(ui);
            act(pressed, ObjectAction::PickUpload { target: None }, actions);
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
    let empty = empty
        .action(icons::REFRESH, "List again")
        .aside(icons::DOCTOR, "Ask the Doctor");
    let pressed = empty.show(ui);
    if pressed.aside {
        actions.push(DoctorAction::Examine(None));
    }
    act(pressed, Go::Refresh, actions);
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
