//! Safe names: known hostile keys, and properties over generated ones.

use std::path::Component;

use proptest::prelude::*;

use super::*;

const UNIX: NameRules = NameRules {
    windows: false,
    folds: false,
};
const WINDOWS: NameRules = NameRules {
    windows: true,
    folds: true,
};

#[test]
fn hostile_keys_stay_below_the_folder() {
    for (key, path) in [
        ("a/b.txt", "a/b.txt"),
        ("../x", ".%2E/x"),
        ("a/../../x", "a/.%2E/.%2E/x"),
        ("./a", "%2E/a"),
        ("/etc/x", "%2F/etc/x"),
        ("a//b", "a/%2F/b"),
        ("C:\\x", "C%3A%5Cx"),
        ("C:", "C%3A"),
        ("12:30", "12:30"),
        ("\\\\h\\s", "%5C%5Ch%5Cs"),
        ("nul\0byte", "nul%00byte"),
        ("CON", "%43ON"),
        ("nul.txt", "%6Eul.txt"),
        ("com1 .log", "%63om1 .log"),
        ("console", "console"),
        ("end.", "end%2E"),
        ("end ", "end%20"),
        ("a b.c", "a b.c"),
        ("100%", "100%"),
        ("a%20b", "a%20b"),
        ("a%20", "a%2520"),
        ("%2F", "%252F"),
        ("x%2Fy", "x%2Fy"),
        ("a%00", "a%2500"),
        ("50%25", "50%2525"),
        ("\u{1F600}", "\u{1F600}"),
    ] {
        assert_eq!(UNIX.local_name(key).segments.join("/"), path, "key {key:?}");
        assert_eq!(UNIX.local_name(key).changed, key != path, "key {key:?}");
    }
    assert_eq!(
        WINDOWS.local_name("a:b?c").segments,
        ["a%3Ab%3Fc".to_owned()]
    );
}

#[test]
fn long_names_stay_apart() {
    let one = UNIX.local_name(&format!("{}1.tar", "é".repeat(200)));
    let two = UNIX.local_name(&format!("{}2.tar", "é".repeat(200)));
    assert_ne!(one, two);
    for name in [&one.segments[0], &two.segments[0]] {
        assert!(name.len() <= LONGEST_NAME_BYTES && name.ends_with(".tar"));
    }
    // A key that is spelled like a shortened name is not that name.
    assert_ne!(UNIX.local_name(&one.segments[0]).segments, one.segments);
}

#[cfg(unix)]
#[test]
fn a_planted_link_is_not_followed() {
    let root = tempfile::tempdir().unwrap();
    let outside = tempfile::tempdir().unwrap();
    std::os::unix::fs::symlink(outside.path(), root.path().join("a")).unwrap();
    assert!(open_folder(root.path(), Path::new("a/b")).is_err());
    assert!(open_folder(root.path(), Path::new("../b")).is_err());
    assert_eq!(fs::read_dir(outside.path()).unwrap().count(), 0);
    let made = open_folder(root.path(), Path::new("x/y")).unwrap();
    assert!(made.is_dir());
}

#[test]
fn the_case_rule_is_looked_up() {
    let root = tempfile::tempdir().unwrap();
    let folder = root.path().join("Mixed");
    fs::create_dir(&folder).unwrap();
    let folds = root.path().join("mIXED").is_dir();
    assert_eq!(NameRules::of_folder(&folder).folds, folds);
}

/// Texts made of what the rules look at.
fn keys() -> impl Strategy<Value = String> {
    let piece = prop_oneof![
        Just("/".to_owned()),
        Just(".".to_owned()),
        Just(" ".to_owned()),
        Just("%".to_owned()),
        Just("%25".to_owned()),
        Just("%2E".to_owned()),
        Just("%2F".to_owned()),
        Just("%3A".to_owned()),
        Just("%43".to_owned()),
        Just("%~".to_owned()),
        Just("CON".to_owned()),
        Just("C:".to_owned()),
        Just("\\".to_owned()),
        Just("\0".to_owned()),
        Just("x".repeat(120)),
        "[0-9A-F%]{1,3}",
        any::<char>().prop_map(String::from),
    ];
    prop::collection::vec(piece, 1..8).prop_map(|pieces| pieces.concat())
}

proptest! {
    #[test]
    fn every_name_is_one_plain_segment(key in keys(), windows: bool) {
        let rules = NameRules { windows, folds: windows };
        let name = rules.local_name(&key);
        prop_assert_eq!(&name, &rules.local_name(&key));
        for segment in &name.segments {
            prop_assert!(segment.len() <= LONGEST_NAME_BYTES);
            prop_assert!(!segment.ends_with(['.', ' ']));
            prop_assert!(!segment.contains(['/', '\\', '\0']));
            prop_assert!(!is_device_name(segment));
            let parts: Vec<_> = Path::new(segment).components().collect();
            prop_assert!(matches!(parts.as_slice(), [Component::Normal(_)]));
        }
    }

    #[test]
    fn no_two_keys_share_a_name(one in keys(), two in keys(), windows: bool) {
        let rules = NameRules { windows, folds: windows };
        if one != two {
            prop_assert_ne!(rules.local_name(&one), rules.local_name(&two));
        }
    }

    #[test]
    fn a_name_tells_its_key(key in keys(), windows: bool) {
        let rules = NameRules { windows, folds: windows };
        for segment in key.split('/') {
            let name = rules.safe_segment(segment);
            if !name.contains("%~") {
                prop_assert_eq!(restored(rules, &name), segment);
            }
        }
    }
}

/// The way back, written on its own: an escape is an escape exactly where the rules could have put it.
fn restored(rules: NameRules, name: &str) -> String {
    if name == EMPTY_SEGMENT {
        return String::new();
    }
    let mut bytes = Vec::new();
    let mut at = 0;
    while at < name.len() {
        // Positions count in the restored text, as they did when it was escaped.
        let rest = &name.as_bytes()[at + 1..];
        let index = bytes.len();
        let ours = name.as_bytes()[at] == b'%'
            && escaped_byte(rest).is_some_and(|byte| {
                let at_end = rest.len() == 2;
                match byte {
                    0..=0x1f | 0x7f | b'\\' | b'%' => true,
                    b'<' | b'>' | b'"' | b'|' | b'?' | b'*' => rules.windows,
                    b':' => rules.windows || index == 1,
                    b'.' | b' ' => at_end,
                    b'A'..=b'Z' | b'a'..=b'z' => index == 0,
                    _ => false,
                }
            });
        if ours {
            bytes.extend(escaped_byte(rest));
            at += 3;
        } else {
            bytes.push(name.as_bytes()[at]);
            at += 1;
        }
    }
    String::from_utf8(bytes).unwrap()
}
