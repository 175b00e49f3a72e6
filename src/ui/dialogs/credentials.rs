//! Dialogs about keys: taking a role, the code of an MFA device, pasting key, secret and token.

use egui::Ui;
use zeroize::Zeroizing;

use crate::domain::{RoleSpec, Secret};
use crate::settings::pasted::{Pasted, PastedFlaw};
use crate::state::credentials::{CodeDialog, FormEdit, PasteDialog};
use crate::state::role::RoleDialog;
use crate::state::{DialogEdit, State};
use crate::words::diagnosis::sign_in as told;

use super::super::actions::Actions;
use super::super::kit::{self, Button, Choice, DropDown, Light, Prose, SecretField, TextField};
use super::super::settings_page::failure as failure_in_words;
use super::super::{icons, words};
use super::{focus_first, show_ui};

const LABEL: f32 = 120.0;
/// Air between what a dialog says and its first field.
const BELOW_PROSE: f32 = 4.0;

/// Lifetimes of a role's keys that are offered: seconds and words. What a role allows, its owner decides.
const LIFETIMES: [(Option<u32>, &str); 6] = [
    (None, "1 hour (default)"),
    (Some(900), "15 minutes"),
    (Some(7_200), "2 hours"),
    (Some(14_400), "4 hours"),
    (Some(28_800), "8 hours"),
    (Some(43_200), "12 hours"),
];

fn edit(actions: &mut Actions, edit: FormEdit) {
    actions.push(DialogEdit::Form(edit));
}

fn foot_ui(ui: &mut Ui, confirm: &str, refused: Option<&str>) -> Option<DialogEdit> {
    let confirm = ui.add(Button::primary(confirm).refused(refused)).clicked();
    let cancel = kit::secondary_button(ui, None, "Cancel").clicked();
    match (confirm, cancel) {
        (true, _) => Some(DialogEdit::Confirm),
        (_, true) => Some(DialogEdit::Cancel),
        _ => None,
    }
}

fn entered(ui: &Ui, field: &egui::Response) -> bool {
    field.lost_focus() && ui.input(|input| input.key_pressed(egui::Key::Enter))
}

/// Enter in a field is the primary button; where that cannot be pressed yet the field keeps the keyboard.
pub(super) fn confirm_with_enter(
    ui: &Ui,
    field: &egui::Response,
    complete: bool,
    actions: &mut Actions,
) {
    match (entered(ui, field), complete) {
        (true, true) => actions.push(DialogEdit::Confirm),
        (true, false) => field.request_focus(),
        (false, _) => {}
    }
}

pub(super) fn role_ui(ui: &Ui, dialog: &RoleDialog, actions: &mut Actions) {
    let shell = kit::Dialog::new("assume a role", "Assume a role")
        .icon(icons::IDENTITY)
        .width(560.0);
    show_ui(
        ui,
        shell,
        actions,
        |ui, actions| {
            Prose::new()
                .quiet("The connection's own credentials take the role; its temporary keys sign everything and are renewed before they end.")
                .ui(ui);
            ui.add_space(BELOW_PROSE);
            role_fields_ui(ui, dialog, actions);
            role_state_ui(ui, dialog);
        },
        |ui| role_foot_ui(ui, dialog),
    );
}

/// What keeps the role from being used, that it is being tried, or why it could not be taken.
fn role_state_ui(ui: &mut Ui, dialog: &RoleDialog) {
    if let Some(failure) = &dialog.failure {
        let (title, below) = failure_in_words(failure);
        kit::Note::bad(Prose::new().text(title))
            .below(Prose::new().quiet_with_code(&below))
            .show(ui);
    } else if dialog.trying.is_some() {
        kit::Note::busy(Prose::new().text("The role is being taken; it is kept once that worked."))
            .show(ui);
    } else if !dialog.role.arn.is_empty()
        && let Some(problem) = dialog.problem()
    {
        kit::Note::warn(Prose::new().text(format!("This cannot be used yet: {problem}."))).show(ui);
    }
}

