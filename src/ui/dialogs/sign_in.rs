//! Signing in to Identity Center: the address, what to do in the browser, then account and role.

use egui::{ScrollArea, Ui};

use crate::domain::{Account, SignInMethod, SignInStep};
use crate::state::credentials::{For, FormEdit, Picking, SignInDialog, Stage};
use crate::state::{DialogEdit, State};
use crate::words::diagnosis::sign_in as told;

use super::super::actions::Actions;
use super::super::kit::{self, Button, Choice, DropDown, Prose, TextField};
use super::super::{icons, words};
use super::credentials::confirm_with_enter;
use super::{focus_first, show_ui};

const WIDTH: f32 = 560.0;
const LABEL: f32 = 120.0;

fn edit(actions: &mut Actions, edit: FormEdit) {
    actions.push(DialogEdit::Form(edit));
}

pub(super) fn sign_in_ui(ui: &Ui, state: &State, dialog: &SignInDialog, actions: &mut Actions) {
    let title = match &dialog.stage {
        Stage::Address | Stage::Waiting { .. } => "Sign in to Identity Center",
        Stage::Picking(_) => "Choose account and role",
    };
    let shell = kit::Dialog::new("sign in", title)
        .icon(icons::SIGN_IN)
        .width(WIDTH);
    show_ui(
        ui,
        shell,
        actions,
        |ui, actions| {
            match &dialog.stage {
                Stage::Address => address_ui(ui, state, dialog, actions),
                Stage::Waiting { step, .. } => waiting_ui(ui, state, step.as_ref(), actions),
                Stage::Picking(picking) => picking_ui(ui, state, dialog, picking, actions),
            }
            if let Some(problem) = &dialog.problem {
                kit::Note::bad(Prose::new().text(problem)).show(ui);
            }
        },
        |ui| foot_ui(ui, state, dialog),
    );
}

fn foot_ui(ui: &mut Ui, state: &State, dialog: &SignInDialog) -> Option<DialogEdit> {
    let mut answer = None;
    match &dialog.stage {
        Stage::Address => {
            let refused = dialog.refusal().map(told::session_problem);
            if ui
                .add(Button::primary("Sign in").refused(refused))
                .clicked()
            {
                answer = Some(DialogEdit::Confirm);
            }
        }
        Stage::Waiting { .. } => {
            if kit::secondary_button(ui, None, "Back").clicked() {
                answer = Some(DialogEdit::Form(FormEdit::Back));
            }
        }
        Stage::Picking(_) => {
            let refused = match (dialog.chosen(), dialog.addition(&state.environment)) {
                (None, _) => Some("choose an account and a role first"),
                (Some(_), Some(Err(reason))) => Some(told::no_addition(&reason)),
                _ => None,
            };
            let text = match dialog.target {
                For::New | For::Nothing => "Add the connection",
                For::Draft | For::Connection(_) => "Use these credentials",
            };
            if ui.add(Button::primary(text).refused(refused)).clicked() {
                answer = Some(DialogEdit::Confirm);
            }
        }
    }
    if kit::secondary_button(ui, None, "Cancel").clicked() {
        answer = Some(DialogEdit::Cancel);
    }
    answer
}

