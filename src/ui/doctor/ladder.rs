//! Where credentials come from: one row a place in the order of the search, the one that signs on a ground of its own.

use egui::{Align, Frame, Layout, Margin, Sense, Ui, vec2};

use crate::domain::diagnosis::{Light, Remedy, Rung, RungState};
use crate::state::{DoctorAction, DoctorTab, State};
use crate::ui::actions::Actions;
use crate::ui::icons;
use crate::ui::kit::{self, Button, Prose};
use crate::ui::theme::{ICON, tokens};
use crate::words::diagnosis::{self as words, RungWords, When};

use super::column::{self, Voice, column_ui, with_code};

/// Width of the numbers.
const NUMBER: f32 = 20.0;
/// Least width of the places in a chain, and their most as a part of the room.
const PLACES: f32 = 132.0;
const PLACES_SHARE: f32 = 0.5;
/// Between the upright line of a chain and its words.
const BESIDE_LINE: f32 = 12.0;

pub(super) fn ladder_ui(ui: &mut Ui, state: &State, actions: &mut Actions) {
    let when = state.when();
    let ladder = &state.doctor.diagnosis.ladder;
    let mut asked = Vec::new();
    column_ui(
        ui,
        ("Where credentials come from", "the first that is set wins"),
        |ui| {
            for (at, rung) in ladder.iter().enumerate() {
                let row = ui.push_id(at, |ui| rung_ui(ui, at + 1, rung, &when, actions));
                if rung.light() == Light::Bad {
                    let row = row.response.rect;
                    column::show_failure(ui, state, DoctorTab::Credentials, row);
                }
            }
        },
        Some(&mut |ui| asked.extend(foot_ui(ui, state.role_refusal()))),
    );
    for remedy in asked {
        actions.push(DoctorAction::Remedy(remedy));
    }
}

/// Two ways to other credentials.
fn foot_ui(ui: &mut Ui, no_role: Option<&str>) -> Vec<Remedy> {
    let mut asked = Vec::new();
    ui.horizontal(|ui| {
        ui.spacing_mut().item_spacing.x = 8.0;
        let paste = Button::secondary("Paste key, secret and token").icon(icons::CLIPBOARD);
        if ui.add(paste).clicked() {
            asked.push(Remedy::PasteKeys);
        }
        let role = Button::secondary("Assume a role")
            .icon(icons::ID_BADGE)
            .refused(no_role);
        if ui.add(role).clicked() {
            asked.push(Remedy::AssumeRole);
        }
    });
    asked
}

fn rung_ui(ui: &mut Ui, number: usize, rung: &Rung, when: &When<'_>, actions: &mut Actions) {
    let words = words::rung(rung, when);
    let fill = match (&rung.state, rung.light()) {
        (RungState::Used, Light::Warning) => tokens(ui).warn_fill,
        (RungState::Used, Light::Good) => tokens(ui).good_fill,
        (_, Light::Bad) => tokens(ui).bad_fill,
        _ => egui::Color32::TRANSPARENT,
    };
    // A place that holds nothing is one line.
    let bare = words.steps.is_empty() && words.lines.is_empty();
    Frame::NONE
        .fill(fill)
        .inner_margin(Margin::symmetric(16, if bare { 6 } else { 8 }))
        .show(ui, |ui| {
            ui.set_width(ui.available_width());
            ui.horizontal_top(|ui| {
                ui.spacing_mut().item_spacing.x = 8.0;
                number_ui(ui, number);
                let (rect, _) = ui.allocate_exact_size(vec2(ICON, 20.0), Sense::hover());
                kit::light_at(ui, rect.center(), light_of(rung), ICON);
                ui.vertical(|ui| {
                    ui.spacing_mut().item_spacing.y = 2.0;
                    head_ui(ui, rung, &words);
                    chain_ui(ui, rung, &words);
                    for line in &words.lines {
                        with_code(line, Voice::Quiet).small().ui(ui);
                    }
                    let remedy = rung.remedy.as_ref().filter(|_| rung.is_set());
                    let column = DoctorTab::Credentials;
                    if let Some(remedy) = remedy.filter(|it| !column::is_at_hand(it, column)) {
                        ui.add_space(4.0);
                        column::remedy_ui(ui, remedy, actions);
                    }
                });
            });
        });
    kit::separator(ui);
}