fn role_foot_ui(ui: &mut Ui, dialog: &RoleDialog) -> Option<DialogEdit> {
    let text = match (&dialog.failure, dialog.replaces) {
        (Some(_), _) => "Try again",
        (None, true) => "Use this role instead",
        (None, false) => "Assume the role",
    };
    let tried = dialog.trying.map(|_| "it is being taken");
    let answer = foot_ui(ui, text, dialog.problem().or(tried));
    let keep = dialog.failure.is_some()
        && ui
            .add(Button::quiet("Save anyway").tooltip("Keeps the role though it was not taken"))
            .clicked();
    let drop = dialog.replaces && kit::quiet_button(ui, None, "Take no role").clicked();
    match (keep, drop) {
        (true, _) => Some(DialogEdit::Form(FormEdit::KeepRole)),
        (_, true) => Some(DialogEdit::Form(FormEdit::NoRole)),
        _ => answer,
    }
}

fn role_fields_ui(ui: &mut Ui, dialog: &RoleDialog, actions: &mut Actions) {
    let (role, complete) = (&dialog.role, dialog.problem().is_none());
    let mut row =
        |ui: &mut Ui, label: &str, hint: &str, text: &str, set: &dyn Fn(String) -> RoleSpec| {
            kit::form_row(ui, label, LABEL, |ui| {
                let mut typed = text.to_owned();
                let field = ui.add(TextField::new(&mut typed, label).hint(hint).mono());
                if field.changed() {
                    edit(actions, FormEdit::Spec(set(typed)));
                }
                confirm_with_enter(ui, &field, complete, actions);
                field
            })
        };
    let optional = |text: String| (!text.is_empty()).then_some(text);
    let own = |text: &Option<String>| text.clone().unwrap_or_default();
    let hint = "arn:aws:iam::ACCOUNT:role/NAME";
    let first = row(ui, "Role ARN", hint, &role.arn, &|text| RoleSpec {
        arn: text.trim().to_owned(),
        ..role.clone()
    });
    row(
        ui,
        "External id",
        "only if the role asks for one",
        &own(&role.external_id),
        &|text| RoleSpec {
            external_id: optional(text),
            ..role.clone()
        },
    );
    row(
        ui,
        "MFA device",
        "only if the role asks for a code",
        &own(&role.mfa_serial),
        &|text| RoleSpec {
            mfa_serial: optional(text.trim().to_owned()),
            ..role.clone()
        },
    );
    row(
        ui,
        "Session name",
        "optional, “cooperage” when empty",
        &own(&role.session_name),
        &|text| RoleSpec {
            session_name: optional(text),
            ..role.clone()
        },
    );
    focus_first(ui, "assume a role", &first);
    kit::form_row(ui, "Keys hold for", LABEL, |ui| {
        let mut chosen = LIFETIMES
            .iter()
            .position(|(secs, _)| *secs == role.duration_secs)
            .unwrap_or(usize::MAX);
        let own = role
            .duration_secs
            .map(|secs| words::duration(i64::from(secs)));
        let shown = match LIFETIMES.get(chosen) {
            Some((_, words)) => words,
            None => own.as_deref().unwrap_or_default(),
        };
        let choices: Vec<Choice> = LIFETIMES
            .iter()
            .map(|(_, words)| Choice::from(*words))
            .collect();
        let field = DropDown::new("Keys hold for", shown);
        if kit::drop_down(ui, field, &mut chosen, &choices).changed() {
            let duration_secs = LIFETIMES.get(chosen).and_then(|(secs, _)| *secs);
            let role = RoleSpec {
                duration_secs,
                ..role.clone()
            };
            edit(actions, FormEdit::Spec(role));
        }
    });
}

pub(super) fn code_ui(ui: &Ui, dialog: &CodeDialog, actions: &mut Actions) {
    let shell = kit::Dialog::new("mfa code", "Code of your MFA device")
        .icon(icons::SHIELD)
        .width(480.0);
    let code = dialog.code.reveal();
    let digits = code.chars().filter(char::is_ascii_digit).count();
    let is_other = |letter: char| !letter.is_ascii_digit() && !letter.is_whitespace();
    let has_others = code.chars().any(is_other);
    let refused = (digits != 6 || has_others).then_some("type the six digits");
    show_ui(
        ui,
        shell,
        actions,
        |ui, actions| {
            Prose::new()
                .quiet("The role ")
                .mono(words::visible(&dialog.request.role))
                .quiet(" wants a code. Device: ")
                .mono(words::visible(&dialog.request.serial))
                .ui(ui);
            ui.add_space(BELOW_PROSE);
            let mut code = Zeroizing::new(dialog.code.reveal().to_owned());
            let field = TextField::new(&mut code, "Six-digit code")
                .mono()
                .width(140.0)
                .problem(dialog.request.refused.is_some() || has_others);
            let field = kit::form_row(ui, "Six-digit code", LABEL, |ui| ui.add(field));
            if field.changed() {
                edit(actions, FormEdit::Hidden(Secret::new(code.as_str())));
            }
            if entered(ui, &field) && refused.is_none() {
                actions.push(DialogEdit::Confirm);
            }
            // Each question anew: a code that was not taken is asked for again.
            focus_first(ui, &format!("mfa code {:?}", dialog.ticket), &field);
            if has_others {
                kit::Note::warn(Prose::new().text("A code has six digits and nothing else."))
                    .show(ui);
            } else if let Some(reason) = dialog.request.refused {
                kit::Note::bad(Prose::new().text(told::refusal(reason))).show(ui);
            }
        },
        |ui| foot_ui(ui, "Use the code", refused),
    );
}

