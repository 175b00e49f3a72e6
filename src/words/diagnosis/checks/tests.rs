//! Every finding is told, by words of its own.

use std::collections::BTreeMap;

use super::every::every;
use super::*;
use crate::domain::diagnosis::{Hindered, Light, Remedy};
use crate::words::diagnosis::tests::says_it_twice;

#[test]
fn no_two_findings_have_the_same_words() {
    let mut seen: BTreeMap<String, Finding> = BTreeMap::new();
    for own in every() {
        let words = finding(&own);
        for text in [&words.title, &words.cause, &words.next] {
            // "Check the date of this computer." and the like may help twice; titles and causes may not.
            if text.is_empty() || *text == words.next {
                continue;
            }
            if let Some(other) = seen.insert(text.clone(), own.clone()) {
                panic!("{text:?} is said of {other:?} and of {own:?}");
            }
        }
        assert!(
            !words.title.is_empty() && !words.title.ends_with('.'),
            "{words:?}"
        );
        for text in [&words.cause, &words.next] {
            assert!(text.is_empty() || text.ends_with('.'), "{words:?}");
        }
    }
}

#[test]
fn nothing_is_said_twice() {
    let told = every().into_iter().map(|own| finding(&own));
    let twice: Vec<_> = told.filter(says_it_twice).collect();
    assert!(twice.is_empty(), "{twice:#?}");
}

#[test]
fn what_is_broken_has_cause_next_step_and_remedy() {
    for own in every() {
        let words = finding(&own);
        if matches!(own.light(), Light::Bad | Light::Warning) {
            assert!(
                !words.cause.is_empty() && !words.next.is_empty(),
                "{own:?}: {words:?}"
            );
            let remedy = own.remedy();
            let by_hand = matches!(own, Finding::CertificateEndsSoon { .. });
            assert!(remedy.is_some() || by_hand, "{own:?}");
        }
    }
}

#[test]
fn rows_are_named_by_what_they_looked_at() {
    let check = |kind, finding| Check {
        kind,
        finding,
        took_ms: None,
    };
    let port = Finding::PortOpen {
        port: 9000,
        answering: 1,
        addresses: 1,
    };
    assert_eq!(name(&check(CheckKind::Tcp, port)), "TCP, port 9000");
    let prefix = "photos/".to_owned();
    let came = check(CheckKind::Listing, Finding::KeyCame { prefix });
    assert_eq!(name(&came), "List one key below photos/");
    let arn = "arn:aws:iam::123456789012:user/me".to_owned();
    assert_eq!(finding(&Finding::CallerIs { arn }).title, "user/me");
}

#[test]
fn settings_that_fit_come_with_all_their_hints() {
    let fit = |hints| {
        let options = 28;
        finding(&Finding::SettingsFit { options, hints })
    };
    let none = fit(Vec::new());
    assert_eq!(none.title, "28 options, none in conflict");
    assert_eq!(none.cause, "");
    let hints = || {
        vec![
            ("AWS_S3_VERIFY", "Not checked.".to_owned()),
            ("AWS_S3_PROXIES", "Never applied: a.".to_owned()),
        ]
    };
    let all = "`AWS_S3_VERIFY`: Not checked. `AWS_S3_PROXIES`: Never applied: a.";
    assert_eq!(fit(hints()).cause, all);
    let hindered = Finding::SettingsHinder {
        what: Hindered::Links,
        faults: vec![("AWS_S3_CUSTOM_DOMAIN", "Twice.".to_owned())],
        better: None,
        hints: hints(),
    };
    assert_eq!(hindered.light(), Light::Warning);
    assert_eq!(
        hindered.remedy(),
        Some(Remedy::OpenOption("AWS_S3_CUSTOM_DOMAIN"))
    );
    let told = finding(&hindered);
    assert_eq!(told.cause, format!("`AWS_S3_CUSTOM_DOMAIN`: Twice. {all}"));
}
