//! Drawing: reads `&State`, pushes actions. The compiler forbids a view to change anything.
//!
//! [`root_ui`] lays out the window. `toolbar`, `left_panel`, `table_page`, `inspector`, `transfers_panel`, `status_bar` are the
//! browser; `welcome` the first page; `settings_page` the settings of a connection; `doctor` whether it works; `requests` the log of calls; `dialogs` what stands above them. `kit`
//! holds the controls, `theme` colours and measures, `icons` and `fonts` the glyphs, `table` the table.

mod actions;
mod context_menu;
mod deletions;
mod dialogs;
mod doctor;
mod drop_zone;
mod empty;
mod failed;
pub mod fonts;
pub mod icons;
mod inspector;
pub mod kit;
mod left_panel;
mod plot;
mod requests;
mod settings_page;
mod shortcuts;
mod status_bar;
pub mod table;
mod table_page;
pub mod theme;
mod toasts;
mod toolbar;
mod transfers_panel;
mod transfers_rows;
mod welcome;
mod words;

use egui::{CentralPanel, Frame, Id, Margin, Panel, Ui};

use crate::state::{PanelEdit, Screen, State};

pub use actions::Actions;
pub use words::window_title;

use theme::tokens;

/// Below this width the left panel becomes a rail.
const RAIL_BELOW: f32 = 1000.0;
/// Below this width the inspector is hidden.
const INSPECTOR_FROM: f32 = 1100.0;

/// Draws the window. `drag` is where the pointer is while files from another program hover.
pub fn root_ui(ui: &mut Ui, state: &State, drag: Option<egui::Pos2>, actions: &mut Actions) {
    shortcuts::shortcuts_ui(ui, state, actions);
    production_band_ui(ui, state);
    match state.screen {
        _ if !state.loaded => {
            CentralPanel::default().frame(ground(ui)).show(ui, |_| {});
        }
        Screen::Welcome => welcome_page_ui(ui, state, actions),
        Screen::Browser => browser_page_ui(ui, state, drag, actions),
        Screen::Settings => settings_page::settings_page_ui(ui, state, actions),
        Screen::Doctor => doctor::doctor_page_ui(ui, state, actions),
    }
    dialogs::dialog_ui(ui, state, actions);
    let lower = theme::STATUS_BAR
        + if transfers_panel::wanted(state) {
            theme::STRIP
        } else {
            0.0
        }
        + deletions::height(state);
    toasts::toasts_ui(ui, state, lower + 16.0, actions);
}

fn ground(ui: &Ui) -> Frame {
    Frame::NONE.fill(tokens(ui).ground)
}

/// A bar: panel colour, a line at the edge to the ground.
fn bar(ui: &Ui, margin: Margin) -> Frame {
    Frame::NONE.fill(tokens(ui).panel).inner_margin(margin)
}

fn production_band_ui(ui: &mut Ui, state: &State) {
    let Some(connection) = state
        .connections
        .current()
        .filter(|connection| connection.production)
    else {
        return;
    };
    if state.screen == Screen::Welcome {
        return;
    }
    let words = match connection.access {
        crate::settings::Access::Full => connection.name.clone(),
        crate::settings::Access::NoDelete => format!("{}, deleting is off", connection.name),
        crate::settings::Access::ReadOnly => format!("{}, read-only", connection.name),
    };
    let tokens = tokens(ui);
    let frame = Frame::NONE.fill(tokens.band);
    let panel = Panel::top(Id::unique("production band"))
        .exact_size(theme::BAND)
        .frame(frame)
        .resizable(false);
    panel.show_separator_line(false).show(ui, |ui| {
        kit::row_in_middle(ui, "production band", theme::BAND, |ui| {
            ui.spacing_mut().item_spacing.x = 8.0;
            kit::caption_in_ui(ui, "Production", tokens.on_band);
            let words = words::visible(&words);
            kit::Prose::new()
                .small()
                .coloured(words, tokens.on_band)
                .line_ui(ui);
        });
    });
}

fn welcome_page_ui(ui: &mut Ui, state: &State, actions: &mut Actions) {
    let frame = bar(ui, Margin::symmetric(12, 0));
    Panel::bottom(Id::unique("status bar"))
        .exact_size(theme::STATUS_BAR)
        .frame(frame)
        .resizable(false)
        .show(ui, |ui| welcome::welcome_status_ui(ui, state));
    requests::requests_ui(ui, state, actions);
    if !state.connections.list.is_empty() {
        // The way back to what there is already.
        let window = ui.ctx().content_rect().width();
        left_ui(ui, state, window, actions);
    }
    let frame = ground(ui);
    CentralPanel::default().frame(frame).show(ui, |ui| {
        welcome::welcome_ui(ui, state, actions);
        drop_zone::drop_zone_ui(ui, state, ui.max_rect(), None, actions);
    });
}

