//! Signing in to Identity Center, by code and in the browser, and what is kept of it.

use super::*;

async fn by_code(place: &Place) -> (Result<Timestamp, SignInFailure>, Option<SignInStep>) {
    let step = Mutex::new(None);
    let tell = |told| *step.lock().unwrap() = Some(told);
    let cancel = CancellationToken::new();
    let center = place.center().await;
    let result = center
        .sign_in(&session(), SignInMethod::DeviceCode, &tell, &cancel)
        .await;
    (result, step.into_inner().unwrap())
}

#[tokio::test]
async fn a_code_signs_in_and_the_aws_tools_find_it() {
    let place = Place::new(Behaviour {
        device_answers: vec![
            "authorization_pending",
            "slow_down",
            "authorization_pending",
        ],
        ..Behaviour::default()
    });
    let (result, step) = by_code(&place).await;
    let end = result.unwrap();
    assert!((end.0 - Timestamp::now().0 - 28_800).abs() < 120);
    let Some(SignInStep::Device { code, full_url, .. }) = step else {
        panic!("{step:?}");
    };
    assert_eq!(code, "ABCD-EFGH");
    assert_eq!(
        full_url.as_deref(),
        Some("https://device.example/?user_code=ABCD-EFGH")
    );
    assert_eq!(place.amazon.count("/token"), 4);

    let cached = place.cached();
    assert!(boto3_takes(&cached), "{cached}");
    for key in [
        "refreshToken",
        "clientId",
        "clientSecret",
        "registrationExpiresAt",
    ] {
        assert!(cached[key].is_string(), "{key}");
    }
    assert_eq!(cached["region"], "eu-central-1");
    assert_eq!(cached["startUrl"], "https://corp.awsapps.com/start");
    #[cfg(unix)]
    {
        use std::os::unix::fs::PermissionsExt as _;
        let folder = place.home.path().join(".aws/sso/cache");
        let files: Vec<_> = std::fs::read_dir(folder)
            .unwrap()
            .map(Result::unwrap)
            .collect();
        assert_eq!(files.len(), 1, "no temporary file stays");
        assert_eq!(
            files[0].metadata().unwrap().permissions().mode() & 0o777,
            0o600
        );
    }

    let center = place.center().await;
    let accounts = center.accounts(&session()).await.unwrap();
    let names: Vec<&str> = accounts
        .iter()
        .map(|account| account.name.as_str())
        .collect();
    assert_eq!(names, ["archive", "Media"]);
    let roles = center.roles(&session(), "222222222222").await.unwrap();
    assert_eq!(roles, ["Editor", "Viewer"]);
}

#[tokio::test]
async fn slow_down_waits_longer_each_time() {
    let place = Place::new(Behaviour {
        device_answers: vec!["slow_down", "slow_down"],
        ..Behaviour::default()
    });
    let begun = std::time::Instant::now();
    by_code(&place).await.0.unwrap();
    // 1 + 6 + 11 seconds of twenty milliseconds each; without it 3.
    assert!(begun.elapsed() >= Duration::from_millis(18 * 20));
}

#[tokio::test]
async fn what_goes_wrong_at_the_code_is_told_apart() {
    for (answer, is_it) in [
        (
            "access_denied",
            (|f| matches!(f, SignInFailure::Denied)) as fn(&SignInFailure) -> bool,
        ),
        ("expired_token", |f| matches!(f, SignInFailure::TooLate)),
        (
            "invalid_client",
            |f| matches!(f, SignInFailure::Storage(error) if error.code.as_deref() == Some("invalid_client")),
        ),
    ] {
        let place = Place::new(Behaviour {
            device_answers: vec![answer],
            ..Behaviour::default()
        });
        let failure = by_code(&place).await.0.unwrap_err();
        assert!(is_it(&failure), "{answer}: {failure:?}");
        assert!(!format!("{failure:?}").contains("CANARY"));
        assert!(!place.home.path().join(".aws").exists(), "nothing is kept");
    }
}

