//! Reads a light out of the answers that are in; `None` while it needs one that is not.
//!
//! One cause, one red light: where keys, region or style are to blame, the checks that fail for the same reason are
//! told as refused for what that one names, without a time: there was no answer to the question. That one is red then, always ([`owner`]): a failure that nobody owns is
//! told where it was met. Here are proxy, clock and keys; `bucket` has the checks about bucket and account.

mod bucket;

use super::facts::{Facts, Known};
use super::{ALLOWED_SKEW_SECS, millis, refusal};
use crate::domain::diagnosis::{CheckKind, Finding, Skip, is_of_account};
use crate::domain::{ErrorKind, StorageError};
use crate::storage::probe::Probe;

/// A difference that needs no word.
const AGREES_SECS: i64 = 60;

type Light = (Finding, Option<u64>);

/// What a check came to.
pub(super) fn conclude(kind: CheckKind, facts: &Facts) -> Option<Light> {
    let (finding, took_ms) = read(kind, facts)?;
    let took_ms = took_ms.filter(|_| !matches!(finding, Finding::Skipped(_)));
    Some((finding, took_ms))
}

fn read(kind: CheckKind, facts: &Facts) -> Option<Light> {
    match kind {
        CheckKind::Settings | CheckKind::Name | CheckKind::Tcp | CheckKind::Tls => None,
        CheckKind::Proxy => proxy(facts),
        CheckKind::Clock => clock(facts),
        CheckKind::Caller => caller(facts),
        // Whose fault such a refusal is, shows only when everything was asked.
        _ if !facts.s3_is_done() && is_unsettled(facts) => None,
        CheckKind::Region => bucket::region(facts),
        CheckKind::Style => bucket::style(facts),
        CheckKind::Listing => bucket::listing(facts),
        CheckKind::Buckets => bucket::buckets(facts),
    }
}

/// The server was asked; what it answered is that check's to tell.
const fn after(kind: CheckKind) -> Finding {
    Finding::Skipped(Skip::Refused(kind))
}

fn took<T>(probe: &Probe<T>) -> Option<u64> {
    Some(millis(probe.took))
}

/// A plain proxy shows only with a request whether it lets through.
fn proxy(facts: &Facts) -> Option<Light> {
    let proxy = facts.known.way.proxy.as_ref()?;
    if !facts.s3_is_done() {
        return None;
    }
    let name = format!("{}:{}", proxy.host, proxy.port);
    let refuses = |failure| is_of_proxy(facts, failure);
    let finding = if facts.refusals().any(refuses) {
        Finding::ProxyWantsLogin {
            proxy: name,
            has_login: proxy.has_login,
        }
    } else {
        Finding::ProxyPasses {
            proxy: name,
            from_environment: proxy.from_environment,
        }
    };
    Some((finding, None))
}

/// The proxy that sees each request, and could answer it itself.
fn plain_proxy(facts: &Facts) -> Option<String> {
    let way = &facts.known.way;
    let proxy = way.proxy.as_ref().filter(|_| !way.is_tls)?;
    Some(format!("{}:{}", proxy.host, proxy.port))
}

/// A plain proxy passes on what it is asked and says no in the server's place. One with a tunnel says so before that.
fn is_of_proxy(facts: &Facts, failure: &StorageError) -> bool {
    let way = &facts.known.way;
    failure.status == Some(407) && way.proxy.is_some() && !way.is_tls
}

/// Seconds that the server's clock is ahead, where an answer told the time.
fn ahead(facts: &Facts) -> Option<i64> {
    fn of<T>(probe: Option<&Probe<T>>) -> Option<i64> {
        probe.and_then(|probe| probe.ahead_secs)
    }
    of(facts.list.as_ref())
        .or_else(|| of(facts.head.as_ref()))
        .or_else(|| of(facts.buckets.as_ref()))
}

fn clock(facts: &Facts) -> Option<Light> {
    let finding = match ahead(facts) {
        Some(ahead_secs) if ahead_secs.abs() <= AGREES_SECS => Finding::ClockFits { ahead_secs },
        Some(ahead_secs) if ahead_secs.abs() <= ALLOWED_SKEW_SECS => {
            Finding::ClockDrifts { ahead_secs }
        }
        // Who tells the time need not be who checks it.
        Some(ahead_secs) if facts.takes_own_time() => Finding::DateHeaderWrong { ahead_secs },
        Some(_) if !facts.known.is_unsigned && !facts.s3_is_done() => return None,
        Some(ahead_secs) => Finding::ClockWrong { ahead_secs },
        None if facts.s3_is_done() => Finding::Skipped(Skip::NoTime),
        None => return None,
    };
    Some((finding, None))
}

/// What S3 itself said about the keys, once everything was asked. Where it accepted them elsewhere, the one request is at
/// fault and not the keys.
fn refused_keys(facts: &Facts) -> Option<Finding> {
    let decided = facts.s3_is_done() && !facts.keys_accepted();
    let fault = |failure| key_fault(failure, &facts.known);
    facts.refusals().find_map(fault).filter(|_| decided)
}

/// Some answer of S3 may be the fault of keys, clock or region, on which the other answers have a word to say.
fn is_unsettled(facts: &Facts) -> bool {
    facts.refusals().any(|failure| {
        let doubts_keys = !facts.known.is_unsigned && key_fault(failure, &facts.known).is_some();
        doubts_keys || matches!(failure.kind, ErrorKind::ClockSkew | ErrorKind::WrongRegion)
    })
}

