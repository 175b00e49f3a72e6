//! The headline over every combination of findings: never green where browsing or tested uploading would fail, never red
//! for what is not red, and in one voice with the number of faults.

use super::super::checks::every::every;
use super::*;
use crate::domain::ErrorKind;
use crate::domain::Timestamp;
use crate::domain::diagnosis::{
    Break, Denial, DoctorNews, Leftover, PermissionMatrix, PermissionRow, Rung, RungPlace,
    RungState, Skip, Untested,
};

fn told(diagnosis: &Diagnosis) -> Headline {
    let zone = jiff::tz::TimeZone::UTC;
    let when = When {
        now: Timestamp(0),
        zone: &zone,
        home: None,
    };
    headline(diagnosis, true, &when).expect("a complete diagnosis has a headline")
}

fn check(kind: CheckKind, finding: Finding) -> DoctorNews {
    DoctorNews::Check(Check {
        kind,
        finding,
        took_ms: None,
    })
}

fn rung(state: RungState) -> DoctorNews {
    let mut rung = Rung::empty(RungPlace::S3Pair);
    rung.state = state;
    DoctorNews::Ladder(vec![rung])
}

/// A connection that works, as far as it was looked at.
fn healthy() -> Diagnosis {
    let mut all = Diagnosis::default();
    all.take(rung(RungState::Used));
    for kind in CheckKind::ALL {
        let finding = match kind {
            CheckKind::Listing => Finding::KeyCame {
                prefix: String::new(),
            },
            _ => Finding::NoProxy,
        };
        all.take(check(kind, finding));
    }
    let matrix = PermissionMatrix::new("media", "", Untested::NotAsked);
    all.take(DoctorNews::Permissions(matrix));
    all
}

fn row(permission: Permission, verdict: Verdict) -> DoctorNews {
    DoctorNews::Permission(PermissionRow {
        verdict,
        ..PermissionRow::untested(permission, Untested::NotAsked)
    })
}

/// What can come of a check, beside the finding that it is well.
fn findings() -> Vec<(CheckKind, Finding)> {
    let mut all = Vec::new();
    for finding in every() {
        let is_about_listing = matches!(
            finding,
            Finding::KeyCame { .. }
                | Finding::NothingThere { .. }
                | Finding::ListedSlowly { .. }
                | Finding::ListDenied { .. }
                | Finding::BucketMissing { .. }
                | Finding::BucketUnchosen { .. }
                | Finding::BucketUnnamed { .. }
                | Finding::EndpointHasPath { .. }
                | Finding::NotS3 { .. }
                | Finding::ListFailed(_)
        );
        if is_about_listing {
            all.push((CheckKind::Listing, finding));
        } else if let Finding::Skipped(skip) = finding {
            for kind in CheckKind::ALL {
                all.push((kind, Finding::Skipped(skip)));
            }
        } else {
            // Where it is told is no matter: its light is.
            all.push((CheckKind::Settings, finding.clone()));
            all.push((CheckKind::Buckets, finding));
        }
    }
    all
}

/// What a write test may have shown: whether uploads are known not to work.
fn write_tests() -> Vec<(Vec<DoctorNews>, bool)> {
    let denied = Verdict::Denied(Denial::Unexplained);
    let failed = Verdict::Failed(ErrorKind::Server);
    let mut all = vec![(Vec::new(), false)];
    for permission in Permission::WRITES {
        for verdict in [denied, failed, Verdict::Unsupported, Verdict::Allowed] {
            let for_uploads = matches!(permission, Permission::Write | Permission::Overwrite);
            let spoils = verdict == failed || (for_uploads && verdict != Verdict::Allowed);
            all.push((vec![row(permission, verdict)], spoils));
        }
    }
    // Beginning an upload in parts is what writing is.
    let begun = DoctorNews::Permission(PermissionRow {
        verdict: denied,
        action: Some("s3:PutObject".to_owned()),
        ..PermissionRow::untested(Permission::Multipart, Untested::NotAsked)
    });
    all.push((vec![begun], true));
    let left = vec![Leftover {
        key: ".t".to_owned(),
        is_upload: false,
        may_arrive: false,
    }];
    all.push((vec![DoctorNews::Leftovers(left)], true));
    all
}

fn rungs() -> Vec<(DoctorNews, bool)> {
    let failed = |matters| RungState::Failed {
        cause: Box::new(Break::HalfPair { missing: "x" }),
        matters,
    };
    let mut later = Rung::empty(RungPlace::GeneralPair);
    later.state = failed(false);
    let mut first = Rung::empty(RungPlace::S3Pair);
    first.state = RungState::Used;
    vec![
        (rung(RungState::Used), true),
        (DoctorNews::Ladder(vec![first, later]), true),
        (rung(failed(true)), false),
        (rung(RungState::NotSet), false),
    ]
}

