//! The line along the bottom: how much was looked at and failed, who signs and for how long.

use egui::{Align, Layout, Ui};

use crate::settings::Access;
use crate::state::State;
use crate::ui::icons;
use crate::ui::kit;
use crate::ui::left_panel::colour_of;
use crate::ui::theme::tokens;
use crate::ui::words::time_left;
use crate::words::diagnosis as words;

pub(super) fn status_ui(ui: &mut Ui, state: &State, narrow: bool) {
    ui.horizontal_centered(|ui| {
        ui.spacing_mut().item_spacing.x = 8.0;
        kit::quiet_small(ui, counts(state));
        ui.with_layout(Layout::right_to_left(Align::Center), |ui| {
            identity_ui(ui, state, narrow);
        });
    });
}

/// `13 places and 11 checks, 1 failed`, and what failed in the write test.
fn counts(state: &State) -> String {
    let diagnosis = &state.doctor.diagnosis;
    let looked_at = match (diagnosis.ladder.len(), diagnosis.checks.len()) {
        (0, 0) => return String::new(),
        (places, 0) => format!("{places} places"),
        (0, checks) => format!("{checks} checks"),
        (places, checks) => format!("{places} places and {checks} checks"),
    };
    let failed = |count: usize, what: &str| match count {
        0 => String::new(),
        count => format!(", {count} {what}"),
    };
    let looked_into = failed(
        diagnosis.failed_places() + diagnosis.failed_checks(),
        "failed",
    );
    let written = failed(diagnosis.failed_writes(), "failed in the write test");
    format!("{looked_at}{looked_into}{written}")
}

/// From the right to the left.
fn identity_ui(ui: &mut Ui, state: &State, narrow: bool) {
    let doctor = &state.doctor;
    let Some(patient) = &doctor.patient else {
        return;
    };
    let divider = |ui: &mut Ui| {
        ui.add_space(8.0);
        kit::divider(ui, 12.0);
        ui.add_space(8.0);
    };
    let access = match patient.access {
        Access::Full => None,
        Access::NoDelete => Some("no-delete"),
        Access::ReadOnly => Some("read-only"),
    };
    if let Some(access) = access {
        kit::quiet_small(ui, access);
        divider(ui);
    }
    if let Some((_, rung)) = doctor.diagnosis.deciding_rung()
        && let Some(key) = rung.key.as_ref().filter(|_| rung.cause().is_none())
    {
        if let Some(expires) = key.expires {
            kit::quiet_small(ui, time_left(expires, state.now));
            kit::icon_ui(ui, icons::TIMER, tokens(ui).quiet);
            divider(ui);
        }
        if !narrow {
            kit::quiet_small(ui, words::plain(&words::place(&rung.place)));
        }
        kit::mono_quiet(ui, key.masked_id.clone());
        divider(ui);
    }
    if let Some(setup) = &doctor.diagnosis.setup {
        kit::quiet_small(ui, setup.region.clone());
        divider(ui);
    }
    kit::quiet_small(ui, state.patient_name().unwrap_or_default());
    if state.examined_visitor().is_none() {
        kit::dot_ui(ui, colour_of(patient));
    }
}
