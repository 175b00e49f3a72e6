//! Buttons that bring credentials into the settings being edited, and what they brought: account and role.

use egui::Ui;

use crate::settings::CredentialMode;
use crate::state::CredentialsAction;
use crate::ui::actions::Actions;
use crate::ui::kit::{self, Button, Prose};
use crate::ui::{icons, words};

use super::Page;

pub(super) fn session_ui(ui: &mut Ui, page: Page<'_>, actions: &mut Actions) {
    let connection = &page.draft.connection;
    if connection.credentials == CredentialMode::IdentityCenter {
        match &connection.identity_center {
            Some(center) => {
                Prose::new()
                    .small()
                    .quiet("Account ")
                    .mono(words::visible(&center.account))
                    .quiet(", role ")
                    .mono(words::visible(&center.role))
                    .ui(ui);
            }
            None => {
                kit::quiet_small(ui, "No account and role chosen yet.");
            }
        }
        let text = match &connection.identity_center {
            Some(_) => "Choose another account or role",
            None => "Sign in and choose",
        };
        if kit::small_button(ui, icons::SIGN_IN, text).clicked() {
            actions.push(CredentialsAction::SignIn { profile: None });
        }
    }
    if let Some(role) = &connection.role {
        ui.horizontal_wrapped(|ui| {
            let name = role.arn.rsplit('/').next().unwrap_or(&role.arn);
            Prose::new()
                .small()
                .quiet("Takes the role ")
                .mono(words::visible(name))
                .ui(ui)
                .on_hover_text(&role.arn);
            if ui.add(Button::link("Take none").small()).clicked() {
                actions.push(CredentialsAction::DropRole);
            }
        });
    }
    if kit::small_button(ui, icons::CLIPBOARD, "Paste key, secret and token").clicked() {
        actions.push(CredentialsAction::PasteKeys);
    }
    if kit::small_button(ui, icons::IDENTITY, "Assume a role").clicked() {
        actions.push(CredentialsAction::AssumeRole);
    }
}
