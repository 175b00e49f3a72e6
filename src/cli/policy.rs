//! `policy`: the least IAM policy for a bucket and prefix, ready to be piped into a file.
//!
//! It goes by the settings alone: nothing is sent, and no secret is fetched, so that it also works where the keyring is
//! locked or the credentials do not work yet.

use serde_json::{Value, json};

use crate::doctor::policy;
use crate::domain::Prefix;
use crate::domain::diagnosis::{PolicyForm, PolicyScope, PolicyUse, PolicyWish};
use crate::words::diagnosis::policy as words;

use super::address::Address;
use super::args::Options;
use super::connect::{self, Unsaved};
use super::console::Console;
use super::reading::Words;
use super::run::{Failure, NO_BUCKET};
use super::usage::Usage;

/// What the policy is to be.
#[derive(Clone, Debug, PartialEq, Eq)]
pub(super) struct How {
    /// The place; the connection's own when nothing was said.
    pub place: Option<Address>,
    /// What it allows; `None` is everything but versions.
    pub uses: Option<Vec<PolicyUse>>,
    /// The actions that django-storages documents instead.
    pub documented: bool,
    /// Who a bucket policy is for.
    pub principal: Option<String>,
    /// On whose behalf a service may come.
    pub source: Option<String>,
}

impl How {
    /// Understands the options.
    ///
    /// # Errors
    /// A sentence about what makes no sense.
    pub(super) fn read(words: &Words) -> Result<Self, Usage> {
        let values = words.values.as_slice();
        if values.len() > 1 {
            return Err(words.usage("policy takes one prefix"));
        }
        let documented = words.has("documented");
        let uses = match words.value("for") {
            None => None,
            Some(_) if documented => {
                return Err(words.usage("--for and --documented contradict each other"));
            }
            Some(list) => Some(uses(words, &words.text(list, "the value of --for")?)?),
        };
        let principal = match (words.value("principal"), words.has("bucket-policy")) {
            (Some(word), true) => Some(words.text(word, "the principal")?),
            (None, false) => None,
            (None, true) => {
                return Err(words.usage("--bucket-policy needs --principal with who it is for"));
            }
            (Some(_), false) => {
                return Err(words.usage("--principal belongs to --bucket-policy"));
            }
        };
        let source = match words.value("source") {
            Some(_) if principal.is_none() => {
                return Err(words.usage("--source belongs to --bucket-policy"));
            }
            Some(word) => Some(words.text(word, "the source")?),
            None => None,
        };
        Ok(Self {
            place: values
                .first()
                .map(|value| words.address(value))
                .transpose()?,
            uses,
            documented,
            principal,
            source,
        })
    }
}

/// Words of uses between commas.
fn uses(words: &Words, list: &str) -> Result<Vec<PolicyUse>, Usage> {
    let known = || PolicyUse::ALL.map(PolicyUse::word).join(", ");
    let mut uses = Vec::new();
    for word in list.split(',').map(str::trim) {
        let one = PolicyUse::from_word(word).ok_or_else(|| {
            words.usage(format!("--for knows no {word}; write some of {}", known()))
        })?;
        if !uses.contains(&one) {
            uses.push(one);
        }
    }
    Ok(uses)
}

/// Writes a policy to standard output.
pub(super) async fn run(console: &Console, options: &Options, how: &How) -> Result<u64, Failure> {
    let named = how.place.as_ref().and_then(|place| place.bucket.clone());
    let chosen = connect::choose(options, Unsaved::with(named.is_some())).await?;
    for warning in &chosen.warnings {
        console.note(&format!("cooperage: {warning}"));
    }
    let config = connect::settled(&chosen).await?.config;
    let prefix = match &how.place {
        // The prefix is meant to the letter, as with `ls`.
        Some(place) => place.text.clone(),
        // Django puts a slash behind it.
        None => Prefix::new(config.location.trim_start_matches('/'))
            .as_str()
            .to_owned(),
    };
    let bucket = named
        .or_else(|| config.bucket.clone())
        .ok_or_else(|| connect::settings(NO_BUCKET))?;
    let suggested = policy::wish_for(&config, &bucket, &prefix);
    let wish = PolicyWish {
        scope: match (&how.uses, how.documented) {
            (_, true) => PolicyScope::DjangoStorages,
            (Some(uses), false) => PolicyScope::Least(uses.clone()),
            (None, false) => suggested.scope.clone(),
        },
        form: match &how.principal {
            Some(principal) => PolicyForm::Bucket {
                principal: principal.clone(),
                source: how.source.clone().unwrap_or_default(),
            },
            None => PolicyForm::Identity,
        },
        ..suggested
    };
    let written = policy::write(&wish)
        .map_err(|why| Failure::Settings(vec![words::refusal(why).to_owned()]))?;
    console.result(written.json.trim_end(), '\n')?;
    let document: Value = serde_json::from_str(&written.json).unwrap_or_default();
    console.object(&json!({
        "type": "policy",
        "bucket": bucket,
        "prefix": prefix,
        "actions": written.actions,
        "policy": document,
    }))?;
    console.flush()?;
    for remark in &written.remarks {
        console.note(&format!("cooperage: {}", words::remark(*remark)));
    }
    Ok(0)
}
