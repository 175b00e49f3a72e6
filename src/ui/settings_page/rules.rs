//! Upload parameters for keys that match a pattern, on top of those for all.

use egui::Ui;

use crate::domain::ParameterRule;
use crate::state::settings::DraftEdit;
use crate::ui::actions::Actions;
use crate::ui::icons;
use crate::ui::kit::{self, Button, TextField};
use crate::ui::theme::tokens;

use super::parameters::{add_ui, table_ui};
use super::{Page, edit};

/// The button that adds a rule.
pub(super) fn add_rule_ui(ui: &mut Ui, page: Page<'_>, actions: &mut Actions) {
    let add = Button::secondary("Add rule by name")
        .icon(icons::LIST_BULLETS)
        .small()
        .tooltip("Other parameters for keys that match a pattern");
    if ui.add(add).clicked() {
        let mut rules = page.draft.connection.rules.clone();
        rules.push(ParameterRule {
            glob: "**/*.css".to_owned(),
            parameters: Vec::new(),
        });
        edit(actions, DraftEdit::Rules(rules));
    }
}

/// The rules of this connection, in order; later ones win.
pub(super) fn rules_ui(ui: &mut Ui, page: Page<'_>, actions: &mut Actions) {
    let rules = &page.draft.connection.rules;
    for (at, rule) in rules.iter().enumerate() {
        ui.add_space(4.0);
        let changed = ui.push_id(("rule", at), |ui| rule_ui(ui, at, rule)).inner;
        let mut rules = rules.clone();
        match changed {
            Some(Some(rule)) => rules[at] = rule,
            Some(None) => drop(rules.remove(at)),
            None => continue,
        }
        edit(actions, DraftEdit::Rules(rules));
    }
}

/// One rule: its pattern and its table. The answer is the new rule, or that it shall go.
fn rule_ui(ui: &mut Ui, at: usize, rule: &ParameterRule) -> Option<Option<ParameterRule>> {
    let mut answer = None;
    ui.horizontal(|ui| {
        ui.spacing_mut().item_spacing.x = 8.0;
        kit::quiet_small(ui, "Keys like");
        let mut glob = rule.glob.clone();
        let field = TextField::new(&mut glob, format!("Pattern of rule {}", at + 1))
            .hint("**/*.css")
            .mono()
            .problem(rule.glob.is_empty())
            .width(ui.available_width() - 36.0);
        if ui.add(field).changed() {
            answer = Some(Some(ParameterRule {
                glob,
                ..rule.clone()
            }));
        }
        ui.spacing_mut().item_spacing.x = 4.0;
        let quiet = tokens(ui).quiet;
        let remove = Button::icon_only(icons::X, format!("Remove rule {}", at + 1)).ink(quiet);
        if ui.add(remove).clicked() {
            answer = Some(None);
        }
    });
    let table = table_ui(ui, &rule.parameters);
    let (_, added) = add_ui(ui, &rule.parameters);
    if let Some(parameters) = table.or(added) {
        answer = Some(Some(ParameterRule {
            glob: rule.glob.clone(),
            parameters,
        }));
    }
    answer
}
