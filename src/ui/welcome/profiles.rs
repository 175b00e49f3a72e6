//! The door of the AWS profiles: each with what it is and whether it can be used.

use egui::{Align, Color32, Layout, ScrollArea, TextStyle, Ui};

use crate::settings::{Profile, ProfileKind};
use crate::state::welcome::WelcomeEdit;
use crate::state::{CredentialsAction, DoctorAction, SettingsAction, State};

use super::super::actions::Actions;
use super::super::kit::{self, Button, Chip, Prose};
use super::super::theme::tokens;
use super::super::{icons, words};
use super::{foot_ui, head_ui};

/// What stands beside the words on the button that opens a profile: its padding, the other button, the gap.
const BESIDE_WORDS: f32 = 136.0;

pub(super) fn profile_door_ui(ui: &mut Ui, state: &State, actions: &mut Actions) {
    let profiles = &state.profiles.list;
    let text = match profiles.len() {
        0 => "No profile in the shared AWS files of this account.".to_owned(),
        1 => "1 profile in the shared AWS files of this account.".to_owned(),
        count => format!("{count} profiles in the shared AWS files of this account."),
    };
    let title = if ui.available_width() < 260.0 {
        "Use an AWS profile"
    } else {
        "Use an AWS profile found here"
    };
    head_ui(ui, icons::IDENTITY, title, &text);
    if profiles.is_empty() {
        Prose::new()
            .quiet("Profiles live in ")
            .mono("~/.aws/config")
            .quiet(" and ")
            .mono("~/.aws/credentials")
            .quiet(". The AWS command line makes them with ")
            .mono("aws configure")
            .quiet(".")
            .ui(ui);
        foot_ui(ui, |ui| {
            let sign_in = Button::secondary("Sign in to Identity Center").icon(icons::SIGN_IN);
            if ui.add(sign_in).clicked() {
                actions.push(CredentialsAction::SignIn { profile: None });
            }
        });
        return;
    }
    // Rows reach 8 points further than the words above, so that the words in them stand below those.
    let (room, _) = ui.allocate_exact_size(
        egui::vec2(ui.available_width(), 176.0),
        egui::Sense::hover(),
    );
    // The scroll handle stands beside the rows, in the padding of the card.
    let rows = room.width() + 16.0;
    let mut place = room.expand2(egui::vec2(8.0, 0.0));
    place.max.x += 8.0;
    let mut list = ui.new_child(egui::UiBuilder::new().max_rect(place).id_salt("profiles"));
    ScrollArea::vertical()
        .auto_shrink(false)
        .show(&mut list, |ui| {
            ui.spacing_mut().item_spacing.y = 0.0;
            ui.set_max_width(rows);
            for profile in profiles {
                profile_row_ui(ui, state, profile, actions);
            }
        });
    foot_ui(ui, |ui| {
        let chosen = state.welcome.profile.clone().unwrap_or_default();
        let busy = state.welcome.busy.is_some().then_some("connecting");
        let named = format!("Open {}", words::quoted(&chosen));
        let font = TextStyle::Button.resolve(ui.style());
        let words = ui
            .painter()
            .layout_no_wrap(named.clone(), font, Color32::PLACEHOLDER);
        let fits = words.size().x + BESIDE_WORDS <= ui.available_width();
        let text = if fits { named } else { "Open".to_owned() };
        if ui.add(Button::secondary(text).refused(busy)).clicked() {
            actions.push(SettingsAction::UseProfile(chosen.clone()));
        }
        let examine = Button::quiet("Examine")
            .icon(icons::DOCTOR)
            .tooltip("Ask the Doctor whether its credentials are accepted");
        if ui.add(examine).clicked() {
            actions.push(DoctorAction::ExamineFound(Some(chosen)));
        }
    });
}

fn profile_row_ui(ui: &mut Ui, state: &State, profile: &Profile, actions: &mut Actions) {
    let chosen = state.welcome.profile.as_deref() == Some(profile.name.as_str());
    let (rect, response) =
        ui.allocate_exact_size(egui::vec2(ui.available_width(), 44.0), egui::Sense::click());
    let tokens = tokens(ui);
    let fill = if chosen {
        tokens.control_hover
    } else if response.hovered() {
        tokens.row_hover
    } else {
        Color32::TRANSPARENT
    };
    ui.painter().rect_filled(rect, 6.0, fill);
    kit::focus_ring(ui, &response, rect, 6);
    let inner = rect.shrink2(egui::vec2(8.0, 4.0));
    let mut row = ui.new_child(
        egui::UiBuilder::new()
            .max_rect(inner)
            .layout(Layout::right_to_left(Align::Center))
            .id_salt(&profile.name),
    );
    row.add(status_chip(profile));
    row.with_layout(Layout::top_down(Align::Min), |ui| {
        ui.spacing_mut().item_spacing.y = 0.0;
        let name = words::visible(&profile.name);
        Prose::new().strong(name).line_ui(ui);
        Prose::new().small().quiet(kind_words(profile)).line_ui(ui);
    });
    response.widget_info(|| {
        egui::WidgetInfo::selected(
            egui::Role::RadioButton,
            true,
            chosen,
            format!("Profile {}", profile.name),
        )
    });
    if response.clicked() {
        actions.push(SettingsAction::Welcome(WelcomeEdit::Profile(
            profile.name.clone(),
        )));
    }
    if response.double_clicked() {
        actions.push(SettingsAction::UseProfile(profile.name.clone()));
    }
}

fn status_chip(profile: &Profile) -> Chip<'static> {
    match (&profile.problem, &profile.kind) {
        (Some(problem), _) => Chip::bad(words::profile_problem(problem)).icon(icons::WARNING),
        (None, ProfileKind::IdentityCenter { .. }) => Chip::warn("sign in").icon(icons::SIGN_IN),
        (None, ProfileKind::SettingsOnly) => Chip::quiet("settings"),
        (None, _) => Chip::good("ready").icon(icons::CHECK),
    }
}

pub(in crate::ui) fn kind_words(profile: &Profile) -> String {
    match &profile.kind {
        ProfileKind::AccessKey {
            masked_id,
            temporary,
        } => {
            let kind = if *temporary {
                "Temporary key"
            } else {
                "Access key"
            };
            format!("{kind} {masked_id}")
        }
        ProfileKind::Role { role, .. } => format!("Role {role}"),
        ProfileKind::IdentityCenter { role, account, .. } => {
            format!("Identity Center, {role}@{account}")
        }
        ProfileKind::Login => "Keys of aws login".to_owned(),
        ProfileKind::Process { program } => format!("Program {program}"),
        ProfileKind::WebIdentity { role } => format!("Web identity, role {role}"),
        ProfileKind::SettingsOnly => match &profile.region {
            Some(region) => format!("Settings only, {region}"),
            None => "Settings only".to_owned(),
        },
    }
}
