//! One request closely: what its error means, every fact about it, and how to repeat it.

use egui::{Margin, ScrollArea, Ui};

use crate::domain::ByteSize;
use crate::domain::diagnosis::{Exchange, Outcome};
use crate::state::{Action, RequestsAction};
use crate::ui::actions::Actions;
use crate::ui::icons;
use crate::ui::kit::{self, Button, Note, Prose, ValueStyle};
use crate::words::exchange as words;

const HEAD: f32 = 36.0;

pub(super) fn details_ui(ui: &mut Ui, exchange: &Exchange, actions: &mut Actions) {
    ui.spacing_mut().item_spacing.y = 0.0;
    let margin = Margin::symmetric(12, 0);
    egui::Frame::NONE.inner_margin(margin).show(ui, |ui| {
        ui.horizontal(|ui| {
            ui.set_height(HEAD);
            kit::strong(ui, exchange.operation);
            kit::quiet_small(ui, format!("#{}", exchange.number));
            kit::at_right(ui, |ui| {
                if kit::icon_button(ui, icons::X, "Close the details").clicked() {
                    actions.push(RequestsAction::Select(None));
                }
            });
        });
    });
    kit::separator(ui);
    // Not with what scrolls, so that they are in view however low the panel is.
    let margin = Margin::symmetric(12, 8);
    egui::Frame::NONE.inner_margin(margin).show(ui, |ui| {
        buttons_ui(ui, exchange, actions);
    });
    kit::separator(ui);
    let list = ScrollArea::vertical()
        .id_salt("request details")
        .auto_shrink(false);
    list.show(ui, |ui| {
        let margin = Margin::symmetric(12, 8);
        egui::Frame::NONE.inner_margin(margin).show(ui, |ui| {
            ui.spacing_mut().item_spacing.y = 0.0;
            meaning_ui(ui, exchange);
            facts_ui(ui, exchange, actions);
        });
    });
}

fn meaning_ui(ui: &mut Ui, exchange: &Exchange) {
    let Some((cause, next)) = words::meaning(exchange) else {
        return;
    };
    let cause = Prose::new().text(cause);
    let note = match exchange.outcome() {
        Outcome::Failed => Note::bad(cause),
        Outcome::No => Note::info(cause),
        Outcome::Running | Outcome::Done | Outcome::Dropped => Note::good(cause),
    };
    let note = if next.is_empty() {
        note
    } else {
        note.below(Prose::new().quiet(next))
    };
    // Nothing can be pressed in it.
    let _shown = note.show(ui);
    ui.add_space(8.0);
}

fn facts_ui(ui: &mut Ui, exchange: &Exchange, actions: &mut Actions) {
    let mut fact = |ui: &mut Ui, label: &str, value: &str, style: ValueStyle| {
        if value.is_empty() {
            return;
        }
        let row = kit::value_row(ui, label, &crate::ui::words::visible(value), style);
        if row
            .on_hover_cursor(egui::CursorIcon::PointingHand)
            .clicked()
        {
            actions.push(Action::CopyText {
                text: value.to_owned(),
                said: format!("{label} copied"),
            });
        }
    };
    let (plain, mono) = (ValueStyle::Plain, ValueStyle::Mono);
    fact(ui, "Status", &words::outcome(exchange), plain);
    fact(ui, "Connection", &exchange.connection, plain);
    fact(ui, "Method", &exchange.method, mono);
    fact(ui, "Host", &exchange.host, mono);
    fact(ui, "Bucket", &exchange.bucket, mono);
    fact(ui, "Key", &exchange.key, mono);
    fact(ui, "Query", &exchange.query, mono);
    for (name, value) in &exchange.headers {
        fact(ui, "Header", &format!("{name}: {value}"), mono);
    }
    fact(ui, "Signed", &words::signature(exchange), plain);
    let time = |us: Option<u64>| us.map(words::time).unwrap_or_default();
    fact(ui, "First byte", &time(exchange.first_byte_us), plain);
    fact(ui, "All of it", &time(exchange.total_us), plain);
    fact(
        ui,
        "Sent",
        &ByteSize(exchange.sent_bytes).to_string(),
        plain,
    );
    fact(
        ui,
        "Received",
        &ByteSize(exchange.received_bytes).to_string(),
        plain,
    );
    fact(ui, "Try", &exchange.attempt.to_string(), plain);
    fact(
        ui,
        "Request id",
        exchange.request_id.as_deref().unwrap_or_default(),
        mono,
    );
    fact(
        ui,
        "Second id",
        exchange.host_id.as_deref().unwrap_or_default(),
        mono,
    );
}

fn buttons_ui(ui: &mut Ui, exchange: &Exchange, actions: &mut Actions) {
    let mut copy = |ui: &mut Ui, name: &str, text: Option<String>, (why, said): (&str, &str)| {
        let refused = text.is_none().then(|| why.to_owned());
        let button = Button::secondary(name.to_owned()).small().refused(refused);
        if ui.add(button.icon(icons::COPY)).clicked()
            && let Some(text) = text
        {
            let said = said.to_owned();
            actions.push(Action::CopyText { text, said });
        }
    };
    let said = if words::takes_file(exchange) {
        "Command copied; it takes the keys from the environment and the body from FILE"
    } else {
        "Command copied; it takes the keys from the environment"
    };
    ui.spacing_mut().item_spacing = egui::vec2(8.0, 8.0);
    ui.horizontal_wrapped(|ui| {
        let curl = words::curl(exchange);
        let no_curl = "curl cannot sign with version 2";
        copy(ui, "Copy as curl", curl, (no_curl, said));
        let cli = words::amazon_cli(exchange);
        let no_cli = "the AWS CLI has no such call, or too little of it is kept";
        copy(ui, "Copy as AWS CLI", cli, (no_cli, said));
        let id = exchange.request_id.clone();
        let no_id = "the server gave none";
        copy(ui, "Copy request id", id, (no_id, "Request id copied"));
    });
}
