//! The sparse, ordered set of options that one connection sets.
//!
//! An option that is not in the set is not set at all: the parent connection, the environment or the default
//! decides. That differs from [`Value::Nothing`], which is set and hides the parent's value.

use std::collections::BTreeMap;

use super::problem::Problem;
use super::table::OptionId;
use super::value::Value;

/// The options that are set, in the order of the table.
#[derive(Clone, Debug, Default, PartialEq)]
pub struct Values(BTreeMap<OptionId, Value>);

/// Why an `OPTION=VALUE` of the command line was refused.
#[derive(Clone, Debug, PartialEq, Eq)]
pub enum AssignError {
    /// No equals sign.
    NoEquals,
    /// No option of that name; the nearest one, if one is near.
    UnknownOption {
        /// What was written.
        name: String,
        /// What may have been meant.
        nearest: Option<OptionId>,
    },
    /// The option refuses the value.
    Problem(Problem),
}

impl std::fmt::Display for AssignError {
    fn fmt(&self, f: &mut std::fmt::Formatter<'_>) -> std::fmt::Result {
        match self {
            Self::NoEquals => f.write_str("write OPTION=VALUE, as in AWS_S3_REGION_NAME=eu-west-1"),
            Self::UnknownOption {
                name,
                nearest: Some(near),
            } => {
                write!(
                    f,
                    "there is no option {name}; did you mean {}?",
                    near.name()
                )
            }
            Self::UnknownOption {
                name,
                nearest: None,
            } => write!(f, "there is no option {name}"),
            Self::Problem(problem) => problem.fmt(f),
        }
    }
}

impl std::error::Error for AssignError {}

impl Values {
    /// What an option is set to here.
    #[must_use]
    pub fn get(&self, option: OptionId) -> Option<&Value> {
        self.0.get(&option)
    }

    /// Sets an option.
    pub fn set(&mut self, option: OptionId, value: Value) {
        self.0.insert(option, value);
    }

    /// Sets an option and hands back the whole, to write sets in one expression.
    #[must_use]
    pub fn with(mut self, option: OptionId, value: Value) -> Self {
        self.set(option, value);
        self
    }

    /// Takes an option out, so that the parent or the default holds again.
    pub fn reset(&mut self, option: OptionId) -> Option<Value> {
        self.0.remove(&option)
    }

    /// The options that are set, in order.
    pub fn iter(&self) -> impl Iterator<Item = (OptionId, &Value)> {
        self.0.iter().map(|(option, value)| (*option, value))
    }

    /// How many are set.
    #[must_use]
    pub fn len(&self) -> usize {
        self.0.len()
    }

    /// True when none is set.
    #[must_use]
    pub fn is_empty(&self) -> bool {
        self.0.is_empty()
    }

    /// Takes over all of another set.
    pub fn extend(&mut self, other: Self) {
        self.0.extend(other.0);
    }

    /// Takes the secrets out, leaving what may lie in a file.
    pub fn take_secrets(&mut self) -> Self {
        let secrets: BTreeMap<_, _> = std::mem::take(&mut self.0)
            .into_iter()
            .filter_map(|(option, value)| {
                if matches!(value, Value::Secret(_)) {
                    Some((option, value))
                } else {
                    self.0.insert(option, value);
                    None
                }
            })
            .collect();
        Self(secrets)
    }

    /// Reads `OPTION=VALUE` and sets it, refusing what its check refuses.
    ///
    /// # Errors
    /// When there is no such option or it refuses the value.
    pub fn assign(&mut self, text: &str) -> Result<OptionId, AssignError> {
        let (name, text) = text.split_once('=').ok_or(AssignError::NoEquals)?;
        let name = name.trim();
        let option = OptionId::from_name(name).ok_or_else(|| AssignError::UnknownOption {
            name: name.to_owned(),
            nearest: nearest_option(name),
        })?;
        let value = Value::from_text(option, text).map_err(AssignError::Problem)?;
        (option.spec().check)(&value)
            .map_err(|reason| AssignError::Problem(Problem::new(option, reason)))?;
        self.set(option, value);
        Ok(option)
    }

    /// What the checks of the rows say about the values set here.
    #[must_use]
    pub fn problems(&self) -> Vec<Problem> {
        self.iter()
            .filter_map(|(option, value)| {
                (option.spec().check)(value)
                    .err()
                    .map(|reason| Problem::new(option, reason))
            })
            .collect()
    }
}

impl FromIterator<(OptionId, Value)> for Values {
    fn from_iter<I: IntoIterator<Item = (OptionId, Value)>>(pairs: I) -> Self {
        Self(pairs.into_iter().collect())
    }
}

/// The option whose name differs by at most three letters, or has the same letters after `AWS_`.
fn nearest_option(name: &str) -> Option<OptionId> {
    let name = name.to_ascii_uppercase();
    OptionId::all()
        .map(|option| (distance(&name, option.name()), option))
        .filter(|(distance, option)| *distance <= 3 || option.name().ends_with(&format!("_{name}")))
        .min_by_key(|(distance, _)| *distance)
        .map(|(_, option)| option)
}

/// Letters to change, add or remove to get from one to the other.
fn distance(from: &str, to: &str) -> usize {
    let mut row: Vec<usize> = (0..=to.len()).collect();
    for (i, a) in from.bytes().enumerate() {
        let mut diagonal = row[0];
        row[0] = i + 1;
        for (j, b) in to.bytes().enumerate() {
            let cost = diagonal + usize::from(a != b);
            diagonal = row[j + 1];
            row[j + 1] = cost.min(row[j] + 1).min(diagonal + 1);
        }
    }
    row[to.len()]
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn assigns_by_django_name_and_helps_with_misspellings() {
        let mut values = Values::default();
        assert_eq!(
            values.assign("aws_s3_region_name=eu-west-1"),
            Ok(OptionId::Region)
        );
        assert_eq!(
            values.get(OptionId::Region),
            Some(&Value::text("eu-west-1"))
        );
        for (text, sentence) in [
            (
                "AWS_S3_REGION",
                "write OPTION=VALUE, as in AWS_S3_REGION_NAME=eu-west-1",
            ),
            (
                "AWS_S3_REGON_NAME=x",
                "there is no option AWS_S3_REGON_NAME; did you mean AWS_S3_REGION_NAME?",
            ),
            (
                "REGION_NAME=x",
                "there is no option REGION_NAME; did you mean AWS_S3_REGION_NAME?",
            ),
            ("COLOUR=x", "there is no option COLOUR"),
            (
                "AWS_LOCATION=/a",
                "AWS_LOCATION: cannot begin with a slash, Django stops there; use “a”",
            ),
            (
                "AWS_S3_OBJECT_PARAMETERS={\"a\":",
                "AWS_S3_OBJECT_PARAMETERS: needs a JSON object, as in {\"CacheControl\": \"max-age=86400\"}; \
                 line 1, column 5 does not read as JSON",
            ),
        ] {
            assert_eq!(values.assign(text).expect_err(text).to_string(), sentence);
        }
        assert_eq!(values.len(), 1);
    }

    #[test]
    fn secrets_are_taken_out_whole() {
        let mut values = Values::default()
            .with(OptionId::AccessKey, Value::text("AKIA"))
            .with(OptionId::SecretKey, Value::secret("s"))
            .with(OptionId::CloudFrontKey, Value::secret("p"));
        let secrets = values.take_secrets();
        assert_eq!(
            values.iter().map(|(id, _)| id).collect::<Vec<_>>(),
            [OptionId::AccessKey]
        );
        assert_eq!(secrets.len(), 2);
    }
}
