//! The bucket's region and the clocks, where they differ from what the server wants.

use super::*;

#[tokio::test]
async fn another_region_is_named_with_its_remedy() {
    let wanted = |told: &Told| {
        let red = told.only_red();
        let (found, configured) = ("eu-central-1".to_owned(), "us-east-1".to_owned());
        assert_eq!(
            red.finding,
            Finding::RegionDiffers {
                found: found.clone(),
                configured
            }
        );
        assert_eq!(remedy(red), Some(Remedy::UseRegion(found)));
        told.is_skipped_after(CheckKind::Listing, CheckKind::Region);
        told.points_at_no_pointer();
    };
    let malformed = refusing(
        400,
        "AuthorizationHeaderMalformed",
        "<Region>eu-central-1</Region>",
    );
    wanted(&examine_at(&malformed.endpoint(), &[]).await);
    let in_words = ScriptedServer::start(|_| {
        Reply::new(
            400,
            "<Error><Code>AuthorizationHeaderMalformed</Code><Message>The authorization header is malformed; the region \
             'us-east-1' is wrong; expecting 'eu-central-1'</Message></Error>",
        )
    });
    wanted(&examine_at(&in_words.endpoint(), &[]).await);
    let moved = ScriptedServer::start(|asked| {
        if asked.target == "/" {
            return empty_s3(asked);
        }
        Reply::error(301, "PermanentRedirect", "").header("x-amz-bucket-region", "eu-central-1")
    });
    wanted(&examine_at(&moved.endpoint(), &[]).await);
}

#[tokio::test]
async fn a_region_that_is_wrong_and_not_told_is_looked_up_by_hand() {
    let server = refusing(400, "AuthorizationHeaderMalformed", "");
    let told = examine_at(&server.endpoint(), &[]).await;
    let red = told.only_red();
    assert!(
        matches!(red.finding, Finding::RegionWrong { .. }),
        "{red:?}"
    );
    assert_eq!(remedy(red), Some(Remedy::OpenOption("AWS_S3_REGION_NAME")));
}

#[tokio::test]
async fn a_server_that_works_with_any_region_is_no_reason_to_worry() {
    let server =
        ScriptedServer::start(|asked| empty_s3(asked).header("x-amz-bucket-region", "garage"));
    let told = examine_at(&server.endpoint(), &[]).await;
    told.nothing_red();
    assert!(matches!(
        told.finding(CheckKind::Region),
        Finding::RegionIgnored { .. }
    ));
    let prefix = String::new();
    assert_eq!(
        told.finding(CheckKind::Listing),
        &Finding::NothingThere { prefix }
    );
}

fn http_date(time: Timestamp) -> String {
    time.strftime("%a, %d %b %Y %H:%M:%S GMT", &jiff::tz::TimeZone::UTC)
}

/// A server whose answers tell one time, and which takes only what is signed within a quarter of an hour of another.
fn clocked(told: i64, checked: i64) -> ScriptedServer {
    ScriptedServer::start(move |asked| {
        let date = http_date(Timestamp::now().plus_secs(told));
        let signed = asked.header("x-amz-date").map(|date| {
            let time = jiff::civil::DateTime::strptime("%Y%m%dT%H%M%SZ", date).unwrap();
            let time = time.to_zoned(jiff::tz::TimeZone::UTC).unwrap();
            time.timestamp().as_second()
        });
        let here = Timestamp::now().plus_secs(checked).0;
        if signed.is_some_and(|signed| (signed - here).abs() > 900) {
            return Reply::error(403, "RequestTimeTooSkewed", "").header("date", &date);
        }
        empty_s3(asked).header("date", &date)
    })
}

#[tokio::test]
async fn a_clock_that_is_far_off_is_told_although_requests_work() {
    for secs in [3600, -30 * 3600] {
        let told = examine_at(&clocked(secs, secs).endpoint(), &[]).await;
        let red = told.only_red();
        let Finding::ClockWrong { ahead_secs } = red.finding else {
            panic!("{red:?}");
        };
        assert!((ahead_secs - secs).abs() < 60, "{ahead_secs}");
        assert_eq!(remedy(red), Some(Remedy::RunAgain));
        told.points_at_no_pointer();
    }
    // It tells one time and takes neither that nor this computer's.
    let told = examine_at(&clocked(3600, -7200).endpoint(), &[]).await;
    assert!(matches!(
        told.only_red().finding,
        Finding::ClockWrong { .. }
    ));
    told.points_at_no_pointer();
}

#[tokio::test]
async fn a_time_that_only_the_answers_tell_is_not_signed_with() {
    let server = clocked(-7200, 0);
    let told = examine_at(&server.endpoint(), &[]).await;
    told.nothing_red();
    let clock = told.finding(CheckKind::Clock);
    let Finding::DateHeaderWrong { ahead_secs } = clock else {
        panic!("{clock:?}");
    };
    assert!((ahead_secs + 7200).abs() < 60, "{ahead_secs}");
}
