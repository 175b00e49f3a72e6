//! Comparing two pieces of work in one run: A B A B, the median of the pairs.

use std::time::Instant;

const PAIRS: usize = 9;

/// Prints how long `work` takes, how long `limit` takes, and the median ratio beside the greatest allowed
/// (`NaN` for none).
pub(crate) fn compare(what: &str, most: f64, mut work: impl FnMut(), mut limit: impl FnMut()) {
    let seconds = |run: &mut dyn FnMut()| {
        let begun = Instant::now();
        run();
        begun.elapsed().as_secs_f64()
    };
    work();
    limit();
    let mut pairs: Vec<(f64, f64)> = (0..PAIRS)
        .map(|_| (seconds(&mut work), seconds(&mut limit)))
        .collect();
    pairs.sort_by(|a, b| (a.0 / a.1).total_cmp(&(b.0 / b.1)));
    let (a, b) = pairs[PAIRS / 2];
    let verdict = match a / b {
        _ if most.is_nan() => String::new(),
        ratio if ratio <= most => format!(" (at most {most})"),
        _ => format!(" (at most {most}) MISSED"),
    };
    println!(
        "{what}: {:.2} ms / {:.2} ms = {:.2}{verdict}",
        a * 1e3,
        b * 1e3,
        a / b
    );
}

/// Numbers without pattern, the same in every run.
#[must_use]
pub(crate) fn noise(count: usize) -> Vec<u64> {
    let mut state = 0x9E37_79B9_7F4A_7C15_u64;
    (0..count)
        .map(|_| {
            state ^= state << 13;
            state ^= state >> 7;
            state ^= state << 17;
            state
        })
        .collect()
}
