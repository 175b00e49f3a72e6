//! The first page: three doors and a small fourth. `profiles` is the second door.

pub(super) mod profiles;

use egui::{Align, Layout, ScrollArea, Ui};

use crate::domain::{LocationError, Secret};
use crate::settings::CredentialMode;
use crate::state::welcome::WelcomeEdit;
use crate::state::{SettingsAction, State};

use super::actions::Actions;
use super::kit::{self, Button, Choice, DropDown, Prose, SecretField, TextField};
use super::theme::tokens;
use super::{icons, words};

const DOOR: egui::Vec2 = egui::vec2(320.0, 348.0);
/// The space between a door's edge and what it holds.
const PADDING: f32 = 21.0;
/// One more field below the credentials, with what stands around it.
const FIELD: f32 = 32.0;
const GAP: f32 = 16.0;
/// The narrowest of three doors side by side.
const NARROW_DOOR: f32 = 264.0;
/// Mark, title and the line below it; the import line with what stands around it.
const HEAD: f32 = 144.0;
const FOOT: f32 = 60.0;

pub(super) fn welcome_ui(ui: &mut Ui, state: &State, actions: &mut Actions) {
    ScrollArea::vertical().auto_shrink(false).show(ui, |ui| {
        ui.spacing_mut().item_spacing.y = 0.0;
        let (columns, width) = columns(ui.available_width());
        let rows = 3_usize.div_ceil(columns) as f32;
        let door = egui::vec2(width, door_height(ui, state, width));
        let content = HEAD + rows * door.y + (rows - 1.0) * GAP + FOOT;
        ui.add_space(((ui.available_height() - content) / 2.0).max(0.0).floor());
        ui.vertical_centered(|ui| {
            kit::mark(ui, 48.0);
            ui.add_space(12.0);
            kit::title(ui, "Cooperage");
            ui.add_space(4.0);
            kit::quiet(ui, "Open a bucket. Everything here can be changed later.");
            ui.add_space(32.0);
        });
        doors_ui(ui, state, columns, door, actions);
        ui.add_space(24.0);
        import_ui(ui, actions);
    });
}

/// How many doors stand side by side, and how wide they are.
fn columns(width: f32) -> (usize, f32) {
    let room = width - 2.0 * GAP;
    let three = ((room - 2.0 * GAP) / 3.0).floor();
    if three >= NARROW_DOOR {
        return (3, three.min(DOOR.x));
    }
    let two = DOOR.x * 2.0 + GAP <= room;
    (if two { 2 } else { 1 }, DOOR.x.min(room))
}

/// How high the doors must be for the fields of the first one and for what is said above them.
fn door_height(ui: &Ui, state: &State, width: f32) -> f32 {
    let fields = match state.welcome.credentials {
        CredentialMode::Keys => 2.0,
        CredentialMode::Profile => 1.0,
        _ => 0.0,
    };
    let text = connect_problem(state).unwrap_or(CONNECT);
    let font = egui::TextStyle::Body.resolve(ui.style());
    let colour = egui::Color32::PLACEHOLDER;
    let words = ui
        .painter()
        .layout(text.to_owned(), font, colour, width - 2.0 * PADDING);
    // There is room for two lines.
    let more_lines = words.rows.len().saturating_sub(2) as f32;
    DOOR.y + fields * FIELD + more_lines * 19.0
}

fn doors_ui(ui: &mut Ui, state: &State, columns: usize, size: egui::Vec2, actions: &mut Actions) {
    type Door = fn(&mut Ui, &State, &mut Actions);
    let doors: [Door; 3] = [connect_door_ui, profiles::profile_door_ui, builtin_door_ui];
    for (number, row) in doors.chunks(columns).enumerate() {
        if number > 0 {
            ui.add_space(GAP);
        }
        let width = row.len() as f32 * (size.x + GAP) - GAP;
        let inside = size - egui::Vec2::splat(2.0 * PADDING);
        ui.horizontal(|ui| {
            ui.spacing_mut().item_spacing.x = GAP;
            ui.add_space(((ui.available_width() - width) / 2.0).max(0.0).floor());
            for door in row {
                kit::card(ui).inner_margin(20).show(ui, |ui| {
                    ui.set_min_size(inside);
                    ui.set_max_size(inside);
                    ui.spacing_mut().item_spacing = egui::vec2(8.0, 4.0);
                    ui.vertical(|ui| door(ui, state, actions));
                });
            }
        });
    }
}

fn title_ui(ui: &mut Ui, icon: char, title: &str) {
    ui.horizontal(|ui| {
        kit::icon_sized_ui(ui, icon, 20.0, tokens(ui).copper);
        kit::heading(ui, title);
    });
}

