//! Says what a text of settings is, by marks that the other kinds do not have.

use crate::settings::TextKind;
use crate::settings::ini::Ini;

/// What the text is; `None` for Django settings and `.env` files, which `django` tells apart.
#[must_use]
pub fn recognised(text: &str) -> Option<TextKind> {
    let start = text.trim_start_matches('\u{feff}').trim_start();
    if start.starts_with('{') && text.contains("\"cooperage\"") {
        return Some(TextKind::Json);
    }
    if text
        .lines()
        .any(|line| line.trim_start().starts_with("RCLONE_ENCRYPT_V"))
    {
        return Some(TextKind::Rclone);
    }
    let keys = |names: &[&str]| {
        let is_named = |line: &str| {
            let (key, _) = line.split_once('=').unwrap_or_default();
            names.contains(&key.trim())
        };
        text.lines().filter(|line| is_named(line)).count()
    };
    // s3cmd takes a file without sections too.
    if keys(&["host_base", "host_bucket"]) > 0 || keys(&["access_key", "secret_key"]) > 1 {
        let in_python = text
            .lines()
            .any(|line| line.trim_start().starts_with("class "));
        return (!in_python).then_some(TextKind::S3cmd);
    }
    let has_sections = text.lines().any(|line| {
        let line = line.trim_end();
        line.starts_with('[') && line.ends_with(']') && line.len() > 2
    });
    if !has_sections {
        return None;
    }
    let ini = Ini::parse(text);
    if ini
        .sections
        .iter()
        .any(|section| section.entries.contains_key("type"))
    {
        return Some(TextKind::Rclone);
    }
    let is_profile = ini.sections.iter().any(|section| {
        section.name.starts_with("profile ")
            || section.name.starts_with("sso-session ")
            || section.entries.keys().any(|key| super::profile::knows(key))
    });
    is_profile.then_some(TextKind::Profile)
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn every_kind_is_known_by_its_marks() {
        for (text, kind) in [
            (
                "{\"cooperage\": 1, \"connections\": []}",
                Some(TextKind::Json),
            ),
            (
                "[media]\ntype = s3\nprovider = AWS\n",
                Some(TextKind::Rclone),
            ),
            (
                "# Encrypted rclone configuration File\n\nRCLONE_ENCRYPT_V0:\nabc",
                Some(TextKind::Rclone),
            ),
            (
                "[default]\naccess_key = A\nsecret_key = B\nhost_base = h\n",
                Some(TextKind::S3cmd),
            ),
            ("access_key = A\nsecret_key = B\n", Some(TextKind::S3cmd)),
            (
                "[default]\naws_access_key_id = A\n",
                Some(TextKind::Profile),
            ),
            (
                "[profile media]\nregion = eu-west-1\n",
                Some(TextKind::Profile),
            ),
            ("AWS_STORAGE_BUCKET_NAME = 'media'\nX = [\n  'a'\n]\n", None),
            ("AWS_STORAGE_BUCKET_NAME=media\n", None),
            (
                "class A(S3Storage):\n    access_key = 'a'\n    secret_key = 'b'\n",
                None,
            ),
            ("", None),
        ] {
            assert_eq!(recognised(text), kind, "{text}");
        }
    }
}
