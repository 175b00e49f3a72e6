//! Menus: a raised box with items of 26 that hold an icon, words, and at the right a shortcut, a caret or the reason why not.
//!
//! Open one with [`menu`] below a button or [`context_menu`] at the pointer; arrow keys, Enter and Esc work in both.

use std::borrow::Cow;

use eframe::egui;
use egui::containers::menu::{MenuConfig, SubMenu};
use egui::{
    Color32, CornerRadius, Frame, Id, InnerResponse, Popup, PopupCloseBehavior, Rect, RectAlign,
    Response, Role, ScrollArea, Sense, Stroke, TextStyle, Tooltip, Ui, Vec2, Widget, WidgetInfo,
};

use super::paint::{self, Touch};
use crate::ui::icons;
use crate::ui::theme::{self, ICON, ITEM, SMALL_CORNER, TINY_ICON, tokens};

/// Width of a menu.
pub const MENU_WIDTH: f32 = 256.0;
/// Width of a submenu.
pub const SUBMENU_WIDTH: f32 = 212.0;

/// A click on an item that is refused leaves the menu open; an item that acts closes it itself.
pub(super) const CLOSES: PopupCloseBehavior = PopupCloseBehavior::CloseOnClickOutside;

/// Opens a menu below `button` while it is toggled by clicks.
pub fn menu<R>(
    ui: &Ui,
    button: &Response,
    items: impl FnOnce(&mut Ui) -> R,
) -> Option<InnerResponse<R>> {
    Popup::menu(button)
        .close_behavior(CLOSES)
        .gap(4.0)
        .frame(frame(ui))
        .show(|ui| content(ui, MENU_WIDTH - 10.0, items))
}

/// Opens a menu at the pointer after a click with the other button on `target`, or with the menu key.
pub fn context_menu<R>(
    ui: &Ui,
    target: &Response,
    items: impl FnOnce(&mut Ui) -> R,
) -> Option<InnerResponse<R>> {
    Popup::context_menu(target)
        .close_behavior(CLOSES)
        .frame(frame(ui))
        .show(|ui| content(ui, MENU_WIDTH - 10.0, items))
}

/// An item that opens a further menu beside it.
pub fn submenu<R>(
    ui: &mut Ui,
    icon: impl Into<Option<char>>,
    text: &str,
    items: impl FnOnce(&mut Ui) -> R,
) -> Response {
    let item = MenuItem {
        opens: true,
        ..MenuItem::new(text).icon(icon)
    };
    let (response, _) = item.draw_ui(ui);
    SubMenu::new()
        .config(MenuConfig::new().close_behavior(CLOSES))
        .show(ui, &response, |ui| content(ui, SUBMENU_WIDTH - 10.0, items));
    response
}

/// A line between groups of items.
pub fn menu_separator(ui: &mut Ui) {
    let (rect, _) = ui.allocate_exact_size(Vec2::new(ui.available_width(), 9.0), Sense::hover());
    let stroke = theme::line(tokens(ui));
    ui.painter().hline(
        rect.expand2(Vec2::new(0.0, 0.0)).x_range(),
        rect.top() + 4.5,
        stroke,
    );
}

/// The box of a menu.
pub(super) fn frame(ui: &Ui) -> Frame {
    let tokens = tokens(ui);
    Frame::NONE
        .fill(tokens.raised)
        .stroke(Stroke::new(1.0, tokens.edge))
        .corner_radius(theme::corner())
        .shadow(ui.visuals().popup_shadow)
        .inner_margin(4)
}

pub(super) fn content<R>(ui: &mut Ui, width: f32, items: impl FnOnce(&mut Ui) -> R) -> R {
    ui.spacing_mut().item_spacing = Vec2::ZERO;
    ui.set_width(width);
    items(ui)
}

/// Room between a list below its field and the edge of the window, its box included.
const AROUND: f32 = 20.0;

/// The items of a list that drops down from `field`. It is never longer than the room above or below, whichever is larger:
/// what does not fit is scrolled. `opens` says that it is drawn for the first time since it was opened.
pub(super) fn list<R>(
    ui: &mut Ui,
    (field, opens): (Rect, bool),
    width: f32,
    items: impl FnOnce(&mut Ui) -> R,
) -> R {
    let window = ui.ctx().content_rect();
    let room = (window.bottom() - field.bottom()).max(field.top() - window.top());
    ui.data_mut(|data| data.insert_temp(Id::unique(OPENS), opens));
    let height = (room - AROUND).max(ITEM * 3.0);
    content(ui, width, |ui| {
        ScrollArea::vertical()
            .max_height(height)
            .min_scrolled_height(height)
            .show(ui, items)
            .inner
    })
}

/// Where it is kept whether the list that is being drawn has just been opened.
const OPENS: &str = "a list opens";

fn opens_now(ui: &Ui) -> bool {
    ui.data(|data| data.get_temp(Id::unique(OPENS)))
        .unwrap_or_default()
}

/// One item of a menu. Draw it with `ui.add` or [`Widget::ui`]; a click closes the menu.
#[derive(Debug, Clone)]
#[must_use = "an item is drawn by ui.add"]
pub struct MenuItem<'a> {
    text: Cow<'a, str>,
    icon: Option<char>,
    shortcut: Cow<'a, str>,
    strong: bool,
    danger: bool,
    checked: Option<bool>,
    dot: Option<Color32>,
    opens: bool,
    refused: Option<Cow<'a, str>>,
}

impl<'a> MenuItem<'a> {
    /// An item that says `text`.
    pub fn new(text: impl Into<Cow<'a, str>>) -> Self {
        Self {
            text: text.into(),
            icon: None,
            shortcut: Cow::Borrowed(""),
            strong: false,
            danger: false,
            checked: None,
            dot: None,
            opens: false,
            refused: None,
        }
    }

