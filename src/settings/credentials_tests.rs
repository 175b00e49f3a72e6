//! Tests of the search for credentials.

use super::*;

#[test]
fn halves_are_found_one_by_one() {
    let env = Environment::of([
        ("AWS_ACCESS_KEY_ID", "env-id"),
        ("AWS_SECRET_ACCESS_KEY", "env-secret"),
        ("AWS_S3_SECRET_ACCESS_KEY", "env-s3-secret"),
    ]);
    for (pairs, expected) in [
        (&[][..], keys("env-id", "env-s3-secret", None)),
        (
            &[(OptionId::AccessKey, "id")][..],
            keys("id", "env-s3-secret", None),
        ),
        (
            &[
                (OptionId::AccessKey, "id"),
                (OptionId::S3AccessKey, "s3-id"),
            ][..],
            keys("s3-id", "env-s3-secret", None),
        ),
        // Defined but empty: it hides the general setting, and the search goes on in the environment.
        (
            &[(OptionId::AccessKey, "id"), (OptionId::S3AccessKey, "")][..],
            keys("env-id", "env-s3-secret", None),
        ),
        (
            &[(OptionId::AccessKey, "id"), (OptionId::SecretKey, "s")][..],
            keys("id", "s", None),
        ),
        (
            &[(OptionId::SessionProfile, "work")][..],
            CredentialSpec::Profile("work".to_owned()),
        ),
        (
            &[
                (OptionId::SessionProfile, "work"),
                (OptionId::AccessKey, "id"),
                (OptionId::SecretKey, "s"),
            ][..],
            CredentialSpec::Profile("work".to_owned()),
        ),
    ] {
        assert_eq!(
            alone(&set(pairs), &env).config.credentials,
            expected,
            "{pairs:?}"
        );
    }
    let nothing = Environment::default();
    assert_eq!(
        alone(&set(&[]), &nothing).config.credentials,
        CredentialSpec::Chain
    );
    let half = alone(&set(&[(OptionId::AccessKey, "id")]), &nothing);
    assert_eq!(half.config.credentials, keys("id", "None", None));
    assert!(half.keys.is_half() && half.stops_requests().is_none());
    let other = alone(&set(&[(OptionId::SecretKey, "s")]), &nothing);
    assert_eq!(
        other.stops_requests().map(|problem| &problem.reason),
        Some(&Reason::NoAccessKey)
    );
}

#[test]
fn a_token_of_the_environment_sticks() {
    let pair = set(&[(OptionId::AccessKey, "id"), (OptionId::SecretKey, "s")]);
    let env = Environment::of([("AWS_SECURITY_TOKEN", "old"), ("AWS_SESSION_TOKEN", "new")]);
    let resolved = alone(&pair, &env);
    assert_eq!(resolved.config.credentials, keys("id", "s", Some("new")));
    let hint = &resolved.hints[0];
    assert_eq!(
        hint.kind,
        HintKind::TokenSticks {
            variable: "AWS_SESSION_TOKEN"
        }
    );
    assert_eq!(
        hint.remedies[0].action,
        RemedyAction::Credentials(CredentialMode::Keys)
    );

    let mut narrowed = pair;
    narrowed.credentials = CredentialMode::Keys;
    assert_eq!(
        alone(&narrowed, &env).config.credentials,
        keys("id", "s", None)
    );
    narrowed.session_token = Some(Secret::new("own"));
    assert_eq!(
        alone(&narrowed, &env).config.credentials,
        keys("id", "s", Some("own"))
    );
}

#[test]
fn an_end_without_a_token_was_left_by_other_keys() {
    let pair = [
        ("AWS_ACCESS_KEY_ID", "id"),
        ("AWS_SECRET_ACCESS_KEY", "s"),
        ("AWS_CREDENTIAL_EXPIRATION", "2020-01-01T00:00:00Z"),
    ];
    let long_term = alone(&set(&[]), &Environment::of(pair));
    assert_eq!(long_term.config.keys_end, None);
    let with_token = pair.into_iter().chain([("AWS_SESSION_TOKEN", "t")]);
    let temporary = alone(&set(&[]), &Environment::of(with_token));
    assert!(temporary.config.keys_end.is_some());
}

#[test]
fn a_mode_narrows_the_search() {
    let env = Environment::of([
        ("AWS_ACCESS_KEY_ID", "env"),
        ("AWS_SECRET_ACCESS_KEY", "es"),
        ("AWS_PROFILE", "p"),
    ]);
    let mut one = set(&[(OptionId::AccessKey, "id"), (OptionId::SecretKey, "s")]);
    for (mode, expected) in [
        (CredentialMode::Auto, keys("id", "s", None)),
        (CredentialMode::Keys, keys("id", "s", None)),
        (CredentialMode::Environment, keys("env", "es", None)),
        (CredentialMode::Chain, CredentialSpec::Chain),
        (CredentialMode::Anonymous, CredentialSpec::Anonymous),
        (
            CredentialMode::Profile,
            CredentialSpec::Profile("p".to_owned()),
        ),
    ] {
        one.credentials = mode;
        assert_eq!(alone(&one, &env).config.credentials, expected, "{mode:?}");
    }
}

#[test]
fn rows_show_what_the_environment_gives_and_what_is_ignored() {
    let env = Environment::of([("AWS_ACCESS_KEY_ID", "AKIAIOSFODNN7EXAMPLE")]);
    let one = set(&[(OptionId::SessionProfile, "work")]);
    let resolved = alone(&one, &env);
    let row = resolved.options.get(OptionId::S3AccessKey);
    assert_eq!(row.source, Source::Environment("AWS_ACCESS_KEY_ID"));
    assert_eq!(row.unused, Some(Unused::ProfileIsSet));
    let one = set(&[
        (OptionId::AccessKey, "general"),
        (OptionId::S3AccessKey, "specific"),
    ]);
    let resolved = alone(&one, &Environment::default());
    assert_eq!(
        resolved.options.get(OptionId::AccessKey).unused,
        Some(Unused::S3OneIsDefined)
    );
    assert_eq!(resolved.options.get(OptionId::S3AccessKey).unused, None);
}

#[test]
fn a_secret_that_the_keyring_does_not_give_is_said() {
    let mut one = set(&[
        (OptionId::AccessKey, "id"),
        (OptionId::CloudFrontKeyId, "K"),
    ]);
    one.kept_secrets
        .insert(SecretSlot::Option(OptionId::SecretKey));
    one.kept_secrets
        .insert(SecretSlot::Option(OptionId::CloudFrontKey));
    let resolved = alone(&one, &Environment::default());
    let said: Vec<_> = resolved
        .problems
        .iter()
        .map(|(stage, problem)| (*stage, problem.option))
        .collect();
    assert_eq!(
        said,
        [
            (Stage::Requests, OptionId::SecretKey),
            (Stage::Links, OptionId::CloudFrontKey)
        ]
    );
    let above = Values::default()
        .with(OptionId::SecretKey, Value::secret("s"))
        .with(OptionId::CloudFrontKey, Value::secret(PEM));
    let resolved = resolve(&one, &[], &above, &Environment::default()).expect("resolved");
    assert_eq!(resolved.problems, []);
    assert_eq!(resolved.config.credentials, keys("id", "s", None));
}
