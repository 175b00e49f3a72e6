//! The live checks: one row each, in their order, as they come in; below them what the server is.

use egui::{Align, Layout, Margin, Sense, Ui, vec2};

use crate::domain::diagnosis::{Check, CheckKind, Finding, Light, ServerTraits, ServerView};
use crate::state::{Action, DoctorTab, ProbeAction, State};
use crate::ui::actions::Actions;
use crate::ui::kit::{self, Button, Prose};
use crate::ui::theme::{ICON, tokens};
use crate::words::diagnosis::{checks as words, endpoint};

use super::column::{self, column_ui};

pub(super) fn checks_ui(ui: &mut Ui, state: &State, actions: &mut Actions) {
    let doctor = &state.doctor;
    let running = doctor.running.is_some();
    let counts = counts(&doctor.diagnosis.checks, running);
    let mut asked: Vec<Action> = Vec::new();
    let no_traits = ServerTraits::default();
    let traits = (doctor.patient.as_ref()).map_or(&no_traits, |patient| &patient.server);
    let view = ServerView::of(&doctor.diagnosis, traits);
    let mut foot = |ui: &mut Ui| match view.is_empty() {
        true => unknown_ui(ui),
        false => asked.extend(server_ui(ui, &view).map(Into::into)),
    };
    let has_foot = running || !view.is_empty();
    column_ui(
        ui,
        ("Live checks", &counts),
        |ui| {
            for kind in CheckKind::ALL {
                let check = doctor.diagnosis.check(kind);
                let row = ui.push_id(kind, |ui| match check {
                    Some(check) => check_ui(ui, check, actions),
                    None => waiting_ui(ui, kind, running),
                });
                if check.is_some_and(|check| check.light() == Light::Bad) {
                    column::show_failure(ui, state, DoctorTab::Checks, row.response.rect);
                }
            }
        },
        has_foot.then_some(&mut foot),
    );
    for action in asked {
        actions.push(action);
    }
}

/// `8 passed, 1 failed, 2 for information`.
fn counts(checks: &[Check], running: bool) -> String {
    let count = |wanted: &[Light]| {
        checks
            .iter()
            .filter(|check| wanted.contains(&check.light()))
            .count()
    };
    let parts = [
        (count(&[Light::Good]), "passed"),
        (count(&[Light::Bad]), "failed"),
        (count(&[Light::Warning]), "to look at"),
        (count(&[Light::Info]), "for information"),
        (count(&[Light::Skipped]), "not done"),
    ];
    let parts = parts.iter().filter(|(count, _)| *count > 0);
    let words: Vec<String> = parts
        .map(|(count, word)| format!("{count} {word}"))
        .collect();
    match (words.is_empty(), running) {
        (true, true) => "running…".to_owned(),
        (true, false) => "not run".to_owned(),
        (false, _) => words.join(", "),
    }
}

/// What the server is, and the way to what it can do.
fn server_ui(ui: &mut Ui, view: &ServerView<'_>) -> Option<ProbeAction> {
    let mut asked = None;
    ui.horizontal(|ui| {
        ui.spacing_mut().item_spacing.x = 8.0;
        ui.set_height(24.0);
        let (light, name) = match view.differences() == 0 {
            true if view.was_looked_at() => (kit::Light::Good, "as Amazon S3"),
            true => (kit::Light::NotTested, "not looked at"),
            false => (kit::Light::Info, "differs from Amazon S3"),
        };
        kit::light_icon(ui, light, name);
        kit::at_right(ui, |ui| {
            let button = Button::secondary("What it can do").small();
            if ui.add(button).clicked() {
                asked = Some(ProbeAction::ShowAbilities);
            }
            ui.with_layout(Layout::left_to_right(Align::Center), |ui| {
                Prose::new().text(endpoint::summary(view)).line_ui(ui);
            });
        });
    });
    asked
}

/// The server was not looked at yet.
fn unknown_ui(ui: &mut Ui) {
    ui.horizontal(|ui| {
        ui.spacing_mut().item_spacing.x = 8.0;
        ui.set_height(24.0);
        kit::light_icon(ui, kit::Light::NotTested, "not looked at");
        kit::quiet(ui, "What the server is");
    });
}