    /// An icon before the text.
    pub fn icon(mut self, icon: impl Into<Option<char>>) -> Self {
        self.icon = icon.into();
        self
    }

    /// The key that does the same, or another short remark, at the right.
    pub fn shortcut(mut self, shortcut: impl Into<Cow<'a, str>>) -> Self {
        self.shortcut = shortcut.into();
        self
    }

    /// Semibold: the item that is meant most often.
    pub fn strong(mut self) -> Self {
        self.strong = true;
        self
    }

    /// In the colour of failure: what cannot be taken back.
    pub fn danger(mut self) -> Self {
        self.danger = true;
        self
    }

    /// An item that is on or off; a tick stands where the icon would.
    pub fn checked(mut self, checked: bool) -> Self {
        self.checked = Some(checked);
        self
    }

    /// A dot in the colour of a connection before the text.
    pub fn dot(mut self, colour: Color32) -> Self {
        self.dot = Some(colour);
        self
    }

    /// Disables the item when there is a reason; the reason stands at the right.
    pub fn refused<R: Into<Cow<'a, str>>>(mut self, reason: Option<R>) -> Self {
        self.refused = reason.map(Into::into);
        self
    }

    /// Draws it, and tells whether all that stands at its right could be seen.
    fn draw_ui(&self, ui: &mut Ui) -> (Response, bool) {
        let (rect, response) =
            ui.allocate_exact_size(Vec2::new(ui.available_width(), ITEM), Sense::click());
        let role = if self.checked.is_some() {
            Role::MenuItemRadio
        } else {
            Role::MenuItem
        };
        response.widget_info(|| {
            let mut info = WidgetInfo::labeled(role, response.enabled(), &self.text);
            info.selected = self.checked;
            info
        });
        // Arrow keys lead through a long list, which opens at what is chosen.
        if response.gained_focus() || self.checked == Some(true) && opens_now(ui) {
            response.scroll_to_me(None);
        }
        if !ui.is_rect_visible(rect) {
            return (response, true);
        }
        let tokens = tokens(ui);
        let submenu_open = self.opens
            && ui
                .ctx()
                .read_response(SubMenu::id_from_widget_id(response.id))
                .is_some();
        let touch = paint::touch(&response);
        let fill = match touch {
            Touch::Disabled => Color32::TRANSPARENT,
            Touch::Pressed => tokens.pressed,
            Touch::Hover => tokens.selection,
            Touch::Rest if response.has_focus() || submenu_open => tokens.selection,
            Touch::Rest => Color32::TRANSPARENT,
        };
        ui.painter()
            .rect_filled(rect, CornerRadius::same(SMALL_CORNER), fill);
        let (ink, weak) = match touch {
            Touch::Disabled => (tokens.disabled, tokens.disabled),
            _ if self.danger => (tokens.bad, tokens.bad),
            _ => (tokens.text, tokens.quiet),
        };
        let y = rect.center().y;
        let mut x = rect.left() + 8.0;
        let mark = if self.checked == Some(true) {
            Some(icons::CHECK)
        } else {
            self.icon
        };
        if let Some(icon) = mark {
            paint::icon_at(
                ui.painter(),
                egui::pos2(x + ICON / 2.0, y),
                icon,
                ICON,
                weak,
            );
        }
        if mark.is_some() || self.checked.is_some() {
            x += ICON + 8.0;
        }
        if let Some(dot) = self.dot {
            ui.painter().circle_filled(egui::pos2(x + 4.0, y), 4.0, dot);
            x += 16.0;
        }
        let style = if self.strong {
            theme::strong()
        } else {
            TextStyle::Body
        };
        // The name comes first: what stands at the right takes what it leaves.
        let text = paint::line_of_text_within(ui, &self.text, &style, ink, rect.right() - 8.0 - x);
        x = paint::put_line(ui.painter(), x, y, text);
        let whole = self.trailing(ui, rect, x + 12.0);
        (response, whole)
    }

    /// What stands at the right, not before `from`. False when not all of it could be drawn.
    fn trailing(&self, ui: &Ui, rect: egui::Rect, from: f32) -> bool {
        let tokens = tokens(ui);
        let right = rect.right() - 8.0;
        if self.opens {
            paint::icon_at(
                ui.painter(),
                egui::pos2(right - TINY_ICON / 2.0, rect.center().y),
                icons::CARET_RIGHT,
                TINY_ICON,
                tokens.quiet,
            );
            return true;
        }
        let remark = self.refused.as_deref().unwrap_or(&self.shortcut);
        if remark.is_empty() || right - from < 16.0 {
            return remark.is_empty();
        }
        let room = right - from;
        let galley = paint::line_of_text_within(ui, remark, &theme::tiny(), tokens.quiet, room);
        let (left, whole) = (right - galley.size().x, !galley.elided);
        paint::put_line(ui.painter(), left, rect.center().y, galley);
        whole
    }
}

impl Widget for MenuItem<'_> {
    fn ui(self, ui: &mut Ui) -> Response {
        let Some(reason) = &self.refused else {
            let (response, _) = self.draw_ui(ui);
            if response.clicked() {
                ui.close();
            }
            return response;
        };
        let drawn = ui.add_enabled_ui(false, |ui| self.draw_ui(ui));
        let (response, whole) = drawn.inner;
        paint::describe(&response, reason);
        // The reason stands in the item. Where it has no room there it is told beside, so that the next item stays in sight.
        if !whole {
            let mut tooltip = Tooltip::for_disabled(&response);
            tooltip.popup = tooltip.popup.align(RectAlign::RIGHT);
            tooltip.show(|ui| ui.label(reason.as_ref()));
        }
        response
    }
}
