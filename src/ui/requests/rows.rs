//! The rows of the panel: one request a line.

use std::borrow::Cow;

use egui::{
    Align, Color32, Key, Layout, Modifiers, Rect, RichText, Role, Sense, TextStyle, Ui, WidgetInfo,
};

use crate::domain::ByteSize;
use crate::domain::diagnosis::{Exchange, Outcome};
use crate::state::{RequestsAction, State};
use crate::ui::actions::Actions;
use crate::ui::kit::{
    self, CELL_GAP,
    CellSide::{Left, Right},
    Light,
};
use crate::ui::theme::tokens;
use crate::words::exchange as words;

const ROW: f32 = 26.0;
/// The light and the room around it.
const MARK: f32 = 36.0;

/// Widths of the columns; 0 leaves one out.
struct Widths {
    time: f32,
    call: f32,
    subject: f32,
    host: f32,
    status: f32,
    took: f32,
    size: f32,
    tries: f32,
}

impl Widths {
    fn of(width: f32) -> Self {
        let room = (width - MARK - 16.0).max(320.0);
        let (status, took) = (152.0_f32.min(room * 0.28), 72.0);
        // The longest names of calls are seen whole where there is room for it.
        let call = if room >= 1000.0 {
            224.0
        } else {
            168.0_f32.min(room * 0.3)
        };
        let rest = room - call - status - took;
        let wide = rest >= 500.0;
        let (time, size) = if rest >= 320.0 {
            (88.0, 84.0)
        } else {
            (0.0, 0.0)
        };
        let (host, tries) = if wide {
            ((rest * 0.25).min(280.0), 48.0)
        } else {
            (0.0, 0.0)
        };
        Self {
            time,
            call,
            subject: rest - time - size - host - tries,
            host,
            status,
            took,
            size,
            tries,
        }
    }
}

pub(super) fn rows_ui(ui: &mut Ui, state: &State, actions: &mut Actions) {
    let requests = &state.requests;
    if requests.rows() == 0 {
        let text = if requests.count() == 0 {
            "Nothing was sent yet. Every call to a server appears here."
        } else if requests.only_failed && requests.failed() == 0 {
            "Nothing failed."
        } else {
            "No request holds these words."
        };
        ui.add_space(16.0);
        ui.vertical_centered(|ui| kit::quiet(ui, text));
        return;
    }
    let widths = Widths::of(ui.available_width());
    let columns = [
        ("Sent", widths.time, Left),
        ("Call", widths.call, Left),
        ("Bucket and key", widths.subject, Left),
        ("Host", widths.host, Left),
        ("Status", widths.status, Left),
        ("Took", widths.took, Right),
        ("Bytes", widths.size, Right),
        ("Try", widths.tries, Right),
    ];
    kit::titles(ui, MARK, &columns);
    let total = requests.rows() as f32 * ROW;
    let list = egui::ScrollArea::vertical()
        .id_salt("requests")
        .auto_shrink(false);
    list.show_viewport(ui, |ui, view| {
        ui.set_height(total);
        let (left, start) = (ui.min_rect().left(), ui.min_rect().top());
        let first = (view.top() / ROW).floor().max(0.0) as usize;
        let last = ((view.bottom() / ROW).ceil() as usize).min(requests.rows());
        for row in first..last {
            let Some(exchange) = requests.row(row) else {
                continue;
            };
            let rect = Rect::from_min_size(
                egui::pos2(left, start + row as f32 * ROW),
                egui::vec2(ui.available_width(), ROW),
            );
            row_ui(ui, state, rect, exchange, &widths, actions);
        }
    });
}

/// How a request stands, by its light.
pub(super) fn light(exchange: &Exchange) -> Light {
    match exchange.outcome() {
        Outcome::Running => Light::Busy,
        Outcome::Done => Light::Good,
        Outcome::No => Light::Info,
        Outcome::Failed => Light::Bad,
        Outcome::Dropped => Light::NotSet,
    }
}

