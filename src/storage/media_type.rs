//! The content type and encoding that a name suggests, as Python's `mimetypes` decides them.
//!
//! django-storages sends what that module guesses, so the table and the order of the steps are the same: endings that
//! stand for two (`.tgz`), then one ending of an encoding (case counts), then one ending of a type (case does not).
//! The types are in `assets/media_types.txt`, an ending and its type a line, in order of endings.

/// Sent when a name suggests nothing.
pub const UNKNOWN: &str = "application/octet-stream";

/// Endings and their types, in byte order of the endings.
const TYPES: &str = include_str!("../../assets/media_types.txt");

/// What a name suggests.
#[derive(Clone, Copy, Debug, Default, PartialEq, Eq)]
pub struct Guess<'a> {
    /// The content type, if the ending is known.
    pub content_type: Option<&'a str>,
    /// The content encoding: `gzip`, `bzip2`, `xz`, `compress` or `br`.
    pub encoding: Option<&'static str>,
}

/// Guesses from a key, a path with slashes or a bare name.
#[must_use]
pub fn guess(name: &str) -> Guess<'_> {
    let (scheme, rest) = split_scheme(name);
    if scheme.eq_ignore_ascii_case("data") {
        return Guess {
            content_type: data_url_type(rest),
            encoding: None,
        };
    }
    let (base, ending) = split_ending(rest);
    if let Some((ending, encoding)) = double_ending(ending) {
        return Guess {
            content_type: type_of(ending),
            encoding: Some(encoding),
        };
    }
    match encoding_of(ending) {
        Some(encoding) => Guess {
            content_type: type_of(split_ending(base).1),
            encoding: Some(encoding),
        },
        None => Guess {
            content_type: type_of(ending),
            encoding: None,
        },
    }
}

/// Everything before the last dot of the last segment, and that dot with what follows. Dots that begin a name do not
/// begin an ending.
fn split_ending(path: &str) -> (&str, &str) {
    let start = path.rfind('/').map_or(0, |slash| slash + 1);
    let name = &path[start..];
    let Some(dot) = name.rfind('.') else {
        return (path, "");
    };
    if name[..dot].bytes().all(|byte| byte == b'.') {
        return (path, "");
    }
    path.split_at(start + dot)
}

/// A URL's scheme, which Python takes off first; empty when there is none.
fn split_scheme(name: &str) -> (&str, &str) {
    match name.split_once(':') {
        Some((scheme, rest)) if !scheme.is_empty() && !scheme.contains('/') => (scheme, rest),
        _ => ("", name),
    }
}

/// The type written in the head of a `data:` URL.
fn data_url_type(rest: &str) -> Option<&str> {
    let (head, _) = rest.split_once(',')?;
    let written = head.split(';').next().unwrap_or(head);
    Some(if written.contains('=') || !written.contains('/') {
        "text/plain"
    } else {
        written
    })
}

/// Endings that stand for two, in any case: the type's ending and the encoding.
fn double_ending(ending: &str) -> Option<(&'static str, &'static str)> {
    Some(match ending.to_ascii_lowercase().as_str() {
        ".svgz" => (".svg", "gzip"),
        ".tgz" | ".taz" | ".tz" => (".tar", "gzip"),
        ".tbz2" => (".tar", "bzip2"),
        ".txz" => (".tar", "xz"),
        _ => return None,
    })
}

/// The encoding of an ending; case counts.
fn encoding_of(ending: &str) -> Option<&'static str> {
    Some(match ending {
        ".gz" => "gzip",
        ".bz2" => "bzip2",
        ".xz" => "xz",
        ".Z" => "compress",
        ".br" => "br",
        _ => return None,
    })
}

/// The type of an ending with its dot, in any case.
fn type_of(ending: &str) -> Option<&'static str> {
    let wanted = ending.strip_prefix('.')?.to_lowercase();
    let table = table();
    let found = table
        .binary_search_by(|(known, _)| (*known).cmp(wanted.as_str()))
        .ok()?;
    Some(table[found].1)
}

/// The lines of the table, split once.
fn table() -> &'static [(&'static str, &'static str)] {
    static TABLE: std::sync::LazyLock<Vec<(&str, &str)>> = std::sync::LazyLock::new(|| {
        TYPES
            .lines()
            .filter_map(|line| line.split_once(' '))
            .collect()
    });
    &TABLE
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn guesses_as_python_does() {
        for (name, content_type, encoding) in [
            ("a.css", Some("text/css"), None),
            ("a.mjs", Some("text/javascript"), None),
            ("a.JPEG", Some("image/jpeg"), None),
            ("A.CSS", Some("text/css"), None),
            ("a.svgz", Some("image/svg+xml"), Some("gzip")),
            ("a.TGZ", Some("application/x-tar"), Some("gzip")),
            ("a.tar.gz", Some("application/x-tar"), Some("gzip")),
            ("a.css.gz", Some("text/css"), Some("gzip")),
            ("a.gz", None, Some("gzip")),
            ("a.GZ", Some("application/gzip"), None),
            ("a.Z", None, Some("compress")),
            ("a.z", None, None),
            ("dir.css/file", None, None),
            ("a.", None, None),
            (".css", None, None),
            ("...css", None, None),
            ("a..css", Some("text/css"), None),
            ("", None, None),
            ("x/.gitignore", None, None),
            ("s3:.css", None, None),
            ("10:30.css", Some("text/css"), None),
            ("data:text/html;base64,aGk=", Some("text/html"), None),
            ("data:,hi.css", Some("text/plain"), None),
            ("data:hi.css", None, None),
        ] {
            assert_eq!(
                guess(name),
                Guess {
                    content_type,
                    encoding
                },
                "{name}"
            );
        }
    }

    #[test]
    fn the_table_is_in_order_and_whole() {
        let table = table();
        assert_eq!(table.len(), TYPES.lines().count());
        assert!(table.windows(2).all(|pair| pair[0].0 < pair[1].0));
        assert!(table.iter().all(|(_, value)| value.contains('/')));
    }
}
