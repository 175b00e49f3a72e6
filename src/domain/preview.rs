//! Whether the beginning of an object can be shown, and how.

use super::ObjectDetails;

/// How an object can be shown.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub enum PreviewKind {
    /// As a picture.
    Image,
    /// As text.
    Text,
    /// Not at all.
    None,
}

impl PreviewKind {
    /// Largest picture that is read, in bytes.
    pub const IMAGE_BYTES: u64 = 24 << 20;

    /// Decided by Content-Type, and by the name where the type says nothing. Texts may have any size, for only
    /// their beginning is read; pictures up to [`Self::IMAGE_BYTES`].
    #[must_use]
    pub fn of(details: &ObjectDetails) -> Self {
        match Self::of_type(details) {
            Self::Image if details.size > Self::IMAGE_BYTES => Self::None,
            kind => kind,
        }
    }

    fn of_type(details: &ObjectDetails) -> Self {
        const PICTURES: [&str; 4] = ["jpeg", "png", "gif", "webp"];
        const TEXT_TYPES: [&str; 8] = [
            "application/json",
            "application/xml",
            "application/javascript",
            "application/x-javascript",
            "application/x-sh",
            "application/toml",
            "application/yaml",
            "application/x-yaml",
        ];
        const TEXT_ENDINGS: [&str; 22] = [
            "txt", "md", "csv", "tsv", "log", "json", "ndjson", "xml", "html", "htm", "css", "js",
            "ts", "py", "rs", "sh", "toml", "yaml", "yml", "ini", "conf", "sql",
        ];
        if details.size == 0 {
            return Self::None;
        }
        let kind = details
            .content_type
            .as_deref()
            .unwrap_or_default()
            .to_ascii_lowercase();
        let kind = kind.split(';').next().unwrap_or_default().trim();
        if kind
            .strip_prefix("image/")
            .is_some_and(|image| PICTURES.contains(&image))
        {
            return Self::Image;
        }
        if kind.starts_with("text/")
            || TEXT_TYPES.contains(&kind)
            || kind.ends_with("+json")
            || kind.ends_with("+xml")
        {
            return Self::Text;
        }
        let says_nothing =
            kind.is_empty() || kind == "application/octet-stream" || kind == "binary/octet-stream";
        let ending = details
            .key
            .name()
            .rsplit_once('.')
            .map(|(_, ending)| ending.to_ascii_lowercase());
        match ending.as_deref() {
            Some("jpg" | "jpeg" | "png" | "gif" | "webp") if says_nothing => Self::Image,
            Some(ending) if says_nothing && TEXT_ENDINGS.contains(&ending) => Self::Text,
            _ => Self::None,
        }
    }
}

#[cfg(test)]
mod tests {
    use super::*;
    use crate::domain::Key;

    fn details(name: &str, kind: Option<&str>) -> ObjectDetails {
        ObjectDetails {
            key: Key::new(name),
            size: 9,
            content_type: kind.map(str::to_owned),
            ..ObjectDetails::default()
        }
    }

    #[test]
    fn the_type_decides_and_the_name_helps_where_it_is_silent() {
        for (name, kind, shown) in [
            ("a.bin", Some("image/png"), PreviewKind::Image),
            ("a.svg", Some("image/svg+xml"), PreviewKind::Text),
            ("a.jpg", Some("binary/octet-stream"), PreviewKind::Image),
            ("a.JPG", None, PreviewKind::Image),
            (
                "notes.md",
                Some("application/octet-stream"),
                PreviewKind::Text,
            ),
            ("a.jpg", Some("application/zip"), PreviewKind::None),
            ("x", Some("text/plain; charset=utf-8"), PreviewKind::Text),
        ] {
            assert_eq!(
                PreviewKind::of(&details(name, kind)),
                shown,
                "{name} {kind:?}"
            );
        }
    }
}
