//! How fast a listing of a million keys is kept, filtered and sorted, as ratios against limits measured in the same run.
//!
//! Run with `cargo bench --bench catalog`. Each line is the median of pairs A B A B; nothing is asserted.

#![allow(
    clippy::print_stdout,
    clippy::unwrap_used,
    reason = "a program that prints and may stop at a surprise"
)]

mod pairs;

use std::hint::black_box;
use std::sync::Arc;
use std::sync::atomic::{AtomicBool, Ordering};
use std::time::{Duration, Instant};

use cooperage::catalog::{Arrangement, Catalog, Filter, Order, PageBuilder, SortBy, arrange};
use cooperage::domain::{ListSink, Timestamp};
use jiff::tz::TimeZone;
use pairs::{compare, noise};

const ROWS: usize = 1_000_000;
const PAGE: usize = 1_000;

fn main() {
    let names = padded_names();
    let catalog = filled(&names, "");
    memory(&names, &catalog);
    filtering(&names, &catalog);
    sorting(&catalog, "zero-padded names");
    sorting(&filled(&hashed_names(), ""), "hashed names");
    sorting(&filled(&counted_names(), ""), "counted names");
    cancelling(&catalog);
    streaming(&names);
}

/// 48 bytes each, ascending.
fn padded_names() -> Vec<String> {
    (0..ROWS)
        .map(|number| format!("photos/2026/originals/session1/img_{number:09}.jpg"))
        .collect()
}

/// Hex digits first, as many buckets have them.
fn hashed_names() -> Vec<String> {
    let mut names: Vec<String> = noise(ROWS)
        .iter()
        .map(|bits| format!("cache/{bits:016x}-thumbnail.webp"))
        .collect();
    names.sort();
    names
}

/// Numbers without leading zeros in a few thousand folders: the bytes and the numbers disagree.
fn counted_names() -> Vec<String> {
    let mut names: Vec<String> = (0..ROWS)
        .map(|number| format!("exports/Run {}/part-{}.csv", number / 300, number % 300))
        .collect();
    names.sort();
    names
}

fn pages<'a>(names: &'a [String], etag: &'a str) -> impl Iterator<Item = PageBuilder> + 'a {
    let noise = noise(names.len());
    names.chunks(PAGE).enumerate().map(move |(number, names)| {
        let mut page = PageBuilder::new("");
        for (at, name) in names.iter().enumerate() {
            let bits = noise[number * PAGE + at];
            let secs = 1_600_000_000 + (bits >> 32) as i64 % 150_000_000;
            page.object(name, bits >> 30, Timestamp(secs), etag, "STANDARD");
        }
        page
    })
}

fn filled(names: &[String], etag: &str) -> Catalog {
    let mut catalog = Catalog::new("");
    for page in pages(names, etag) {
        catalog.append(&page);
    }
    catalog
}

fn memory(names: &[String], plain: &Catalog) {
    let bytes: usize = names.iter().map(String::len).sum();
    let tagged = filled(names, "9b2c41f0a1b2c3d4e5f60718293a7ae3-3");
    for (what, catalog, limit) in [("without etag", plain, 1.5), ("with etag", &tagged, 1.8)] {
        println!(
            "P8  memory of 48-byte keys, {what}: {:.2} of their bytes (at most {limit})",
            catalog.heap_bytes() as f64 / bytes as f64
        );
    }
}

