//! A diagnosis as JSON: one object a line and a finding, in the order of the report, and last the verdict.
//!
//! What programs go by are words that stay (`type`, `light`, `verdict`, `name`, `source`, `standing`); sentences are for people and may change.

use serde_json::{Value, json};

use crate::domain::Timestamp;
use crate::domain::diagnosis::{
    Answer, Check, Exchange, ExchangeEnd, Light, Permission, PermissionMatrix, PermissionRow,
    PolicyKind, Remedy, Rung, RungState, ServerView, Setup, Standing,
};
use crate::words::diagnosis::{self as words, Case, When};
use crate::words::exchange as exchange_words;

use super::super::ls::iso;

/// What comes after ladder and checks, and last the verdict.
pub(super) fn rest(case: &Case<'_>, broken: u64, stopped: bool) -> Vec<Value> {
    let mut all: Vec<Value> = Vec::new();
    all.extend(case.diagnosis.permissions.iter().flat_map(permissions));
    all.extend(server(case));
    all.extend(case.failed.iter().rev().map(|one| request(one)));
    all.push(verdict(case, broken, stopped));
    all
}

/// Who is examined, and with what settings.
pub(super) fn examination(setup: &Setup) -> Value {
    json!({
        "type": "examination",
        "version": env!("CARGO_PKG_VERSION"),
        "connection": setup.connection,
        "endpoint": setup.endpoint,
        "host": setup.host,
        "bucket": setup.bucket,
        "prefix": setup.prefix,
        "region": setup.region,
        "addressing": if setup.path_style { "path" } else { "virtual" },
        "profile": setup.profile,
        "unsigned": setup.unsigned,
        "certificate_checked": !setup.unverified,
        "settings": setup.settings.iter().map(|one| json!({
            "name": one.name,
            "value": one.value,
            "source": one.source,
        })).collect::<Vec<_>>(),
    })
}

pub(super) fn rung(at: usize, rung: &Rung, when: &When<'_>) -> Value {
    let told = words::rung(rung, when);
    let plain = |text: &String| words::plain(text);
    json!({
        "type": "rung",
        "number": at + 1,
        "source": rung.place.word(),
        "profile": rung.place.profile(),
        "standing": rung.state.word(),
        "shadowed_by": match rung.state {
            RungState::Shadowed { by } => Some(by),
            _ => None,
        },
        "place": words::plain(&told.title),
        "state": told.verdict,
        "light": name_of(rung.light()),
        "signs": rung.decides() && rung.cause().is_none(),
        "key": rung.key.as_ref().map(|key| key.masked_id.as_str()),
        "stops_django": rung.stops_django().is_some(),
        "temporary": rung.key.as_ref().map(|key| key.temporary),
        "expires": rung.key.as_ref().and_then(|key| key.expires).map(iso),
        "lines": told.lines.iter().map(plain).collect::<Vec<_>>(),
        "steps": told.steps.iter().map(|(place, said)| json!({
            "place": words::plain(place),
            "says": words::plain(said),
        })).collect::<Vec<_>>(),
        "remedy": rung.remedy.as_ref().filter(|_| rung.is_set()).map(remedy),
    })
}

pub(super) fn check(check: &Check) -> Value {
    let told = words::checks::finding(&check.finding);
    json!({
        "type": "check",
        "kind": check.kind.word(),
        "name": words::plain(&words::checks::name(check)),
        "light": name_of(check.light()),
        "finding": words::plain(&told.title),
        "cause": words::plain(&told.cause),
        "next": words::plain(&told.next),
        "remedy": check.finding.remedy().map(|one| remedy(&one)),
        "took_ms": check.took_ms,
    })
}

/// One object a row, and one for each thing that a test left behind. Without a bucket there is nothing to tell.
fn permissions(matrix: &PermissionMatrix) -> Vec<Value> {
    if matrix.bucket.is_empty() {
        return Vec::new();
    }
    let rows = matrix.rows.iter().map(|row| permission(matrix, row));
    let left = matrix.leftovers.iter().map(|left| {
        json!({
            "type": "leftover",
            "bucket": matrix.bucket,
            "key": left.key,
            "is_upload": left.is_upload,
            "may_arrive": left.may_arrive,
        })
    });
    rows.chain(left).collect()
}

fn permission(matrix: &PermissionMatrix, row: &PermissionRow) -> Value {
    let told = words::permissions::row(row);
    let (status, code) = match &row.told {
        Some((status, code)) => (Some(*status), Some(code.as_str())),
        None => (None, None),
    };
    json!({
        "type": "permission",
        "name": row.permission.word(),
        "bucket": matrix.bucket,
        "prefix": matrix.prefix,
        "verdict": row.verdict.word(),
        "reason": row.verdict.reason(),
        "policy": row.verdict.policy().map(PolicyKind::word),
        "action": row.missing_action(),
        "kms_key": row.kms_key,
        "writes": row.permission.writes(),
        "status": status,
        "code": code.filter(|code| !code.is_empty()),
        "cause": told.cause,
        "next": told.next,
    })
}