fn number_ui(ui: &mut Ui, number: usize) {
    ui.allocate_ui_with_layout(
        vec2(NUMBER, 20.0),
        Layout::right_to_left(Align::Center),
        |ui| {
            ui.set_min_width(NUMBER);
            kit::quiet(ui, number.to_string());
        },
    );
}

fn light_of(rung: &Rung) -> kit::Light {
    match &rung.state {
        RungState::Used if rung.light() == Light::Warning => kit::Light::Warn,
        RungState::Used if rung.is_fetching() => kit::Light::NotTested,
        RungState::NotSet | RungState::NotSearched => kit::Light::NotSet,
        RungState::NotAsked => kit::Light::NotTested,
        RungState::Shadowed { .. } => kit::Light::Shadowed,
        RungState::Used => kit::Light::Good,
        RungState::Failed { .. } => kit::Light::Bad,
    }
}

/// What the place is called, and at the right how it stands.
fn head_ui(ui: &mut Ui, rung: &Rung, words: &RungWords) {
    let tokens = tokens(ui);
    let verdict = match rung.state {
        RungState::Used if rung.light() == Light::Warning => {
            Prose::new().small().coloured(&words.verdict, tokens.warn)
        }
        RungState::Used if rung.is_fetching() => Prose::new().small().quiet(&words.verdict),
        RungState::Used => Prose::new().small().coloured(&words.verdict, tokens.good),
        RungState::Failed { .. } => Prose::new().small().coloured(&words.verdict, tokens.bad),
        _ => Prose::new().small().quiet(&words.verdict),
    };
    let voice = match rung.state {
        RungState::NotSet | RungState::NotSearched | RungState::NotAsked => Voice::Quiet,
        RungState::Used => Voice::Strong,
        _ if rung.decides() => Voice::Strong,
        _ => Voice::Text,
    };
    column::row_head_ui(ui, &with_code(&words.title, voice), &verdict);
}

/// The chain of a profile along an upright line.
fn chain_ui(ui: &mut Ui, rung: &Rung, words: &RungWords) {
    if words.steps.is_empty() {
        return;
    }
    ui.add_space(4.0);
    let top = ui.cursor().top();
    let left = ui.cursor().left();
    let most = ((ui.available_width() - BESIDE_LINE) * PLACES_SHARE).max(PLACES);
    let widest = (words.steps.iter())
        .map(|(place, _)| with_code(place, Voice::Quiet).small().width(ui).ceil())
        .fold(PLACES, f32::max);
    let places = widest.min(most);
    ui.horizontal_top(|ui| {
        ui.add_space(BESIDE_LINE);
        ui.vertical(|ui| {
            ui.spacing_mut().item_spacing.y = 4.0;
            for (step, (place, said)) in rung.steps.iter().zip(&words.steps) {
                ui.horizontal_top(|ui| {
                    ui.spacing_mut().item_spacing.x = 8.0;
                    ui.allocate_ui_with_layout(
                        vec2(places, 16.0),
                        Layout::left_to_right(Align::Min),
                        |ui| {
                            ui.set_width(places);
                            with_code(place, Voice::Quiet)
                                .small()
                                .line_ui(ui)
                                .on_hover_text(words::plain(place));
                        },
                    );
                    let prose = if step.light == Light::Bad {
                        Prose::new().coloured(words::plain(said), tokens(ui).bad)
                    } else {
                        with_code(said, Voice::Text)
                    };
                    prose.small().ui(ui);
                });
            }
        });
    });
    let line = egui::Stroke::new(
        1.0,
        if rung.light() == Light::Bad {
            tokens(ui).bad
        } else {
            tokens(ui).good
        },
    );
    ui.painter()
        .vline(left + 0.5, top..=ui.cursor().top() - 2.0, line);
    ui.add_space(2.0);
}
