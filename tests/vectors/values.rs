//! Values of the recording: what JSON cannot hold stands there as one-key objects.

use base64::Engine as _;
use base64::engine::general_purpose::STANDARD;
use serde_json::{Map, Value, json};
use sha2::{Digest, Sha256};

/// The texts of keys that settings refer to.
pub struct Keys<'a>(pub &'a Value);

impl Keys<'_> {
    /// A setting with its key, tuple or path put in.
    pub fn setting(&self, value: &Value) -> Value {
        match value {
            Value::Object(map) => {
                if let Some(name) = map.get("$key").and_then(Value::as_str) {
                    return self.0[name].clone();
                }
                if let Some(items) = map.get("$tuple") {
                    return self.setting(items);
                }
                if let Some(path) = map.get("$path") {
                    return path.clone();
                }
                Value::Object(
                    map.iter()
                        .map(|(name, value)| (name.clone(), self.setting(value)))
                        .collect(),
                )
            }
            Value::Array(items) => items.iter().map(|item| self.setting(item)).collect(),
            other => other.clone(),
        }
    }
}

/// A text, or a path as one.
pub fn text(value: &Value) -> &str {
    value
        .as_str()
        .or_else(|| value.get("$path")?.as_str())
        .unwrap_or_else(|| panic!("no text: {value}"))
}

/// Bytes in any of their forms; text as its UTF-8.
pub fn bytes(value: &Value) -> Vec<u8> {
    if let Some(text) = value.as_str().or_else(|| value.get("$bytes")?.as_str()) {
        return text.as_bytes().to_vec();
    }
    if let Some(text) = value.get("$b64").and_then(Value::as_str) {
        return STANDARD.decode(text).unwrap();
    }
    if let Some(pair) = value.get("$repeat").and_then(Value::as_array) {
        let times = usize::try_from(pair[1].as_u64().unwrap()).unwrap();
        return pair[0].as_str().unwrap().as_bytes().repeat(times);
    }
    // Numbers are written as their digits.
    value.to_string().into_bytes()
}

/// Bytes as the recording writes them.
pub fn written(bytes: &[u8]) -> Value {
    if bytes.len() > 256 {
        return json!({"$sha256": hex(&Sha256::digest(bytes)), "length": bytes.len()});
    }
    match std::str::from_utf8(bytes) {
        Ok(text) => json!({"$bytes": text}),
        Err(_) => json!({"$b64": STANDARD.encode(bytes)}),
    }
}

/// A body as the recording describes it.
pub fn body(bytes: &[u8]) -> Value {
    if bytes.starts_with(&[0x1f, 0x8b]) {
        let mut plain = Vec::new();
        let mut decoder = flate2::read::GzDecoder::new(bytes);
        if std::io::Read::read_to_end(&mut decoder, &mut plain).is_ok() {
            let mut map = Map::new();
            map.insert("gzip".to_owned(), json!(true));
            map.insert("gzip_header_hex".to_owned(), json!(hex(&bytes[..10])));
            map.insert("decompressed_length".to_owned(), json!(plain.len()));
            let digest = hex(&Sha256::digest(&plain));
            map.insert("decompressed_sha256".to_owned(), json!(digest));
            if plain.len() <= 256
                && let Ok(text) = String::from_utf8(plain)
            {
                map.insert("decompressed_utf8".to_owned(), json!(text));
            }
            return Value::Object(map);
        }
    }
    let mut map = Map::new();
    map.insert("length".to_owned(), json!(bytes.len()));
    map.insert("sha256".to_owned(), json!(hex(&Sha256::digest(bytes))));
    if bytes.len() <= 256 {
        match std::str::from_utf8(bytes) {
            Ok(text) => map.insert("utf8".to_owned(), json!(text)),
            Err(_) => map.insert("b64".to_owned(), json!(STANDARD.encode(bytes))),
        };
    }
    Value::Object(map)
}

pub fn hex(bytes: &[u8]) -> String {
    bytes.iter().map(|byte| format!("{byte:02x}")).collect()
}

/// Whether two values are the same to Python, where 0 is false and 1 is true.
pub fn same(one: &Value, other: &Value) -> bool {
    match (one, other) {
        (Value::Bool(on), Value::Number(number)) | (Value::Number(number), Value::Bool(on)) => {
            number.as_i64() == Some(i64::from(*on))
        }
        (Value::Array(ones), Value::Array(others)) => {
            ones.len() == others.len() && ones.iter().zip(others).all(|(a, b)| same(a, b))
        }
        (Value::Object(ones), Value::Object(others)) => {
            ones.len() == others.len()
                && ones
                    .iter()
                    .all(|(name, a)| others.get(name).is_some_and(|b| same(a, b)))
        }
        _ => one == other,
    }
}
