//! The line along the bottom: how far the listing got, what is selected, who we are and for how long.

use egui::{Align, Layout, Ui};

use crate::domain::{ByteSize, grouped};
use crate::settings::Access;
use crate::state::listing::Progress;
use crate::state::{Go, State};

use super::actions::Actions;
use super::kit::{self, Button};
use super::theme::tokens;
use super::{icons, words};

pub(super) fn status_bar_ui(ui: &mut Ui, state: &State, actions: &mut Actions) {
    let narrow = ui.ctx().content_rect().width() < 1000.0;
    ui.horizontal_centered(|ui| {
        ui.spacing_mut().item_spacing.x = 8.0;
        listing_ui(ui, state, actions, narrow);
        if let Some(selected) = state.selection_words() {
            kit::divider(ui, 12.0);
            kit::small(ui, selected);
        }
        ui.with_layout(Layout::right_to_left(Align::Center), |ui| {
            identity_ui(ui, state, narrow)
        });
    });
}

fn listing_ui(ui: &mut Ui, state: &State, actions: &mut Actions, narrow: bool) {
    let listing = &state.browser.listing;
    let totals = listing.catalog.totals();
    let count = grouped(totals.rows());
    let noun = if totals.rows() == 1 {
        "object"
    } else {
        "objects"
    };
    if !state.browser.filter.is_empty() {
        let shown = grouped(listing.shown());
        kit::quiet_small(ui, format!("{shown} of {count} {noun}"));
    }
    match &listing.progress {
        Progress::Idle => {
            if state.connections.opening.is_some() {
                kit::quiet_small(ui, "Connecting…");
            }
        }
        Progress::Running => {
            kit::busy(ui, "Listing");
            kit::quiet_small(ui, format!("{count} {noun} so far…"));
            if ui.add(Button::link("Cancel").small()).clicked() {
                actions.push(Go::CancelListing);
            }
        }
        Progress::Complete if state.browser.filter.is_empty() => {
            let size = ByteSize(totals.bytes);
            let text = match (totals.rows(), narrow) {
                (0, _) => "0 objects, listed to the end".to_owned(),
                (_, true) => format!("{count} {noun}"),
                (_, false) => format!("{count} {noun}, {size}"),
            };
            kit::quiet_small(ui, text).on_hover_text(size.exact());
        }
        Progress::Complete => {}
        Progress::Stopped => {
            kit::small(ui, format!("{count} {noun}, incomplete: stopped"));
            if ui.add(Button::link("List again").small()).clicked() {
                actions.push(Go::Refresh);
            }
        }
        Progress::Failed(error) if totals.rows() > 0 => {
            kit::small(ui, format!("{count} {noun} kept, incomplete"));
            kit::mono_quiet(ui, words::code(error));
        }
        Progress::Failed(error) => {
            kit::quiet_small(ui, words::not_listed(error));
            kit::mono_quiet(ui, words::code(error));
        }
    }
}

/// Connection, region, key and its source, time left, what is off; drawn from the right.
fn identity_ui(ui: &mut Ui, state: &State, narrow: bool) {
    let Some(connection) = state.connections.current() else {
        return;
    };
    let mut first = true;
    let mut part = |ui: &mut Ui, draw: &mut dyn FnMut(&mut Ui)| {
        if !std::mem::take(&mut first) {
            kit::divider(ui, 12.0);
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
                kit::quiet_small(ui, words::time_left(expires, state.now));
                kit::icon_ui(ui, icons::TIMER, tokens(ui).quiet);
            });
        }
        part(ui, &mut |ui| {
            kit::quiet_small(
                ui,
                if narrow {
                    identity.source.clone()
                } else {
                    format!("from {}", identity.source)
                },
            );
            if !narrow {
                kit::mono_quiet(ui, identity.access_key_masked.clone());
            }
        });
        if !narrow {
            part(ui, &mut |ui| {
                drop(kit::quiet_small(ui, identity.region.clone()))
            });
        }
    }
    part(ui, &mut |ui| {
        kit::quiet_small(ui, connection.name.clone());
        kit::dot_ui(ui, super::left_panel::colour_of(connection));
    });
}