fn address_ui(ui: &mut Ui, state: &State, dialog: &SignInDialog, actions: &mut Actions) {
    let complete = dialog.refusal().is_none();
    let sessions = &state.profiles.sessions;
    if !sessions.is_empty() {
        kit::form_row(ui, "Session", LABEL, |ui| {
            let mut chosen = sessions
                .iter()
                .position(|session| session.name == dialog.name && dialog.name.is_some())
                .unwrap_or(usize::MAX);
            let choices: Vec<Choice> = sessions
                .iter()
                .map(|session| Choice::from(session.cache_id()))
                .collect();
            let shown = dialog.name.as_deref().unwrap_or("another address");
            let field = DropDown::new("Session", shown).placeholder(dialog.name.is_none());
            if kit::drop_down(ui, field, &mut chosen, &choices).changed() {
                edit(actions, FormEdit::Session(sessions[chosen].clone()));
            }
        });
    }
    kit::form_row(ui, "Start URL", LABEL, |ui| {
        let mut url = dialog.start_url.clone();
        let field = TextField::new(&mut url, "Start URL")
            .hint("https://NAME.awsapps.com/start")
            .mono();
        let field = ui.add(field);
        if field.changed() {
            edit(actions, FormEdit::StartUrl(url));
        }
        confirm_with_enter(ui, &field, complete, actions);
        focus_first(ui, "sign in", &field);
    });
    kit::form_row(ui, "Region", LABEL, |ui| {
        let mut region = dialog.region.clone();
        let field = TextField::new(&mut region, "Region of Identity Center")
            .hint("where Identity Center is, not the bucket")
            .mono();
        let field = ui.add(field);
        if field.changed() {
            edit(actions, FormEdit::Region(region));
        }
        confirm_with_enter(ui, &field, complete, actions);
    });
    kit::form_row(ui, "How", LABEL, |ui| {
        let mut chosen = usize::from(dialog.method == SignInMethod::DeviceCode);
        let choices = ["Browser of this computer", "Code, in any browser"].map(Choice::from);
        if kit::segments(ui, "How to sign in", &mut chosen, &choices).changed() {
            let method = match chosen {
                0 => SignInMethod::Browser,
                _ => SignInMethod::DeviceCode,
            };
            edit(actions, FormEdit::Method(method));
        }
    });
    ui.add_space(4.0);
    Prose::new()
        .small()
        .quiet("The sign-in is kept where the AWS tools keep theirs, ")
        .mono_quiet("~/.aws/sso/cache")
        .quiet(", so that they need none of their own.")
        .ui(ui);
}

fn waiting_ui(ui: &mut Ui, state: &State, step: Option<&SignInStep>, actions: &mut Actions) {
    let Some(step) = step else {
        ui.horizontal(|ui| {
            kit::busy(ui, "Asking Identity Center");
            kit::quiet(ui, "Asking Identity Center…");
        });
        return;
    };
    match step {
        SignInStep::Browser { .. } => {
            Prose::new()
                .text("The browser has opened. Allow the access there; this window then goes on by itself.")
                .ui(ui);
        }
        SignInStep::Device { code, url, .. } => {
            Prose::new()
                .text("Compare this code with the one in the browser, and confirm it there:")
                .ui(ui);
            kit::text_box(ui).show(ui, |ui| {
                ui.horizontal(|ui| {
                    ui.set_min_height(40.0);
                    kit::title(ui, code.as_str());
                    kit::at_right(ui, |ui| {
                        if kit::small_button(ui, icons::COPY, "Copy code").clicked() {
                            edit(actions, FormEdit::CopyCode);
                        }
                    });
                });
            });
            Prose::new()
                .small()
                .quiet("On another device, go to ")
                .mono(words::visible(url))
                .quiet(" and type it.")
                .ui(ui);
        }
    }
    ui.horizontal(|ui| {
        if kit::secondary_button(ui, icons::GLOBE, "Open the browser again").clicked() {
            edit(actions, FormEdit::OpenBrowser);
        }
        if kit::secondary_button(ui, icons::COPY, "Copy address").clicked() {
            edit(actions, FormEdit::CopyAddress);
        }
    });
    ui.horizontal(|ui| {
        kit::busy(ui, "Waiting for the browser");
        let left = step.expires().0 - state.now.0;
        let text = if left > 0 {
            format!("Waiting for you, {} left.", words::countdown(left))
        } else {
            "The time is over.".to_owned()
        };
        kit::quiet_small(ui, text);
    });
    ui.ctx()
        .request_repaint_after(std::time::Duration::from_secs(1));
}

fn picking_ui(
    ui: &mut Ui,
    state: &State,
    dialog: &SignInDialog,
    picking: &Picking,
    actions: &mut Actions,
) {
    let Some(accounts) = &picking.accounts else {
        ui.horizontal(|ui| {
            kit::busy(ui, "Listing accounts");
            kit::quiet(ui, "Listing your accounts…");
        });
        return;
    };
    if accounts.is_empty() && dialog.problem.is_none() {
        kit::Note::warn(
            Prose::new().text(
                "No account is assigned to you in Identity Center. Ask whoever looks after it.",
            ),
        )
        .show(ui);
        return;
    }
    ui.columns(2, |columns| {
        let [left, right] = columns else {
            return;
        };
        accounts_ui(left, accounts, picking, actions);
        roles_ui(right, picking, actions);
    });
    if dialog.chosen().is_some() {
        profile_ui(ui, state, dialog, picking, actions);
    }
}

