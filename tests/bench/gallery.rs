//! A window that shows the whole kit in both themes, for looking at: `cargo run`-less, so that it ships with nothing.
//!
//! `cargo build --bench gallery`, then start the program it names. The first argument chooses a page.

use cooperage::ui::{fonts, icons, kit, theme};
use eframe::egui;

fn main() -> eframe::Result {
    let page = std::env::args()
        .skip(1)
        .find(|argument| !argument.starts_with('-'))
        .unwrap_or_default();
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
        Box::new(|creation| {
            fonts::install(&creation.egui_ctx);
            theme::install(&creation.egui_ctx, theme::Density::Normal);
            theme::choose(&creation.egui_ctx, egui::ThemePreference::Dark);
            Ok(Box::new(Gallery {
                page,
                text: "media-live".to_owned(),
                empty: String::new(),
            }))
        }),
    )
}

struct Gallery {
    page: String,
    text: String,
    empty: String,
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
                    ui.painter()
                        .rect_filled(rect, 0.0, theme::tokens(ui).ground);
                    egui::Frame::NONE
                        .inner_margin(32.0)
                        .show(ui, |ui| self.page_ui(ui));
                },
            );
        }
    }
}

fn row(ui: &mut egui::Ui, name: &str, content: impl FnOnce(&mut egui::Ui)) {
    ui.horizontal(|ui| {
        ui.set_min_height(32.0);
        let start = ui.cursor().left();
        kit::quiet_small(ui, name);
        ui.add_space(start + 100.0 - ui.cursor().left());
        content(ui);
    });
}

impl Gallery {
    fn page_ui(&mut self, ui: &mut egui::Ui) {
        kit::title(
            ui,
            if ui.visuals().dark_mode {
                "Dark"
            } else {
                "Light"
            },
        );
        let no = Some("needs s3:PutObject");
        row(ui, "Primary", |ui| {
            kit::primary_button(ui, None, "Copy link").request_focus();
            kit::primary_button(ui, icons::LINK, "Copy 3 links");
            ui.add(kit::Button::primary("Copy link").refused(no));
        });
        row(ui, "Secondary", |ui| {
            kit::secondary_button(ui, icons::UPLOAD, "Upload");
            kit::secondary_button(ui, icons::FOLDER_PLUS, "New folder");
            ui.add(kit::Button::secondary("Upload").refused(no));
            ui.add(
                kit::Button::secondary("Copy as")
                    .icon(icons::TERMINAL)
                    .opens_menu(),
            );
            kit::small_button(ui, icons::PLUS, "Add");
        });
        row(ui, "Quiet", |ui| {
            kit::quiet_button(ui, None, "Import");
            kit::quiet_button(ui, icons::EXPORT, "Export");
            ui.add(kit::Button::quiet("Import").refused(no));
            ui.add(kit::Button::link("Link studio"));
        });
        row(ui, "Dangerous", |ui| {
            kit::danger_button(ui, None, "Delete");
            kit::danger_button(ui, icons::TRASH, "Delete 3 objects");
            ui.add(kit::Button::dangerous("Delete").refused(no));
        });
        row(ui, "Icon", |ui| {
            kit::icon_button(ui, icons::REFRESH, "Refresh");
            kit::icon_button(ui, icons::SIDEBAR, "Left panel");
            kit::icon_button(ui, icons::PANEL_RIGHT, "Right panel");
            ui.add(kit::Button::icon_only(icons::QR_CODE, "QR code").framed());
            ui.add(
                kit::Button::icon_only(icons::FORWARD, "Forward").refused(Some("nothing to go to")),
            );
        });
        row(ui, "Field", |ui| {
            ui.add(kit::TextField::new(&mut self.text, "Bucket").width(96.0));
            ui.add(
                kit::TextField::new(&mut self.empty, "Filter")
                    .icon(icons::FILTER)
                    .hint("Filter")
                    .key("/")
                    .width(200.0),
            );
            ui.add(
                kit::TextField::new(&mut self.text, "Wrong")
                    .problem(true)
                    .clears()
                    .width(120.0),
            );
            ui.add(
                kit::TextField::new(&mut self.text, "Off")
                    .refused(no)
                    .width(96.0),
            );
        });
        row(ui, "Text", |ui| {
            kit::label(
                ui,
                "海岸線 контактные العربية עברית 🏔 ❄️ 4032x2268 0123456789",
            );
            kit::mono(ui, "photos/2026/海岸線->sunrise.jpg");
        });
        row(ui, "Icons", |ui| {
            ui.horizontal_wrapped(|ui| {
                ui.spacing_mut().item_spacing = egui::vec2(4.0, 4.0);
                for (_, icon) in icons::ALL {
                    kit::icon_ui(ui, *icon, theme::tokens(ui).text);
                }
            });
        });
        kit::quiet_small(ui, &self.page);
    }
}
