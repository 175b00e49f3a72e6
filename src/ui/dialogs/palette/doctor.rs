//! What the palette knows of the Doctor's page. Elsewhere its lines stay, with the reason why they cannot be done there.

use crate::state::{Action, DoctorAction, ProbeAction, Screen, State};

use super::super::super::icons;
use super::entries::{Add, keys};

/// What can be done with what the Doctor found.
pub(super) fn doctor(state: &State, add: &mut Add<'_>) {
    let elsewhere = (state.screen != Screen::Doctor).then_some("ask the Doctor first");
    let nothing = elsewhere.or(state.nothing_to_report());
    let unseen = elsewhere.or(state.abilities_refusal());
    let unwritten = elsewhere.or(state.writing_refusal());
    let running = state.doctor.running.is_some();
    let idle = elsewhere.or((!running).then_some("nothing is running"));
    let table: [(char, &str, &'static str, Option<&'static str>, Action); 7] = [
        (
            icons::REFRESH,
            "Run again",
            "F5",
            elsewhere,
            DoctorAction::RunAgain.into(),
        ),
        (
            icons::STOP,
            "Stop the examination",
            "",
            idle,
            DoctorAction::Stop.into(),
        ),
        (
            icons::CLIPBOARD,
            "Copy report, secrets removed",
            "",
            nothing,
            DoctorAction::CopyReport.into(),
        ),
        (
            icons::DOWNLOAD,
            "Save report",
            "",
            nothing,
            DoctorAction::SaveReport.into(),
        ),
        (
            icons::TERMINAL,
            "Copy as commands",
            "",
            nothing,
            DoctorAction::CopyCommands.into(),
        ),
        (
            icons::PENCIL,
            "Test writing",
            "",
            unwritten,
            ProbeAction::TestWriting.into(),
        ),
        (
            icons::DATABASE,
            "What it can do",
            "",
            unseen,
            ProbeAction::ShowAbilities.into(),
        ),
    ];
    for (icon, text, shortcut, refused, action) in table {
        add(icon, text, keys(shortcut), refused, action);
    }
}
