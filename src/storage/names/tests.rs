//! Tests of names.

use super::*;

#[test]
fn names_are_cleaned() {
    for (name, clean) in [
        ("", ""),
        (".", ""),
        ("./", "./"),
        ("a/./b//c/", "a/b/c/"),
        ("a\\..\\b", "a/../b"),
        ("..", ".."),
        ("///x", "/x"),
    ] {
        assert_eq!(clean_name(name), clean, "{name}");
    }
}

#[test]
fn names_stay_below_the_location() {
    for (location, name, key) in [
        ("", "../x", Some("x")),
        ("", "/etc/passwd", Some("etc/passwd")),
        ("", "", Some("")),
        ("media", "", Some("media/")),
        ("media/", "a/b/", Some("media/a/b/")),
        ("media", "../media/x", Some("media/x")),
        ("media", "../x", None),
        ("media", "/media/x", None),
        ("media", "../media2/x", None),
        ("./media", "x", None),
        ("a//b", "x", None),
        ("..", "x", Some("../x")),
    ] {
        assert_eq!(
            key_of(location, name).ok().as_deref(),
            key,
            "{location} {name}"
        );
    }
}

#[test]
fn names_are_checked_and_made_valid() {
    assert!(validate_file_name("a/b.txt", true).is_ok());
    assert!(matches!(
        validate_file_name("a/b.txt", false),
        Err(NameError::HoldsPath { .. })
    ));
    for name in ["/abs", "a/../b", "a\\..\\b"] {
        assert!(
            matches!(
                validate_file_name(name, true),
                Err(NameError::Traversal { .. })
            ),
            "{name}"
        );
    }
    for name in ["", ".", "a/", "a/.."] {
        assert!(
            matches!(
                validate_file_name(name, true),
                Err(NameError::NoFileName { .. })
            ),
            "{name}"
        );
    }
    assert_eq!(
        valid_name(" john's portrait.jpg ").as_deref(),
        Ok("johns_portrait.jpg")
    );
    assert_eq!(valid_name("über/x").as_deref(), Ok("überx"));
    assert!(valid_name("..").is_err());
    assert_eq!(
        generated_name("a/../b/x y.txt").map_err(|error| error.to_string()),
        Err("“a/../b” is absolute or leads upwards".to_owned())
    );
    assert_eq!(generated_name("a//./x y.txt").as_deref(), Ok("a/x_y.txt"));
}

#[test]
fn long_names_are_cut_before_their_ending() {
    assert_eq!(
        shortened("dir/averylongname.txt", Some(14)).as_deref(),
        Ok("dir/averyl.txt")
    );
    assert_eq!(shortened("über.txt", Some(8)).as_deref(), Ok("über.txt"));
    assert_eq!(shortened("über.txt", Some(5)).as_deref(), Ok("ü.txt"));
    assert!(shortened("a.txt", Some(4)).is_err());
    assert_eq!(shortened("a.txt", None).as_deref(), Ok("a.txt"));
}

#[test]
fn other_names_are_drawn_until_one_fits() {
    let mut number = 0;
    let mut random = || {
        number += 1;
        format!("Rnd{number:04}")
    };
    let (mut names, first) = Alternatives::of("dir/archive.tar.gz", Some(22)).unwrap();
    assert_eq!(first, "dir/archive.tar.gz");
    assert!(!names.is_too_long(&first));
    assert_eq!(
        names.next(&mut random).as_deref(),
        Ok("dir/archive_Rnd0002.gz")
    );
    assert_eq!(
        names.next(&mut random).as_deref(),
        Ok("dir/archive_Rnd0003.gz")
    );
    let (mut names, _) = Alternatives::of("a.txt", Some(5)).unwrap();
    assert!(names.next(&mut random).is_err());
    assert!(Alternatives::of("../a", None).is_err());
    let suffix = random_suffix();
    assert!(suffix.len() == 7 && suffix.bytes().all(|byte| byte.is_ascii_alphanumeric()));
}
