//! What is there already: said, asked or refused before anything is written.

use serde_json::json;

use crate::domain::{ByteSize, grouped};
use crate::transfers::conflict::{Choice, Conflict, Side};
use crate::words::visible;

use super::args::WhenExists;
use super::ls::iso;
use super::run::{Failure, Job};

/// So many are named; the rest is counted.
const NAMED: usize = 20;

impl From<WhenExists> for Choice {
    fn from(when: WhenExists) -> Self {
        match when {
            WhenExists::Overwrite => Self::Overwrite,
            WhenExists::Skip => Self::Skip,
            WhenExists::KeepBoth => Self::KeepBoth,
            WhenExists::Newer => Self::NewerOnly,
        }
    }
}

/// What to do with all of them; `None` when nothing may be written.
pub(super) fn decide(
    job: &Job,
    found: &[&Conflict],
    said: Option<WhenExists>,
) -> Result<Option<Choice>, Failure> {
    let console = job.console();
    if let Some(said) = said {
        return Ok(Some(said.into()));
    }
    if found.is_empty() {
        // Whatever appears in the meantime is left alone.
        return Ok(Some(Choice::Skip));
    }
    let mut text = match found.len() {
        1 => "Already there:".to_owned(),
        count => format!("Already there ({}):", grouped(count as u64)),
    };
    for conflict in found.iter().take(NAMED) {
        let (coming, there) = (side(conflict.coming), side(conflict.there));
        text.push_str(&format!(
            "\n  {} ({there}; new: {coming})",
            visible(&conflict.name)
        ));
    }
    if found.len() > NAMED {
        text.push_str(&format!(
            "\n  and {} more",
            grouped((found.len() - NAMED) as u64)
        ));
    }
    for conflict in found {
        console.object(&json!({ "type": "conflict", "name": conflict.name }))?;
    }
    if !console.can_ask() {
        console.message(&format!(
            "{text}\ncooperage: nothing was written. Say --overwrite, --skip, --keep-both or --newer."
        ));
        return Ok(None);
    }
    console.message(&text);
    loop {
        let answer = job.ask("[o]verwrite, [s]kip, keep [b]oth, [n]ewer only, or [c]ancel?")?;
        return Ok(match answer.as_deref() {
            Some("o" | "overwrite") => Some(Choice::Overwrite),
            Some("s" | "skip") => Some(Choice::Skip),
            Some("b" | "both" | "keep both") => Some(Choice::KeepBoth),
            Some("n" | "newer" | "newer only") => Some(Choice::NewerOnly),
            None | Some("c" | "cancel") => {
                console.message("Nothing was written.");
                None
            }
            Some(_) => continue,
        });
    }
}

fn side(side: Side) -> String {
    let time = side
        .modified
        .map(|time| format!(", {}", iso(time)))
        .unwrap_or_default();
    format!("{}{time}", ByteSize(side.bytes))
}
