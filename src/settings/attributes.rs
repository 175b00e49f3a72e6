//! The attributes of the storage class, as a constructor keyword or a subclass sets them.
//!
//! Most stand for an option. `security_token` is the connection's session token, and a few that django-storages reads
//! have no effect on what this program does.

use serde_json::Value as Json;

use super::connection::Connection;
use super::problem::Problem;
use super::table::OptionId;
use super::value::Value;
use crate::domain::Secret;

/// Attributes that the storage class has and that change nothing here.
pub const WITHOUT_EFFECT: [&str; 2] = ["file_name_charset", "use_threads"];

/// Why an attribute was refused.
#[derive(Clone, Debug, PartialEq, Eq)]
pub enum AttributeError {
    /// The storage class has none of that name.
    Unknown(String),
    /// Its option cannot hold such a value.
    Problem(Problem),
}

impl std::fmt::Display for AttributeError {
    fn fmt(&self, f: &mut std::fmt::Formatter<'_>) -> std::fmt::Result {
        match self {
            Self::Unknown(name) => write!(f, "the storage class has no attribute {name}"),
            Self::Problem(problem) => problem.fmt(f),
        }
    }
}

impl std::error::Error for AttributeError {}

/// Sets an attribute on a connection.
///
/// # Errors
/// When there is no such attribute, or it cannot hold the value.
pub fn set_attribute(
    connection: &mut Connection,
    name: &str,
    value: &Json,
) -> Result<(), AttributeError> {
    if name == "security_token" {
        let text = value.as_str().filter(|text| !text.is_empty());
        connection.session_token = text.map(Secret::new);
        return Ok(());
    }
    if WITHOUT_EFFECT.contains(&name) {
        return Ok(());
    }
    let option =
        OptionId::from_attribute(name).ok_or_else(|| AttributeError::Unknown(name.to_owned()))?;
    let value = Value::from_json(option, value).map_err(AttributeError::Problem)?;
    connection.values.set(option, value);
    Ok(())
}

#[cfg(test)]
mod tests {
    use serde_json::json;

    use super::*;

    #[test]
    fn attributes_set_options_or_are_refused() {
        let mut one = Connection::new("one");
        for (name, value) in [
            ("bucket_name", json!("media")),
            ("security_token", json!("t")),
            ("use_threads", json!(false)),
        ] {
            assert_eq!(set_attribute(&mut one, name, &value), Ok(()), "{name}");
        }
        assert_eq!(one.values.len(), 1);
        assert!(one.session_token.is_some());
        assert_eq!(
            set_attribute(&mut one, "bucket", &json!("x")),
            Err(AttributeError::Unknown("bucket".to_owned()))
        );
        assert!(matches!(
            set_attribute(&mut one, "location", &json!(null)),
            Err(AttributeError::Problem(_))
        ));
    }
}
