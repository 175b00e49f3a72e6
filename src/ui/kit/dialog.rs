//! The frame of a modal dialog: head of 44 with a cross, a body that scrolls when it must, foot of 52 with the buttons at the right.
//!
//! While it stands, the window behind it takes neither clicks nor the keyboard. Esc and the cross close it; a click beside it does not, because
//! it may hold what somebody has just typed.

use eframe::egui;
use egui::{
    Frame, Id, Key, Layout, Margin, Modal, Modifiers, Rect, ScrollArea, Sense, Stroke, TextStyle,
    Ui, Vec2,
};

use super::button::Button;
use super::paint;
use crate::ui::icons;
use crate::ui::theme::{self, ICON, tokens};

const HEAD: f32 = 44.0;
const FOOT: f32 = 52.0;
const PADDING: f32 = 16.0;

/// Width of a question that is answered with yes or no.
pub const CONFIRMATION_WIDTH: f32 = 480.0;

/// A modal dialog.
#[derive(Debug, Clone)]
#[must_use = "a dialog is drawn by show"]
pub struct Dialog<'a> {
    id: Id,
    title: &'a str,
    remark: &'a str,
    icon: Option<char>,
    width: f32,
    body_padding: bool,
    foot: bool,
}

impl<'a> Dialog<'a> {
    /// A dialog; `name` is unique among the dialogs, `title` is shown and read out.
    pub fn new(name: &str, title: &'a str) -> Self {
        let id = Id::unique(("dialog", name));
        Self {
            id,
            title,
            remark: "",
            icon: None,
            width: CONFIRMATION_WIDTH,
            body_padding: true,
            foot: true,
        }
    }

    /// Quiet words beside the title.
    pub fn remark(mut self, remark: &'a str) -> Self {
        self.remark = remark;
        self
    }

    /// An icon before the title.
    pub fn icon(mut self, icon: char) -> Self {
        self.icon = Some(icon);
        self
    }

    /// Width in points; never wider than the window.
    pub fn width(mut self, width: f32) -> Self {
        self.width = width;
        self
    }

    /// The body reaches the edges: a table or panes.
    pub fn full_body(mut self) -> Self {
        self.body_padding = false;
        self
    }

    /// No foot: nothing is to be answered.
    pub fn without_foot(mut self) -> Self {
        self.foot = false;
        self
    }

    /// Draws the dialog over the window. `body` is laid out from the top; `foot` from the right, so that the primary button is added first.
    /// Both get `with`, so that they may change the same thing. True when the user closes the dialog with Esc or the cross.
    pub fn show<T: ?Sized>(
        self,
        ctx: &egui::Context,
        with: &mut T,
        body: impl FnOnce(&mut Ui, &mut T),
        foot: impl FnOnce(&mut Ui, &mut T),
    ) -> bool {
        let style = ctx.global_style();
        let tokens = theme::tokens_of(&style.visuals);
        let frame = Frame::NONE
            .fill(tokens.raised)
            .stroke(Stroke::new(1.0, tokens.edge))
            .corner_radius(theme::corner())
            .shadow(style.visuals.window_shadow);
        let room = ctx.content_rect().size() - Vec2::splat(32.0);
        let area = Modal::default_area(self.id).accessible_name(self.title);
        let answer = Modal::new(self.id)
            .area(area)
            .frame(frame)
            .backdrop_color(tokens.scrim)
            .show(ctx, |ui| {
                ui.spacing_mut().item_spacing = Vec2::ZERO;
                ui.set_width(self.width.min(room.x));
                let closed = self.head_ui(ui);
                let foot_height = if self.foot { FOOT } else { 0.0 };
                let padding = if self.body_padding { PADDING as i8 } else { 0 };
                let most = room.y - HEAD - foot_height;
                // Where a dialog stands at first leaves less room below it than it has once it stands in the middle.
                ScrollArea::vertical()
                    .max_height(most)
                    .min_scrolled_height(most)
                    .auto_shrink([false, true])
                    .show(ui, |ui| {
                        Frame::NONE
                            .inner_margin(Margin::same(padding))
                            .show(ui, |ui| {
                                ui.spacing_mut().item_spacing = Vec2::splat(8.0);
                                ui.set_width(ui.available_width());
                                body(ui, with);
                            });
                    });
                if self.foot {
                    foot_ui(ui, |ui| foot(ui, with));
                }
                closed
            });
        let escape = answer.is_top_modal
            && !answer.any_popup_open
            && ctx.input_mut(|input| input.consume_key(Modifiers::NONE, Key::Escape));
        answer.inner || escape
    }

    /// Title and cross; true when the cross was clicked.
    fn head_ui(&self, ui: &mut Ui) -> bool {
        let (rect, response) =
            ui.allocate_exact_size(Vec2::new(ui.available_width(), HEAD), Sense::hover());
        response.widget_info(|| egui::WidgetInfo::labeled(egui::Role::Heading, true, self.title));
        let tokens = tokens(ui);
        let (mut x, y, end) = (rect.left() + PADDING, rect.center().y, rect.right() - 48.0);
        if let Some(icon) = self.icon {
            paint::icon_at(
                ui.painter(),
                egui::pos2(x + ICON / 2.0, y),
                icon,
                ICON,
                tokens.copper,
            );
            x += ICON + 8.0;
        }
        let title =
            paint::line_of_text_within(ui, self.title, &TextStyle::Heading, tokens.text, end - x);
        x = paint::put_line(ui.painter(), x, y, title);
        if !self.remark.is_empty() {
            let remark = paint::line_of_text_within(
                ui,
                self.remark,
                &TextStyle::Body,
                tokens.quiet,
                end - x - 12.0,
            );
            paint::put_line(ui.painter(), x + 12.0, y + 1.0, remark);
        }
        ui.painter()
            .hline(rect.x_range(), rect.bottom() - 0.5, theme::line(tokens));
        let square = Rect::from_center_size(egui::pos2(rect.right() - 22.0, y), Vec2::splat(28.0));
        paint::put_at(
            ui,
            square,
            Button::icon_only(icons::X, "Close").ink(tokens.quiet),
        )
        .clicked()
    }
}

fn foot_ui(ui: &mut Ui, content: impl FnOnce(&mut Ui)) {
    let (rect, _) = ui.allocate_exact_size(Vec2::new(ui.available_width(), FOOT), Sense::hover());
    ui.painter()
        .hline(rect.x_range(), rect.top() + 0.5, theme::line(tokens(ui)));
    let inner = rect.shrink2(Vec2::new(PADDING, 12.0));
    let layout = Layout::right_to_left(egui::Align::Center);
    ui.scope_builder(
        egui::UiBuilder::new().max_rect(inner).layout(layout),
        |ui| {
            ui.spacing_mut().item_spacing.x = 8.0;
            content(ui);
        },
    );
}
