//! What a server can do: one row an ability, what was found, what follows where it differs from Amazon's, and what a
//! person says instead.

use egui::{Align, Layout, Margin, Ui, vec2};

use crate::domain::diagnosis::{Known, ServerTraits, ServerView, Standing};
use crate::state::{ProbeAction, State};
use crate::words::diagnosis::endpoint as words;

use super::super::actions::Actions;
use super::super::doctor::stop_button;
use super::super::icons;
use super::super::kit::{self, Button, DropDown, Light, MenuItem, Prose};
use super::super::words::visible;
use super::show_ui;

const WIDTH: f32 = 860.0;
/// Where the row has no room for it, what Amazon does is left to the explanation.
const WITH_AMAZON_FROM: f32 = 720.0;
const LIGHT: f32 = 16.0;
const NAME: f32 = 176.0;
const ANSWER: f32 = 168.0;
const AMAZON: f32 = 128.0;

pub(super) fn abilities_ui(ui: &mut Ui, state: &State, actions: &mut Actions) {
    let no_traits = ServerTraits::default();
    let traits = state
        .doctor
        .patient
        .as_ref()
        .map_or(&no_traits, |patient| &patient.server);
    let view = ServerView::of(&state.doctor.diagnosis, traits);
    let host = view
        .report
        .map_or_else(String::new, |one| visible(&one.host));
    let dialog = kit::Dialog::new("abilities", "What it can do")
        .remark(&host)
        .icon(icons::DATABASE)
        .width(WIDTH)
        .full_body();
    let mut wanted = None;
    show_ui(
        ui,
        dialog,
        actions,
        |ui, actions| {
            ui.spacing_mut().item_spacing.y = 0.0;
            summary_ui(ui, &view);
            heads_ui(ui);
            for standing in view.standings() {
                ui.push_id(standing.ability.word(), |ui| {
                    row_ui(ui, &standing, actions);
                });
            }
        },
        |ui| {
            let close = kit::secondary_button(ui, None, "Close").clicked();
            wanted = writing_ui(ui, state, &view);
            close.then_some(crate::state::DialogEdit::Cancel)
        },
    );
    if let Some(action) = wanted {
        actions.push(action);
    }
}

/// The write test, where something is known only by it.
fn writing_ui(ui: &mut Ui, state: &State, view: &ServerView<'_>) -> Option<ProbeAction> {
    if state.probe.testing.is_some() {
        return ui
            .add(stop_button(state))
            .clicked()
            .then_some(ProbeAction::StopTesting);
    }
    let is_open = |one: &Standing| one.ability.needs_writing() && one.holds().is_none();
    if !view.standings().iter().any(is_open) {
        return None;
    }
    let test = Button::secondary("Find out by writing")
        .icon(icons::PENCIL)
        .refused(state.writing_refusal());
    ui.add(test).clicked().then_some(ProbeAction::TestWriting)
}

/// What the columns are.
fn heads_ui(ui: &mut Ui) {
    egui::Frame::NONE
        .inner_margin(Margin::symmetric(16, 4))
        .show(ui, |ui| {
            ui.set_width(ui.available_width());
            ui.horizontal(|ui| {
                ui.spacing_mut().item_spacing.x = 8.0;
                ui.add_space(LIGHT + 8.0);
                cell_ui(ui, NAME, 20.0, |ui| drop(kit::quiet_small(ui, "Ability")));
                cell_ui(ui, ANSWER, 20.0, |ui| {
                    drop(kit::quiet_small(ui, "This server"))
                });
                if shows_amazon(ui) {
                    cell_ui(ui, AMAZON, 20.0, |ui| {
                        drop(kit::quiet_small(ui, "Amazon S3"))
                    });
                }
                kit::quiet_small(ui, "What follows");
            });
        });
    kit::separator(ui);
}

fn shows_amazon(ui: &Ui) -> bool {
    ui.ctx().content_rect().width() >= WITH_AMAZON_FROM
}

