//! The panel at the right: preview, headers, metadata of the object under the cursor, and its link. `preview` draws the picture or the text.

mod preview;

use egui::{Align, Id, Layout, ScrollArea, Ui};

use crate::domain::{ByteSize, ObjectDetails};
use crate::state::messages::Preview;
use crate::state::{Answer, Go, ObjectAction, PanelEdit, State};

use super::actions::Actions;
use super::kit::{self, Button, Choice, DropDown, Prose, ValueStyle};
use super::theme::tokens;
use super::{icons, words};

pub(super) fn inspector_ui(ui: &mut Ui, state: &State, actions: &mut Actions) {
    ui.spacing_mut().item_spacing.y = 0.0;
    head_ui(ui, state, actions);
    let Some((_, key)) = &state.inspector.object else {
        nothing_ui(ui, state);
        return;
    };
    link_foot_ui(ui, state, actions);
    ScrollArea::vertical()
        .id_salt("inspector")
        .auto_shrink(false)
        .show(ui, |ui| {
            ui.spacing_mut().item_spacing.y = 0.0;
            inset(16).show(ui, |ui| {
                preview::preview_ui(ui, state);
                ui.add_space(12.0);
                let name = words::visible(key.name());
                let font = super::theme::strong().resolve(ui.style());
                let shown = kit::cut_middle(ui, &name, &font, ui.available_width());
                let cut = shown != name;
                let response = kit::strong(ui, shown);
                if cut {
                    response.on_hover_text(&name);
                }
                kit::quiet_small(ui, subtitle(state));
            });
            ui.add_space(8.0);
            match &state.inspector.details {
                Answer::Here(details) => tabs_ui(ui, state, details),
                Answer::Failed(error) => {
                    inset(16).show(ui, |ui| failure_ui(ui, error, actions));
                }
                Answer::Unasked | Answer::Waiting => {
                    inset(16).show(ui, |ui| kit::quiet(ui, "Reading headers…"));
                }
            }
            ui.add_space(12.0);
        });
}

/// Room at both sides.
fn inset(points: i8) -> egui::Frame {
    egui::Frame::NONE.inner_margin(egui::Margin::symmetric(points, 0))
}

fn head_ui(ui: &mut Ui, state: &State, actions: &mut Actions) {
    let keys = state.browser.selection.rows.totals().objects;
    ui.allocate_ui_with_layout(
        egui::vec2(ui.available_width(), 40.0),
        Layout::left_to_right(Align::Center),
        |ui| {
            ui.add_space(16.0);
            kit::strong(
                ui,
                state
                    .selection_words()
                    .unwrap_or_else(|| "Nothing selected".to_owned()),
            );
            ui.with_layout(Layout::right_to_left(Align::Center), |ui| {
                ui.add_space(8.0);
                ui.spacing_mut().item_spacing.x = 0.0;
                let quiet = tokens(ui).quiet;
                let button = |ui: &mut Ui, icon, name| {
                    ui.add(Button::icon_only(icon, name).ink(quiet)).clicked()
                };
                if keys > 1 {
                    steps_ui(ui, state, keys, actions);
                } else if button(ui, icons::X, "Hide the inspector") {
                    actions.push(PanelEdit::ToggleInspector);
                }
            });
        },
    );
}

/// Which of the selected objects is shown, and the way to the others; drawn from the right.
fn steps_ui(ui: &mut Ui, state: &State, keys: u64, actions: &mut Actions) {
    let at = state.inspector.place;
    let quiet = tokens(ui).quiet;
    let mut step = |ui: &mut Ui, icon, name, refused: Option<&'static str>, by| {
        let button = Button::icon_only(icon, name).ink(quiet).refused(refused);
        if ui.add(button).clicked() {
            actions.push(ObjectAction::InspectStep(by));
        }
    };
    let last = (at == Some(keys)).then_some("this is the last one");
    step(ui, icons::CARET_RIGHT, "The next one", last, 1);
    let first = (at == Some(1)).then_some("this is the first one");
    step(ui, icons::CARET_LEFT, "The one before", first, -1);
    if let Some(at) = at {
        ui.add_space(4.0);
        let (at, all) = (crate::domain::grouped(at), crate::domain::grouped(keys));
        kit::quiet_small(ui, format!("{at} of {all}"));
    }
}

