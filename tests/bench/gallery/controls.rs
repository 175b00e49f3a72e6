//! The page of controls, in the order of the design.

use cooperage::ui::{icons, kit, theme};
use eframe::egui;

use crate::{Page, row};

const NO: Option<&str> = Some("needs s3:PutObject");

impl Page {
    pub(crate) fn controls_ui(&mut self, ui: &mut egui::Ui) {
        ui.spacing_mut().item_spacing.y = 6.0;
        kit::title(
            ui,
            if ui.visuals().dark_mode {
                "Dark"
            } else {
                "Light"
            },
        );
        buttons_ui(ui);
        self.fields_ui(ui);
        self.choices_ui(ui);
        kit::separator(ui);
        lights_ui(ui);
        notes_ui(ui);
        row(ui, "Toast", |ui| {
            kit::toast_ui(ui, "Link copied, works until 15:02", None);
            kit::toast_ui(ui, "3 objects renamed", Some("Undo"));
        });
        row(ui, "Text", |ui| {
            kit::label(ui, "海岸線 контактные العربية עברית 🏔 ❄️ 4032x2268");
            kit::mono(ui, "photos/海岸線->a.jpg");
        });
    }

    fn fields_ui(&mut self, ui: &mut egui::Ui) {
        row(ui, "Field", |ui| {
            ui.add(kit::TextField::new(&mut self.text, "Bucket").width(96.0));
            let filter = kit::TextField::new(&mut self.empty, "Filter")
                .icon(icons::FILTER)
                .hint("Filter")
                .key("/");
            ui.add(filter.width(180.0));
            ui.add(
                kit::TextField::new(&mut self.text, "Wrong")
                    .problem(true)
                    .clears()
                    .width(120.0),
            );
            ui.add(
                kit::TextField::new(&mut self.text, "Off")
                    .refused(NO)
                    .width(96.0),
            );
        });
        row(ui, "Secret", |ui| {
            ui.add(kit::SecretField::new(&mut self.secret, "Secret key").width(180.0));
            ui.add(kit::SecretField::new(&mut self.no_secret, "Secret key, general").width(160.0));
            ui.add(
                kit::Stepper::new(&mut self.at_once, "At once")
                    .range(1..=64)
                    .width(56.0),
            );
            ui.add(
                kit::Stepper::new(&mut self.at_once, "Off")
                    .refused(NO)
                    .width(56.0),
            );
        });
        row(ui, "Check box", |ui| {
            ui.spacing_mut().item_spacing.x = 24.0;
            kit::check_box(ui, &mut self.on, "On");
            kit::check_box(ui, &mut self.off, "Off");
            kit::mixed_check_box(ui, kit::Checked::Mixed, "Mixed");
            kit::refused_check_box(ui, false, "Off", "this connection is read-only");
            kit::refused_check_box(ui, true, "On", "this connection is read-only");
        });
    }

    fn choices_ui(&mut self, ui: &mut egui::Ui) {
        row(ui, "Segments", |ui| {
            let mut methods: Vec<kit::Choice> = ["GET", "HEAD", "PUT", "POST form", "DELETE"]
                .map(Into::into)
                .into();
            methods[4] = kit::Choice::from("DELETE").refused(Some("this connection is no-delete"));
            kit::segments(ui, "Method", &mut self.method, &methods);
            kit::segments(
                ui,
                "Works for",
                &mut self.period,
                &["1 h", "12 h", "1 d"].map(Into::into),
            );
        });
        row(ui, "Drop-down", |ui| {
            let periods = ["15 minutes", "1 hour", "12 hours", "7 days"].map(kit::Choice::from);
            let shown = periods[self.works_for].text.clone();
            kit::drop_down(
                ui,
                kit::DropDown::new("Works for", &shown).width(120.0),
                &mut self.works_for,
                &periods,
            );
            let profile = kit::DropDown::new("Profile", "work")
                .detail("role media-editor, through a base")
                .width(180.0);
            profile.show(ui, |ui| ui.add(kit::MenuItem::new("work")));
            let connection = kit::DropDown::new("Connection", "media-live")
                .dot(theme::CONNECTION_COLOURS[0].1)
                .width(120.0);
            connection.show(ui, |ui| ui.add(kit::MenuItem::new("media-live")));
            kit::DropDown::new("Off", "public-read")
                .refused(NO)
                .width(100.0)
                .show(ui, |_| ());
        });
    }
}

