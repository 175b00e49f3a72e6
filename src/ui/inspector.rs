//! The panel at the right: preview, headers, metadata of the object under the cursor, and its link.

use egui::{Align, Id, Layout, ScrollArea, Ui};

use crate::domain::{ByteSize, ObjectDetails};
use crate::state::messages::Preview;
use crate::state::{Answer, Go, ObjectAction, PanelEdit, State};

use super::actions::Actions;
use super::kit::{self, Button, Choice, DropDown, Prose, ValueStyle};
use super::theme::tokens;
use super::{icons, words};

/// The tabs.
#[derive(Clone, Copy, Debug, Default, PartialEq, Eq)]
enum Tab {
    #[default]
    Info,
    Metadata,
}

pub(super) fn inspector_ui(ui: &mut Ui, state: &State, actions: &mut Actions) {
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
            egui::Frame::NONE
                .inner_margin(egui::Margin::symmetric(16, 0))
                .show(ui, |ui| {
                    ui.spacing_mut().item_spacing.y = 4.0;
                    preview_ui(ui, state);
                    ui.add_space(8.0);
                    let name = words::visible(key.name());
                    let shown = kit::cut_middle(
                        ui,
                        &name,
                        &super::theme::strong().resolve(ui.style()),
                        ui.available_width(),
                    );
                    kit::strong(ui, shown).on_hover_text(&name);
                    kit::quiet_small(ui, subtitle(state));
                    ui.add_space(4.0);
                    match &state.inspector.details {
                        Answer::Here(details) => tabs_ui(ui, state, details),
                        Answer::Failed(error) => failure_ui(ui, error, actions),
                        Answer::Unasked | Answer::Waiting => {
                            kit::quiet(ui, "Reading headers…");
                        }
                    }
                    ui.add_space(12.0);
                });
        });
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
                if keys > 1 {
                    if kit::icon_button(ui, icons::CARET_RIGHT, "The next one").clicked() {
                        actions.push(ObjectAction::InspectStep(1));
                    }
                    if kit::icon_button(ui, icons::CARET_LEFT, "The one before").clicked() {
                        actions.push(ObjectAction::InspectStep(-1));
                    }
                } else if kit::icon_button(ui, icons::X, "Hide the inspector").clicked() {
                    actions.push(PanelEdit::ToggleInspector);
                }
            });
        },
    );
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

fn preview_ui(ui: &mut Ui, state: &State) {
    let size = egui::vec2(
        ui.available_width(),
        (ui.available_width() * 176.0 / 280.0).round(),
    );
    let (rect, response) = ui.allocate_exact_size(size, egui::Sense::hover());
    let tokens = tokens(ui);
    let message = match &state.inspector.preview {
        Answer::Here(Preview::Image {
            size: pixels, rgba, ..
        }) => {
            let texture = picture(ui, state.inspector.preview_number, *pixels, rgba);
            let scale = (rect.width() / pixels[0] as f32)
                .min(rect.height() / pixels[1] as f32)
                .min(1.0);
            let place = egui::Rect::from_center_size(
                rect.center(),
                egui::vec2(pixels[0] as f32, pixels[1] as f32) * scale,
            );
            ui.painter().rect_filled(rect, 6.0, tokens.field);
            egui::Image::new((texture.id(), place.size()))
                .corner_radius(4.0)
                .paint_at(ui, place);
            response.widget_info(|| {
                egui::WidgetInfo::labeled(egui::Role::Image, true, "Preview of the picture")
            });
            return;
        }
        Answer::Here(Preview::Text { text, cut }) => return text_ui(ui, rect, text, *cut),
        Answer::Here(Preview::None) => "No preview for this kind of file",
        Answer::Failed(_) => "The preview could not be read",
        Answer::Waiting => "Reading the preview…",
        Answer::Unasked if matches!(state.inspector.details, Answer::Failed(_)) => "No preview",
        Answer::Unasked => "",
    };
    ui.painter().rect(
        rect,
        6.0,
        tokens.field,
        egui::Stroke::new(1.0, tokens.line),
        egui::StrokeKind::Inside,
    );
    ui.put(
        rect,
        egui::Label::new(egui::RichText::new(message).small().color(tokens.quiet))
            .selectable(false),
    );
}

