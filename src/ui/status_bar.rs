//! The line along the bottom: how far the listing got, what is selected, who we are and for how long.

use egui::{Align, Layout, Ui};

use crate::catalog::Totals;
use crate::domain::{ByteSize, Timestamp, grouped};
use crate::settings::Access;
use crate::state::listing::Progress;
use crate::state::messages::{Identity, Renewal};
use crate::state::{CredentialsAction, Go, State};

use super::actions::Actions;
use super::kit::{self, Button, Prose};
use super::theme::tokens;
use super::{icons, words};

/// Between words that belong together; lines have twice as much at each side.
const GAP: f32 = 8.0;

/// Less time left than this is a warning.
const WARN_BELOW_SECS: i64 = 900;

pub(super) fn status_bar_ui(ui: &mut Ui, state: &State, actions: &mut Actions) {
    let narrow = ui.ctx().content_rect().width() < 1000.0;
    ui.horizontal_centered(|ui| {
        ui.spacing_mut().item_spacing.x = GAP;
        listing_ui(ui, state, actions, narrow);
        if let Some(selected) = state.selection_words() {
            divider_ui(ui);
            kit::small(ui, selected);
        }
        ui.with_layout(Layout::right_to_left(Align::Center), |ui| {
            identity_ui(ui, state, narrow, actions)
        });
    });
}

/// `3 objects, 1 folder`; in a narrow bar folders are left out where there are objects.
fn count_words(totals: Totals, narrow: bool) -> String {
    let count = |number: u64, one: &str, many: &str| {
        let noun = if number == 1 { one } else { many };
        format!("{} {noun}", grouped(number))
    };
    let objects = count(totals.objects, "object", "objects");
    let folders = count(totals.folders, "folder", "folders");
    match (totals.objects, totals.folders) {
        (_, 0) => objects,
        (0, _) => folders,
        _ if narrow => objects,
        _ => format!("{objects}, {folders}"),
    }
}

/// A line between two things, with room at both sides.
fn divider_ui(ui: &mut Ui) {
    ui.add_space(GAP);
    kit::divider(ui, 12.0);
    ui.add_space(GAP);
}

fn listing_ui(ui: &mut Ui, state: &State, actions: &mut Actions, narrow: bool) {
    let listing = state.browser.incoming();
    let totals = listing.catalog.totals();
    let count = count_words(totals, narrow);
    if !state.browser.filter.is_empty() && totals.rows() > 0 {
        let (shown, all) = (grouped(listing.shown()), grouped(totals.rows()));
        kit::quiet_small(ui, format!("{shown} of {all} shown"));
        if !matches!(listing.progress, Progress::Complete) {
            divider_ui(ui);
        }
    }
    let no_bucket = state.browser.location.bucket.is_empty();
    match &listing.progress {
        Progress::Complete if no_bucket => drop(kit::quiet_small(ui, "No bucket is open")),
        Progress::Idle => {
            if state.connections.opening.is_some() {
                kit::busy(ui, "Connecting");
                kit::quiet_small(ui, "Connecting…");
            } else if state.connections.failure.is_some() {
                kit::quiet_small(ui, "Not connected");
            }
        }
        Progress::Running => {
            kit::busy(ui, "Listing");
            let text = match (totals.rows(), state.silence()) {
                (0, None) => "Listing…".to_owned(),
                (_, None) => format!("{count} so far…"),
                (0, Some(_)) => "No answer yet".to_owned(),
                (_, Some(_)) => format!("{count} so far, no answer since"),
            };
            kit::quiet_small(ui, text);
            if ui.add(Button::link("Cancel").small()).clicked() {
                actions.push(Go::CancelListing);
            }
        }
        Progress::Complete if state.browser.filter.is_empty() => {
            let size = ByteSize(totals.bytes);
            let text = match (totals.rows(), narrow || totals.objects == 0) {
                (0, _) => "0 objects, listed to the end".to_owned(),
                (_, true) => count,
                (_, false) => format!("{count}, {size}"),
            };
            kit::quiet_small(ui, text).on_hover_text(size.exact());
        }
        Progress::Complete => {}
        Progress::Stopped => {
            kit::small(ui, format!("{count}, incomplete: stopped"));
            if ui.add(Button::link("List again").small()).clicked() {
                actions.push(Go::Refresh);
            }
        }
        Progress::Failed(error) if totals.rows() > 0 => {
            kit::small(ui, format!("{count} kept, incomplete"));
            kit::mono_quiet(ui, words::code(error));
            if ui.add(Button::link("List again").small()).clicked() {
                actions.push(Go::Refresh);
            }
        }
        Progress::Failed(error) => {
            kit::quiet_small(ui, words::not_listed(error));
            kit::mono_quiet(ui, words::code(error));
        }
    }
}

