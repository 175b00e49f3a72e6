//! What an object looks like: a picture, the beginning of a text, or words about why neither.

use egui::{Id, ScrollArea, Ui};

use crate::domain::diagnosis::{Denied, Permission};
use crate::state::messages::Preview;
use crate::state::{Answer, State};
use crate::words::diagnosis::permissions::needs;

use super::super::kit;
use super::super::theme::{self, tokens};

pub(super) fn preview_ui(ui: &mut Ui, state: &State) {
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
            let (place, part) = picture_place(rect, *pixels);
            egui::Image::new((texture.id(), place.size()))
                .uv(part)
                .corner_radius(theme::CORNER)
                .paint_at(ui, place);
            response.widget_info(|| {
                egui::WidgetInfo::labeled(egui::Role::Image, true, "Preview of the picture")
            });
            return;
        }
        Answer::Here(Preview::Text { text, cut }) => return text_ui(ui, rect, text, *cut),
        Answer::Here(Preview::None) => "No preview for this kind of file",
        Answer::Failed(error) => match Denied::of(error) {
            Some(denied) => &format!("No preview: {}", needs(denied.missing(Permission::Read))),
            None => "The preview could not be read",
        },
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

/// Where a picture stands and which part of it is shown: the middle of it over the whole box when little is lost by that, else all of it in the
/// middle of the box; never larger than it is.
fn picture_place(room: egui::Rect, [width, height]: [usize; 2]) -> (egui::Rect, egui::Rect) {
    const LEAST_SHOWN: f32 = 0.7;
    let whole = egui::Rect::from_min_max(egui::pos2(0.0, 0.0), egui::pos2(1.0, 1.0));
    let own = egui::vec2((width as f32).max(1.0), (height as f32).max(1.0));
    let (ratio, wanted) = (own.x / own.y, room.width() / room.height().max(1.0));
    let part = egui::vec2((wanted / ratio).min(1.0), (ratio / wanted).min(1.0));
    let fills = own.x * part.x >= room.width() && part.min_elem() >= LEAST_SHOWN;
    if fills {
        return (room, egui::Rect::from_center_size(whole.center(), part));
    }
    let scale = (room.width() / own.x).min(room.height() / own.y).min(1.0);
    let size = (own * scale).round();
    let left_top = (room.center() - size / 2.0).round();
    (egui::Rect::from_min_size(left_top, size), whole)
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
    // The picture is larger than its place, for dense screens: without smaller copies it would flicker at the edges.
    let options = egui::TextureOptions {
        mipmap_mode: Some(egui::TextureFilter::Linear),
        ..egui::TextureOptions::LINEAR
    };
    let texture = ui.ctx().load_texture("preview", image, options);
    ui.data_mut(|data| data.insert_temp(id, (number, texture.clone())));
    texture
}