fn text_ui(ui: &mut Ui, rect: egui::Rect, text: &str, cut: bool) {
    let tokens = tokens(ui);
    ui.painter().rect(
        rect,
        6.0,
        tokens.field,
        egui::Stroke::new(1.0, tokens.line),
        egui::StrokeKind::Inside,
    );
    let mut inner = ui.new_child(
        egui::UiBuilder::new()
            .max_rect(rect.shrink(8.0))
            .id_salt("text preview"),
    );
    inner.set_clip_rect(rect.shrink(1.0));
    ScrollArea::both()
        .id_salt("preview text")
        .auto_shrink(false)
        .show(&mut inner, |ui| {
            let text = egui::RichText::new(text).monospace().color(tokens.text);
            ui.add(egui::Label::new(text).extend());
            if cut {
                kit::quiet_small(ui, "… and more");
            }
        });
}

/// The texture of the picture shown; made once for each preview.
fn picture(ui: &Ui, number: u64, size: [usize; 2], rgba: &[u8]) -> egui::TextureHandle {
    let id = Id::unique("inspector picture");
    if let Some((own, texture)) = ui.data(|data| data.get_temp::<(u64, egui::TextureHandle)>(id))
        && own == number
    {
        return texture;
    }
    let image = egui::ColorImage::from_rgba_unmultiplied(size, rgba);
    let texture = ui
        .ctx()
        .load_texture("preview", image, egui::TextureOptions::LINEAR);
    ui.data_mut(|data| data.insert_temp(id, (number, texture.clone())));
    texture
}

fn failure_ui(ui: &mut Ui, error: &crate::domain::StorageError, actions: &mut Actions) {
    let words = crate::words::explain(error);
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
    kit::tabs(ui, "Parts of the inspector", &mut tab, &["Info", &metadata]);
    ui.data_mut(|data| data.insert_temp(id, tab));
    ui.add_space(4.0);
    match if tab == 0 { Tab::Info } else { Tab::Metadata } {
        Tab::Info => info_ui(ui, state, details),
        Tab::Metadata => metadata_ui(ui, details),
    }
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

/// `cache-control` as `Cache-Control`.
fn header_label(name: &str) -> String {
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
        kit::value_row(ui, name, &words::visible(value), ValueStyle::Mono);
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
            ui.horizontal(|ui| {
                ui.spacing_mut().item_spacing.x = 0.0;
                let (rect, _) =
                    ui.allocate_exact_size(egui::vec2(88.0, 28.0), egui::Sense::hover());
                ui.put(rect, |ui: &mut Ui| {
                    ui.with_layout(Layout::left_to_right(Align::Center), |ui| {
                        kit::quiet(ui, "Works for")
                    })
                    .inner
                });
                lifetime_ui(ui, state, actions);
            });
            let objects = state.browser.selection.rows.totals().objects;
            let text = if objects > 1 {
                format!("Copy {objects} links")
            } else {
                "Copy the link".to_owned()
            };
            let button = Button::secondary(text)
                .icon(icons::COPY)
                .width(ui.available_width());
            if ui.add(button.refused(state.link_refusal())).clicked() {
                actions.push(ObjectAction::CopyLink { expires_secs: None });
            }
            ui.horizontal_wrapped(|ui| {
                kit::icon_ui(ui, icons::CLOCK, tokens(ui).quiet);
                Prose::new().small().quiet(link_words(state)).ui(ui);
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
            format!(
                "Works until {}: the session ends before the {} are over",
                until(end),
                words::lifetime(state.link_secs)
            )
        }
        _ => format!("Works until {}", until(wanted)),
    }
}