/// How long the keys still hold; below a quarter of an hour a warning, with what brings new ones.
fn time_left_ui(
    ui: &mut Ui,
    state: &State,
    identity: &Identity,
    expires: Timestamp,
    actions: &mut Actions,
) {
    let left = words::time_left(expires, state.now);
    let until = expires.short_text(state.now, &state.zone);
    let renews = match identity.renewal {
        Renewal::Automatic => "New keys are fetched before these end.",
        Renewal::Code => "New keys need a code of your MFA device.",
        Renewal::Never => "These keys do not renew themselves; paste new ones.",
    };
    let hint = format!("The keys work until {until}. {renews}");
    if expires.0 - state.now.0 >= WARN_BELOW_SECS {
        kit::quiet_small(ui, left).on_hover_text(hint);
        kit::icon_ui(ui, icons::TIMER, tokens(ui).quiet);
        return;
    }
    let (text, action) = match identity.renewal {
        Renewal::Never => ("Paste new keys", CredentialsAction::PasteKeys),
        Renewal::Automatic | Renewal::Code => ("Renew", CredentialsAction::Renew),
    };
    if ui.add(Button::link(text).small()).clicked() {
        actions.push(action);
    }
    let ended = expires <= state.now;
    let warn = if ended {
        tokens(ui).bad
    } else {
        tokens(ui).warn
    };
    Prose::new()
        .small()
        .coloured(left, warn)
        .line_ui(ui)
        .on_hover_text(hint);
    kit::icon_ui(ui, icons::TIMER, warn);
}

/// Connection, region, key and its source, time left, what is off; drawn from the right.
fn identity_ui(ui: &mut Ui, state: &State, narrow: bool, actions: &mut Actions) {
    let Some(connection) = state.connections.current() else {
        return;
    };
    let mut first = true;
    let mut part = |ui: &mut Ui, draw: &mut dyn FnMut(&mut Ui)| {
        if !std::mem::take(&mut first) {
            divider_ui(ui);
        }
        draw(ui);
    };
    match connection.access {
        Access::Full => {}
        Access::NoDelete => part(ui, &mut |ui| drop(kit::quiet_small(ui, "no-delete"))),
        Access::ReadOnly => part(ui, &mut |ui| drop(kit::quiet_small(ui, "read-only"))),
    }
    if state.drops_missing {
        part(ui, &mut |ui| {
            kit::quiet_small(ui, "no drops on this desktop").on_hover_text(words::DROPS_MISSING);
        });
    }
    if let Some(opened) = &state.connections.opened {
        let identity = &opened.identity;
        if let Some(expires) = identity.expires {
            part(ui, &mut |ui| {
                time_left_ui(ui, state, identity, expires, actions)
            });
        }
        let own = identity.source == "connection";
        if !(narrow && own) {
            part(ui, &mut |ui| {
                let source = match (narrow, own) {
                    (true, _) => words::source(&identity.source),
                    (false, true) => "from its settings".to_owned(),
                    (false, false) => format!("from {}", words::source(&identity.source)),
                };
                kit::quiet_small(ui, source);
                if !narrow {
                    kit::mono_quiet(ui, identity.access_key_masked.clone());
                }
            });
        }
        if !narrow {
            part(ui, &mut |ui| {
                drop(kit::quiet_small(ui, identity.region.clone()))
            });
        }
    }
    part(ui, &mut |ui| {
        let font = egui::TextStyle::Small.resolve(ui.style());
        let most = if narrow { 160.0 } else { 240.0 };
        let shown = kit::cut_middle(ui, &connection.name, &font, most);
        let cut = shown != connection.name;
        let name = kit::quiet_small(ui, shown);
        if cut {
            name.on_hover_text(&connection.name);
        }
        kit::dot_ui(ui, super::left_panel::colour_of(connection));
    });
}
