//! Choosing one of several: segments when there are few and short ones, a drop-down otherwise.

use eframe::egui;
use egui::{
    Color32, CornerRadius, Popup, Rect, Response, Role, Sense, StrokeKind, TextStyle, Ui, Vec2,
    Widget, WidgetInfo,
};

use super::field::frame_shape;
use super::menu::MenuItem;
use super::paint::{self, Touch};
use crate::ui::icons;
use crate::ui::theme::{self, CONTROL, CORNER, SMALL_CONTROL, TINY_ICON, tokens};

/// One of several things that can be chosen.
#[derive(Debug, Clone, Default, PartialEq, Eq)]
pub struct Choice {
    /// What is chosen.
    pub text: String,
    /// More about it, quiet: beside it in a drop-down, in the tooltip of a segment.
    pub detail: String,
    /// Why it cannot be chosen now.
    pub refused: Option<String>,
}

impl From<&str> for Choice {
    fn from(text: &str) -> Self {
        Self {
            text: text.to_owned(),
            ..Self::default()
        }
    }
}

impl Choice {
    /// Adds what is said beside it.
    #[must_use]
    pub fn detail(mut self, detail: impl Into<String>) -> Self {
        self.detail = detail.into();
        self
    }

    /// Makes it unavailable when there is a reason.
    #[must_use]
    pub fn refused(mut self, reason: Option<impl Into<String>>) -> Self {
        self.refused = reason.map(Into::into);
        self
    }
}

/// A switch of choices, 28 high. `chosen` may be out of range: then nothing is chosen. The response is `changed` when the user chose.
pub fn segments(ui: &mut Ui, name: &str, chosen: &mut usize, choices: &[Choice]) -> Response {
    const PADDING: f32 = 12.0;
    // Semibold is wider: every segment keeps its width whatever is chosen.
    let widths: Vec<f32> = choices
        .iter()
        .map(|choice| {
            (paint::line_of_text(ui, &choice.text, &theme::strong(), Color32::PLACEHOLDER)
                .size()
                .x
                + 2.0 * PADDING)
                .round()
        })
        .collect();
    let (rect, mut whole) =
        ui.allocate_exact_size(Vec2::new(widths.iter().sum(), CONTROL), Sense::hover());
    let tokens = tokens(ui);
    paint::boxed(ui.painter(), rect, CORNER, tokens.field, tokens.edge);
    let mut x = rect.left();
    for (at, (choice, width)) in choices.iter().zip(&widths).enumerate() {
        let part = Rect::from_min_size(egui::pos2(x, rect.top()), Vec2::new(*width, CONTROL));
        let first_last = (at == 0, at + 1 == choices.len());
        if segment_ui(
            ui,
            (whole.id, name),
            part,
            first_last,
            choice,
            *chosen == at,
        )
        .clicked()
            && *chosen != at
        {
            *chosen = at;
            whole.mark_changed();
        }
        x += width;
        if at + 1 < choices.len() {
            ui.painter()
                .vline(x - 0.5, rect.shrink(1.0).y_range(), theme::line(tokens));
        }
    }
    whole
}

fn segment_ui(
    ui: &Ui,
    (whole, name): (egui::Id, &str),
    part: Rect,
    (first, last): (bool, bool),
    choice: &Choice,
    on: bool,
) -> Response {
    let id = whole.with(choice.text.as_str());
    let enabled = ui.is_enabled() && choice.refused.is_none();
    let sense = if enabled {
        Sense::click()
    } else {
        Sense::hover()
    };
    let response = ui.interact(part, id, sense);
    response.widget_info(|| WidgetInfo::selected(Role::RadioButton, enabled, on, &choice.text));
    paint::describe(&response, choice.refused.as_deref().unwrap_or(name));
    let tokens = tokens(ui);
    let round = |is: bool| if is { CORNER - 1 } else { 0 };
    let corners = CornerRadius {
        nw: round(first),
        sw: round(first),
        ne: round(last),
        se: round(last),
    };
    let fill = match paint::touch(&response) {
        _ if on => tokens.selection,
        Touch::Hover if enabled => tokens.control_hover,
        Touch::Pressed => tokens.pressed,
        _ => Color32::TRANSPARENT,
    };
    ui.painter().rect_filled(
        part.shrink(1.0)
            .expand2(Vec2::new(if first || last { 0.0 } else { 1.0 }, 0.0)),
        corners,
        fill,
    );
    let (style, ink) = match (on, enabled) {
        (_, false) => (TextStyle::Body, tokens.disabled),
        (true, true) => (theme::strong(), tokens.text),
        (false, true) => (TextStyle::Body, tokens.quiet),
    };
    let text = paint::line_of_text(ui, &choice.text, &style, ink);
    paint::put_in_middle(ui.painter(), part, text);
    if response.has_focus() {
        ui.painter().rect_stroke(
            part.shrink(2.0),
            corners,
            egui::Stroke::new(2.0, tokens.copper),
            StrokeKind::Inside,
        );
    }
    match &choice.refused {
        Some(reason) => response.on_hover_text(reason),
        None if choice.detail.is_empty() => response,
        None => response.on_hover_text(&choice.detail),
    }
}

/// A drop-down: a field that opens a menu.
#[derive(Debug, Clone)]
#[must_use = "a drop-down is drawn by show"]
pub struct DropDown<'a> {
    name: &'a str,
    shown: &'a str,
    detail: &'a str,
    dot: Option<Color32>,
    width: Option<f32>,
    small: bool,
    quiet: bool,
    mono: bool,
    problem: bool,
    refused: Option<String>,
}

