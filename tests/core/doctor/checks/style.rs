//! The bucket in the host name or in the path.

use super::*;

/// The server stands as a proxy, so that any host name leads to it and the target tells which.
pub(super) async fn examine_by_host(
    style: &str,
    script: impl FnMut(&Asked) -> Reply + Send + 'static,
) -> Told {
    let server = ScriptedServer::start(script);
    let proxies = format!("AWS_S3_PROXIES={{\"http\": \"{}\"}}", server.endpoint());
    let style = format!("AWS_S3_ADDRESSING_STYLE={style}");
    examine_at("http://s3.test", &[&proxies, &style]).await
}

#[tokio::test]
async fn a_server_that_wants_the_bucket_in_the_path_is_told() {
    let told = examine_by_host("virtual", |asked| {
        if asked.target.starts_with(&format!("http://{BUCKET}.")) {
            return Reply::error(404, "NoSuchBucket", "");
        }
        empty_s3(asked)
    })
    .await;
    let red = told.only_red();
    assert_eq!(
        (&red.finding, remedy(red)),
        (
            &Finding::StyleWrong { in_host: true },
            Some(Remedy::UsePathStyle)
        )
    );
    told.is_skipped_after(CheckKind::Listing, CheckKind::Style);
}

#[tokio::test]
async fn a_server_that_wants_the_bucket_in_the_host_name_is_told() {
    let told = examine_by_host("path", |asked| {
        if is_list(asked) && asked.target.starts_with("http://s3.test/") {
            return Reply::error(403, "SecondLevelDomainForbidden", "");
        }
        empty_s3(asked)
    })
    .await;
    let red = told.only_red();
    assert_eq!(
        (&red.finding, remedy(red)),
        (
            &Finding::StyleWrong { in_host: false },
            Some(Remedy::UseVirtualHost)
        )
    );
}

#[tokio::test]
async fn both_styles_that_work_are_said() {
    let told = examine_by_host("path", empty_s3).await;
    told.nothing_red();
    let (in_host, other_works) = (false, Some(true));
    assert_eq!(
        told.finding(CheckKind::Style),
        &Finding::StyleWorks {
            in_host,
            other_works
        }
    );
    assert!(matches!(
        told.finding(CheckKind::Proxy),
        Finding::ProxyPasses {
            from_environment: false,
            ..
        }
    ));
    assert!(matches!(
        told.finding(CheckKind::Name),
        Finding::NameLeftToProxy { .. }
    ));
}
