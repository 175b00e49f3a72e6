//! Names that are different keys and one place on this disk.
//!
//! `a.txt` and `A.txt` where case does not count, an accent written in two ways, a file `a` beside a folder `a/`: found
//! for the whole plan before anything is written. The folder keeps its name, of files the first; the others get
//! `name~2.ext`.

use std::collections::HashSet;
use std::path::PathBuf;

use icu_normalizer::ComposingNormalizerBorrowed;

use crate::storage::local_path::NameRules;

/// Where one key goes.
#[derive(Clone, Debug, PartialEq, Eq)]
pub(super) struct Place {
    /// Below the chosen folder.
    pub(super) relative: PathBuf,
    /// A folder, not a file.
    pub(super) is_folder: bool,
    /// Not spelled as the key is.
    pub(super) renamed: Option<Renaming>,
}

/// Why a file is not called as its key is.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub enum Renaming {
    /// The key holds what a name on this disk cannot.
    Unsafe,
    /// Another file or folder of this download has the name.
    Taken,
}

/// Places for keys (relative to the folder that is fetched) with their sizes, in their order.
pub(super) fn places<'a>(
    keys: impl IntoIterator<Item = (&'a str, u64)>,
    rules: NameRules,
) -> Vec<Place> {
    let mut places: Vec<(Vec<String>, Place)> = keys
        .into_iter()
        .map(|(key, bytes)| {
            let name = rules.local_name(key);
            let mut segments = name.segments.clone();
            // A marker with content is a file without a name in its folder.
            let is_folder = name.is_folder && bytes == 0;
            if name.is_folder && !is_folder {
                segments.extend(rules.local_name("").segments);
            }
            let renamed =
                (name.changed || (name.is_folder && !is_folder)).then_some(Renaming::Unsafe);
            let place = Place {
                relative: segments.iter().collect(),
                is_folder,
                renamed,
            };
            (segments, place)
        })
        .collect();

    let mut folders = HashSet::new();
    for (segments, place) in &places {
        let deepest = segments.len() - usize::from(!place.is_folder);
        for depth in 1..=deepest {
            folders.insert(folded(&segments[..depth], rules));
        }
    }
    let natural: HashSet<String> = places
        .iter()
        .filter(|(_, place)| !place.is_folder)
        .map(|(segments, _)| folded(segments, rules))
        .collect();
    let mut taken = HashSet::new();
    for (segments, place) in places.iter_mut().filter(|(_, place)| !place.is_folder) {
        let own = folded(segments, rules);
        if !folders.contains(&own) && taken.insert(own) {
            continue;
        }
        let Some(last) = segments.pop() else {
            continue;
        };
        for number in 2_u64.. {
            segments.push(numbered(&last, &format!("~{number}")));
            let candidate = folded(segments, rules);
            if !folders.contains(&candidate)
                && !natural.contains(&candidate)
                && taken.insert(candidate)
            {
                break;
            }
            segments.pop();
        }
        place.relative = segments.iter().collect();
        place.renamed = Some(Renaming::Taken);
    }
    places.into_iter().map(|(_, place)| place).collect()
}

/// `name` with a mark before its ending; a name that grows too long loses some of its stem.
pub(super) fn numbered(name: &str, mark: &str) -> String {
    let dot = name.rfind('.').filter(|dot| *dot > 0);
    let (stem, ending) = name.split_at(dot.unwrap_or(name.len()));
    let room = 255_usize.saturating_sub(mark.len() + ending.len());
    let mut keep = stem.len().min(room);
    while !stem.is_char_boundary(keep) {
        keep -= 1;
    }
    format!("{}{mark}{ending}", &stem[..keep])
}

/// What two paths have in common when they are one on this disk.
fn folded(segments: &[String], rules: NameRules) -> String {
    let path = segments.join("/");
    if rules.folds {
        let composed = ComposingNormalizerBorrowed::new_nfc();
        let lower = composed.normalize(&path).to_lowercase();
        composed.normalize(&lower).into_owned()
    } else {
        path
    }
}

#[cfg(test)]
mod tests {
    use proptest::prelude::*;

    use super::*;

    const EXACT: NameRules = NameRules {
        windows: false,
        folds: false,
    };
    const FOLDING: NameRules = NameRules {
        windows: false,
        folds: true,
    };

    fn paths(keys: &[&str], rules: NameRules) -> Vec<String> {
        places(keys.iter().map(|key| (*key, 1)), rules)
            .into_iter()
            .map(|place| place.relative.to_string_lossy().replace('\\', "/"))
            .collect()
    }

    #[test]
    fn names_that_meet_are_kept_apart() {
        assert_eq!(paths(&["A.txt", "a.txt"], EXACT), ["A.txt", "a.txt"]);
        assert_eq!(paths(&["A.txt", "a.txt"], FOLDING), ["A.txt", "a~2.txt"]);
        assert_eq!(
            paths(&["A.txt", "a.txt", "a~2.txt"], FOLDING),
            ["A.txt", "a~3.txt", "a~2.txt"]
        );
        assert_eq!(
            paths(&["caf\u{e9}", "cafe\u{301}"], FOLDING),
            ["caf\u{e9}", "cafe\u{301}~2"]
        );
        assert_eq!(paths(&["a", "a/b"], EXACT), ["a~2", "a/b"]);
        assert_eq!(paths(&["A", "a/b"], FOLDING), ["A~2", "a/b"]);
    }

    #[test]
    fn markers_are_folders_and_their_content_a_file() {
        let found = places([("a/", 0), ("b/", 3)], EXACT);
        assert!(found[0].is_folder && !found[1].is_folder);
        assert_eq!(found[1].relative, PathBuf::from("b/%2F"));
        assert_eq!(found[1].renamed, Some(Renaming::Unsafe));
        assert_eq!(paths(&["a//b"], EXACT), ["a/%2F/b"]);
    }

    proptest! {
        #[test]
        fn no_two_files_share_a_place(
            keys in prop::collection::btree_set("[aAbé/.~2]{1,6}", 1..12),
            folds: bool,
        ) {
            let rules = NameRules { windows: false, folds };
            let found = places(keys.iter().map(|key| (key.as_str(), 1)), rules);
            let mut files = HashSet::new();
            let mut folders = HashSet::new();
            for place in &found {
                let segments: Vec<String> = place.relative.iter().map(|name| name.to_str().unwrap().to_owned()).collect();
                prop_assert!(files.insert(folded(&segments, rules)));
                for depth in 1..segments.len() {
                    folders.insert(folded(&segments[..depth], rules));
                }
            }
            prop_assert!(files.is_disjoint(&folders));
        }
    }
}