/// What the server is, and one object an ability. Nothing where it did not answer and nothing is known of it.
fn server(case: &Case<'_>) -> Vec<Value> {
    let view = ServerView::of(case.diagnosis, case.traits);
    if view.is_empty() {
        return Vec::new();
    }
    let answered = view.report.map(|report| {
        json!({
            "type": "server",
            "host": report.host,
            "product": view.product().word(),
            "product_by": if report.by_host { "host" } else { "answers" },
            "server": report.server,
            "differences": view.differences(),
            "set": view.said(),
            "said": words::endpoint::summary(&view),
        })
    });
    let abilities = view.standings();
    let abilities = abilities.iter().map(ability);
    answered.into_iter().chain(abilities).collect()
}

fn ability(standing: &Standing) -> Value {
    let word = |answer: Answer| answer.word();
    let unknown = standing.found().is_none();
    let follows = words::endpoint::what_follows(standing);
    json!({
        "type": "ability",
        "name": standing.ability.word(),
        "amazon": standing.ability.of_amazon().word(),
        "found": standing.found().map(word),
        "found_before": standing.is_from_before(),
        "unknown": standing.known.reason().filter(|_| unknown),
        "needs": standing.known.needs().filter(|_| unknown).map(Permission::word),
        "set": standing.set.map(word),
        "holds": standing.holds().map(word),
        "deviates": standing.deviates(),
        "said": match follows {
            "" => words::endpoint::why_unknown(standing),
            follows => follows.to_owned(),
        },
    })
}

/// A request that was refused or failed; none of what signs it is in it.
fn request(exchange: &Exchange) -> Value {
    let text = |text: &str| (!text.is_empty()).then(|| text.to_owned());
    let ms = |us: Option<u64>| us.map(|us| us as f64 / 1000.0);
    let message = match &exchange.end {
        ExchangeEnd::Broken { message, .. } => Some(message.as_str()),
        _ => None,
    };
    let meaning = exchange_words::meaning(exchange);
    json!({
        "type": "request",
        "number": exchange.number,
        "operation": exchange.operation,
        "method": exchange.method,
        "host": exchange.host,
        "bucket": text(&exchange.bucket),
        "key": text(&exchange.key),
        "began": began(exchange),
        "first_byte_ms": ms(exchange.first_byte_us),
        "total_ms": ms(exchange.total_us),
        "attempt": exchange.attempt,
        "status": exchange.status(),
        "code": exchange.code,
        "message": message,
        "request_id": exchange.request_id,
        "host_id": exchange.host_id,
        "cause": meaning.as_ref().map(|(cause, _)| cause),
        "next": meaning.as_ref().map(|(_, next)| next),
    })
}

/// `2026-03-14T14:02:07.412Z`
fn began(exchange: &Exchange) -> String {
    let seconds = iso(Timestamp(exchange.began_ms.div_euclid(1000)));
    let ms = exchange.began_ms.rem_euclid(1000);
    format!("{}.{ms:03}Z", seconds.trim_end_matches('Z'))
}

/// How it all ended.
fn verdict(case: &Case<'_>, broken: u64, stopped: bool) -> Value {
    let headline = words::headline(case.diagnosis, !stopped, &case.when);
    json!({
        "type": "diagnosis",
        // Stopped, nobody knows it.
        "ok": (broken > 0 || !stopped).then_some(broken == 0),
        "stopped": stopped,
        "broken": broken,
        "light": headline.as_ref().map(|one| name_of(one.light)),
        "title": headline.as_ref().map(|one| one.title.as_str()),
        "cause": headline.as_ref().map(|one| one.below.as_str()),
        "remedy": headline.and_then(|one| one.remedy).map(|one| remedy(&one)),
        "took_ms": case.finished.map(|finished| finished.took_ms),
    })
}

/// What to do, as it is done on the command line.
fn remedy(remedy: &Remedy) -> String {
    match remedy {
        Remedy::EnterCode => "Give the code with --mfa CODE".to_owned(),
        other => words::remedy(other),
    }
}

/// A light as programs read it.
const fn name_of(light: Light) -> &'static str {
    match light {
        Light::Good => "good",
        Light::Info => "info",
        Light::Warning => "warning",
        Light::Bad => "bad",
        Light::Skipped => "skipped",
    }
}
