//! POSIX paths as text, as Python's `posixpath` treats them. Nothing here looks at a disk.

/// Without `.` and empty parts, `..` resolved. Two leading slashes stay two, three or more become one; nothing is
/// `.`.
#[must_use]
pub fn normalised(path: &str) -> String {
    let slashes = path.len() - path.trim_start_matches('/').len();
    let root = match slashes {
        0 => "",
        2 => "//",
        _ => "/",
    };
    let mut parts: Vec<&str> = Vec::new();
    for part in path.split('/') {
        match part {
            "" | "." => {}
            ".." => match parts.last() {
                Some(last) if *last != ".." => {
                    parts.pop();
                }
                None if !root.is_empty() => {}
                _ => parts.push(part),
            },
            part => parts.push(part),
        }
    }
    let whole = format!("{root}{}", parts.join("/"));
    if whole.is_empty() {
        ".".to_owned()
    } else {
        whole
    }
}

/// Two paths as one; an absolute second one replaces the first.
#[must_use]
pub fn joined(base: &str, path: &str) -> String {
    if path.starts_with('/') {
        path.to_owned()
    } else if base.is_empty() || base.ends_with('/') {
        format!("{base}{path}")
    } else {
        format!("{base}/{path}")
    }
}

/// Folder and last part. The folder has no slash at its end, unless it is nothing but slashes.
#[must_use]
pub fn split(path: &str) -> (&str, &str) {
    let at = path.rfind('/').map_or(0, |slash| slash + 1);
    let (head, tail) = path.split_at(at);
    let bare = head.trim_end_matches('/');
    (if bare.is_empty() { head } else { bare }, tail)
}

/// Stem and ending, the dot with the ending. Dots at the beginning of the last part belong to the stem.
#[must_use]
pub fn split_ending(path: &str) -> (&str, &str) {
    let start = path.rfind('/').map_or(0, |slash| slash + 1);
    let name = &path[start..];
    match name.rfind('.') {
        Some(dot) if name[..dot].bytes().any(|byte| byte != b'.') => path.split_at(start + dot),
        _ => (path, ""),
    }
}

/// True when a part of the path is `..`.
#[must_use]
pub fn has_upward_part(path: &str) -> bool {
    path.split('/').any(|part| part == "..")
}

/// A path as seen from another; both count from the same place. The place itself is `.`.
#[must_use]
pub fn relative(path: &str, start: &str) -> String {
    // Both begin in a folder deep enough that no `..` leads above the top.
    let upwards = path
        .split('/')
        .chain(start.split('/'))
        .filter(|part| *part == "..");
    let place = format!("/{}", "\0/".repeat(upwards.count()));
    let parts = |text: &str| -> Vec<String> {
        normalised(&joined(&place, text))
            .split('/')
            .filter(|part| !part.is_empty())
            .map(str::to_owned)
            .collect()
    };
    let (path, start) = (parts(path), parts(start));
    let shared = path
        .iter()
        .zip(&start)
        .take_while(|(one, other)| one == other)
        .count();
    let mut steps = vec![".."; start.len() - shared];
    steps.extend(path[shared..].iter().map(String::as_str));
    if steps.is_empty() {
        ".".to_owned()
    } else {
        steps.join("/")
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn paths_are_normalised_as_python_does() {
        for (path, normal) in [
            ("", "."),
            ("a//b/./c/", "a/b/c"),
            ("a/../../b", "../b"),
            ("/../a", "/a"),
            ("//a", "//a"),
            ("///a", "/a"),
            ("..", ".."),
            ("a\\..\\b", "a\\..\\b"),
        ] {
            assert_eq!(normalised(path), normal, "{path}");
        }
    }

    #[test]
    fn paths_are_taken_apart() {
        assert_eq!(split("a/b/c"), ("a/b", "c"));
        assert_eq!(split("a//b"), ("a", "b"));
        assert_eq!(split("/a"), ("/", "a"));
        assert_eq!(split("a"), ("", "a"));
        for (path, stem, ending) in [
            ("a.tar.gz", "a.tar", ".gz"),
            (".hidden", ".hidden", ""),
            ("..x", "..x", ""),
            ("a.b/c", "a.b/c", ""),
            ("a.", "a", "."),
        ] {
            assert_eq!(split_ending(path), (stem, ending), "{path}");
        }
    }

    #[test]
    fn relative_paths_collapse() {
        for (path, start, seen) in [
            ("p//x", "p/", "x"),
            ("p//", "p/", "."),
            ("p/..", "p/", ".."),
            ("p/../x", "p/", "../x"),
            ("a/b/", "a/", "b"),
            ("a", "", "a"),
            ("a/c", "a/b", "../c"),
            ("../x", "", "../x"),
        ] {
            assert_eq!(relative(path, start), seen, "{path} {start}");
        }
    }
}
