//! Upload parameters for keys that match a pattern, on top of those for all: the counterpart of `get_object_parameters`.
//!
//! Under each rule stands what it fits: the sample name of the preview, and how many of the objects that are listed.

use egui::Ui;

use crate::domain::ParameterRule;
use crate::settings::parameters::check_parameter;
use crate::state::rules::RuleMatch;
use crate::state::settings::DraftEdit;
use crate::ui::actions::Actions;
use crate::ui::kit::{self, Button, Light, Prose, TextField};
use crate::ui::theme::tokens;
use crate::ui::{icons, words};

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

/// What is done with a rule.
enum Change {
    To(ParameterRule),
    Remove,
    Up,
    Down,
}

/// The rules of this connection, in order; later ones win.
pub(super) fn rules_ui(ui: &mut Ui, page: Page<'_>, actions: &mut Actions) {
    let rules = &page.draft.connection.rules;
    if rules.is_empty() {
        inherited_ui(ui, page);
        return;
    }
    for (at, rule) in rules.iter().enumerate() {
        ui.add_space(4.0);
        let changed = ui.push_id(("rule", at), |ui| rule_ui(ui, page, at, rule));
        let mut rules = rules.clone();
        match changed.inner {
            Some(Change::To(rule)) => rules[at] = rule,
            Some(Change::Remove) => drop(rules.remove(at)),
            Some(Change::Up) => rules.swap(at - 1, at),
            Some(Change::Down) => rules.swap(at, at + 1),
            None => continue,
        }
        edit(actions, DraftEdit::Rules(rules));
    }
}

/// Rules of a parent hold while there are none here.
fn inherited_ui(ui: &mut Ui, page: Page<'_>) {
    let parameters = &page.draft.inspected.resolved.config.object_parameters;
    let words = match parameters.rules.len() {
        0 => return,
        1 => "1 rule of the connection this one is based on holds; a rule here replaces it."
            .to_owned(),
        count => format!(
            "{count} rules of the connection this one is based on hold; a rule here replaces them all."
        ),
    };
    ui.add_space(4.0);
    Prose::new().small().quiet(words).ui(ui);
}

/// One rule: its pattern, its table, what it fits.
fn rule_ui(ui: &mut Ui, page: Page<'_>, at: usize, rule: &ParameterRule) -> Option<Change> {
    let mut change = head_ui(ui, page, at, rule);
    let table = table_ui(ui, &rule.parameters);
    let added = ui.horizontal(|ui| add_ui(ui, &rule.parameters).1).inner;
    if let Some(parameters) = table.or(added) {
        change = Some(Change::To(ParameterRule {
            glob: rule.glob.clone(),
            parameters,
        }));
    }
    let own = page.draft.rule_matches.rules.get(at);
    fits_ui(ui, page, rule, own.unwrap_or(&RuleMatch::default()));
    problems_ui(ui, page, at, rule);
    change
}

/// The pattern, its place in the order, and the way out.
fn head_ui(ui: &mut Ui, page: Page<'_>, at: usize, rule: &ParameterRule) -> Option<Change> {
    let number = at + 1;
    let count = page.draft.connection.rules.len();
    let mut change = None;
    ui.horizontal(|ui| {
        ui.spacing_mut().item_spacing.x = 8.0;
        kit::quiet_small(ui, "Keys like");
        let mut glob = rule.glob.clone();
        let buttons = if count > 1 { 96.0 } else { 36.0 };
        let field = TextField::new(&mut glob, format!("Pattern of rule {number}"))
            .hint("**/*.css")
            .mono()
            .problem(rule.glob.is_empty())
            .width(ui.available_width() - buttons);
        if ui.add(field).changed() {
            change = Some(Change::To(ParameterRule {
                glob,
                ..rule.clone()
            }));
        }
        ui.spacing_mut().item_spacing.x = 2.0;
        let quiet = tokens(ui).quiet;
        if count > 1 {
            let first = (at == 0).then_some("the first rule");
            let up = Button::icon_only(icons::CARET_UP, format!("Move rule {number} up"));
            if ui.add(up.ink(quiet).refused(first)).clicked() {
                change = Some(Change::Up);
            }
            let last = (number == count).then_some("the last rule, which wins");
            let down = Button::icon_only(icons::CARET_DOWN, format!("Move rule {number} down"));
            if ui.add(down.ink(quiet).refused(last)).clicked() {
                change = Some(Change::Down);
            }
        }
        let remove = Button::icon_only(icons::X, format!("Remove rule {number}")).ink(quiet);
        if ui.add(remove).clicked() {
            change = Some(Change::Remove);
        }
    });
    change
}

/// What the pattern fits.
fn fits_ui(ui: &mut Ui, page: Page<'_>, rule: &ParameterRule, found: &RuleMatch) {
    let mut prose = Prose::new().small();
    let shown = page.draft.preview.shown.as_ref();
    if let Some(Ok((front, name))) = shown.map(|preview| &preview.key) {
        let key = format!("{front}{name}");
        let words = if rule.fits(&key) {
            "Fits the sample "
        } else {
            "Does not fit the sample "
        };
        prose = prose.quiet(words).mono_quiet(words::visible(&key));
    }
    let checked = page.draft.rule_matches.checked;
    if checked > 0 {
        let of_all = match found.count {
            0 => format!(". Fits none of {checked} listed objects"),
            count => format!(". Fits {count} of {checked} listed objects: "),
        };
        prose = prose.quiet(of_all);
        if found.count > 0 {
            let mut examples = found.examples.join(", ");
            if found.count > found.examples.len() {
                examples.push_str(", …");
            }
            prose = prose.mono_quiet(words::visible(&examples));
        }
    }
    prose.ui(ui);
}

fn problems_ui(ui: &mut Ui, page: Page<'_>, at: usize, rule: &ParameterRule) {
    let mut problems = Vec::new();
    if rule.glob.is_empty() {
        problems.push((
            Light::Bad,
            "A pattern is missing: this rule fits nothing.".to_owned(),
        ));
    }
    let rules = &page.draft.connection.rules;
    if rules[..at].iter().any(|other| other.glob == rule.glob) {
        let words = "A rule above has the same pattern; what both set, this one decides.";
        problems.push((Light::Warn, words.to_owned()));
    }
    let refused = (rule.parameters.iter())
        .filter_map(|(name, value)| check_parameter(name, value).err())
        .map(|reason| (Light::Bad, format!("Uploads it fits stop: {reason}.")));
    problems.extend(refused);
    for (light, words) in problems {
        ui.horizontal_top(|ui| {
            ui.spacing_mut().item_spacing.x = 8.0;
            kit::light_icon(ui, light, "about this rule");
            Prose::new().small().text(words).ui(ui);
        });
    }
}
