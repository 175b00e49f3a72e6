//! The plot of transfer speed over the last two minutes, with the sums beside it.

use egui::{Align2, Pos2, Rect, Stroke, Ui, pos2};

use crate::domain::ByteSize;
use crate::state::State;
use crate::state::transfers::HISTORY_SECS;

use super::kit::{self, ValueStyle};
use super::theme::{self, tokens};
use super::words;

const HEIGHT: f32 = 120.0;
const SUMS: f32 = 280.0;

pub(super) fn plot_ui(ui: &mut Ui, state: &State) {
    let (rect, _) = ui.allocate_exact_size(
        egui::vec2(ui.available_width(), HEIGHT),
        egui::Sense::hover(),
    );
    let sums = if rect.width() > 900.0 { SUMS } else { 0.0 };
    let inner = rect.shrink2(egui::vec2(16.0, 12.0));
    let curve = Rect::from_min_max(inner.min, pos2(inner.right() - sums, inner.bottom() - 20.0));
    curve_ui(ui, state, curve);
    if sums > 0.0 {
        let area = Rect::from_min_max(pos2(curve.right() + 24.0, inner.top()), inner.max);
        let mut own = ui.new_child(egui::UiBuilder::new().max_rect(area));
        own.spacing_mut().item_spacing.y = 0.0;
        sums_ui(&mut own, state);
    }
}

/// The next round number of bytes above the highest value, so that the scale rests.
fn scale_of(highest: u64) -> u64 {
    const STEPS: [u64; 9] = [10, 15, 20, 30, 40, 50, 60, 80, 100];
    let mut unit = 100;
    loop {
        if let Some(step) = STEPS.iter().find(|step| **step * unit >= highest) {
            return *step * unit;
        }
        unit *= 10;
    }
}

fn curve_ui(ui: &Ui, state: &State, area: Rect) {
    let tokens = tokens(ui);
    let painter = ui.painter();
    let history = &state.transfers.history;
    let scale = scale_of(history.iter().copied().max().unwrap_or(0).max(1000));
    for third in 0..3 {
        let y = area.bottom() - area.height() * (third + 1) as f32 / 3.0;
        painter.hline(
            area.x_range(),
            y.round() + 0.5,
            Stroke::new(1.0, tokens.line),
        );
    }
    let font = theme::tiny().resolve(ui.style());
    let top = format!("{}/s", ByteSize(scale));
    let points: Vec<Pos2> = history
        .iter()
        .enumerate()
        .map(|(index, speed)| {
            let back = (history.len() - 1 - index) as f32 / (HISTORY_SECS - 1) as f32;
            let height = (*speed as f64 / scale as f64) as f32 * area.height();
            pos2(area.right() - back * area.width(), area.bottom() - height)
        })
        .collect();
    for pair in points.windows(2) {
        let [from, to] = [pair[0], pair[1]];
        let corners = vec![
            from,
            to,
            pos2(to.x, area.bottom()),
            pos2(from.x, area.bottom()),
        ];
        painter.add(egui::Shape::convex_polygon(
            corners,
            tokens.selection,
            Stroke::NONE,
        ));
    }
    painter.add(egui::Shape::line(points, Stroke::new(1.5, tokens.copper)));
    painter.hline(
        area.x_range(),
        area.bottom() + 0.5,
        Stroke::new(1.0, tokens.line),
    );
    painter.text(
        area.left_top(),
        Align2::LEFT_TOP,
        top,
        font.clone(),
        tokens.quiet,
    );
    let below = area.bottom() + 4.0;
    painter.text(
        pos2(area.left(), below),
        Align2::LEFT_TOP,
        "2 min ago",
        font.clone(),
        tokens.quiet,
    );
    painter.text(
        pos2(area.right(), below),
        Align2::RIGHT_TOP,
        "now",
        font,
        tokens.quiet,
    );
}

fn sums_ui(ui: &mut Ui, state: &State) {
    let totals = &state.transfers.totals;
    let rows = [
        ("Speed", format!("{}/s", ByteSize(totals.bytes_per_sec))),
        (
            "Done",
            format!("{} of {}", ByteSize(totals.moved), ByteSize(totals.bytes)),
        ),
        (
            "Left",
            totals.left_secs.map_or_else(
                || "–".to_owned(),
                |secs| {
                    format!(
                        "about {}",
                        words::duration(i64::try_from(secs).unwrap_or(i64::MAX))
                    )
                },
            ),
        ),
    ];
    for (label, value) in rows {
        kit::value_row(ui, label, &value, ValueStyle::Plain);
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn the_scale_is_a_round_number_above() {
        for (highest, scale) in [
            (1, 1000),
            (1001, 1500),
            (45_200_000, 50_000_000),
            (100_000_000, 100_000_000),
        ] {
            assert_eq!(scale_of(highest), scale);
        }
    }
}
