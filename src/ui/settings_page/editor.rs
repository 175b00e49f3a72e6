//! The editor of an option, chosen by its kind. Every editor is called as the option is labelled.

use egui::{Response, Ui};

use crate::settings::effective::Unused;
use crate::settings::regions;
use crate::settings::{Kind, OptionId, OptionSpec, Value};
use crate::state::settings::DraftEdit;
use crate::state::{SettingsAction, SettingsDraft};
use crate::ui::actions::Actions;
use crate::ui::kit::{self, Choice, DropDown, TextField};
use crate::ui::{welcome, words};

use super::combo::Combo;
use super::{Page, edit, effective, items, parameters, proxies, secret, verify};

/// Draws the editor; the answer is what takes the keyboard.
pub(super) fn editor_ui(
    ui: &mut Ui,
    page: Page<'_>,
    spec: &'static OptionSpec,
    actions: &mut Actions,
) -> Response {
    match spec.kind {
        Kind::Text { .. } if spec.id == OptionId::SessionProfile => {
            let choices: Vec<Choice> = (page.state.profiles.list.iter())
                .map(|one| {
                    Choice::from(one.name.as_str()).detail(welcome::profiles::kind_words(one))
                })
                .collect();
            combo_ui(ui, page, spec, &choices, actions)
        }
        Kind::Text { .. } => text_ui(ui, page, spec, actions),
        Kind::Secret => secret::secret_ui(ui, page, spec, actions),
        Kind::Pem => secret::pem_ui(ui, page, spec, actions),
        Kind::Bool { caption } => bool_ui(ui, page, spec, caption, actions),
        Kind::Integer { unit, .. } => integer_ui(ui, page, spec, unit, actions),
        Kind::Choice { values, open: true } => {
            let choices: Vec<Choice> = (values.iter())
                .filter(|value| !value.is_empty())
                .map(|value| {
                    let place = regions::place(value).filter(|_| spec.id == OptionId::Region);
                    Choice::from(*value).detail(place.unwrap_or_default())
                })
                .collect();
            combo_ui(ui, page, spec, &choices, actions)
        }
        Kind::Choice {
            values,
            open: false,
        } => choice_ui(ui, page, spec, values, actions),
        Kind::Map => parameters::object_parameters_ui(ui, page, spec, actions),
        Kind::List => items::items_ui(ui, page, spec, actions),
        Kind::Verify => verify::verify_ui(ui, page, spec, actions),
        Kind::Proxies => proxies::proxies_ui(ui, page, spec, actions),
    }
}

/// What stands in a text field: what was typed, else what is set here.
fn text_in_field(draft: &SettingsDraft, option: OptionId) -> String {
    if let Some((text, _)) = draft.texts.get(&option) {
        return text.clone();
    }
    let value = draft.connection.values.get(option);
    value.and_then(Value::to_text).unwrap_or_default()
}

/// What an empty field says: what holds without it, else what the table says.
fn hint(draft: &SettingsDraft, spec: &OptionSpec) -> String {
    effective::inherited(draft, spec.id).unwrap_or_else(|| match spec.kind {
        Kind::Text { placeholder } => placeholder.to_owned(),
        _ => match (spec.default)() {
            Value::Nothing => "not set".to_owned(),
            value => value.to_text().unwrap_or_default(),
        },
    })
}

/// Why the editor has no effect whatever it holds.
fn refusal(draft: &SettingsDraft, option: OptionId) -> Option<String> {
    let unused = draft.inspected.resolved.options.get(option).unused?;
    // Only what another option or the server rules out altogether; keys stay editable beside a profile.
    matches!(
        unused,
        Unused::ParametersHoldAcl | Unused::EndpointHasScheme | Unused::NoAccessLists
    )
    .then(|| unused.to_string())
}

fn is_wrong(draft: &SettingsDraft, option: OptionId) -> bool {
    !draft.problems_of(option).is_empty()
}

fn text_ui(
    ui: &mut Ui,
    page: Page<'_>,
    spec: &'static OptionSpec,
    actions: &mut Actions,
) -> Response {
    let mut text = text_in_field(page.draft, spec.id);
    let field = TextField::new(&mut text, spec.label)
        .hint(hint(page.draft, spec))
        .problem(is_wrong(page.draft, spec.id));
    let response = ui.add(field);
    if response.changed() {
        let option = spec.id;
        edit(actions, DraftEdit::Text { option, text });
    }
    response
}

