//! Broken setups of the credential side.

use cooperage::doctor::ladder::rungs;
use cooperage::domain::diagnosis::{Break, Light, RungPlace, RungState};

use super::{connection, patient};

#[tokio::test]
async fn a_pair_in_the_settings_signs_and_shadows_the_environment() {
    let keys = [
        "AWS_S3_ACCESS_KEY_ID=AKIAIOSFODNN7EXAMPLE",
        "AWS_S3_SECRET_ACCESS_KEY=secret",
    ];
    let variables = [
        ("AWS_ACCESS_KEY_ID", "AKIAENVIRONMENT12345"),
        ("AWS_SECRET_ACCESS_KEY", "other"),
    ];
    let ladder = rungs(&patient(connection(&keys), &variables, "", "").await);
    assert_eq!(ladder[1].place, RungPlace::S3Pair);
    assert_eq!(ladder[1].state, RungState::Used);
    assert_eq!(
        ladder[1].key.as_ref().expect("a key").masked_id,
        "AKIA…MPLE"
    );
    assert_eq!(ladder[4].state, RungState::Shadowed { by: 2 });
    assert!(ladder.iter().all(|rung| rung.light() != Light::Bad));
    assert!(!format!("{ladder:?}").contains("secret\""));
}

#[tokio::test]
async fn half_a_pair_names_the_half_that_is_missing() {
    let half = ["AWS_S3_ACCESS_KEY_ID=AKIAIOSFODNN7EXAMPLE"];
    let ladder = rungs(&patient(connection(&half), &[], "", "").await);
    let cause = Box::new(Break::HalfPair {
        missing: "AWS_S3_SECRET_ACCESS_KEY",
    });
    assert_eq!(
        ladder[1].state,
        RungState::Failed {
            cause,
            matters: true
        }
    );
}