impl<'a> DropDown<'a> {
    /// A drop-down called `name` that shows `shown` as what is chosen.
    pub fn new(name: &'a str, shown: &'a str) -> Self {
        Self {
            name,
            shown,
            detail: "",
            dot: None,
            width: None,
            small: false,
            quiet: false,
            mono: false,
            problem: false,
            refused: None,
        }
    }

    /// More about what is chosen, quiet, beside it.
    pub fn detail(mut self, detail: &'a str) -> Self {
        self.detail = detail;
        self
    }

    /// A dot in the colour of a connection before the text.
    pub fn dot(mut self, colour: Color32) -> Self {
        self.dot = Some(colour);
        self
    }

    /// Width in points; without it the drop-down takes what is left.
    pub fn width(mut self, width: f32) -> Self {
        self.width = Some(width);
        self
    }

    /// 24 high instead of 28.
    pub fn small(mut self) -> Self {
        self.small = true;
        self
    }

    /// Nothing is chosen: the text is a placeholder.
    pub fn placeholder(mut self, is: bool) -> Self {
        self.quiet = is;
        self
    }

    /// The monospace font.
    pub fn mono(mut self) -> Self {
        self.mono = true;
        self
    }

    /// The value is wrong; a note below says why.
    pub fn problem(mut self, problem: bool) -> Self {
        self.problem = problem;
        self
    }

    /// Disables the drop-down when there is a reason; the reason is in the tooltip.
    pub fn refused(mut self, reason: Option<impl Into<String>>) -> Self {
        self.refused = reason.map(Into::into);
        self
    }

    /// Draws the drop-down and, when it is open, its menu with `items`.
    pub fn show<R>(self, ui: &mut Ui, items: impl FnOnce(&mut Ui) -> R) -> (Response, Option<R>) {
        let Some(reason) = self.refused.clone() else {
            let response = self.field_ui(ui);
            let width = response.rect.width().max(120.0);
            let place = (response.rect, response.clicked());
            let inner = Popup::menu(&response)
                .close_behavior(super::menu::CLOSES)
                .width(width)
                .gap(4.0)
                .frame(super::menu::frame(ui))
                .show(|ui| super::menu::list(ui, place, width - 10.0, items))
                .map(|shown| shown.inner);
            return (response, inner);
        };
        let response = ui.add_enabled_ui(false, |ui| self.field_ui(ui)).inner;
        paint::describe(&response, &reason);
        (response.on_disabled_hover_text(reason), None)
    }

    fn field_ui(&self, ui: &mut Ui) -> Response {
        let height = if self.small { SMALL_CONTROL } else { CONTROL };
        let size = Vec2::new(self.width.unwrap_or_else(|| ui.available_width()), height);
        let (rect, response) = ui.allocate_exact_size(size, Sense::click());
        response.widget_info(|| WidgetInfo::labeled(Role::ComboBox, response.enabled(), self.name));
        response
            .ctx
            .accesskit_node_builder(response.id, |node| node.set_value(self.shown));
        if !ui.is_rect_visible(rect.expand(2.0)) {
            return response;
        }
        let tokens = tokens(ui);
        let touch = paint::touch(&response);
        ui.painter().add(frame_shape(
            ui,
            rect,
            touch,
            self.problem,
            response.has_focus(),
        ));
        let off = touch == Touch::Disabled;
        let ink = if off {
            tokens.disabled
        } else if self.quiet {
            tokens.quiet
        } else {
            tokens.text
        };
        let weak = if off { tokens.disabled } else { tokens.quiet };
        let style = if self.mono {
            TextStyle::Monospace
        } else if self.small {
            TextStyle::Small
        } else {
            TextStyle::Body
        };
        let (mut x, y, end) = (
            rect.left() + 8.0,
            rect.center().y,
            rect.right() - 8.0 - TINY_ICON - 8.0,
        );
        if let Some(dot) = self.dot {
            ui.painter().circle_filled(egui::pos2(x + 4.0, y), 4.0, dot);
            x += 16.0;
        }
        let text = paint::line_of_text_within(ui, self.shown, &style, ink, end - x);
        x = paint::put_line(ui.painter(), x, y, text);
        if !self.detail.is_empty() && end - x > 24.0 {
            let detail = paint::line_of_text_within(ui, self.detail, &style, weak, end - x - 5.0);
            paint::put_line(ui.painter(), x + 5.0, y, detail);
        }
        paint::icon_at(
            ui.painter(),
            egui::pos2(rect.right() - 8.0 - TINY_ICON / 2.0, y),
            icons::CARET_DOWN,
            TINY_ICON,
            weak,
        );
        response
    }
}

/// A drop-down over a list of choices. `chosen` may be out of range: then `placeholder` shows. The response is `changed` when the user chose.
pub fn drop_down(
    ui: &mut Ui,
    drop_down: DropDown<'_>,
    chosen: &mut usize,
    choices: &[Choice],
) -> Response {
    let (mut response, picked) = drop_down.show(ui, |ui| {
        let mut picked = None;
        for (at, choice) in choices.iter().enumerate() {
            let item = MenuItem::new(&choice.text)
                .checked(*chosen == at)
                .shortcut(&choice.detail)
                .refused(choice.refused.as_deref());
            if item.ui(ui).clicked() {
                picked = Some(at);
            }
        }
        picked
    });
    if let Some(Some(at)) = picked
        && at != *chosen
    {
        *chosen = at;
        response.mark_changed();
    }
    response
}