/// A piece of a row of a width of its own.
fn cell_ui(ui: &mut Ui, width: f32, height: f32, content: impl FnOnce(&mut Ui)) {
    let layout = Layout::left_to_right(Align::Center);
    ui.allocate_ui_with_layout(vec2(width, height), layout, |ui| {
        ui.set_width(width);
        content(ui);
    });
}

fn summary_ui(ui: &mut Ui, view: &ServerView<'_>) {
    egui::Frame::NONE
        .inner_margin(Margin::symmetric(16, 12))
        .show(ui, |ui| {
            ui.set_width(ui.available_width());
            let mut prose = Prose::new().strong(words::summary(view)).quiet(".");
            if let Some(server) = view.report.and_then(|report| report.server.as_ref()) {
                prose = prose.quiet(" It calls itself ").mono(visible(server)).quiet(".");
            }
            prose.ui(ui);
            Prose::new()
                .small()
                .quiet("What is found is kept with the connection. What you choose here counts instead; in the first row that is ")
                .mono_quiet("AWS_S3_ADDRESSING_STYLE")
                .quiet(".")
                .ui(ui);
        });
    kit::separator(ui);
}

fn row_ui(ui: &mut Ui, standing: &Standing, actions: &mut Actions) {
    let light = match standing.holds() {
        None => Light::NotTested,
        Some(_) if standing.deviates() => Light::Info,
        Some(_) => Light::Good,
    };
    let said = match (words::what_follows(standing), standing.known) {
        // "Not tested" says enough of that.
        ("", Known::Is(_) | Known::NeedsWriting) => words::purpose(standing.ability).to_owned(),
        ("", _) => match words::why_unknown(standing) {
            why if why.is_empty() => words::purpose(standing.ability).to_owned(),
            why => why,
        },
        (follows, _) => follows.to_owned(),
    };
    egui::Frame::NONE
        .inner_margin(Margin::symmetric(16, 6))
        .show(ui, |ui| {
            ui.set_width(ui.available_width());
            ui.horizontal_top(|ui| {
                ui.spacing_mut().item_spacing = vec2(8.0, 2.0);
                let (rect, _) = ui.allocate_exact_size(vec2(LIGHT, 28.0), egui::Sense::hover());
                kit::light_at(ui, rect.center(), light, LIGHT);
                cell_ui(ui, NAME, 28.0, |ui| {
                    drop(kit::label(ui, words::ability(standing.ability)))
                });
                ui.vertical(|ui| {
                    ui.set_width(ANSWER);
                    answer_ui(ui, standing, actions);
                    if standing.set.is_some() {
                        kit::quiet_small(ui, "set by you");
                    }
                });
                if shows_amazon(ui) {
                    cell_ui(ui, AMAZON, 28.0, |ui| {
                        drop(kit::quiet(ui, words::answer(standing.ability.of_amazon())))
                    });
                }
                ui.vertical(|ui| {
                    ui.add_space(6.0);
                    Prose::new().small().quiet(said).ui(ui);
                });
            });
        });
    kit::separator(ui);
}

/// What was found, or what is said instead, to be chosen.
fn answer_ui(ui: &mut Ui, standing: &Standing, actions: &mut Actions) {
    let Standing { ability, set, .. } = *standing;
    let found_word = words::found(standing);
    let shown = set.map_or(found_word, words::answer);
    let menu = DropDown::new(words::ability(ability), shown).width(ANSWER);
    menu.show(ui, |ui| {
        let as_found = MenuItem::new(format!("As found: {found_word}")).checked(set.is_none());
        if ui.add(as_found).clicked() {
            actions.push(ProbeAction::SetAbility(ability, None));
        }
        kit::menu_separator(ui);
        for answer in ability.choices() {
            let item = MenuItem::new(words::answer(*answer)).checked(set == Some(*answer));
            if ui.add(item).clicked() {
                actions.push(ProbeAction::SetAbility(ability, Some(*answer)));
            }
        }
    });
}
