//! A policy for one bucket and prefix: what it is to allow, for whom, and the text to copy or save.

use egui::{FontSelection, Margin, ScrollArea, TextEdit, TextStyle, Ui};

use crate::domain::diagnosis::{PolicyRefusal, PolicyRemark, PolicyUse};
use crate::state::policy::PolicyDialog;
use crate::state::{DialogEdit, PolicyEdit, ProbeAction};
use crate::words::diagnosis::policy as words;

use super::super::actions::Actions;
use super::super::icons;
use super::super::kit::{self, Button, Choice, Prose, TextField};
use super::super::theme::tokens;
use super::super::words::visible;
use super::show_ui;

const WIDTH: f32 = 696.0;
/// The text takes what the window has beside the form, the notes and the frame, within these bounds.
const BESIDE_TEXT: f32 = 380.0;
const TEXT_LEAST: f32 = 160.0;
const TEXT_MOST: f32 = 520.0;
/// Room of the name before the principal.
const LABEL: f32 = 64.0;

pub(super) fn policy_ui(ui: &mut Ui, dialog: &PolicyDialog, actions: &mut Actions) {
    let place = format!(
        "s3://{}/{}*",
        visible(dialog.bucket()),
        visible(dialog.prefix())
    );
    let shell = kit::Dialog::new("policy", "Write a policy")
        .remark(&place)
        .icon(icons::SCROLL)
        .width(WIDTH);
    let refused = dialog
        .written
        .as_ref()
        .err()
        .map(|why| words::refusal(*why));
    let mut save = false;
    show_ui(
        ui,
        shell,
        actions,
        |ui, actions| {
            form_ui(ui, dialog, actions);
            match &dialog.written {
                Err(why) => {
                    let prose = Prose::new().text(words::refusal(*why));
                    let note = match why {
                        // Nobody typed anything yet.
                        PolicyRefusal::NoPrincipal => kit::Note::info(prose),
                        _ => kit::Note::warn(prose),
                    };
                    note.show(ui);
                    text_ui(ui, "");
                }
                Ok(written) => {
                    text_ui(ui, &written.json);
                    for remark in &written.remarks {
                        let prose = Prose::new().text(words::remark(*remark));
                        let note = match remark {
                            PolicyRemark::Everybody
                            | PolicyRemark::AnySource
                            | PolicyRemark::OpenPrefix => kit::Note::warn(prose),
                            _ => kit::Note::info(prose),
                        };
                        note.show(ui);
                    }
                }
            }
        },
        |ui| {
            let copy = Button::primary("Copy the policy")
                .icon(icons::CLIPBOARD)
                .refused(refused);
            let copied = ui.add(copy).clicked();
            let file = Button::secondary("Save…")
                .icon(icons::DOWNLOAD)
                .refused(refused);
            save = ui.add(file).clicked();
            let close = kit::secondary_button(ui, None, "Close").clicked();
            match (copied, close) {
                (true, _) => Some(DialogEdit::Confirm),
                (_, true) => Some(DialogEdit::Cancel),
                _ => None,
            }
        },
    );
    if save {
        actions.push(ProbeAction::Policy(PolicyEdit::Save));
    }
}

/// How much, for what, for whom.
fn form_ui(ui: &mut Ui, dialog: &PolicyDialog, actions: &mut Actions) {
    let mut edit = |edit: PolicyEdit| actions.push(ProbeAction::Policy(edit));
    ui.horizontal(|ui| {
        ui.spacing_mut().item_spacing.x = 12.0;
        let mut chosen = usize::from(dialog.documented);
        let choices = [
            Choice::from("Least for what is ticked"),
            Choice::from("As django-storages documents"),
        ];
        if kit::segments(ui, "How much it allows", &mut chosen, &choices).changed() {
            edit(PolicyEdit::Documented(chosen == 1));
        }
        let mut chosen = usize::from(dialog.for_bucket);
        let choices = [
            Choice::from("For a user or role"),
            Choice::from("For the bucket"),
        ];
        if kit::segments(ui, "Where it is attached", &mut chosen, &choices).changed() {
            edit(PolicyEdit::ForBucket(chosen == 1));
        }
    });
    if !dialog.documented {
        ui.horizontal(|ui| {
            ui.spacing_mut().item_spacing.x = 16.0;
            ui.set_min_height(28.0);
            for one in PolicyUse::ALL {
                let mut on = dialog.uses.contains(&one);
                let tick = kit::check_box(ui, &mut on, words::name(one));
                let changed = tick.changed();
                tick.on_hover_text(words::about(one));
                if changed {
                    edit(PolicyEdit::Use(one, on));
                }
            }
        });
    }
    if dialog.for_bucket {
        let mut text = dialog.principal.clone();
        kit::form_row(ui, "Principal", LABEL, |ui| {
            let field = TextField::new(&mut text, "Principal")
                .hint("arn:aws:iam::ACCOUNT:user/NAME")
                .mono();
            if ui.add(field).changed() {
                edit(PolicyEdit::Principal(text.clone()));
            }
        });
        if dialog.is_for_service() {
            let mut text = dialog.source.clone();
            kit::form_row(ui, "Source", LABEL, |ui| {
                let field = TextField::new(&mut text, "Source")
                    .hint("arn:aws:cloudfront::ACCOUNT:distribution/ID")
                    .mono();
                if ui.add(field).changed() {
                    edit(PolicyEdit::Source(text.clone()));
                }
            });
        }
    }
}

/// The document, to be read and selected.
fn text_ui(ui: &mut Ui, json: &str) {
    let tokens = tokens(ui);
    let room = ui.ctx().content_rect().height() - BESIDE_TEXT;
    let height = room.clamp(TEXT_LEAST, TEXT_MOST);
    kit::text_box(ui)
        .inner_margin(Margin::same(0))
        .show(ui, |ui| {
            ScrollArea::both()
                .id_salt("policy")
                .max_height(height)
                .min_scrolled_height(height)
                .auto_shrink([false, false])
                .show(ui, |ui| {
                    let mut shown = json;
                    let edit = TextEdit::multiline(&mut shown)
                        .font(FontSelection::Style(TextStyle::Monospace))
                        .text_color(tokens.text)
                        .frame(egui::Frame::NONE.inner_margin(Margin::same(8)))
                        .desired_width(f32::INFINITY);
                    ui.add(edit).accessible_name("Policy");
                });
        });
}
