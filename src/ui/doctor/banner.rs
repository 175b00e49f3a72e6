//! The banner above the columns: the first thing that is broken with its remedy, or that nothing is.

use egui::Ui;

use crate::domain::diagnosis::Light;
use crate::state::{DoctorAction, State};
use crate::ui::actions::Actions;
use crate::ui::kit::{Note, Prose};
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

/// Nothing is known to be broken yet. As high as a verdict, so that nothing moves when that comes.
fn waiting_ui(ui: &mut Ui, running: bool) {
    let note = if running {
        Note::busy(Prose::new().strong("Examining…"))
            .below(Prose::new().quiet("Nothing is broken so far."))
    } else {
        Note::info(Prose::new().strong("Stopped before the end"))
            .below(Prose::new().quiet("What was found until then is shown."))
    };
    // Nothing can be pressed in it.
    let _shown = note.verdict().show(ui);
}
