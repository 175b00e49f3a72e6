//! A window that shows every control of the kit in both themes, for looking at. It is part of no release.
//!
//! `cargo build --bench gallery`, then start the program it names; the first argument chooses the page: `controls`, `pieces`, `icons`,
//! `dialog`. Pointer and keyboard work, so that hover, pressed and focus can be seen too.

mod controls;
mod pieces;

use cooperage::ui::{fonts, icons, kit, theme};
use eframe::egui;

fn main() -> eframe::Result {
    let mut arguments = std::env::args()
        .skip(1)
        .filter(|argument| !argument.starts_with('-'));
    let page = arguments.next().unwrap_or_default();
    let light = arguments.next().is_some_and(|theme| theme == "light");
    let options = eframe::NativeOptions {
        viewport: egui::ViewportBuilder::default()
            .with_inner_size([1440.0, 900.0])
            .with_decorations(false)
            .with_position([0.0, 0.0]),
        ..eframe::NativeOptions::default()
    };
    eframe::run_native(
        "Gallery",
        options,
        Box::new(move |creation| {
            fonts::install(&creation.egui_ctx);
            theme::install(&creation.egui_ctx, theme::Density::Normal);
            let preference = if light {
                egui::ThemePreference::Light
            } else {
                egui::ThemePreference::Dark
            };
            theme::choose(&creation.egui_ctx, preference);
            let columns = [Page::new(), Page::new()];
            Ok(Box::new(Gallery { page, columns }))
        }),
    )
}

struct Gallery {
    page: String,
    columns: [Page; 2],
}

/// What the controls of one column stand at.
struct Page {
    text: String,
    empty: String,
    secret: String,
    no_secret: String,
    on: bool,
    off: bool,
    method: usize,
    period: usize,
    works_for: usize,
    tab: usize,
    at_once: i64,
}

impl Page {
    fn new() -> Self {
        Self {
            text: "media-live".to_owned(),
            empty: String::new(),
            secret: "wJalrXUtnFEMI/K7MDENG".to_owned(),
            no_secret: String::new(),
            on: true,
            off: false,
            method: 0,
            period: 2,
            works_for: 1,
            tab: 0,
            at_once: 8,
        }
    }
}

impl eframe::App for Gallery {
    fn ui(&mut self, ui: &mut egui::Ui, _frame: &mut eframe::Frame) {
        let half = ui.max_rect().width() / 2.0;
        for (column, theme) in [egui::Theme::Dark, egui::Theme::Light]
            .into_iter()
            .enumerate()
        {
            let mut rect = ui.max_rect();
            rect.min.x += half * column as f32;
            rect.set_width(half);
            ui.scope_builder(
                egui::UiBuilder::new().max_rect(rect).id_salt(column),
                |ui| {
                    ui.set_style(ui.ctx().style_of(theme));
                    ui.set_clip_rect(rect);
                    ui.painter()
                        .rect_filled(rect, 0.0, theme::tokens(ui).ground);
                    let page = &mut self.columns[column];
                    egui::Frame::NONE
                        .inner_margin(32.0)
                        .show(ui, |ui| match self.page.as_str() {
                            "icons" => icons_ui(ui),
                            "pieces" | "dialog" => page.pieces_ui(ui),
                            _ => page.controls_ui(ui),
                        });
                },
            );
        }
        if self.page == "dialog" {
            pieces::dialog_ui(ui.ctx(), &mut self.columns[0]);
        }
    }
}

/// A row with its name at the left.
fn row(ui: &mut egui::Ui, name: &str, content: impl FnOnce(&mut egui::Ui)) {
    ui.horizontal(|ui| {
        ui.set_min_height(32.0);
        let start = ui.cursor().left();
        kit::quiet_small(ui, name);
        ui.add_space(start + 116.0 - ui.cursor().left());
        content(ui);
    });
}

fn icons_ui(ui: &mut egui::Ui) {
    ui.horizontal_wrapped(|ui| {
        ui.spacing_mut().item_spacing = egui::vec2(12.0, 12.0);
        for (name, icon) in icons::ALL {
            let colour = theme::tokens(ui).text;
            kit::icon_ui(ui, *icon, colour).on_hover_text(*name);
        }
    });
}
