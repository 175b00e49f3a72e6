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
    };
    let malformed = refusing(
        400,
        "AuthorizationHeaderMalformed",
        "<Region>eu-central-1</Region>",
    );
    wanted(&examine_at(&malformed.endpoint(), &[]).await);
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

#[tokio::test]
async fn a_clock_that_is_far_off_is_told_although_requests_work() {
    for (hours, refuses) in [(1, false), (-30, true)] {
        let server = ScriptedServer::start(move |asked| {
            let there = Timestamp::now().plus_secs(hours * 3600);
            let date = there.strftime("%a, %d %b %Y %H:%M:%S GMT", &jiff::tz::TimeZone::UTC);
            let signed = asked.header("x-amz-date").map(|date| date[..13].to_owned());
            let right = there.strftime("%Y%m%dT%H%M", &jiff::tz::TimeZone::UTC);
            if refuses && signed.is_some_and(|signed| signed[..11] != right[..11]) {
                return Reply::error(403, "RequestTimeTooSkewed", "").header("date", &date);
            }
            empty_s3(asked).header("date", &date)
        });
        let told = examine_at(&server.endpoint(), &[]).await;
        let red = told.only_red();
        let Finding::ClockWrong { ahead_secs } = red.finding else {
            panic!("{red:?}");
        };
        assert!((ahead_secs - hours * 3600).abs() < 60, "{ahead_secs}");
        assert_eq!(remedy(red), Some(Remedy::RunAgain));
    }
}
