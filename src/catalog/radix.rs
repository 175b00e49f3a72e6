//! Two sorts that can be stopped: pairs of integers by radix, row numbers by any comparison.
//!
//! Both look at the cancel flag often enough to end within a few milliseconds, which `slice::sort` cannot.

use std::cmp::Ordering;
use std::sync::atomic::{AtomicBool, Ordering::Relaxed};

const DIGIT_BITS: u32 = 11;
const BUCKETS: usize = 1 << DIGIT_BITS;
const PASSES: u32 = 3;
/// Below this a comparison sort is faster than counting buckets.
const SMALL: usize = 2048;
/// Elements handled between two looks at the flag.
const STRIDE: usize = 32 * 1024;
const BLOCK: usize = 1024;

/// `None` when the work shall stop.
pub(super) fn go_on(cancel: &AtomicBool) -> Option<()> {
    (!cancel.load(Relaxed)).then_some(())
}

/// Sorts by key; pairs of equal keys keep their order when they come in ascending order of rows.
/// `None` when cancelled, the pairs are then in no order.
pub(super) fn sort_pairs(pairs: &mut [(u64, u32)], cancel: &AtomicBool) -> Option<()> {
    go_on(cancel)?;
    if pairs.is_sorted_by_key(|(key, _)| *key) {
        return Some(());
    }
    let mut other = vec![(0, 0); if pairs.len() < SMALL { 0 } else { pairs.len() }];
    sort_with(pairs, &mut other, cancel)
}

/// Three passes over the highest bits that differ make groups of few; the groups are then sorted by themselves.
fn sort_with(
    pairs: &mut [(u64, u32)],
    other: &mut [(u64, u32)],
    cancel: &AtomicBool,
) -> Option<()> {
    if pairs.len() < SMALL {
        pairs.sort_unstable();
        return Some(());
    }
    let differing = match pairs.first() {
        Some((first, _)) => pairs.iter().fold(0, |bits, (key, _)| bits | (key ^ first)),
        None => 0,
    };
    let high = u64::BITS - differing.leading_zeros();
    let low = high.saturating_sub(PASSES * DIGIT_BITS);
    let mut swapped = false;
    for pass_number in 0..PASSES {
        let shift = low + pass_number * DIGIT_BITS;
        // Bits that are the same in all keys cost no pass.
        if (differing >> shift) & (BUCKETS as u64 - 1) == 0 {
            continue;
        }
        if swapped {
            pass(other, pairs, shift, cancel)?;
        } else {
            pass(pairs, other, shift, cancel)?;
        }
        swapped = !swapped;
    }
    if swapped {
        pairs.copy_from_slice(other);
    }
    if differing & ((1 << low) - 1) == 0 {
        return Some(());
    }
    let mut start = 0;
    while start < pairs.len() {
        let group = pairs[start].0 >> low;
        let length = pairs[start..]
            .iter()
            .take_while(|(key, _)| key >> low == group)
            .count();
        let end = start + length;
        if length > 1 {
            sort_with(&mut pairs[start..end], &mut other[start..end], cancel)?;
        }
        start = end;
    }
    Some(())
}

fn pass(
    from: &[(u64, u32)],
    into: &mut [(u64, u32)],
    shift: u32,
    cancel: &AtomicBool,
) -> Option<()> {
    let digit = |key: u64| (key >> shift) as usize & (BUCKETS - 1);
    let mut places = [0_usize; BUCKETS];
    for part in from.chunks(STRIDE) {
        go_on(cancel)?;
        for (key, _) in part {
            places[digit(*key)] += 1;
        }
    }
    let mut start = 0;
    for place in &mut places {
        start += std::mem::replace(place, start);
    }
    for part in from.chunks(STRIDE) {
        go_on(cancel)?;
        for pair in part {
            let place = &mut places[digit(pair.0)];
            into[*place] = *pair;
            *place += 1;
        }
    }
    Some(())
}

/// Sorts rows by a total order. `None` when cancelled, the rows are then in no order.
pub(super) fn sort_rows(
    rows: &mut [u32],
    compare: &impl Fn(u32, u32) -> Ordering,
    cancel: &AtomicBool,
) -> Option<()> {
    for block in rows.chunks_mut(BLOCK) {
        go_on(cancel)?;
        block.sort_unstable_by(|a, b| compare(*a, *b));
    }
    let mut width = BLOCK;
    let mut merged = Vec::with_capacity(if rows.len() > BLOCK { rows.len() } else { 0 });
    while width < rows.len() {
        merged.clear();
        for pair in rows.chunks(width * 2) {
            let (left, right) = pair.split_at(width.min(pair.len()));
            merge_into(&mut merged, left, right, compare, cancel)?;
        }
        rows.copy_from_slice(&merged);
        width *= 2;
    }
    Some(())
}

