//! Ladder and checks come in any order, and a fault is told once.

use super::*;

fn caller(diagnosis: &Diagnosis) -> &Finding {
    &diagnosis.check(CheckKind::Caller).expect("told").finding
}

fn rung(state: RungState) -> Rung {
    let mut rung = Rung::empty(RungPlace::S3Pair);
    rung.state = state;
    rung
}

#[test]
fn a_source_that_is_still_asked_is_not_called_silent() {
    let silent = Check {
        kind: CheckKind::Caller,
        finding: Finding::CredentialsSilent,
        took_ms: None,
    };
    let mut asked = rung(RungState::Used);
    asked.notes.push(RungNote::Fetching { with_code: false });
    let mut diagnosis = Diagnosis::default();
    diagnosis.take(DoctorNews::Ladder(vec![asked.clone()]));
    diagnosis.take(DoctorNews::Check(silent));
    assert!(diagnosis.check(CheckKind::Caller).is_none());
    asked.notes.clear();
    diagnosis.take(DoctorNews::Ladder(vec![asked]));
    assert_eq!(caller(&diagnosis), &Finding::CredentialsSilent);
}

#[test]
fn what_the_ladder_tells_is_not_told_again_of_the_caller() {
    let wrong = Check {
        kind: CheckKind::Caller,
        finding: Finding::SecretWrong,
        took_ms: Some(7),
    };
    let half = || {
        let cause = Box::new(Break::HalfPair { missing: "x" });
        rung(RungState::Failed {
            cause,
            matters: true,
        })
    };
    let ladder = |rungs| DoctorNews::Ladder(rungs);
    let mut diagnosis = Diagnosis::default();
    diagnosis.take(DoctorNews::Check(wrong.clone()));
    assert_eq!(
        caller(&diagnosis),
        &Finding::SecretWrong,
        "nothing else is known"
    );
    diagnosis.take(ladder(vec![rung(RungState::NotSet), half()]));
    let skipped = |rung| Finding::Skipped(Skip::NoKeys { rung });
    assert_eq!(caller(&diagnosis), &skipped(Some(2)));
    assert!(diagnosis.broken_check().is_none());
    diagnosis.take(ladder(vec![rung(RungState::NotSet)]));
    assert_eq!(caller(&diagnosis), &skipped(None));
    diagnosis.take(ladder(vec![rung(RungState::Used)]));
    assert_eq!(
        diagnosis.check(CheckKind::Caller),
        Some(&wrong),
        "the ladder knew better"
    );
}

#[test]
fn a_locked_keyring_is_red_in_one_place() {
    let option = "AWS_S3_SECRET_ACCESS_KEY";
    let told = |kind, finding| {
        DoctorNews::Check(Check {
            kind,
            finding,
            took_ms: None,
        })
    };
    let reason = || "is in the keyring".to_owned();
    let problem = |option, others: &[&'static str]| Finding::SettingsProblem {
        option,
        reason: reason(),
        others: others.iter().map(|other| (*other, reason())).collect(),
    };
    let after = Finding::Skipped(Skip::After(CheckKind::Settings));
    let mut diagnosis = Diagnosis::default();
    diagnosis.take(told(CheckKind::Settings, problem(option, &[])));
    diagnosis.take(told(CheckKind::Name, after.clone()));
    assert_eq!(diagnosis.failed_checks(), 1, "the ladder is not there yet");
    let cause = Box::new(Break::SecretNotAtHand { option });
    let locked = rung(RungState::Failed {
        cause,
        matters: true,
    });
    let ladder = vec![rung(RungState::NotSet), locked];
    diagnosis.take(DoctorNews::Ladder(ladder));
    assert_eq!(
        (diagnosis.failed_places(), diagnosis.failed_checks()),
        (1, 0)
    );
    let finding = |diagnosis: &Diagnosis, kind| diagnosis.check(kind).unwrap().finding.clone();
    let told_by = Finding::Skipped(Skip::ToldBy { rung: 2 });
    assert_eq!(finding(&diagnosis, CheckKind::Settings), told_by);
    let no_keys = Finding::Skipped(Skip::NoKeys { rung: Some(2) });
    assert_eq!(finding(&diagnosis, CheckKind::Name), no_keys);
    // What the ladder does not speak of stays red.
    diagnosis.take(told(
        CheckKind::Settings,
        problem(option, &["AWS_S3_PROXIES"]),
    ));
    assert_eq!(diagnosis.failed_checks(), 1);
    diagnosis.take(told(CheckKind::Settings, problem("AWS_LOCATION", &[])));
    assert_eq!(diagnosis.failed_checks(), 1);
    assert_eq!(finding(&diagnosis, CheckKind::Name), after);
}