pub(super) fn paste_ui(ui: &Ui, state: &State, dialog: &PasteDialog, actions: &mut Actions) {
    let shell = kit::Dialog::new("paste keys", "Paste key, secret and token")
        .icon(icons::CLIPBOARD)
        .width(560.0);
    let whole = dialog.found.as_ref().is_some_and(Pasted::is_whole);
    let refused = match (&dialog.found, whole) {
        (None, _) => Some("paste a block of keys first"),
        (Some(_), false) => Some("key and secret are both needed"),
        (Some(_), true) => None,
    };
    show_ui(
        ui,
        shell,
        actions,
        |ui, actions| {
            Prose::new()
                .quiet("From the access portal (bash, Windows, PowerShell), the credentials file, JSON of the AWS CLI, the console's CSV, or the bare values. It is not shown again.")
                .ui(ui);
            ui.add_space(BELOW_PROSE);
            let mut text = Zeroizing::new(dialog.text.reveal().to_owned());
            let field = SecretField::new(&mut text, "Key, secret and token")
                .hint("paste the whole block here")
                .problem(dialog.found.is_some() && !whole);
            let field = ui.add(field);
            if field.changed() {
                edit(actions, FormEdit::Hidden(Secret::new(text.as_str())));
            }
            if entered(ui, &field) && whole {
                actions.push(DialogEdit::Confirm);
            }
            focus_first(ui, "paste keys", &field);
            if let Some(found) = &dialog.found {
                found_ui(ui, state, found);
            }
        },
        |ui| foot_ui(ui, "Use these keys", refused),
    );
}

/// What was found, and what is missing; no secret.
fn found_ui(ui: &mut Ui, state: &State, found: &Pasted) {
    let line = |ui: &mut Ui, light: Light, prose: &Prose<'_>| {
        ui.horizontal_top(|ui| {
            let name = match light {
                Light::Good => "found",
                Light::Bad => "missing",
                Light::Warn => "look at this",
                _ => "for information",
            };
            kit::light_icon(ui, light, name);
            prose.ui(ui);
        });
    };
    let form = told::pasted_form(found.form);
    line(
        ui,
        Light::Info,
        &Prose::new().small().quiet(format!("Read as {form}.")),
    );
    if let Some(key) = found.masked_key() {
        let mut prose = Prose::new().small().text("Access key id ").mono(key);
        if let Some(section) = &found.section {
            prose = prose.quiet(format!(" of {}", words::quoted(section)));
        }
        line(ui, Light::Good, &prose);
    }
    for (what, secret) in [
        ("Secret access key", &found.secret_key),
        ("Session token", &found.token),
    ] {
        if let Some(secret) = secret {
            let count = secret.reveal().chars().count();
            let prose = Prose::new()
                .small()
                .text(what)
                .quiet(format!(", {count} characters"));
            line(ui, Light::Good, &prose);
        }
    }
    if let Some(end) = found.expires {
        let until = end.short_text(state.now, &state.zone);
        let prose = Prose::new().small().text(format!("The keys end {until}."));
        line(ui, Light::Info, &prose);
    }
    for flaw in found.flaws(state.now) {
        let light = match flaw {
            PastedFlaw::NoAccessKey | PastedFlaw::NoSecret | PastedFlaw::NotKeys => Light::Bad,
            PastedFlaw::NoToken
            | PastedFlaw::Several
            | PastedFlaw::Ended
            | PastedFlaw::ByOrder
            | PastedFlaw::SecretLength => Light::Warn,
        };
        line(
            ui,
            light,
            &Prose::new().small().text(told::pasted_flaw(flaw)),
        );
    }
}