#[test]
fn green_means_that_it_works_and_red_that_something_is_broken() {
    let (mut seen, mut green) = (0, 0);
    for (kind, finding) in findings() {
        for (tested, spoils) in write_tests() {
            for (ladder, signs) in rungs() {
                let mut all = healthy();
                all.take(check(kind, finding.clone()));
                tested.iter().for_each(|news| all.take(news.clone()));
                all.take(ladder);
                let said = told(&all);
                let case = format!("{kind:?} {finding:?} {tested:?} {signs}: {said:?}");
                let is_red = !signs || all.failed_checks() > 0;
                let lists = kind != CheckKind::Listing
                    || matches!(
                        finding,
                        Finding::KeyCame { .. }
                            | Finding::NothingThere { .. }
                            | Finding::ListedSlowly { .. }
                    );
                let is_slow = matches!(finding, Finding::ListedSlowly { .. });
                let is_said = kind == CheckKind::Listing && !is_slow;
                let is_calm = is_said || finding.light() != Light::Warning;
                let wanted = match (is_red, lists && !spoils && is_calm) {
                    (true, _) => Light::Bad,
                    (false, true) => Light::Good,
                    (false, false) => Light::Warning,
                };
                assert_eq!(said.light, wanted, "{case}");
                // Whoever reads only the exit code is told the same.
                assert_eq!(all.faults() > 0, is_red || !lists || spoils, "{case}");
                assert!(
                    !said.title.is_empty() && said.below.ends_with('.'),
                    "{case}"
                );
                seen += 1;
                green += usize::from(wanted == Light::Good);
            }
        }
    }
    assert!(seen > 5000 && green > 500, "{green} of {seen}");
}

#[test]
fn before_the_end_only_what_is_broken_is_told() {
    let zone = jiff::tz::TimeZone::UTC;
    let when = When {
        now: Timestamp(0),
        zone: &zone,
        home: None,
    };
    for (kind, finding) in findings() {
        let mut all = healthy();
        all.take(check(kind, finding.clone()));
        let said = headline(&all, false, &when);
        let is_red = all.failed_checks() > 0;
        assert_eq!(said.is_some(), is_red, "{finding:?}");
    }
    assert_eq!(headline(&Diagnosis::default(), false, &when), None);
}

#[test]
fn what_stops_the_work_is_told_before_what_may_surprise() {
    let mut all = healthy();
    all.take(check(
        CheckKind::Tls,
        Finding::NotEncrypted { is_local: false },
    ));
    let title = |all: &Diagnosis| told(all).title;
    assert_eq!(title(&all), "The connection is not encrypted");
    let denied = Verdict::Denied(Denial::Unexplained);
    all.take(row(Permission::Read, denied));
    assert_eq!(title(&all), "Objects can be listed, but not read");
    all.take(row(Permission::Write, denied));
    assert_eq!(title(&all), "Listing works, uploading is denied");
    let names = vec!["media".to_owned()];
    all.take(check(
        CheckKind::Listing,
        Finding::BucketUnchosen {
            names,
            count: 1,
            open: None,
        },
    ));
    let said = told(&all);
    assert_eq!(
        said.title,
        "No bucket is chosen; the account has one, “media”"
    );
    assert_eq!(said.remedy, Some(Remedy::UseBucket("media".to_owned())));
    all.take(check(CheckKind::Listing, Finding::Skipped(Skip::OutOfTime)));
    let said = told(&all);
    assert_eq!(said.title, "Whether this connection works is not known");
    assert_eq!(said.remedy, Some(Remedy::RunAgain));
    // What was asked for and not tested is no fault, and is said.
    assert_eq!(
        told(&healthy()).below,
        "Nothing that was looked at is broken; writing was not tested."
    );
}

#[test]
fn credentials_alone_are_in_order_once_the_server_knows_them() {
    use crate::domain::diagnosis::Setup;
    let mut all = healthy();
    all.take(DoctorNews::Setup(Box::new(Setup {
        keys_only: true,
        ..Setup::default()
    })));
    all.take(check(CheckKind::Listing, Finding::Skipped(Skip::NoBucket)));
    let said = told(&all);
    assert_eq!((said.light, all.faults()), (Light::Warning, 1), "{said:?}");
    let arn = "arn:aws:iam::123456789012:user/alice".to_owned();
    let mut signed = all.clone();
    signed.take(check(CheckKind::Caller, Finding::CallerIs { arn }));
    let said = told(&signed);
    assert_eq!((said.light, signed.faults()), (Light::Good, 0));
    assert!(said.below.contains("user/alice"), "{}", said.below);
    let seen = Finding::BucketsSeen {
        count: 2,
        has_own: None,
    };
    all.take(check(CheckKind::Buckets, seen));
    let said = told(&all);
    assert_eq!((said.light, all.faults()), (Light::Good, 0));
    assert!(said.below.contains("2 buckets"), "{}", said.below);
    // A connection that names no bucket is another matter.
    all.take(DoctorNews::Setup(Box::default()));
    assert_eq!(all.faults(), 1);
}

#[test]
fn a_test_that_was_stopped_tested_no_writing() {
    let mut all = healthy();
    all.take(row(
        Permission::Write,
        Verdict::NotTested(Untested::Stopped),
    ));
    let said = told(&all);
    assert!(said.below.ends_with("writing was not tested."), "{said:?}");
}
