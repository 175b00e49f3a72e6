//! The banner above the columns: the first thing that is broken with its remedy, or that nothing is.

use egui::Ui;

use crate::domain::diagnosis::Light;
use crate::state::{DoctorAction, State};
use crate::ui::actions::Actions;
use crate::ui::kit::{self, Note, Prose};
use crate::words::diagnosis as words;

pub(super) fn banner_ui(ui: &mut Ui, state: &State, actions: &mut Actions) {
    let doctor = &state.doctor;
    let complete = doctor.finished.is_some();
    let Some(headline) = words::headline(&doctor.diagnosis, complete, &state.when()) else {
        return waiting_ui(ui, doctor.running.is_some());
    };
    let title = Prose::new().strong(headline.title);
    let note = match headline.light {
        Light::Bad => Note::bad(title),
        Light::Warning => Note::warn(title),
        _ => Note::good(title),
    };
    let button = headline.remedy.as_ref().map(words::remedy);
    let mut note = note.below(Prose::new().quiet(headline.below)).verdict();
    if let Some(button) = &button {
        note = note.remedy(button.as_str()).primary();
    }
    let wanted = note.show(ui).is_some_and(|response| response.clicked());
    if let Some(remedy) = headline.remedy.filter(|_| wanted) {
        actions.push(DoctorAction::Remedy(remedy));
    }
}

/// Nothing is known to be broken yet.
fn waiting_ui(ui: &mut Ui, running: bool) {
    kit::pane(ui).inner_margin(12).show(ui, |ui| {
        ui.set_width(ui.available_width());
        ui.horizontal(|ui| {
            ui.spacing_mut().item_spacing.x = 8.0;
            ui.set_height(20.0);
            if running {
                kit::busy(ui, "Examining");
                kit::label(ui, "Examining…");
                kit::quiet_small(ui, "Nothing is broken so far.");
            } else {
                kit::light_icon(ui, kit::Light::NotTested, "Stopped");
                kit::label(ui, "Stopped before the end");
                kit::quiet_small(ui, "What was found until then is shown.");
            }
        });
    });
}
