//! The first page: three doors and a small fourth.

use egui::{Align, Layout, ScrollArea, Ui};

use crate::domain::Secret;
use crate::settings::{CredentialMode, Profile, ProfileKind};
use crate::state::welcome::WelcomeEdit;
use crate::state::{SettingsAction, State};

use super::actions::Actions;
use super::kit::{self, Button, Chip, Choice, DropDown, Prose, SecretField, TextField};
use super::theme::tokens;
use super::{icons, words};

const DOOR: egui::Vec2 = egui::vec2(320.0, 348.0);
const GAP: f32 = 16.0;

pub(super) fn welcome_ui(ui: &mut Ui, state: &State, actions: &mut Actions) {
    ScrollArea::vertical().auto_shrink(false).show(ui, |ui| {
        let columns = columns(ui.available_width());
        let rows = 3_usize.div_ceil(columns) as f32;
        let content = 152.0 + rows * DOOR.y + (rows - 1.0) * GAP + 80.0;
        ui.add_space(((ui.available_height() - content) / 2.0).max(16.0).floor());
        ui.vertical_centered(|ui| {
            ui.spacing_mut().item_spacing.y = 4.0;
            kit::mark(ui, 48.0);
            ui.add_space(8.0);
            kit::title(ui, "Cooperage");
            kit::quiet(ui, "Open a bucket. Everything here can be changed later.");
            ui.add_space(24.0);
        });
        doors_ui(ui, state, columns, actions);
        ui.add_space(24.0);
        import_ui(ui, actions);
        ui.add_space(16.0);
    });
}

fn columns(width: f32) -> usize {
    let fit = ((width + GAP) / (DOOR.x + GAP)).floor();
    (fit as usize).clamp(1, 3)
}

fn doors_ui(ui: &mut Ui, state: &State, columns: usize, actions: &mut Actions) {
    type Door = fn(&mut Ui, &State, &mut Actions);
    let doors: [Door; 3] = [connect_door_ui, profile_door_ui, builtin_door_ui];
    ui.spacing_mut().item_spacing = egui::Vec2::splat(GAP);
    for row in doors.chunks(columns) {
        let width = row.len() as f32 * (DOOR.x + GAP) - GAP;
        ui.horizontal(|ui| {
            ui.add_space(((ui.available_width() - width) / 2.0).max(0.0).floor() - GAP);
            for door in row {
                kit::card(ui).inner_margin(20).show(ui, |ui| {
                    ui.set_min_size(DOOR - egui::Vec2::splat(40.0));
                    ui.set_max_size(DOOR - egui::Vec2::splat(40.0));
                    ui.spacing_mut().item_spacing = egui::vec2(8.0, 4.0);
                    ui.vertical(|ui| door(ui, state, actions));
                });
            }
        });
    }
}

fn head_ui(ui: &mut Ui, icon: char, title: &str, text: &str) {
    ui.horizontal(|ui| {
        kit::icon_sized_ui(ui, icon, 20.0, tokens(ui).copper);
        kit::heading(ui, title);
    });
    ui.add_space(4.0);
    Prose::new().quiet(text).ui(ui);
    ui.add_space(8.0);
}

/// What stands at the foot of a door.
fn foot_ui(ui: &mut Ui, content: impl FnOnce(&mut Ui)) {
    ui.with_layout(Layout::bottom_up(Align::Min), |ui| {
        ui.allocate_ui_with_layout(
            egui::vec2(ui.available_width(), 28.0),
            Layout::left_to_right(Align::Center),
            content,
        );
    });
}

