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
use super::connect;
use super::console::Console;
use super::run::{Failure, NO_BUCKET};

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

/// Writes a policy to standard output.
pub(super) async fn run(console: &Console, options: &Options, how: &How) -> Result<u64, Failure> {
    let named = how.place.as_ref().and_then(|place| place.bucket.clone());
    let chosen = connect::choose(options, named.is_some()).await?;
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
