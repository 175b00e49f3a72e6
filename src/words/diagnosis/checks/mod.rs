//! The live checks in words: the name of each check, what came of it, why, and what to do next.
//!
//! `way` tells settings, name, port and proxy, `tls` the certificate, `clock` the clocks, `answers` what the server said. A title is a whole statement that can stand alone in a headline; a test goes through all findings and sees to it that
//! no two say the same.

mod answers;
mod clock;
mod failed;
mod tls;
mod way;

use super::{Told, codes};
use crate::domain::diagnosis::{Check, CheckKind, Finding, Refusal, Skip};
use crate::words::visible;

/// What a check is called, as its row begins.
#[must_use]
pub fn name(check: &Check) -> String {
    match &check.finding {
        Finding::PortOpen { port, .. }
        | Finding::PortRefused { port, .. }
        | Finding::PortSilent { port, .. }
        | Finding::PortLeftToProxy { port } => format!("TCP, port {port}"),
        Finding::KeyCame { prefix }
        | Finding::NothingThere { prefix }
        | Finding::ListedSlowly { prefix, .. }
        | Finding::ListDenied { prefix, .. }
            if !prefix.is_empty() =>
        {
            format!("List one key below {}", visible(prefix))
        }
        _ => kind(check.kind).to_owned(),
    }
}

/// What a kind of check is called before anything came of it.
#[must_use]
pub const fn kind(kind: CheckKind) -> &'static str {
    match kind {
        CheckKind::Settings => "Settings are valid",
        CheckKind::Name => "Name resolution",
        CheckKind::Tcp => "TCP",
        CheckKind::Tls => "TLS",
        CheckKind::Proxy => "Proxy",
        CheckKind::Clock => "Clock",
        CheckKind::Caller => "Caller",
        CheckKind::Region => "Region of the bucket",
        CheckKind::Style => "Addressing style",
        CheckKind::Listing => "List one key",
        CheckKind::Buckets => "List all buckets",
    }
}

/// A finding in words.
#[must_use]
pub fn finding(finding: &Finding) -> Told {
    use Finding as F;
    match finding {
        F::Skipped(skip) => skipped(*skip),
        F::SettingsFit { .. }
        | F::SettingsHinder { .. }
        | F::SettingsProblem { .. }
        | F::CannotStart(_) => way::settings(finding),
        F::NameKnown { .. }
        | F::NumericHost { .. }
        | F::NameUnknown { .. }
        | F::NameUnknownWithBucket { .. }
        | F::RegionUnknown { .. }
        | F::AmazonUnknown { .. }
        | F::LookupSilent { .. }
        | F::NameLeftToProxy { .. }
        | F::PortOpen { .. }
        | F::PortRefused { .. }
        | F::PortSilent { .. }
        | F::NoRoute { .. }
        | F::PortLeftToProxy { .. } => way::way(finding),
        F::CertificateFits { .. }
        | F::CertificateEndsSoon { .. }
        | F::CertificateUnchecked { .. }
        | F::NotEncrypted { .. }
        | F::TlsWanted { .. }
        | F::ServerMute { .. }
        | F::NotHttp { .. }
        | F::TrustFileUnfit { .. }
        | F::TlsFailed { .. } => tls::told(finding),
        F::NoProxy
        | F::ProxyPasses { .. }
        | F::ProxyUnknown { .. }
        | F::ProxyDead { .. }
        | F::ProxySilent { .. }
        | F::ProxyWantsLogin { .. }
        | F::ProxyForbids { .. } => way::proxy(finding),
        F::ClockFits { .. }
        | F::ClockDrifts { .. }
        | F::ClockWrong { .. }
        | F::DateHeaderWrong { .. } => clock::told_of(finding),
        F::CallerIs { .. }
        | F::CallerAccepted { .. }
        | F::KeyUnknown
        | F::SecretWrong
        | F::SessionEnded
        | F::TokenWrong { .. }
        | F::KeysRefused(_)
        | F::NoCredentials { .. }
        | F::CredentialsSilent
        | F::CallerUntold(_) => answers::caller(finding),
        F::RegionFits { .. }
        | F::RegionDiffers { .. }
        | F::RegionWanted { .. }
        | F::RegionIgnored { .. }
        | F::RegionWrong { .. }
        | F::RegionUntold { .. } => answers::region(finding),
        F::StyleWorks { .. } | F::StyleWrong { .. } => answers::style(finding),
        F::KeyCame { .. }
        | F::NothingThere { .. }
        | F::ListedSlowly { .. }
        | F::ListDenied { .. }
        | F::BucketUnchosen { .. }
        | F::BucketUnnamed { .. }
        | F::BucketMissing { .. }
        | F::EndpointHasPath { .. }
        | F::NotS3 { .. }
        | F::ListFailed(_) => answers::listing(finding),
        F::BucketsSeen { .. }
        | F::BucketsDenied { .. }
        | F::BucketsUnsupported
        | F::BucketsFailed { .. } => answers::buckets(finding),
    }
}