fn row_ui(
    ui: &mut Ui,
    state: &State,
    rect: Rect,
    exchange: &Exchange,
    widths: &Widths,
    actions: &mut Actions,
) {
    let id = egui::Id::unique(("request", exchange.number));
    let response = ui.interact(rect, id, Sense::click());
    let chosen = state.requests.selected == Some(exchange.number);
    let said = format!(
        "{} {}, {}",
        exchange.operation,
        words::subject(exchange),
        words::outcome(exchange)
    );
    response.widget_info(|| WidgetInfo::selected(Role::Row, true, chosen, &said));
    let fill = match (chosen, response.hovered()) {
        (true, _) => tokens(ui).selection,
        (false, true) => tokens(ui).row_hover,
        (false, false) => Color32::TRANSPARENT,
    };
    ui.painter().rect_filled(rect, 0.0, fill);
    if response.clicked() {
        response.request_focus();
        actions.push(RequestsAction::Select((!chosen).then_some(exchange.number)));
    }
    if response.has_focus() {
        keys(ui, actions);
        ui.memory_mut(|memory| {
            let filter = egui::EventFilter {
                vertical_arrows: true,
                ..egui::EventFilter::default()
            };
            memory.set_focus_lock_filter(id, filter);
        });
    }
    // The chosen row keeps the keyboard while the arrows go through the list.
    if chosen
        && ui
            .data(|data| data.get_temp::<bool>(moved()))
            .unwrap_or_default()
    {
        ui.data_mut(|data| data.remove::<bool>(moved()));
        response.request_focus();
        response.scroll_to_me(None);
    }
    let layout = Layout::left_to_right(Align::Center);
    let mut row = ui.new_child(
        egui::UiBuilder::new()
            .max_rect(rect)
            .layout(layout)
            .id_salt(id),
    );
    row.spacing_mut().item_spacing.x = 0.0;
    row.add_space(12.0);
    kit::light_at(
        &row,
        egui::pos2(rect.left() + 20.0, rect.center().y),
        light(exchange),
        14.0,
    );
    row.add_space(MARK - 12.0);
    cells_ui(&mut row, state, exchange, widths);
    kit::focus_ring(ui, &response, rect.shrink(1.0), 0);
}

/// Where it is noted that the arrows moved the choice.
fn moved() -> egui::Id {
    egui::Id::unique("requests moved")
}

fn keys(ui: &Ui, actions: &mut Actions) {
    for (key, rows) in [
        (Key::ArrowDown, 1),
        (Key::ArrowUp, -1),
        (Key::PageDown, 10),
        (Key::PageUp, -10),
    ] {
        if ui.input_mut(|input| input.consume_key(Modifiers::NONE, key)) {
            actions.push(RequestsAction::Step(rows));
            ui.data_mut(|data| data.insert_temp(moved(), true));
        }
    }
}

fn cells_ui(ui: &mut Ui, state: &State, exchange: &Exchange, widths: &Widths) {
    let height = ui.available_height();
    let inks = tokens(ui);
    let cut = |ui: &mut Ui, width: f32, text: &str, style: TextStyle, ink: Color32| {
        kit::cell(ui, [width, height], Left, |ui| {
            cut_ui(ui, text, width - CELL_GAP, style, ink);
        });
    };
    cut(
        ui,
        widths.time,
        &clock(state, exchange),
        TextStyle::Small,
        inks.quiet,
    );
    cut(
        ui,
        widths.call,
        exchange.operation,
        TextStyle::Small,
        inks.text,
    );
    if exchange.bucket.is_empty() {
        cut(ui, widths.subject, "–", TextStyle::Small, inks.quiet);
    } else {
        let subject = words::subject(exchange);
        cut(
            ui,
            widths.subject,
            &subject,
            TextStyle::Monospace,
            inks.text,
        );
    }
    let host = crate::ui::words::visible(&exchange.host);
    cut(ui, widths.host, &host, TextStyle::Small, inks.quiet);
    let ink = if exchange.failed() {
        inks.bad
    } else {
        inks.text
    };
    let outcome = words::outcome(exchange);
    cut(ui, widths.status, &outcome, TextStyle::Small, ink);
    kit::cell(ui, [widths.took, height], Right, |ui| {
        let took = exchange.total_us.map(words::time).unwrap_or_default();
        kit::small(ui, took);
    });
    kit::cell(ui, [widths.size, height], Right, |ui| {
        let bytes = exchange.sent_bytes + exchange.received_bytes;
        kit::quiet_small(ui, ByteSize(bytes).to_string());
    });
    kit::cell(ui, [widths.tries, height], Right, |ui| {
        if exchange.attempt > 1 {
            kit::small(ui, exchange.attempt.to_string());
        }
    });
}

/// A text that is cut where there is too little room for it, and is whole in the tooltip then.
fn cut_ui(ui: &mut Ui, text: &str, room: f32, style: TextStyle, ink: Color32) {
    let font = style.resolve(ui.style());
    let shown = kit::cut_middle(ui, text, &font, room);
    let is_cut = matches!(shown, Cow::Owned(_));
    let label = egui::Label::new(RichText::new(shown).text_style(style).color(ink));
    let response = ui.add(label.selectable(false).extend());
    if is_cut {
        response.on_hover_text(text);
    }
}

/// `14:02:07.412`
pub(super) fn clock(state: &State, exchange: &Exchange) -> String {
    let at = crate::domain::Timestamp(exchange.began_ms.div_euclid(1000));
    let seconds = at.strftime("%H:%M:%S", &state.zone);
    format!("{seconds}.{:03}", exchange.began_ms.rem_euclid(1000))
}
