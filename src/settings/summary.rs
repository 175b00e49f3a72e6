//! A value in a few words, for the line below an editor: `not set`, `on`, `5 types`, `AKIA…MPLE`.

use super::option::Kind;
use super::table::OptionId;
use super::value::Value;
use crate::domain::{Verify, masked_key_id};

/// A value in a few words. Secrets are only said to be there, key ids are masked.
#[must_use]
pub fn summary(option: OptionId, value: &Value) -> String {
    let counted = |count: usize, one: &str, many: &str| match count {
        1 => format!("1 {one}"),
        count => format!("{count} {many}"),
    };
    match value {
        Value::Nothing => "not set".to_owned(),
        Value::Text(text) if text.is_empty() => "empty".to_owned(),
        Value::Text(id) if matches!(option, OptionId::S3AccessKey | OptionId::AccessKey) => {
            masked_key_id(id)
        }
        Value::Text(text) => text.clone(),
        Value::Secret(secret) if secret.is_empty() => "empty".to_owned(),
        Value::Secret(_) => "set, hidden".to_owned(),
        Value::Bool(on) => if *on { "on" } else { "off" }.to_owned(),
        Value::Integer(number) => number.to_string(),
        Value::List(items) => counted(items.len(), "type", "types"),
        Value::Map(map) if option.spec().kind == Kind::Proxies => match map.len() {
            0 => "no proxy".to_owned(),
            count => counted(count, "proxy", "proxies"),
        },
        Value::Map(map) => counted(map.len(), "parameter", "parameters"),
        Value::Verify(Verify::Default) => "the bundled certificates".to_owned(),
        Value::Verify(Verify::On) => "checked with the bundled certificates".to_owned(),
        Value::Verify(Verify::Off) => "not checked".to_owned(),
        Value::Verify(Verify::CaFile(path)) => path.to_string_lossy().into_owned(),
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn every_default_has_words_and_no_secret_is_shown() {
        for option in OptionId::all() {
            assert!(
                !summary(option, &(option.spec().default)()).is_empty(),
                "{}",
                option.name()
            );
        }
        assert_eq!(
            summary(OptionId::SecretKey, &Value::secret("CANARY")),
            "set, hidden"
        );
        assert_eq!(
            summary(OptionId::AccessKey, &Value::text("AKIAIOSFODNN7EXAMPLE")),
            "AKIA…MPLE"
        );
        assert_eq!(
            summary(OptionId::GzipTypes, &(OptionId::GzipTypes.spec().default)()),
            "5 types"
        );
    }
}
