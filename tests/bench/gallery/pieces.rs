//! The page of larger pieces: navigation, tabs, values, menus, empty states, and a dialog.

use cooperage::ui::{icons, kit, theme};
use eframe::egui;

use crate::Page;

impl Page {
    pub(crate) fn pieces_ui(&mut self, ui: &mut egui::Ui) {
        ui.horizontal_top(|ui| {
            ui.vertical(|ui| {
                ui.set_width(theme::LEFT_PANEL);
                navigation_ui(ui);
            });
            ui.vertical(|ui| {
                ui.set_width(340.0);
                self.values_ui(ui);
                menu_ui(ui);
            });
        });
        ui.horizontal_top(|ui| {
            kit::mark(ui, 48.0);
            kit::mark(ui, 96.0);
            kit::card(ui).show(ui, |ui| {
                kit::heading(ui, "Connect to a bucket");
                kit::quiet(ui, "Amazon S3 or any server that speaks its language.");
            });
        });
        let text = kit::Prose::new()
            .quiet("The policy gives no ")
            .mono("s3:ListBucket")
            .quiet(" on ")
            .mono("finance/")
            .quiet(". A key you know still opens, and uploads and links may work.");
        let _pressed = kit::EmptyState::new(icons::LOCK_KEY, "You may not list this folder")
            .text(text)
            .action(icons::MOVE, "Go to a key")
            .details("AccessDenied 403, request 4X9D2K8TQ")
            .show(ui);
    }

    fn values_ui(&mut self, ui: &mut egui::Ui) {
        kit::tabs(
            ui,
            "Inspector",
            &mut self.tab,
            &["Info", "Metadata", "Tags", "Access", "Versions"],
        );
        ui.scope(|ui| {
            ui.spacing_mut().item_spacing.y = 0.0;
            kit::value_row(
                ui,
                "Key",
                "photos/2026/2026-03-14 海岸線 a very long name sunrise.jpg",
                kit::ValueStyle::Mono,
            );
            kit::value_row(ui, "Size", "4,812,044 bytes", kit::ValueStyle::Plain);
            kit::value_row(ui, "Modified", "today 14:02:51", kit::ValueStyle::Plain);
        });
        ui.horizontal(|ui| {
            for (at, (name, count)) in [("All", 230), ("Active", 3), ("Failed", 1)]
                .into_iter()
                .enumerate()
            {
                kit::counted(ui, at == 0, name, count, name == "Failed");
            }
        });
    }
}

fn navigation_ui(ui: &mut egui::Ui) {
    let [(_, red), _, (_, green), (_, blue), ..] = theme::CONNECTION_COLOURS;
    let tokens = theme::tokens(ui);
    egui::Frame::NONE.fill(tokens.panel).show(ui, |ui| {
        ui.spacing_mut().item_spacing.y = 0.0;
        kit::section_caption(ui, "Connections", Some((icons::PLUS, "Add a connection")));
        ui.add(
            kit::NavItem::new("media-live")
                .dot(red)
                .selected(true)
                .mark(icons::SHIELD_CHECK, None),
        );
        ui.add(
            kit::NavItem::new("media-staging")
                .dot(blue)
                .shortcut("Ctrl+2"),
        );
        ui.add(
            kit::NavItem::new("static-site")
                .dot(green)
                .shortcut("Ctrl+3"),
        );
        kit::section_caption(
            ui,
            "Buckets",
            Some((icons::REFRESH, "List the buckets again")),
        );
        ui.add(
            kit::NavItem::new("media-live")
                .icon(icons::BUCKET)
                .shaded(true),
        );
        ui.add(kit::NavItem::new("media-live-replication-us-east-2").icon(icons::BUCKET));
        ui.add(
            kit::NavItem::new("Add a bucket by name")
                .icon(icons::PLUS)
                .quiet(),
        );
        ui.add(
            kit::NavItem::new("Region and signing")
                .icon(icons::REGION)
                .part(2, 4)
                .mark(icons::WARNING_FILL, tokens.warn),
        );
        ui.add(
            kit::NavItem::new("Doctor")
                .icon(icons::DOCTOR)
                .mark(icons::CHECK_CIRCLE_FILL, tokens.good),
        );
        ui.add(
            kit::NavItem::new("Settings")
                .icon(icons::SETTINGS)
                .shortcut("Ctrl+,")
                .refused(Some("no connection")),
        );
    });
}

fn menu_ui(ui: &mut egui::Ui) {
    let button = ui.add(kit::Button::secondary("Menu").opens_menu());
    kit::menu(ui, &button, |ui| {
        ui.add(
            kit::MenuItem::new("Open")
                .icon(icons::EYE)
                .shortcut("Enter"),
        );
        ui.add(
            kit::MenuItem::new("Download")
                .icon(icons::DOWNLOAD)
                .shortcut("Ctrl+D"),
        );
        kit::menu_separator(ui);
        ui.add(
            kit::MenuItem::new("Copy link (1 hour)")
                .icon(icons::LINK)
                .shortcut("Ctrl+Shift+C")
                .strong(),
        );
        kit::submenu(ui, icons::TIMER, "Copy link for", |ui| {
            ui.add(kit::MenuItem::new("15 minutes").shortcut("14:17"));
            ui.add(kit::MenuItem::new("1 hour").shortcut("15:02"));
            kit::menu_separator(ui);
            ui.add(kit::MenuItem::new("Custom…"));
        });
        kit::menu_separator(ui);
        ui.add(
            kit::MenuItem::new("Access")
                .icon(icons::USERS)
                .refused(Some("ACLs are off")),
        );
        ui.add(
            kit::MenuItem::new("Delete")
                .icon(icons::TRASH)
                .refused(Some("this connection is no-delete")),
        );
        ui.add(kit::MenuItem::new("Delete").icon(icons::TRASH).danger());
        ui.add(kit::MenuItem::new("Folders first").checked(true));
        ui.add(kit::MenuItem::new("Natural order").checked(false));
    });
}

pub(crate) fn dialog_ui(ctx: &egui::Context, page: &mut Page) {
    let dialog = kit::Dialog::new("sample", "Link studio")
        .remark("Nothing has been written yet.")
        .icon(icons::LINK)
        .width(560.0);
    dialog.show(
        ctx,
        page,
        |ui, page| {
            kit::form_row(ui, "Save as", 84.0, |ui| {
                ui.add(kit::TextField::new(&mut page.text, "Save as"))
            });
            kit::form_row(ui, "Method", 84.0, |ui| {
                kit::segments(
                    ui,
                    "Method",
                    &mut page.method,
                    &["GET", "PUT"].map(Into::into),
                )
            });
            kit::text_box(ui).show(ui, |ui| {
                kit::mono(ui, "https://media-live.s3.eu-central-1.amazonaws.com")
            });
            kit::check_box(ui, &mut page.on, "Do the same next time on this connection");
        },
        |ui, _| {
            kit::primary_button(ui, icons::COPY, "Copy link");
            kit::secondary_button(ui, None, "Close");
            kit::quiet_small(ui, "2 overwrite, 3 skip");
        },
    );
}
