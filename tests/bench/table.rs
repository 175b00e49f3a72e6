//! What a frame of the table costs with a thousand rows and with a million, as a ratio in the same run.
//!
//! Run with `cargo bench --bench table`. CPU of building the frame and of tessellating it, no painting. Each line is the
//! median of pairs A B A B; nothing is asserted.

#![allow(
    clippy::print_stdout,
    clippy::unwrap_used,
    reason = "a program that prints and may stop at a surprise"
)]

mod pairs;

use std::borrow::Cow;
use std::sync::atomic::AtomicBool;
use std::time::Instant;

use cooperage::catalog::{Arrangement, Catalog, Order, PageBuilder, arrange};
use cooperage::domain::{ByteSize, ListSink, Timestamp};
use cooperage::ui::table::{
    Cell, Column, ColumnId, Ink, RowMarks, RowSource, ScrollAnchor, TableSpec, TableStyle, table_ui,
};
use egui::{Color32, Context, FontId, RawInput, Rect, pos2, vec2};
use jiff::tz::TimeZone;
use pairs::{compare, noise};

const MILLION: usize = 1_000_000;

struct Listing {
    catalog: Catalog,
    order: Order,
}

impl RowSource for Listing {
    fn rows(&self) -> u64 {
        self.order.len()
    }

    fn cell(&self, row: u64, column: ColumnId) -> Cell<'_> {
        let Some(row) = self.order.get(row).and_then(|row| self.catalog.row(row)) else {
            return Cell::default();
        };
        match column {
            "name" => Cell::new(row.name()).icon('@', Ink::Quiet),
            "size" => Cell::quiet(ByteSize(row.size()).to_string()),
            "modified" => Cell::quiet(
                row.modified()
                    .unwrap_or_default()
                    .strftime("%Y-%m-%d %H:%M", &TimeZone::UTC),
            ),
            _ => Cell::quiet(row.class()),
        }
    }

    fn marks(&self, row: u64) -> RowMarks {
        RowMarks {
            selected: row.is_multiple_of(5),
            ..RowMarks::default()
        }
    }

    fn accessible_name(&self, _row: u64) -> Cow<'_, str> {
        "".into()
    }
}

fn listing(rows: usize) -> Listing {
    let mut catalog = Catalog::new("");
    let bits = noise(rows);
    for (number, bits) in bits.chunks(1000).enumerate() {
        let mut page = PageBuilder::new("");
        for (at, bits) in bits.iter().enumerate() {
            let key = format!(
                "photos/2026/originals/session1/img_{:09}.jpg",
                number * 1000 + at
            );
            let modified = Timestamp(1_700_000_000 + (bits >> 40) as i64);
            page.object(&key, bits >> 34, modified, "", "STANDARD");
        }
        catalog.append(&page);
    }
    let order = arrange(&catalog, &Arrangement::default(), &AtomicBool::new(false)).unwrap();
    Listing { catalog, order }
}

fn spec() -> TableSpec {
    TableSpec::new(
        "Objects",
        vec![
            Column::new("name", "Name", 0.0)
                .at_least(200.0)
                .indent(16.0),
            Column::new("size", "Size", 88.0).right(),
            Column::new("modified", "Modified", 152.0).indent(24.0),
            Column::new("class", "Class", 112.0),
        ],
    )
}

fn style() -> TableStyle {
    TableStyle {
        ground: Color32::BLACK,
        head: Color32::BLACK,
        line: Color32::GRAY,
        text: Color32::WHITE,
        quiet: Color32::LIGHT_GRAY,
        disabled: Color32::GRAY,
        row_hover: Color32::DARK_GRAY,
        selection: Color32::BROWN,
        accent: Color32::ORANGE,
        handle: Color32::GRAY,
        handle_hover: Color32::WHITE,
        body_font: FontId::proportional(13.0),
        head_font: FontId::proportional(12.0),
        icon_font: FontId::proportional(16.0),
        carets: ('^', 'v'),
    }
}

/// A window that is drawn but shown nowhere.
struct Headless {
    ctx: Context,
    spec: TableSpec,
    style: TableStyle,
    time: f64,
    anchor: ScrollAnchor,
}

impl Headless {
    fn new() -> Self {
        Self {
            ctx: Context::default(),
            spec: spec(),
            style: style(),
            time: 0.0,
            anchor: ScrollAnchor::TOP,
        }
    }

    fn frame(&mut self, listing: &Listing) {
        self.time += 1.0 / 60.0;
        let input = RawInput {
            screen_rect: Some(Rect::from_min_size(pos2(0.0, 0.0), vec2(900.0, 1000.0))),
            time: Some(self.time),
            ..RawInput::default()
        };
        let mut output = self.ctx.run_ui(input, |ui| {
            table_ui(ui, "objects", &self.spec, &self.style, self.anchor, listing);
        });
        output.textures_delta.clear();
        let meshes = self.ctx.tessellate(output.shapes, output.pixels_per_point);
        std::hint::black_box(meshes);
    }

    fn frames(&mut self, listing: &Listing, count: u64, step: u64) {
        for _ in 0..count {
            let most = listing.order.len() - 50;
            self.anchor = ScrollAnchor::at((self.anchor.row + step) % most);
            self.frame(listing);
        }
    }
}

fn main() {
    let (small, large) = (listing(1000), listing(MILLION));
    let (mut few, mut many) = (Headless::new(), Headless::new());
    for (what, step) in [("idle", 0), ("scrolling by 3 rows", 3), ("paging", 37)] {
        compare(
            &format!("P9  200 frames, {what}, a million rows / a thousand"),
            1.1,
            || many.frames(&large, 200, step),
            || few.frames(&small, 200, step),
        );
    }
    let mut times: Vec<f64> = (0..2000_u64)
        .map(|number| {
            many.anchor = ScrollAnchor::at(number * 487 % (MILLION as u64 - 50));
            let begun = Instant::now();
            many.frame(&large);
            begun.elapsed().as_secs_f64() * 1e3
        })
        .collect();
    times.sort_by(f64::total_cmp);
    println!(
        "P9  frames at random places of a million rows: median {:.2} ms, p99 {:.2} ms (at most 4)",
        times[times.len() / 2],
        times[times.len() * 99 / 100]
    );
}