fn combo_ui(
    ui: &mut Ui,
    page: Page<'_>,
    spec: &'static OptionSpec,
    choices: &[Choice],
    actions: &mut Actions,
) -> Response {
    let text = text_in_field(page.draft, spec.id);
    let hint = hint(page.draft, spec);
    let detail = choices.iter().find(|choice| choice.text == text);
    let combo = Combo::new(spec.label, &text)
        .hint(&hint)
        .detail(detail.map_or("", |choice| choice.detail.as_str()))
        .problem(is_wrong(page.draft, spec.id))
        .refused(refusal(page.draft, spec.id));
    let (response, typed) = combo.show(ui, choices);
    if let Some(text) = typed {
        let option = spec.id;
        edit(actions, DraftEdit::Text { option, text });
    }
    response
}

/// A choice among a few words; the first stands for "not set".
fn choice_ui(
    ui: &mut Ui,
    page: Page<'_>,
    spec: &'static OptionSpec,
    values: &[&str],
    actions: &mut Actions,
) -> Response {
    let text = text_in_field(page.draft, spec.id);
    let mut choices = vec![Choice::from("Default")];
    choices.extend(
        values
            .iter()
            .map(|value| Choice::from(*value).detail(meaning(value))),
    );
    let mut chosen = match text.as_str() {
        "" => 0,
        text => values
            .iter()
            .position(|value| *value == text)
            .map_or(usize::MAX, |at| at + 1),
    };
    let inherited = effective::inherited(page.draft, spec.id);
    let shown = match (text.as_str(), &inherited) {
        ("", Some(inherited)) => inherited.as_str(),
        ("", None) => "Default",
        (text, _) => text,
    };
    let drop_down = DropDown::new(spec.label, shown)
        .detail(meaning(shown))
        .placeholder(text.is_empty())
        .problem(is_wrong(page.draft, spec.id));
    let response = kit::drop_down(ui, drop_down, &mut chosen, &choices);
    if response.changed() {
        match chosen.checked_sub(1) {
            None => actions.push(SettingsAction::Reset(spec.id)),
            Some(at) => {
                let (option, value) = (spec.id, Value::text(values[at]));
                edit(actions, DraftEdit::Set { option, value });
            }
        }
    }
    response
}

/// What a word among the choices means.
fn meaning(value: &str) -> &'static str {
    match value {
        "s3v4" => "version 4",
        "s3" => "version 2",
        "virtual" => "bucket in the host name",
        "path" => "bucket in the path",
        "auto" => "whichever the server can",
        _ => "",
    }
}

fn bool_ui(
    ui: &mut Ui,
    page: Page<'_>,
    spec: &'static OptionSpec,
    caption: &str,
    actions: &mut Actions,
) -> Response {
    let mut on = page
        .draft
        .inspected
        .resolved
        .options
        .value(spec.id)
        .is_truthy();
    if let Some(reason) = refusal(page.draft, spec.id) {
        return kit::refused_check_box(ui, on, caption, &reason).accessible_name(spec.label);
    }
    let response = kit::check_box(ui, &mut on, caption);
    if response.changed() {
        let (option, value) = (spec.id, Value::Bool(on));
        edit(actions, DraftEdit::Set { option, value });
    }
    response.accessible_name(spec.label)
}

fn integer_ui(
    ui: &mut Ui,
    page: Page<'_>,
    spec: &'static OptionSpec,
    unit: &str,
    actions: &mut Actions,
) -> Response {
    let mut text = text_in_field(page.draft, spec.id);
    ui.horizontal(|ui| {
        let field = TextField::new(&mut text, spec.label)
            .hint(hint(page.draft, spec))
            .width(120.0)
            .problem(is_wrong(page.draft, spec.id));
        let response = ui.add(field);
        let value = page.draft.inspected.resolved.options.value(spec.id);
        let remark = match (spec.id, value) {
            (OptionId::MaxMemory, Value::Integer(0)) => format!("{unit}, never spills to disk"),
            (OptionId::LinkExpiry, Value::Integer(secs)) if *secs > 0 => {
                format!("{unit}, {}", words::lifetime(*secs))
            }
            _ => unit.to_owned(),
        };
        kit::quiet(ui, remark);
        if response.changed() {
            let option = spec.id;
            edit(actions, DraftEdit::Text { option, text });
        }
        response
    })
    .inner
}
