//! Who signs: keys that are refused, each for its own cause, and what the token service says.

use super::*;

#[tokio::test]
async fn a_wrong_secret_is_told_once() {
    let server = MemoryS3::start();
    let told = examine_at(&server.endpoint(), &["AWS_S3_SECRET_ACCESS_KEY=another"]).await;
    let red = told.only_red();
    assert_eq!(
        (&red.finding, remedy(red)),
        (&Finding::SecretWrong, Some(Remedy::PasteKeys))
    );
    told.is_skipped_after(CheckKind::Listing, CheckKind::Caller);
    told.is_skipped_after(CheckKind::Buckets, CheckKind::Caller);
    // The requests were sent, and were not answered to the question.
    for kind in [CheckKind::Listing, CheckKind::Region, CheckKind::Buckets] {
        let check = &told.0[&kind];
        assert_eq!(
            words::finding(&check.finding).title,
            "No answer to use: the keys were refused (see “Caller”)"
        );
        assert_eq!(check.took_ms, None, "{kind:?}");
    }
}

/// The token service knows the keys; S3 answers by `s3`.
async fn examine_known_to_sts(s3: fn(&Asked) -> Reply) -> Told {
    let server = ScriptedServer::start(move |asked| match asked.method.as_str() {
        "POST" => Reply::new(
            200,
            "<GetCallerIdentityResponse><GetCallerIdentityResult><Arn>arn:aws:iam::1:user/ann</Arn>\
             <UserId>u</UserId><Account>1</Account></GetCallerIdentityResult></GetCallerIdentityResponse>",
        ),
        _ => s3(asked),
    });
    examine_at(&server.endpoint(), &[]).await
}

#[tokio::test]
async fn keys_that_only_the_token_service_takes_are_no_good() {
    let told = examine_known_to_sts(|_| Reply::error(403, "SignatureDoesNotMatch", "")).await;
    assert_eq!(told.only_red().finding, Finding::SecretWrong);
    told.is_skipped_after(CheckKind::Listing, CheckKind::Caller);
}

#[tokio::test]
async fn one_refused_signature_beside_accepted_ones_is_that_requests_fault() {
    let told = examine_known_to_sts(|asked| match is_list(asked) {
        true => Reply::error(403, "SignatureDoesNotMatch", ""),
        false => empty_s3(asked),
    })
    .await;
    let red = told.only_red();
    assert_eq!(red.kind, CheckKind::Listing);
    assert!(matches!(red.finding, Finding::ListFailed(_)), "{red:?}");
    assert!(matches!(
        told.finding(CheckKind::Caller),
        Finding::CallerIs { .. }
    ));
}

#[tokio::test]
async fn refused_keys_are_told_apart() {
    for (status, code, finding) in [
        (403, "InvalidAccessKeyId", Finding::KeyUnknown),
        (400, "ExpiredToken", Finding::SessionEnded),
        (
            400,
            "InvalidToken",
            Finding::TokenWrong {
                from: None,
                needless: true,
            },
        ),
        (403, "SignatureDoesNotMatch", Finding::SecretWrong),
    ] {
        let server = refusing(status, code, "");
        let told = examine_at(&server.endpoint(), &[]).await;
        let red = told.only_red();
        assert_eq!(
            (red.kind, &red.finding),
            (CheckKind::Caller, &finding),
            "{code}"
        );
        assert_eq!(remedy(red), Some(Remedy::PasteKeys));
        told.is_skipped_after(CheckKind::Listing, CheckKind::Caller);
    }
}

#[tokio::test]
async fn keys_refused_without_a_known_reason() {
    let server = refusing(403, "NotSignedUp", "");
    let told = examine_at(&server.endpoint(), &[]).await;
    assert!(matches!(told.only_red().finding, Finding::KeysRefused(_)));
}

#[tokio::test]
async fn without_credentials_nothing_is_asked() {
    let server = ScriptedServer::start(empty_s3);
    let endpoint = format!("AWS_S3_ENDPOINT_URL={}", server.endpoint());
    let told = examine(&[&endpoint, "AWS_STORAGE_BUCKET_NAME=b", "AWS_S3_PROXIES={}"]).await;
    let red = told.only_red();
    assert!(
        matches!(red.finding, Finding::NoCredentials { .. }),
        "{red:?}"
    );
    assert_eq!(remedy(red), Some(Remedy::PasteKeys));
    told.is_skipped_after(CheckKind::Listing, CheckKind::Caller);
}

#[tokio::test]
async fn the_token_service_says_who_signs_after_checking_the_signature() {
    let server = ScriptedServer::start(|asked| {
        if sts::is_for(asked) {
            return sts::answer(asked, ACCESS_KEY, SECRET_KEY);
        }
        empty_s3(asked)
    });
    let told = examine_at(&server.endpoint(), &[]).await;
    told.nothing_red();
    let arn = sts::ARN.to_owned();
    assert_eq!(told.finding(CheckKind::Caller), &Finding::CallerIs { arn });
    let asked = server.asked();
    let question = asked.iter().find(|asked| sts::is_for(asked)).unwrap();
    assert_eq!(sts::answer(question, ACCESS_KEY, "another").status, 403);
}