fn told(title: impl Into<String>, cause: impl Into<String>, next: impl Into<String>) -> Told {
    Told {
        title: title.into(),
        cause: cause.into(),
        next: next.into(),
    }
}

/// A statement that needs no more words.
fn plain(title: impl Into<String>) -> Told {
    told(title, "", "")
}

fn skipped(skip: Skip) -> Told {
    match skip {
        Skip::After(check) => plain(format!("Not tried: it depends on “{}”", kind(check))),
        Skip::Refused(check) => {
            let why = match check {
                CheckKind::Caller => ": the keys were refused",
                CheckKind::Clock => ": the time was refused",
                CheckKind::Region => ": the region was refused",
                CheckKind::Proxy => ": the proxy refused",
                _ => "",
            };
            plain(format!("No answer to use{why} (see “{}”)", kind(check)))
        }
        Skip::ToldBy { rung } => plain(format!(
            "Not judged here: place {rung} of the credentials says what is wrong"
        )),
        Skip::NoBucket => plain("Not tried: no bucket is named"),
        Skip::Unsigned => plain("Not asked: requests are not signed"),
        Skip::NoKeys { rung: Some(rung) } => plain(format!(
            "Not asked: place {rung} gives no usable credentials"
        )),
        Skip::NoKeys { rung: None } => plain("Not asked: no place holds credentials"),
        Skip::NoSts => plain("Not asked: this server is set to have no token service (STS)"),
        Skip::NoTime => plain("Not known: the server tells no time"),
        Skip::GivenWay => plain("Not tried: the way to the server is given"),
        Skip::OutOfTime => told(
            "Not done in time",
            "Something before it took so long that there was no time left.",
            "Run again, or look at what took long.",
        ),
    }
}

/// Why something was refused: what the code means, else the other side's own words.
fn words_of(refusal: &Refusal, otherwise: &str) -> String {
    if is_changed(refusal) {
        return "Other requests with the same secret are accepted (see “Caller”), so the keys are right and something on \
                the way changes this one: a proxy that rewrites its path, its query or its headers."
            .to_owned();
    }
    if let Some(meaning) = refusal.code.as_deref().and_then(codes::meaning) {
        return meaning.cause.to_owned();
    }
    let said = refusal
        .message
        .as_deref()
        .map(str::trim)
        .unwrap_or_default();
    match (said, refusal.code.as_deref(), refusal.status) {
        ("", Some(code), _) => format!("The answer was {}.", visible(code)),
        ("", None, Some(status)) => format!("The answer was {status}, without a reason."),
        ("", None, None) => otherwise.to_owned(),
        (said, ..) => capital(said),
    }
}

/// The signature of one request does not fit. Where none does, the keys are to blame, which is told in other words.
fn is_changed(refusal: &Refusal) -> bool {
    refusal.code.as_deref() == Some("SignatureDoesNotMatch")
}

fn next_of(refusal: &Refusal, otherwise: &str) -> String {
    if is_changed(refusal) {
        return "Have whatever stands between here and the server pass requests on as they are; without it, try the \
                server's own address."
            .to_owned();
    }
    let meaning = refusal.code.as_deref().and_then(codes::meaning);
    meaning.map_or(otherwise, |meaning| meaning.next).to_owned()
}

/// Somebody's words as a sentence.
fn capital(text: &str) -> String {
    let text = visible(text.trim());
    let mut characters = text.chars();
    let Some(first) = characters.next() else {
        return String::new();
    };
    let mut sentence: String = first.to_uppercase().chain(characters).collect();
    if !sentence.ends_with(['.', '!', '?']) {
        sentence.push('.');
    }
    sentence
}

#[cfg(test)]
pub(in crate::words::diagnosis) mod every;
#[cfg(test)]
mod tests;