fn connect_door_ui(ui: &mut Ui, state: &State, actions: &mut Actions) {
    head_ui(
        ui,
        icons::PLUGS,
        "Connect to a bucket",
        "Amazon S3 or any server that speaks its language.",
    );
    let welcome = &state.welcome;
    let mut edit = |edit: WelcomeEdit| actions.push(SettingsAction::Welcome(edit));
    kit::quiet_small(ui, "Bucket");
    let mut bucket = welcome.bucket.clone();
    let field =
        ui.add(TextField::new(&mut bucket, "Bucket").hint("media-live or s3://media-live/photos/"));
    let entered = field.lost_focus() && ui.input(|input| input.key_pressed(egui::Key::Enter));
    if field.changed() {
        edit(WelcomeEdit::Bucket(bucket));
    }
    kit::quiet_small(ui, "Endpoint");
    let mut endpoint = welcome.endpoint.clone();
    if ui
        .add(TextField::new(&mut endpoint, "Endpoint").hint("Amazon S3 (default)"))
        .changed()
    {
        edit(WelcomeEdit::Endpoint(endpoint));
    }
    kit::quiet_small(ui, "Credentials");
    let modes = CredentialMode::ALL;
    let mut chosen = modes
        .iter()
        .position(|mode| *mode == welcome.credentials)
        .unwrap_or_default();
    let choices: Vec<Choice> = modes
        .iter()
        .map(|mode| Choice::from(mode.label()))
        .collect();
    let shown = welcome.credentials.label();
    if kit::drop_down(
        ui,
        DropDown::new("Credentials", shown),
        &mut chosen,
        &choices,
    )
    .changed()
    {
        edit(WelcomeEdit::Credentials(modes[chosen]));
    }
    credentials_ui(ui, state, &mut edit);
    foot_ui(ui, |ui| {
        let refused = refusal(state);
        let connect = ui
            .add(Button::secondary("Connect").refused(refused))
            .clicked();
        if connect || (entered && refused.is_none()) {
            actions.push(SettingsAction::QuickConnect);
        }
        ui.with_layout(Layout::right_to_left(Align::Center), |ui| {
            if ui
                .add(Button::quiet("More").icon(icons::CARET_RIGHT))
                .clicked()
            {
                actions.push(SettingsAction::MoreOptions);
            }
        });
    });
}

fn refusal(state: &State) -> Option<&'static str> {
    if state.welcome.busy.is_some() {
        Some("connecting")
    } else if state.welcome.location().is_err() {
        Some("type the name of a bucket first")
    } else if !state.welcome.ready() {
        Some("type both halves of the access key first")
    } else {
        None
    }
}

/// What a choice of credentials needs besides.
fn credentials_ui(ui: &mut Ui, state: &State, edit: &mut dyn FnMut(WelcomeEdit)) {
    let welcome = &state.welcome;
    match welcome.credentials {
        CredentialMode::Keys => {
            let mut access = welcome.access_key.clone();
            ui.add_space(2.0);
            if ui
                .add(
                    TextField::new(&mut access, "Access key id")
                        .hint("Access key id")
                        .mono(),
                )
                .changed()
            {
                edit(WelcomeEdit::AccessKey(access));
            }
            let mut secret = zeroize::Zeroizing::new(welcome.secret_key.reveal().to_owned());
            if ui
                .add(SecretField::new(&mut secret, "Secret access key").hint("Secret access key"))
                .changed()
            {
                edit(WelcomeEdit::SecretKey(Secret::new(secret.as_str())));
            }
        }
        CredentialMode::Profile => {
            let names: Vec<&str> = state
                .profiles
                .list
                .iter()
                .map(|profile| profile.name.as_str())
                .collect();
            let own = welcome.profile.as_deref().unwrap_or("no profile found");
            let mut chosen = names
                .iter()
                .position(|name| *name == own)
                .unwrap_or(usize::MAX);
            let choices: Vec<Choice> = names.iter().map(|name| Choice::from(*name)).collect();
            let refused = names
                .is_empty()
                .then_some("no profile in the shared AWS files");
            ui.add_space(2.0);
            let field = DropDown::new("AWS profile", own).refused(refused);
            if kit::drop_down(ui, field, &mut chosen, &choices).changed() {
                edit(WelcomeEdit::Profile(names[chosen].to_owned()));
            }
        }
        CredentialMode::Auto
        | CredentialMode::Environment
        | CredentialMode::Chain
        | CredentialMode::Anonymous => {}
    }
    if let Some(problem) = &welcome.problem {
        ui.add_space(4.0);
        Prose::new()
            .small()
            .coloured(problem.as_str(), tokens(ui).bad)
            .ui(ui);
    }
}

