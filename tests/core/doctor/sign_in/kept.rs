//! Keys from a sign-in that is kept: of any tool, renewed, or asked for again.

use super::*;

fn token_file(access: &str, secs: i64, refresh: bool) -> String {
    let iso = |secs| {
        let at = Timestamp::now().plus_secs(secs);
        at.strftime("%Y-%m-%dT%H:%M:%SZ", &jiff::tz::TimeZone::UTC)
    };
    let mut json =
        serde_json::json!({ "accessToken": access, "expiresAt": iso(secs), "kept": "x" });
    if refresh {
        json["refreshToken"] = "CANARY-old-refresh".into();
        json["clientId"] = "client".into();
        json["clientSecret"] = "CANARY-client-secret".into();
        json["registrationExpiresAt"] = iso(1_000_000).into();
    }
    json.to_string()
}

const PROFILE: &str = "[sso-session corp]\nsso_start_url = https://corp.awsapps.com/start\nsso_region = eu-central-1\n\
    [profile editor]\nsso_session = corp\nsso_account_id = 222222222222\nsso_role_name = Editor\n\
    [profile forbidden]\nsso_session = corp\nsso_account_id = 222222222222\nsso_role_name = Forbidden\n\
    [profile above]\nrole_arn = arn:aws:iam::222222222222:role/above\nsource_profile = editor\n";

#[tokio::test]
async fn a_kept_sign_in_of_any_tool_gives_keys() {
    let place = Place::new(Behaviour::default());
    place.amazon.grant("CANARY-of-the-cli");
    place.write_cache(&token_file("CANARY-of-the-cli", 3600, false));
    for credentials in [
        CredentialSpec::IdentityCenter(editor()),
        CredentialSpec::Profile("editor".to_owned()),
        CredentialSpec::Profile("above".to_owned()),
    ] {
        let storage = open(&place, credentials.clone(), PROFILE).await;
        let identity = storage.identity().await.unwrap();
        assert_eq!(identity.renewal, Renewal::Automatic);
        let left = identity.expires.unwrap().0 - Timestamp::now().0;
        assert!((3000..=3600).contains(&left), "{left}");
        assert!(
            identity.access_key_masked.starts_with("ASIA"),
            "{identity:?}"
        );
    }
    let denied = open(
        &place,
        CredentialSpec::Profile("forbidden".to_owned()),
        PROFILE,
    )
    .await;
    let error = denied.identity().await.unwrap_err();
    assert_eq!(error.kind, ErrorKind::AccessDenied);
}

#[tokio::test]
async fn a_sign_in_that_ends_is_renewed_or_asked_for() {
    let place = Place::new(Behaviour::default());
    let kind = async |place: &Place| {
        let storage = open(place, CredentialSpec::IdentityCenter(editor()), "").await;
        storage
            .identity()
            .await
            .map(|_| ())
            .map_err(|error| error.kind)
    };
    assert_eq!(
        kind(&place).await,
        Err(ErrorKind::SignInNeeded),
        "nothing is kept"
    );
    // Cut off in the middle, as by a full disk.
    let whole = token_file("x", 3600, true);
    place.write_cache(&whole[..whole.len() / 2]);
    assert_eq!(kind(&place).await, Err(ErrorKind::SignInNeeded), "cut off");
    place.write_cache(&token_file("x", -60, false));
    assert_eq!(kind(&place).await, Err(ErrorKind::SignInNeeded), "ended");

    place.write_cache(&token_file("x", -60, true));
    assert_eq!(kind(&place).await, Ok(()), "renewed");
    let cached = place.cached();
    assert!(boto3_takes(&cached) && cached["accessToken"] != "x");
    assert_eq!(cached["kept"], "x", "what others wrote stays");

    place
        .amazon
        .change(|behaviour| behaviour.takes_refresh = false);
    place.write_cache(&token_file("x", -60, true));
    assert_eq!(
        kind(&place).await,
        Err(ErrorKind::SignInNeeded),
        "the refresh token has ended"
    );
    // It still holds for a while: no reason to fail.
    place.amazon.grant("still-good");
    place.write_cache(&token_file("still-good", 120, true));
    assert_eq!(kind(&place).await, Ok(()));
    // Ended at the server, with a refresh token that works.
    place
        .amazon
        .change(|behaviour| behaviour.takes_refresh = true);
    place.write_cache(&token_file("revoked", 7200, true));
    assert_eq!(kind(&place).await, Ok(()), "revoked, then renewed");
    let center = place.center().await;
    place.write_cache(&token_file("revoked", 7200, false));
    let failure = center.accounts(&session()).await.unwrap_err();
    assert!(matches!(failure, SignInFailure::SignedOut), "{failure:?}");
}