fn browser_page_ui(ui: &mut Ui, state: &State, drag: Option<egui::Pos2>, actions: &mut Actions) {
    let window = ui.ctx().content_rect().width();
    let frame = bar(ui, Margin::symmetric(8, 0));
    Panel::top(Id::unique("toolbar"))
        .exact_size(theme::TOOLBAR)
        .frame(frame)
        .resizable(false)
        .show(ui, |ui| toolbar::toolbar_ui(ui, state, actions));
    let frame = bar(ui, Margin::symmetric(12, 0));
    Panel::bottom(Id::unique("status bar"))
        .exact_size(theme::STATUS_BAR)
        .frame(frame)
        .resizable(false)
        .show(ui, |ui| status_bar::status_bar_ui(ui, state, actions));
    requests::requests_ui(ui, state, actions);
    transfers_ui(ui, state, actions);
    deletions::deletions_ui(ui, state, actions);
    left_ui(ui, state, window, actions);
    if state.window.right.open && window >= INSPECTOR_FROM {
        let frame = bar(ui, Margin::ZERO);
        let panel = Panel::right(Id::unique("inspector"))
            .default_size(state.window.right.size)
            .size_range(crate::state::panels::INSPECTOR_MIN..=640.0)
            .frame(frame)
            .show(ui, |ui| inspector::inspector_ui(ui, state, actions));
        report_size(
            state.window.right.size,
            panel.response.rect.width(),
            PanelEdit::InspectorWidth,
            actions,
        );
    }
    let frame = ground(ui);
    CentralPanel::default().frame(frame).show(ui, |ui| {
        let area = ui.max_rect();
        let target = drop_zone::target(ui, state, drag);
        let table = table_page::table_page_ui(ui, state, target.as_ref(), actions);
        drop_zone::remember_rows(ui, table.as_ref());
        // The head of the table stays readable: nothing is dropped on it.
        let area = table.map_or(area, |table| table.body);
        drop_zone::drop_zone_ui(ui, state, area, target.as_ref(), actions);
    });
}

fn left_ui(ui: &mut Ui, state: &State, window: f32, actions: &mut Actions) {
    if !state.window.left.open {
        return;
    }
    let frame = bar(ui, Margin::ZERO);
    if window < RAIL_BELOW {
        Panel::left(Id::unique("rail"))
            .exact_size(theme::LEFT_RAIL)
            .frame(frame)
            .resizable(false)
            .show(ui, |ui| left_panel::left_rail_ui(ui, state, actions));
        return;
    }
    let panel = Panel::left(Id::unique("places"))
        .default_size(state.window.left.size)
        .size_range(crate::state::panels::LEFT_MIN..=480.0)
        .frame(frame)
        .show(ui, |ui| left_panel::left_panel_ui(ui, state, actions));
    report_size(
        state.window.left.size,
        panel.response.rect.width(),
        PanelEdit::LeftWidth,
        actions,
    );
}

fn transfers_ui(ui: &mut Ui, state: &State, actions: &mut Actions) {
    if !transfers_panel::wanted(state) {
        return;
    }
    if state.window.bottom.open {
        let known = state.window.bottom.size;
        let height = lower_panel_ui(ui, "transfers", known, |ui| {
            transfers_panel::panel_ui(ui, state, actions);
        });
        report_size(known, height, PanelEdit::TransfersHeight, actions);
        return;
    }
    let frame = bar(ui, Margin::symmetric(12, 0));
    Panel::bottom(Id::unique("transfers strip"))
        .exact_size(theme::STRIP)
        .frame(frame)
        .resizable(false)
        .show(ui, |ui| transfers_panel::strip_ui(ui, state, actions));
}

/// A panel at the foot of a page, as high as it was left; returns its height now. A low window shows less of it for as
/// long as it is low: something of the page stays in view.
fn lower_panel_ui(ui: &mut Ui, name: &str, known: f32, content: impl FnOnce(&mut Ui)) -> f32 {
    let least = crate::state::panels::LOWER_MIN;
    let most = (ui.available_height() - 240.0).max(least);
    let frame = bar(ui, Margin::ZERO);
    let panel = Panel::bottom(Id::unique(name))
        .default_size(known.min(most))
        .size_range(least..=most)
        .frame(frame)
        .show(ui, content);
    let height = panel.response.rect.height();
    if height < most - 1.0 { height } else { known }
}

/// A panel that was dragged tells its new size.
fn report_size(known: f32, now: f32, edit: fn(f32) -> PanelEdit, actions: &mut Actions) {
    if (known - now).abs() > 1.0 {
        actions.push(edit(now.round()));
    }
}