fn buttons_ui(ui: &mut egui::Ui) {
    row(ui, "Primary", |ui| {
        kit::primary_button(ui, None, "Copy link");
        kit::primary_button(ui, icons::LINK, "Copy 3 links");
        ui.add(kit::Button::primary("Copy link").refused(NO));
    });
    row(ui, "Secondary", |ui| {
        kit::secondary_button(ui, icons::UPLOAD, "Upload");
        kit::secondary_button(ui, icons::FOLDER_PLUS, "New folder");
        ui.add(kit::Button::secondary("Upload").refused(NO));
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
        ui.add(kit::Button::quiet("Import").refused(NO));
        ui.add(kit::Button::link("Link studio"));
        ui.add(kit::Button::link("Copy").icon(icons::COPY).small());
    });
    row(ui, "Dangerous", |ui| {
        kit::danger_button(ui, None, "Delete");
        kit::danger_button(ui, icons::TRASH, "Delete 3 objects");
        ui.add(kit::Button::dangerous("Delete").refused(NO));
    });
    row(ui, "Icon", |ui| {
        kit::icon_button(ui, icons::REFRESH, "Refresh");
        kit::icon_button(ui, icons::SIDEBAR, "Left panel");
        kit::icon_button(ui, icons::PANEL_RIGHT, "Right panel");
        ui.add(kit::Button::icon_only(icons::QR_CODE, "QR code").framed());
        ui.add(kit::Button::icon_only(icons::EYE, "Preview").framed());
        ui.add(kit::Button::icon_only(icons::FORWARD, "Forward").refused(Some("nothing to go to")));
        kit::key_caps(ui, "Ctrl+Shift+C");
    });
}

fn lights_ui(ui: &mut egui::Ui) {
    use kit::Light;
    row(ui, "Lights", |ui| {
        ui.spacing_mut().item_spacing.x = 12.0;
        for (light, word) in [
            (Light::Good, "used"),
            (Light::Warn, "warning"),
            (Light::Bad, "failed"),
            (Light::Shadowed, "shadowed"),
            (Light::NotSet, "not set"),
            (Light::NotTested, "not tested"),
            (Light::Info, "information"),
        ] {
            kit::light(ui, light, word);
        }
    });
    row(ui, "Chips", |ui| {
        ui.add(kit::Chip::quiet("default"));
        ui.add(kit::Chip::accent("connection"));
        ui.add(kit::Chip::good("ready"));
        ui.add(kit::Chip::warn("sign in").icon(icons::SIGN_IN));
        ui.add(kit::Chip::bad("half a pair"));
        ui.add(kit::Chip::removable("text/css"));
    });
    row(ui, "Progress", |ui| {
        kit::progress(ui, "Upload", 0.61, 100.0);
        kit::paused_progress(ui, "Upload", 0.4, 60.0);
        kit::light_icon(ui, Light::Busy, "busy");
    });
}

fn notes_ui(ui: &mut egui::Ui) {
    use kit::{Note, Prose};
    Note::good(Prose::new().text("Everything is in order.")).show(ui);
    let warn = "Django signs links with v2 in eu-west-1. Buckets made since 2020 refuse that, and a link that is refused says nothing.";
    Note::warn(Prose::new().text(warn))
        .remedy("Use s3v4")
        .show(ui);
    Note::bad(
        Prose::new()
            .text("The policy refuses ")
            .mono("s3:PutObject")
            .text("."),
    )
    .show(ui);
    let below =
        Prose::new().quiet("Requests are redirected, and links signed for eu-west-1 are refused.");
    Note::bad(Prose::new().strong("The bucket is in eu-central-1."))
        .below(below)
        .remedy("Use eu-central-1")
        .primary()
        .show(ui);
}