fn nothing_ui(ui: &mut Ui, state: &State) {
    let folders = state.browser.selection.rows.totals().folders;
    egui::Frame::NONE.inner_margin(egui::Margin::symmetric(16, 8)).show(ui, |ui| {
        let words = match folders {
            0 => "Select a file to see what it looks like, its headers, and to copy a link to it.",
            _ => "Open the folder to see its files. Downloading and deleting take all below it.",
        };
        Prose::new().quiet(words).ui(ui);
    });
}

fn subtitle(state: &State) -> String {
    let Some(details) = state.inspector.details.here() else {
        return String::new();
    };
    let mut parts = vec![ByteSize(details.size).to_string()];
    parts.extend(details.content_type.clone());
    if let Answer::Here(Preview::Image {
        original: [width, height],
        ..
    }) = &state.inspector.preview
    {
        parts.push(format!("{width} × {height}"));
    }
    parts.join(", ")
}

fn failure_ui(ui: &mut Ui, error: &crate::domain::StorageError, actions: &mut Actions) {
    let words = crate::words::explain_plainly(error);
    let prose = Prose::new().text(format!(
        "{}. {} {}",
        words.title, words.cause, words.next_step
    ));
    if kit::Note::bad(prose)
        .remedy("Try again")
        .show(ui)
        .is_some_and(|response| response.clicked())
    {
        actions.push(Go::Refresh);
    }
}

fn tabs_ui(ui: &mut Ui, state: &State, details: &ObjectDetails) {
    let id = Id::unique("inspector tab");
    let mut tab = ui
        .data(|data| data.get_temp::<usize>(id))
        .unwrap_or_default();
    let count = details.metadata.len();
    let metadata = if count == 0 {
        "Metadata".to_owned()
    } else {
        format!("Metadata {count}")
    };
    let names = ["Info", metadata.as_str()];
    kit::inset_tabs(ui, "Parts of the inspector", &mut tab, &names, 8.0);
    ui.data_mut(|data| data.insert_temp(id, tab));
    ui.add_space(12.0);
    inset(16).show(ui, |ui| match tab {
        0 => info_ui(ui, state, details),
        _ => metadata_ui(ui, details),
    });
}

fn info_ui(ui: &mut Ui, state: &State, details: &ObjectDetails) {
    kit::value_row(
        ui,
        "Key",
        &words::visible(details.key.as_str()),
        ValueStyle::Mono,
    );
    kit::value_row(
        ui,
        "Size",
        &ByteSize(details.size).exact(),
        ValueStyle::Plain,
    );
    if let Some(modified) = details.modified {
        kit::value_row(
            ui,
            "Modified",
            &modified.long_text(state.now, &state.zone),
            ValueStyle::Plain,
        )
        .on_hover_text(modified.utc_text());
    }
    kit::value_row(
        ui,
        "Class",
        words::class(details.storage_class.as_deref().unwrap_or_default()),
        ValueStyle::Plain,
    );
    if !details.etag.is_empty() {
        kit::value_row(ui, "ETag", &details.etag, ValueStyle::Mono);
    }
    if let Some((algorithm, value)) = &details.checksum {
        kit::value_row(ui, "Checksum", algorithm, ValueStyle::Plain).on_hover_text(value);
    }
    if let Some(version) = &details.version {
        kit::value_row(ui, "Version", version, ValueStyle::Mono);
    }
    if let Some(encryption) = &details.encryption {
        kit::value_row(ui, "Encryption", encryption, ValueStyle::Plain);
    }
    for (name, value) in &details.headers {
        kit::value_row(
            ui,
            &header_label(name),
            &words::visible(value),
            ValueStyle::Mono,
        );
    }
}