/// Appends the union of two sorted lists, in order.
pub(super) fn merge_into(
    out: &mut Vec<u32>,
    mut left: &[u32],
    mut right: &[u32],
    compare: &impl Fn(u32, u32) -> Ordering,
    cancel: &AtomicBool,
) -> Option<()> {
    let mut steps = 0_usize;
    while let (Some((a, rest_a)), Some((b, rest_b))) = (left.split_first(), right.split_first()) {
        if steps.is_multiple_of(BLOCK) {
            go_on(cancel)?;
        }
        steps += 1;
        if compare(*b, *a).is_lt() {
            out.push(*b);
            right = rest_b;
        } else {
            out.push(*a);
            left = rest_a;
        }
    }
    out.extend_from_slice(left);
    out.extend_from_slice(right);
    Some(())
}

/// Like [`merge_into`], for a short list into a long one: the long one is copied in stretches.
pub(super) fn insert_into(
    out: &mut Vec<u32>,
    mut long: &[u32],
    short: &[u32],
    compare: &impl Fn(u32, u32) -> Ordering,
    cancel: &AtomicBool,
) -> Option<()> {
    for (step, row) in short.iter().enumerate() {
        if step.is_multiple_of(BLOCK) {
            go_on(cancel)?;
        }
        let before = |other: &u32| compare(*other, *row).is_lt();
        let mut reach = 1;
        while long.get(reach - 1).is_some_and(before) {
            reach *= 2;
        }
        let known = reach / 2;
        let end = reach.min(long.len());
        let (stretch, rest) = long.split_at(known + long[known..end].partition_point(before));
        out.extend_from_slice(stretch);
        out.push(*row);
        long = rest;
    }
    out.extend_from_slice(long);
    Some(())
}

#[cfg(test)]
mod tests {
    use super::*;

    fn noise(count: usize) -> Vec<u64> {
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

    #[test]
    fn pairs_sort_like_the_standard_library() {
        for (count, mask) in [
            (0, u64::MAX),
            (100, 7),
            (5_000, u64::MAX),
            (5_000, 0xFF00_0000_0000_00FF),
            (5_000, 0),
            (70_000, 0x0FFF_FFFF),
        ] {
            let mut pairs: Vec<(u64, u32)> = noise(count)
                .iter()
                .zip(0..)
                .map(|(key, row)| (key & mask, row))
                .collect();
            let mut expected = pairs.clone();
            expected.sort_unstable();
            sort_pairs(&mut pairs, &AtomicBool::new(false)).expect("not cancelled");
            assert_eq!(pairs, expected);
        }
    }

    #[test]
    fn rows_sort_and_merge_by_comparison() {
        let keys = noise(10_000);
        let compare = |a: u32, b: u32| keys[a as usize].cmp(&keys[b as usize]);
        let go = AtomicBool::new(false);
        let mut all: Vec<u32> = (0..10_000).collect();
        let mut left: Vec<u32> = (0..9_700).collect();
        let mut right: Vec<u32> = (9_700..10_000).collect();
        for rows in [&mut all, &mut left, &mut right] {
            sort_rows(rows, &compare, &go).expect("not cancelled");
            assert!(rows.is_sorted_by_key(|row| keys[*row as usize]));
        }
        let (mut merged, mut inserted) = (Vec::new(), Vec::new());
        merge_into(&mut merged, &left, &right, &compare, &go).expect("not cancelled");
        insert_into(&mut inserted, &left, &right, &compare, &go).expect("not cancelled");
        assert_eq!((&merged, &inserted), (&all, &all));
    }

    #[test]
    fn a_raised_flag_stops_both() {
        let stop = AtomicBool::new(true);
        let mut pairs = vec![(2, 1), (1, 1)];
        assert!(sort_pairs(&mut pairs, &stop).is_none());
        assert!(sort_rows(&mut [3, 2, 1], &|a, b| a.cmp(&b), &stop).is_none());
    }
}