fn profile_door_ui(ui: &mut Ui, state: &State, actions: &mut Actions) {
    let profiles = &state.profiles.list;
    let text = match profiles.len() {
        0 => "No profile in the shared AWS files of this account.".to_owned(),
        1 => "1 profile in the shared AWS files of this account.".to_owned(),
        count => format!("{count} profiles in the shared AWS files of this account."),
    };
    head_ui(ui, icons::IDENTITY, "Use an AWS profile found here", &text);
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
        return;
    }
    let list = ScrollArea::vertical()
        .id_salt("profiles")
        .max_height(176.0)
        .auto_shrink(false);
    list.show(ui, |ui| {
        ui.spacing_mut().item_spacing.y = 0.0;
        for profile in profiles {
            profile_row_ui(ui, state, profile, actions);
        }
    });
    foot_ui(ui, |ui| {
        let chosen = state.welcome.profile.clone().unwrap_or_default();
        let busy = state.welcome.busy.is_some().then_some("connecting");
        let text = format!("Open {}", words::quoted(&chosen));
        if ui.add(Button::secondary(text).refused(busy)).clicked() {
            actions.push(SettingsAction::UseProfile(chosen));
        }
        ui.with_layout(Layout::right_to_left(Align::Center), |ui| {
            kit::quiet_small(ui, "nothing is sent yet")
        });
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
        egui::Color32::TRANSPARENT
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
        kit::medium(ui, words::visible(&profile.name));
        kit::quiet_small(ui, kind_words(profile));
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

fn kind_words(profile: &Profile) -> String {
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
        ProfileKind::Process { program } => format!("Program {program}"),
        ProfileKind::WebIdentity { role } => format!("Web identity, role {role}"),
        ProfileKind::SettingsOnly => match &profile.region {
            Some(region) => format!("Settings only, {region}"),
            None => "Settings only".to_owned(),
        },
    }
}

fn builtin_door_ui(ui: &mut Ui, state: &State, actions: &mut Actions) {
    head_ui(
        ui,
        icons::PACKAGE,
        "Try the built-in bucket",
        "A real S3 server inside this program, on this computer only.",
    );
    for (icon, name) in [
        (icons::FOLDER_FILL, "photos/"),
        (icons::FILE_IMAGE, "harbour at dawn.jpg"),
        (icons::FILE_TEXT, "lisez-moi, été.md"),
        (icons::FILE_TEXT, "read me first.txt"),
    ] {
        ui.horizontal(|ui| {
            ui.set_height(24.0);
            kit::icon_ui(ui, icon, tokens(ui).quiet);
            kit::label(ui, name);
        });
    }
    ui.add_space(4.0);
    Prose::new()
        .small()
        .quiet("Browse, drop files, copy signed links. It stops when you close the window; your files stay.")
        .ui(ui);
    foot_ui(ui, |ui| {
        let busy = state.welcome.busy.is_some().then_some("starting");
        if ui
            .add(Button::primary("Start it").icon(icons::PLAY).refused(busy))
            .clicked()
        {
            actions.push(SettingsAction::StartBuiltin);
        }
    });
}

fn import_ui(ui: &mut Ui, actions: &mut Actions) {
    ui.vertical_centered(|ui| {
        let width = 460.0_f32.min(ui.available_width());
        ui.allocate_ui_with_layout(
            egui::vec2(width, 20.0),
            Layout::left_to_right(Align::Center),
            |ui| {
                ui.spacing_mut().item_spacing.x = 8.0;
                kit::icon_ui(ui, icons::FILE_PY, tokens(ui).quiet);
                kit::quiet(ui, "Coming from Django?");
                if ui.add(Button::link("Import Django settings")).clicked() {
                    actions.push(SettingsAction::ImportDjango);
                }
                kit::quiet(ui, "or drop a settings.py or .env file here");
            },
        );
    });
}

/// The status bar of the first page: where secrets and settings go, and the keys that reach everything.
pub(super) fn welcome_status_ui(ui: &mut Ui, state: &State) {
    ui.horizontal_centered(|ui| {
        ui.spacing_mut().item_spacing.x = 8.0;
        let (light, text) = words::vault(state.vault);
        kit::light(ui, light, &text);
        kit::divider(ui, 12.0);
        kit::quiet_small(ui, "Settings in");
        kit::mono_quiet(ui, words::home_short(&state.settings_path, state));
        ui.with_layout(Layout::right_to_left(Align::Center), |ui| {
            kit::quiet_small(ui, format!("Version {}", env!("CARGO_PKG_VERSION")));
            kit::quiet_small(ui, "keys");
            kit::key_caps(ui, "F1");
            kit::quiet_small(ui, "everything");
            kit::key_caps(ui, "Ctrl+K");
        });
    });
}