fn head_ui(ui: &mut Ui, icon: char, title: &str, text: &str) {
    title_ui(ui, icon, title);
    Prose::new().quiet(text).ui(ui);
    ui.add_space(12.0);
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

const CONNECT: &str = "Amazon S3 or any server that speaks its language.";

/// What is wrong with the fields of the first door, or with the last try to connect.
fn connect_problem(state: &State) -> Option<&str> {
    has_web_address(state)
        .then_some("Type a bucket or an s3:// address; the endpoint has its own field.")
        .or(state.welcome.problem.as_deref())
}

fn has_web_address(state: &State) -> bool {
    matches!(state.welcome.location(), Err(LocationError::Scheme))
}

fn connect_door_ui(ui: &mut Ui, state: &State, actions: &mut Actions) {
    let welcome = &state.welcome;
    let web_address = has_web_address(state);
    title_ui(ui, icons::PLUGS, "Connect to a bucket");
    // What is wrong stands where the words were: the fields below stay where they are.
    match connect_problem(state) {
        Some(problem) => Prose::new().coloured(problem, tokens(ui).bad),
        None => Prose::new().quiet(CONNECT),
    }
    .ui(ui);
    ui.add_space(12.0);
    let mut edit = |edit: WelcomeEdit| actions.push(SettingsAction::Welcome(edit));
    kit::quiet_small(ui, "Bucket");
    let mut bucket = welcome.bucket.clone();
    let field = ui.add(
        TextField::new(&mut bucket, "Bucket")
            .hint("media-live or s3://media-live/photos/")
            .problem(web_address),
    );
    focus_once(ui, &field);
    let entered = field.lost_focus() && ui.input(|input| input.key_pressed(egui::Key::Enter));
    if field.changed() {
        edit(WelcomeEdit::Bucket(bucket));
    }
    ui.add_space(4.0);
    kit::quiet_small(ui, "Endpoint");
    let mut endpoint = welcome.endpoint.clone();
    if ui
        .add(TextField::new(&mut endpoint, "Endpoint").hint("Amazon S3 (default)"))
        .changed()
    {
        edit(WelcomeEdit::Endpoint(endpoint));
    }
    ui.add_space(4.0);
    kit::quiet_small(ui, "Credentials");
    // Identity Center has a door of its own: one signs in first.
    let modes: Vec<CredentialMode> = (CredentialMode::ALL.iter().copied())
        .filter(|mode| *mode != CredentialMode::IdentityCenter)
        .collect();
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
                .add(Button::quiet("More").after(icons::CARET_RIGHT))
                .clicked()
            {
                actions.push(SettingsAction::MoreOptions);
            }
        });
    });
}

/// Puts the keyboard's focus into the first field when the page opens, unless something else has it.
fn focus_once(ui: &Ui, field: &egui::Response) {
    let id = egui::Id::unique("first page seen");
    let now = ui.ctx().cumulative_pass_nr();
    let last = ui.data(|data| data.get_temp::<u64>(id));
    let opened = last.is_none_or(|last| last + 2 < now);
    if opened && ui.memory(|memory| memory.focused().is_none()) {
        field.request_focus();
    }
    ui.data_mut(|data| data.insert_temp(id, now));
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
        | CredentialMode::IdentityCenter
        | CredentialMode::Environment
        | CredentialMode::Chain
        | CredentialMode::Anonymous => {}
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
        ui.spacing_mut().interact_size.y = 24.0;
        ui.horizontal(|ui| {
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
    kit::row_in_middle(ui, "import", 20.0, |ui| {
        ui.spacing_mut().item_spacing.x = 8.0;
        kit::icon_ui(ui, icons::FILE_PY, tokens(ui).quiet);
        kit::quiet(ui, "Coming from Django?");
        if ui.add(Button::link("Import Django settings")).clicked() {
            actions.push(SettingsAction::ImportDjango);
        }
        kit::quiet(ui, "or drop a settings.py or .env file here");
    });
}

/// The status bar of the first page: where secrets and settings go, and the keys that reach everything.
pub(super) fn welcome_status_ui(ui: &mut Ui, state: &State) {
    const KEYS: &str = "keys of the first page";
    ui.horizontal_centered(|ui| {
        ui.spacing_mut().item_spacing.x = 8.0;
        let (light, text) = words::vault(state.vault);
        kit::light(ui, light, &text);
        ui.add_space(8.0);
        kit::divider(ui, 12.0);
        ui.add_space(8.0);
        kit::quiet_small(ui, "Settings in");
        let folder = state.settings_path.parent().unwrap_or(&state.settings_path);
        let folder = words::home_short(folder, state);
        let room = ui.available_width() - kit::row_width(ui, KEYS) - 16.0;
        let font = egui::TextStyle::Monospace.resolve(ui.style());
        let shown = kit::cut_middle(ui, &folder, &font, room.max(48.0));
        kit::mono_quiet(ui, shown).on_hover_text(state.settings_path.display().to_string());
        let height = ui.available_height();
        kit::row_at_right(ui, KEYS, height, |ui| {
            ui.spacing_mut().item_spacing.x = 8.0;
            for (keys, words) in [("Ctrl+K", "everything"), ("F1", "keys")] {
                kit::key_caps(ui, keys);
                kit::quiet_small(ui, words);
                ui.add_space(8.0);
            }
            kit::quiet_small(ui, format!("Version {}", env!("CARGO_PKG_VERSION")));
        });
    });
}
