//! Names that are nearly the same: what somebody may have meant.

/// The name most like one that does not exist; `None` when none is like it. Letters in another case and other separators
/// count for nothing, a swap of two neighbours for one.
#[must_use]
pub fn nearest<'a>(wanted: &str, names: impl IntoIterator<Item = &'a str>) -> Option<&'a str> {
    let bare = |name: &str| -> Vec<char> {
        let letters = name.chars().filter(|letter| letter.is_alphanumeric());
        letters.flat_map(char::to_lowercase).collect()
    };
    let own = bare(wanted);
    // Of three letters one, of a long name no more than three.
    let most = (own.len() / 3).min(3);
    names
        .into_iter()
        .filter(|name| *name != wanted)
        .filter_map(|name| {
            let other = bare(name);
            let longer = own.len().abs_diff(other.len());
            let steps = (longer <= most).then(|| steps(&own, &other))?;
            (steps <= most && !own.is_empty()).then_some((steps, name))
        })
        .min_by_key(|(steps, _)| *steps)
        .map(|(_, name)| name)
}

/// Letters to be added, taken away, replaced, or swapped with their neighbour.
fn steps(from: &[char], to: &[char]) -> usize {
    let mut before: Vec<usize> = Vec::new();
    let mut last: Vec<usize> = (0..=to.len()).collect();
    for (at, letter) in from.iter().enumerate() {
        let mut row = vec![at + 1];
        for (column, other) in to.iter().enumerate() {
            let replaced = last[column] + usize::from(letter != other);
            let mut least = replaced.min(last[column + 1] + 1).min(row[column] + 1);
            let swapped =
                at > 0 && column > 0 && *letter == to[column - 1] && from[at - 1] == *other;
            if swapped {
                least = least.min(before[column - 1] + 1);
            }
            row.push(least);
        }
        before = std::mem::replace(&mut last, row);
    }
    last.last().copied().unwrap_or_default()
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn what_was_meant_is_found_and_nothing_else() {
        let names = ["photos-live", "photos-test", "backup", "a", "logs"];
        for (wanted, near) in [
            ("photos-lvie", Some("photos-live")),
            ("photo-live", Some("photos-live")),
            ("photoslive", Some("photos-live")),
            ("photos_live", Some("photos-live")),
            ("Photos-Live", Some("photos-live")),
            ("photos-tset", Some("photos-test")),
            ("bakcup", Some("backup")),
            ("log", Some("logs")),
            ("photos", None),
            ("b", None),
            ("", None),
            ("something-else", None),
            ("backup", None),
        ] {
            assert_eq!(nearest(wanted, names), near, "{wanted}");
        }
    }

    #[test]
    fn steps_are_counted_as_people_err() {
        let of = |from: &str, to: &str| {
            let letters = |text: &str| text.chars().collect::<Vec<_>>();
            steps(&letters(from), &letters(to))
        };
        for (from, to, count) in [
            ("", "", 0),
            ("abc", "abc", 0),
            ("abc", "acb", 1),
            ("abc", "abxc", 1),
            ("abc", "ac", 1),
            ("abc", "xyz", 3),
            ("", "ab", 2),
        ] {
            assert_eq!(of(from, to), count, "{from} {to}");
        }
    }
}