/// Why keys are refused; `None` when a failure is about something else.
fn key_fault(failure: &StorageError, known: &Known) -> Option<Finding> {
    let token_wrong = || Finding::TokenWrong {
        from: known.token.clone(),
        needless: known.is_long_term,
    };
    let by_code = match failure.code.as_deref().unwrap_or_default() {
        // STS says this of a key id that it does not know and of a token that is not of the key.
        "InvalidClientTokenId" | "UnrecognizedClientException" if known.token.is_some() => {
            Some(token_wrong())
        }
        // Amazon has a code of its own for a token; other servers look for key and token together.
        "InvalidAccessKeyId" if known.token.is_some() && !known.is_amazon => Some(token_wrong()),
        "InvalidAccessKeyId" | "InvalidClientTokenId" | "UnrecognizedClientException" => {
            Some(Finding::KeyUnknown)
        }
        "SignatureDoesNotMatch" => Some(Finding::SecretWrong),
        "ExpiredToken" | "ExpiredTokenException" | "TokenRefreshRequired" => {
            Some(Finding::SessionEnded)
        }
        // The second is MinIO's.
        "InvalidToken" | "InvalidTokenId" => Some(token_wrong()),
        _ => None,
    };
    by_code.or_else(|| match failure.kind {
        ErrorKind::ExpiredCredentials => Some(Finding::SessionEnded),
        // Who gives no code with it is no server of S3.
        ErrorKind::BadCredentials if failure.code.is_some() => {
            Some(Finding::KeysRefused(refusal(failure)))
        }
        _ => None,
    })
}

fn caller(facts: &Facts) -> Option<Light> {
    if let Some(failure) = &facts.unsigned {
        let finding = match failure.kind {
            ErrorKind::TimedOut => Finding::CredentialsSilent,
            _ => key_fault(failure, &facts.known).unwrap_or_else(|| Finding::NoCredentials {
                reason: failure.message.clone().unwrap_or_default(),
            }),
        };
        return Some((finding, None));
    }
    if facts.known.is_unsigned {
        return Some((Finding::Skipped(Skip::Unsigned), None));
    }
    if facts.known.lacks_sts {
        // What S3 says of the keys counts all the same.
        let finding = refused_keys(facts).or_else(|| {
            let skipped = Finding::Skipped(Skip::NoSts);
            facts.s3_is_done().then_some(skipped)
        });
        return finding.map(|finding| (finding, None));
    }
    let probe = facts.caller.as_ref()?;
    let failure = match &probe.result {
        Ok(caller) => {
            // The token service may be another server than S3, whose word counts.
            if !facts.s3_is_done() {
                return None;
            }
            let arn = caller.arn.clone();
            let finding = refused_keys(facts).unwrap_or(Finding::CallerIs { arn });
            return Some((finding, took(probe)));
        }
        Err(failure) => failure,
    };
    if !facts.s3_is_done() {
        return None;
    }
    let host = facts.known.token_service.clone();
    // S3's own word counts. Elsewhere than at Amazon the same door may verify the signature as one of S3, or not know the
    // call, so that its refusal of a key says nothing.
    let finding = if let Some(finding) = refused_keys(facts) {
        finding
    } else if facts.refusals().any(|failure| is_of_proxy(facts, failure)) {
        after(CheckKind::Proxy)
    } else if facts.keys_accepted() && facts.known.is_amazon {
        Finding::CallerUntold(refusal(failure))
    } else if facts.keys_accepted() {
        Finding::CallerAccepted { host }
    } else {
        let at_amazon = key_fault(failure, &facts.known).filter(|_| facts.known.is_amazon);
        at_amazon.unwrap_or_else(|| after(blamed(facts)))
    };
    Some((finding, took(probe)))
}

/// The check that names what went wrong where nothing got through; never one that only points to another.
fn blamed(facts: &Facts) -> CheckKind {
    fn failure<T>(probe: Option<&Probe<T>>) -> Option<&StorageError> {
        probe?.result.as_ref().err()
    }
    let (own, failure) = match facts.known.bucket {
        Some(_) => (CheckKind::Listing, failure(facts.list.as_ref())),
        None => (CheckKind::Buckets, failure(facts.buckets.as_ref())),
    };
    let owner = failure.and_then(|failure| owner(facts, failure));
    let style = || (bucket::is_wrong_style(facts) == Some(true)).then_some(CheckKind::Style);
    owner.or_else(style).unwrap_or(own)
}

/// The check that a failure belongs to, where it is another one than that which met it. That check is red.
fn owner(facts: &Facts, failure: &StorageError) -> Option<CheckKind> {
    if is_of_proxy(facts, failure) {
        return Some(CheckKind::Proxy);
    }
    if key_fault(failure, &facts.known).is_some()
        && !facts.known.is_unsigned
        && !facts.keys_accepted()
    {
        return Some(CheckKind::Caller);
    }
    let is_far_off = || ahead(facts).is_some_and(|secs| secs.abs() > ALLOWED_SKEW_SECS);
    match failure.kind {
        ErrorKind::ClockSkew if is_far_off() && !facts.takes_own_time() => Some(CheckKind::Clock),
        ErrorKind::WrongRegion if bucket::is_wrong_region(facts) => Some(CheckKind::Region),
        _ => None,
    }
}

/// An S3 server refused it for want of a permission; what has no code may come from anybody on the way.
fn is_denial(failure: &StorageError) -> bool {
    // A blocked bucket and an unpaid account are no matter of policies.
    let code = failure.code.as_deref();
    failure.kind == ErrorKind::AccessDenied && code.is_some_and(|code| !is_of_account(code))
}
