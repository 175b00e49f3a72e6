//! Every sentence about what the Doctor found. Window, command line and report show the same words.
//!
//! Each finding has a title, a cause and a next step of its own; tests go through all variants of a finding and see to
//! it that no two say the same.

pub mod breaks;
pub mod checks;
pub mod codes;
mod denials;
pub mod endpoint;
mod headline;
pub mod permissions;
pub mod policy;
mod report;
mod rungs;
pub mod sign_in;
mod when;
pub mod write_test;

pub(super) use denials::of_kms;
pub use headline::{Headline, headline};
pub use report::{Case, commands, report, seconds};
pub use report::{ending, live_check, opening, place as report_place, tables, waiting};
pub use rungs::{RungWords, key, note, origin, place, rung, verdict};
pub use when::When;

use crate::domain::diagnosis::Remedy;

/// A finding in words.
#[derive(Clone, Debug, PartialEq, Eq)]
pub struct Told {
    /// What is the case, in a few words without a full stop.
    pub title: String,
    /// Why, in one or two sentences; empty where the title says it all.
    pub cause: String,
    /// What to do next, in one sentence; empty when there is nothing to do.
    pub next: String,
}

/// The words on the button of a remedy.
#[must_use]
pub fn remedy(remedy: &Remedy) -> String {
    match remedy {
        Remedy::UseRegion(region) => format!("Use {region}"),
        Remedy::UseBucket(bucket) => format!("Use {}", super::visible(bucket)),
        Remedy::UsePathStyle => "Put the bucket in the path".to_owned(),
        Remedy::UseVirtualHost => "Put the bucket in the host name".to_owned(),
        Remedy::SetOption { value, .. } => format!("Use {}", super::visible(value)),
        Remedy::OpenOption(name) => format!("Open {name}"),
        Remedy::ShowFile(path) => match (
            path.parent().and_then(|it| it.file_name()),
            path.file_name(),
        ) {
            (Some(folder), Some(name)) => {
                let shown = std::path::Path::new(folder).join(name);
                format!("Show {}", super::visible(&shown.to_string_lossy()))
            }
            (None, Some(name)) => format!("Show {}", super::visible(&name.to_string_lossy())),
            (_, None) => "Show the file".to_owned(),
        },
        Remedy::SignIn { .. } => "Sign in".to_owned(),
        Remedy::PasteKeys => "Paste key, secret and token".to_owned(),
        Remedy::AssumeRole => "Assume a role".to_owned(),
        Remedy::ChangeRole => "Change the role".to_owned(),
        Remedy::DropRole => "Take no role".to_owned(),
        Remedy::EnterCode => "Enter the code".to_owned(),
        Remedy::RunAgain => "Run again".to_owned(),
    }
}

/// A name that is set in the monospace font: between backticks, which it cannot hold itself.
#[must_use]
pub fn code(name: &str) -> String {
    format!("`{}`", super::visible(name).replace('`', "'"))
}

/// A sentence without the marks of the monospace font.
#[must_use]
pub fn plain(text: &str) -> String {
    text.replace('`', "")
}

#[cfg(test)]
mod tests {
    use std::collections::BTreeSet;

    use super::*;

    fn words(text: &str) -> Vec<String> {
        let words = text.split(|each: char| !each.is_alphanumeric() && each != '_');
        let words = words.filter(|word| !word.is_empty()).map(str::to_lowercase);
        words.collect()
    }

    /// True when one of the sentences under a title says nothing that the title does not say.
    pub(super) fn says_it_twice(told: &Told) -> bool {
        let title = words(&told.title);
        [&told.cause, &told.next].into_iter().any(|text| {
            let said = words(text);
            let first = words(text.split(". ").next().unwrap_or_default());
            let known = |words: &[String]| words.iter().filter(|one| title.contains(one)).count();
            let begins_alike = title.iter().zip(&said).take_while(|(a, b)| a == b).count();
            !said.is_empty()
                && (begins_alike >= 4
                    || begins_alike == title.len()
                    || known(&first) * 10 >= first.len() * 8
                    || said.windows(title.len()).any(|part| part == title))
        })
    }

    #[test]
    fn no_two_remedies_have_the_same_words() {
        let all = [
            Remedy::UseRegion("eu-west-1".to_owned()),
            Remedy::UseBucket("photos-live".to_owned()),
            Remedy::UsePathStyle,
            Remedy::UseVirtualHost,
            Remedy::SetOption {
                name: "AWS_S3_SIGNATURE_VERSION",
                value: "s3v4".to_owned(),
            },
            Remedy::OpenOption("AWS_S3_ENDPOINT_URL"),
            Remedy::ShowFile("/home/a/.aws/config".into()),
            Remedy::SignIn {
                profile: None,
                session: None,
            },
            Remedy::PasteKeys,
            Remedy::AssumeRole,
            Remedy::ChangeRole,
            Remedy::DropRole,
            Remedy::EnterCode,
            Remedy::RunAgain,
        ];
        let words: BTreeSet<String> = all.iter().map(remedy).collect();
        assert_eq!(words.len(), all.len());
    }
}