const fn light_of(check: &Check) -> kit::Light {
    match check.finding.light() {
        Light::Good => kit::Light::Good,
        Light::Info => kit::Light::Info,
        Light::Warning => kit::Light::Warn,
        Light::Bad => kit::Light::Bad,
        Light::Skipped => kit::Light::NotTested,
    }
}

/// A row before its result is in.
fn waiting_ui(ui: &mut Ui, kind: CheckKind, running: bool) {
    let said = if running { "checking…" } else { "not run" };
    row_ui(
        ui,
        egui::Color32::TRANSPARENT,
        kit::Light::NotTested,
        |ui| {
            let name = Prose::new().quiet(words::kind(kind));
            column::row_head_ui(ui, &name, &Prose::new().small().quiet(said));
        },
    );
}

fn check_ui(ui: &mut Ui, check: &Check, actions: &mut Actions) {
    let said = words::finding(&check.finding);
    let light = check.light();
    let fill = if light == Light::Bad {
        tokens(ui).bad_fill
    } else {
        egui::Color32::TRANSPARENT
    };
    row_ui(ui, fill, light_of(check), |ui| {
        let name = words::name(check);
        let name = match light {
            Light::Bad | Light::Warning => Prose::new().strong(name),
            Light::Skipped => Prose::new().quiet(name),
            Light::Good | Light::Info => Prose::new().text(name),
        };
        let took = check.took_ms.map(time).unwrap_or_default();
        column::row_head_ui(ui, &name, &Prose::new().small().quiet(took));
        let line = if is_name(&check.finding) {
            Prose::new().small().mono_quiet(said.title)
        } else if matches!(light, Light::Bad | Light::Warning) {
            Prose::new().small().text(format!("{}.", said.title))
        } else {
            Prose::new().small().quiet(format!("{}.", said.title))
        };
        line.ui(ui);
        for sentence in [said.cause, said.next] {
            if !sentence.is_empty() {
                Prose::new().small().quiet_with_code(&sentence).ui(ui);
            }
        }
        let remedy = check.finding.remedy();
        let remedy = remedy.filter(|_| light != Light::Skipped);
        if let Some(remedy) = remedy.filter(|it| !column::is_at_hand(it, DoctorTab::Checks)) {
            ui.add_space(6.0);
            column::remedy_ui(ui, &remedy, actions);
        }
    });
}

/// What is a name of somebody is set in the monospace font.
const fn is_name(finding: &Finding) -> bool {
    matches!(
        finding,
        Finding::NameKnown { .. } | Finding::CallerIs { .. }
    )
}

/// `38 ms`, `1.2 s`.
fn time(ms: u64) -> String {
    match ms {
        0 => "< 1 ms".to_owned(),
        1..1000 => format!("{ms} ms"),
        _ => crate::words::diagnosis::seconds(ms),
    }
}

fn row_ui(ui: &mut Ui, fill: egui::Color32, light: kit::Light, content: impl FnOnce(&mut Ui)) {
    let margin = Margin {
        left: 16,
        right: 16,
        top: 7,
        bottom: 5,
    };
    egui::Frame::NONE
        .fill(fill)
        .inner_margin(margin)
        .show(ui, |ui| {
            ui.set_width(ui.available_width());
            ui.horizontal_top(|ui| {
                ui.spacing_mut().item_spacing.x = 8.0;
                let (rect, _) = ui.allocate_exact_size(vec2(ICON, 20.0), Sense::hover());
                kit::light_at(ui, rect.center(), light, ICON);
                ui.vertical(|ui| {
                    ui.spacing_mut().item_spacing.y = 2.0;
                    content(ui);
                });
            });
        });
    kit::separator(ui);
}

#[cfg(test)]
mod tests {
    use super::*;
    use crate::domain::diagnosis::Skip;

    #[test]
    fn only_what_there_is_is_counted() {
        let check = |kind, finding| Check {
            kind,
            finding,
            took_ms: None,
        };
        let checks = [
            check(CheckKind::Proxy, Finding::NoProxy),
            check(CheckKind::Caller, Finding::SecretWrong),
            check(
                CheckKind::Listing,
                Finding::Skipped(Skip::After(CheckKind::Caller)),
            ),
        ];
        assert_eq!(
            counts(&checks, true),
            "1 failed, 1 for information, 1 not done"
        );
        assert_eq!(counts(&[], true), "running…");
        assert_eq!((time(38).as_str(), time(1240).as_str()), ("38 ms", "1.2 s"));
    }
}