fn filtering(names: &[String], catalog: &Catalog) {
    let bytes = names.concat().into_bytes();
    let go = AtomicBool::new(false);
    for text in [
        "zebra",
        "IMG_0005",
        "jpg",
        "session 77",
        "-jpg",
        "*.png",
        "size>1gb",
        "\u{e9}t\u{e9}",
    ] {
        let arrangement = Arrangement {
            natural: false,
            filter: Filter::parse(text, &TimeZone::UTC),
            ..Arrangement::default()
        };
        let found = arrange(catalog, &arrangement, &go).unwrap().len();
        compare(
            &format!("P11 filter {text:?}, {found} found, / one read of the key bytes"),
            2.5,
            || {
                black_box(arrange(catalog, &arrangement, &go));
            },
            || {
                let words = black_box(&bytes).chunks_exact(8);
                black_box(words.fold(0_u64, |sum, word| {
                    sum.wrapping_add(
                        word.first_chunk()
                            .map_or(0, |word| u64::from_le_bytes(*word)),
                    )
                }));
            },
        );
    }
}

fn sorting(catalog: &Catalog, names: &str) {
    let go = AtomicBool::new(false);
    let pairs: Vec<(u64, u32)> = noise(ROWS).into_iter().zip(0..).collect();
    for (what, sort, natural) in [
        ("size", SortBy::Size, true),
        ("modified", SortBy::Modified, true),
        ("name, natural", SortBy::Name, true),
        ("name, bytes", SortBy::Name, false),
    ] {
        let arrangement = Arrangement {
            sort,
            natural,
            ..Arrangement::default()
        };
        compare(
            &format!("P12 sort by {what}, {names}, / sort_unstable of pairs"),
            1.5,
            || {
                black_box(arrange(catalog, &arrangement, &go));
            },
            || {
                let mut pairs = pairs.clone();
                pairs.sort_unstable();
                black_box(pairs);
            },
        );
    }
}

/// The longest wait from raising the flag to the return.
fn cancelling(catalog: &Catalog) {
    let mut longest = Duration::ZERO;
    for (number, delay_ms) in (0..40).map(|number| (number, number % 20)) {
        let cancel = AtomicBool::new(false);
        let arrangement = Arrangement {
            sort: [SortBy::Size, SortBy::Name][number % 2],
            filter: Filter::parse(["", "-q"][number / 2 % 2], &TimeZone::UTC),
            ..Arrangement::default()
        };
        let waited = std::thread::scope(|scope| {
            let task = scope.spawn(|| {
                let done = arrange(catalog, &arrangement, &cancel).is_some();
                (done, Instant::now())
            });
            std::thread::sleep(Duration::from_millis(delay_ms as u64));
            cancel.store(true, Ordering::Relaxed);
            let raised = Instant::now();
            let (done, ended) = task.join().unwrap();
            (!done).then(|| ended.duration_since(raised))
        });
        longest = longest.max(waited.unwrap_or_default());
    }
    println!(
        "P12 longest wait for a cancelled order: {:.1} ms (at most 20)",
        longest.as_secs_f64() * 1e3
    );
}

/// Rows arrive page by page and the order follows, twenty pages at a time as a window would.
fn streaming(names: &[String]) {
    let go = AtomicBool::new(false);
    let pages: Vec<PageBuilder> = pages(names, "").collect();
    let arrangement = Arc::new(Arrangement {
        sort: SortBy::Size,
        ..Arrangement::default()
    });
    let stream = |step: usize| {
        let mut catalog = Catalog::new("");
        let mut order = Order::begin(Arc::clone(&arrangement));
        for pages in pages.chunks(step) {
            for page in pages {
                catalog.append(page);
            }
            order = order.extended(&catalog, &go).unwrap();
        }
        black_box(order);
    };
    compare(
        "    a million rows by size, ordered after each 20 pages, / ordered once",
        f64::NAN,
        || stream(20),
        || stream(PAGE),
    );
    let mut longest = Duration::ZERO;
    let mut catalog = Catalog::new("");
    let mut snapshot = catalog.clone();
    for page in &pages {
        let begun = Instant::now();
        catalog.append(page);
        snapshot = catalog.clone();
        longest = longest.max(begun.elapsed());
    }
    println!(
        "P11 longest time to append a page and take a snapshot of {} rows: {:.2} ms (at most 4)",
        snapshot.len(),
        longest.as_secs_f64() * 1e3
    );
}