/// `cache-control` as `Cache`, `expires` as `Expires`.
fn header_label(name: &str) -> String {
    let name = match name {
        "cache-control" => "cache",
        "content-disposition" => "disposition",
        "content-encoding" => "encoding",
        "content-language" => "language",
        other => other,
    };
    let mut start = true;
    name.chars()
        .map(|letter| {
            let shown = if start {
                letter.to_ascii_uppercase()
            } else {
                letter
            };
            start = letter == '-';
            shown
        })
        .collect()
}

fn metadata_ui(ui: &mut Ui, details: &ObjectDetails) {
    if details.metadata.is_empty() {
        kit::quiet(ui, "This object carries no metadata of its own.");
    }
    for (name, value) in &details.metadata {
        // Texts beyond ASCII travel encoded; people wrote them as they are shown here.
        let text = crate::domain::encoded_words(value);
        let row = kit::value_row(ui, name, &words::visible(&text), ValueStyle::Mono);
        if text != *value {
            row.on_hover_text(format!("{}\nStored as {value}", words::visible(&text)));
        }
    }
}

/// The link section, pinned to the foot.
fn link_foot_ui(ui: &mut Ui, state: &State, actions: &mut Actions) {
    egui::Panel::bottom(Id::unique("inspector link"))
        .frame(egui::Frame::NONE.inner_margin(egui::Margin::same(16)))
        .show_separator_line(true)
        .resizable(false)
        .show(ui, |ui| {
            ui.spacing_mut().item_spacing.y = 8.0;
            kit::strong(ui, "Link");
            kit::form_row(ui, "Works for", kit::VALUE_LABEL_WIDTH - 12.0, |ui| {
                lifetime_ui(ui, state, actions);
            });
            let objects = state.browser.selection.rows.totals().objects;
            let text = if objects > 1 {
                format!("Copy the {} links", crate::domain::grouped(objects))
            } else {
                "Copy the link".to_owned()
            };
            let button = Button::secondary(text)
                .icon(icons::COPY)
                .width(ui.available_width());
            if ui.add(button.refused(state.link_refusal())).clicked() {
                actions.push(ObjectAction::CopyLink { expires_secs: None });
            }
            ui.add_space(2.0);
            ui.horizontal_top(|ui| {
                ui.spacing_mut().item_spacing.x = 8.0;
                kit::icon_ui(ui, icons::CLOCK, tokens(ui).quiet);
                ui.vertical(|ui| Prose::new().small().quiet(link_words(state)).ui(ui));
            });
        });
}

fn lifetime_ui(ui: &mut Ui, state: &State, actions: &mut Actions) {
    let mut choices: Vec<i64> = words::LIFETIMES.iter().map(|(secs, _)| *secs).collect();
    if !choices.contains(&state.link_secs) {
        choices.push(state.link_secs);
        choices.sort_unstable();
    }
    let mut chosen = choices
        .iter()
        .position(|secs| *secs == state.link_secs)
        .unwrap_or_default();
    let shown = words::lifetime(state.link_secs);
    let items: Vec<Choice> = choices
        .iter()
        .map(|secs| Choice::from(words::lifetime(*secs).as_str()))
        .collect();
    if kit::drop_down(ui, DropDown::new("Works for", &shown), &mut chosen, &items).changed() {
        actions.push(ObjectAction::ChooseLifetime(choices[chosen]));
    }
}

/// Until when a link made now works, honest about credentials that end sooner.
fn link_words(state: &State) -> String {
    let wanted = state.now.plus_secs(state.link_secs);
    let session = state
        .connections
        .opened
        .as_ref()
        .and_then(|opened| opened.identity.expires);
    let until = |time: crate::domain::Timestamp| time.short_text(state.now, &state.zone);
    match session {
        Some(end) if end < wanted => {
            format!("Works only until {}: the session ends then", until(end))
        }
        _ => format!("Works until {}", until(wanted)),
    }
}