#[tokio::test]
async fn nobody_confirming_ends_and_cancelling_ends_at_once() {
    let place = Place::new(Behaviour {
        device_answers: vec!["authorization_pending"; 10_000],
        ..Behaviour::default()
    });
    let cancel = CancellationToken::new();
    let center = place.center().await;
    let stop = cancel.clone();
    let tell = move |_| stop.cancel();
    let failure = center
        .sign_in(&session(), SignInMethod::DeviceCode, &tell, &cancel)
        .await
        .unwrap_err();
    assert!(matches!(failure, SignInFailure::Cancelled), "{failure:?}");

    // Six hundred seconds of a hundredth of a millisecond.
    let world = place.world("").with_second(Duration::from_micros(10));
    let center = IdentityCenter::in_world(world).await.unwrap();
    let failure = center
        .sign_in(
            &session(),
            SignInMethod::DeviceCode,
            &|_| {},
            &CancellationToken::new(),
        )
        .await
        .unwrap_err();
    assert!(matches!(failure, SignInFailure::TooLate), "{failure:?}");
}

/// Follows the address as a browser would, with this answer of the page.
async fn browse(
    place: &Place,
    answer: impl Fn(&str) -> String,
) -> Result<Timestamp, SignInFailure> {
    let (say, mut heard) = tokio::sync::mpsc::unbounded_channel();
    let tell = move |step: SignInStep| say.send(step).unwrap();
    let center = place.center().await;
    let (own, cancel) = (session(), CancellationToken::new());
    let signed = center.sign_in(&own, SignInMethod::Browser, &tell, &cancel);
    let browser = async {
        let Some(SignInStep::Browser { url, .. }) = heard.recv().await else {
            panic!("an address");
        };
        let (page, query) = url.split_once('?').unwrap();
        assert!(page.ends_with("/authorize"), "{page}");
        let query = pairs(query);
        assert_eq!(query["code_challenge_method"], "S256");
        assert_eq!(query["scopes"], "sso:account:access");
        place.amazon.expect_challenge(&query["code_challenge"]);
        let back = format!("{}?{}", query["redirect_uri"], answer(&query["state"]));
        // An icon first, as browsers ask for one.
        let icon = back.replace("/oauth/callback", "/favicon.ico");
        tokio::task::spawn_blocking(move || {
            assert_eq!(fetch::get(&icon).status, 404);
            fetch::get(&back).status
        })
        .await
        .unwrap()
    };
    tokio::join!(signed, browser).0
}

#[tokio::test]
async fn the_browser_signs_in_with_proof() {
    let place = Place::new(Behaviour::default());
    browse(&place, |state| format!("code=good-code&state={state}"))
        .await
        .unwrap();
    assert!(boto3_takes(&place.cached()));
    let registered = &place.amazon.asked()[0];
    let body: Value = serde_json::from_slice(&registered.body).unwrap();
    assert_eq!(body["redirectUris"][0], "http://127.0.0.1/oauth/callback");
    assert_eq!(body["issuerUrl"], "https://corp.awsapps.com/start");
}

#[tokio::test]
async fn what_goes_wrong_in_the_browser_is_told_apart() {
    let place = Place::new(Behaviour::default());
    let failure = browse(&place, |_| "code=good-code&state=other".to_owned()).await;
    assert!(
        matches!(failure, Err(SignInFailure::WrongState)),
        "{failure:?}"
    );
    let failure = browse(&place, |state| format!("error=access_denied&state={state}")).await;
    assert!(matches!(failure, Err(SignInFailure::Denied)), "{failure:?}");
    let failure = browse(&place, |state| {
        format!("error=server_error&error_description=it+is+down&state={state}")
    })
    .await;
    assert!(
        matches!(&failure, Err(SignInFailure::Refused { error, said }) if error == "server_error" && said == "it is down"),
        "{failure:?}"
    );
    let failure = browse(&place, |state| format!("code=stolen&state={state}")).await;
    assert!(
        matches!(failure, Err(SignInFailure::TooLate)),
        "{failure:?}"
    );
    assert!(!place.home.path().join(".aws").exists(), "nothing is kept");
}
