//! The settings of one connection, on a page that fills the window.
//!
//! `top_bar` and `status` run along the edges, `sections` stands at the left (`identity` above it), `list` shows every option
//! of the table in order, `preview` what would come of it. An option is drawn by `row`, and its editor chosen by `editor`:
//! `combo`, `secret`, `items`, `verify`, `proxies`, `parameters`. Nothing here knows an option by name but for a few words
//! in `effective`; everything else comes from the table.

mod combo;
mod editor;
mod effective;
mod identity;
mod items;
mod list;
mod parameters;
mod preview;
mod proxies;
mod row;
mod rules;
mod secret;
mod sections;
mod session;
mod status;
mod top_bar;
mod verify;

pub(super) use status::failure;

use egui::{CentralPanel, Event, Id, Key, KeyboardShortcut, Margin, Modifiers, Panel, Ui};

use crate::state::settings::DraftEdit;
use crate::state::{SettingsAction, SettingsDraft, State};

use super::actions::Actions;
use super::{bar, ground, theme};

/// Below this width the preview is hidden.
const PREVIEW_FROM: f32 = 1000.0;
/// Below this width the sections are a drop-down above the list.
const SECTIONS_FROM: f32 = 760.0;
const PREVIEW: f32 = 344.0;

/// What every part of the page sees.
#[derive(Clone, Copy)]
struct Page<'a> {
    state: &'a State,
    draft: &'a SettingsDraft,
    /// The window is too narrow for the column of sections.
    narrow: bool,
}

/// A change of the draft.
fn edit(actions: &mut Actions, edit: DraftEdit) {
    actions.push(SettingsAction::Draft(edit));
}

/// The search field, so that a key can lead to it.
fn search_id() -> Id {
    Id::unique("search of the settings")
}

pub(super) fn settings_page_ui(ui: &mut Ui, state: &State, actions: &mut Actions) {
    let Some(draft) = &state.draft else {
        return;
    };
    let width = ui.ctx().content_rect().width();
    let page = Page {
        state,
        draft,
        narrow: width < SECTIONS_FROM,
    };
    if state.dialog.is_none() {
        keys(ui, page, actions);
    }
    let frame = bar(ui, Margin::symmetric(8, 0));
    Panel::top(Id::unique("settings bar"))
        .exact_size(theme::TOOLBAR)
        .frame(frame)
        .resizable(false)
        .show(ui, |ui| top_bar::top_bar_ui(ui, page, actions));
    let frame = bar(ui, Margin::symmetric(12, 0));
    Panel::bottom(Id::unique("settings status"))
        .exact_size(theme::STATUS_BAR)
        .frame(frame)
        .resizable(false)
        .show(ui, |ui| status::status_ui(ui, page));
    super::requests::requests_ui(ui, state, actions);
    if !page.narrow {
        let frame = bar(ui, Margin::ZERO);
        Panel::left(Id::unique("settings sections"))
            .exact_size(theme::LEFT_PANEL)
            .frame(frame)
            .resizable(false)
            .show(ui, |ui| sections::sections_ui(ui, page, actions));
    }
    if width >= PREVIEW_FROM {
        let frame = bar(ui, Margin::ZERO);
        Panel::right(Id::unique("settings preview"))
            .exact_size(PREVIEW)
            .frame(frame)
            .resizable(false)
            .show(ui, |ui| preview::preview_ui(ui, page, actions));
    }
    let frame = ground(ui);
    CentralPanel::default().frame(frame).show(ui, |ui| {
        ui.spacing_mut().item_spacing.y = 0.0;
        if page.narrow {
            sections::sections_bar_ui(ui, page, actions);
        }
        list::list_ui(ui, page, actions);
    });
}

fn keys(ui: &Ui, page: Page<'_>, actions: &mut Actions) {
    let pressed = |modifiers, key| {
        ui.input_mut(|input| input.consume_shortcut(&KeyboardShortcut::new(modifiers, key)))
    };
    if pressed(Modifiers::COMMAND, Key::S) && top_bar::save_refusal(page.draft).is_none() {
        actions.push(SettingsAction::Save);
    }
    let slash = !ui.ctx().text_edit_focused() && pressed(Modifiers::NONE, Key::Slash);
    if slash || pressed(Modifiers::COMMAND, Key::F) {
        ui.memory_mut(|memory| memory.request_focus(search_id()));
        // The slash itself must not land in the field.
        ui.input_mut(|input| {
            input
                .events
                .retain(|event| !matches!(event, Event::Text(text) if text == "/"));
        });
    }
}