fn accounts_ui(ui: &mut Ui, accounts: &[Account], picking: &Picking, actions: &mut Actions) {
    kit::quiet_small(ui, "Account");
    list_ui(ui, "accounts", |ui| {
        for account in accounts {
            let row = match account.name.as_str() {
                "" => kit::NavItem::new(&account.id),
                name => kit::NavItem::new(name)
                    .called(format!("{name}  {}", account.id))
                    .shortcut(&account.id),
            };
            let on = picking.account.as_ref() == Some(&account.id);
            let row = ui.add(row.selected(on));
            let row = match account.email.as_str() {
                "" => row,
                email => row.on_hover_text(email),
            };
            if row.clicked() {
                edit(actions, FormEdit::Account(account.id.clone()));
            }
        }
    });
}

fn roles_ui(ui: &mut Ui, picking: &Picking, actions: &mut Actions) {
    kit::quiet_small(ui, "Role");
    list_ui(ui, "roles", |ui| match (&picking.account, &picking.roles) {
        (None, _) => said_ui(ui, |ui| drop(kit::quiet_small(ui, "Choose an account."))),
        (Some(_), None) => said_ui(ui, |ui| drop(kit::busy(ui, "Listing roles"))),
        (Some(_), Some(roles)) if roles.is_empty() => said_ui(ui, |ui| {
            kit::quiet_small(ui, "No role is assigned to you here.");
        }),
        (Some(_), Some(roles)) => {
            for role in roles {
                let on = picking.role.as_ref() == Some(role);
                if ui.add(kit::NavItem::new(role).selected(on)).clicked() {
                    edit(actions, FormEdit::Role(role.clone()));
                }
            }
        }
    });
}

/// What stands in a list instead of rows, where the text of a row would stand.
fn said_ui(ui: &mut Ui, content: impl FnOnce(&mut Ui)) {
    let inset = egui::Margin::symmetric(16, 6);
    egui::Frame::new().inner_margin(inset).show(ui, content);
}

fn list_ui(ui: &mut Ui, name: &str, content: impl FnOnce(&mut Ui)) {
    kit::text_box(ui)
        .inner_margin(egui::Margin::same(4))
        .show(ui, |ui| {
            let area = ScrollArea::vertical()
                .id_salt(name)
                .max_height(180.0)
                .min_scrolled_height(180.0)
                .auto_shrink([false, false]);
            area.show(ui, |ui| {
                ui.spacing_mut().item_spacing.y = 0.0;
                content(ui);
            });
        });
}

/// The offer to write a profile, word for word, before anything is written.
fn profile_ui(
    ui: &mut Ui,
    state: &State,
    dialog: &SignInDialog,
    picking: &Picking,
    actions: &mut Actions,
) {
    let mut adds = picking.adds_profile;
    let file = words::home_short(&state.environment.config.path, state);
    let text = format!("Also add a profile to {file}, for the AWS tools");
    if kit::check_box(ui, &mut adds, &text).changed() {
        edit(actions, FormEdit::AddsProfile(adds));
    }
    let Some(addition) = dialog.addition(&state.environment) else {
        return;
    };
    kit::form_row(ui, "Profile", LABEL, |ui| {
        let mut name = picking.profile.clone();
        let field = TextField::new(&mut name, "Name of the profile")
            .mono()
            .problem(addition.is_err());
        if ui.add(field).changed() {
            edit(actions, FormEdit::Profile(name));
        }
    });
    match addition {
        Ok(addition) => {
            kit::quiet_small(
                ui,
                "Exactly this is appended; nothing that is there is changed:",
            );
            kit::text_box(ui).show(ui, |ui| {
                ui.set_width(ui.available_width());
                for line in addition.text.trim().lines() {
                    kit::mono(ui, if line.is_empty() { " " } else { line });
                }
            });
        }
        Err(reason) => {
            kit::Note::warn(Prose::new().text(told::no_addition(&reason))).show(ui);
        }
    }
}
