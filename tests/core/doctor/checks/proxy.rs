//! Proxies on the way, each trouble by its own name.

use super::style::examine_by_host;
use super::*;

#[tokio::test]
async fn a_plain_proxy_that_takes_connections_and_says_nothing_is_named() {
    let silent = TcpListener::bind(("127.0.0.1", 0)).unwrap();
    let address = format!("127.0.0.1:{}", silent.local_addr().unwrap().port());
    let proxies = format!("AWS_S3_PROXIES={{\"http\": \"http://{address}\"}}");
    let began = Instant::now();
    let told = examine_at("http://s3.example", &[&proxies]).await;
    let red = told.only_red();
    let proxy = address;
    let from_environment = false;
    assert_eq!(
        red.finding,
        Finding::ProxySilent {
            proxy,
            from_environment
        }
    );
    told.is_skipped_after(CheckKind::Listing, CheckKind::Proxy);
    assert!(began.elapsed() < checks::WHOLE + Duration::from_secs(8));
}

#[tokio::test]
async fn a_dead_proxy_is_told_as_such() {
    let free = TcpListener::bind(("127.0.0.1", 0)).unwrap();
    let port = free.local_addr().unwrap().port();
    drop(free);
    let proxies = format!("AWS_S3_PROXIES={{\"https\": \"http://user:CANARY@127.0.0.1:{port}\"}}");
    let told = examine_at("https://s3.test", &[&proxies]).await;
    let red = told.only_red();
    assert!(
        matches!(&red.finding, Finding::ProxyDead { proxy, .. } if *proxy == format!("127.0.0.1:{port}")),
        "{red:?}"
    );
    assert_eq!(remedy(red), Some(Remedy::OpenOption("AWS_S3_PROXIES")));
    told.is_skipped_after(CheckKind::Tls, CheckKind::Proxy);
    assert!(!format!("{:?}", told.0).contains("CANARY"));
}

#[tokio::test]
async fn a_proxy_of_the_environment_is_called_so() {
    let free = TcpListener::bind(("127.0.0.1", 0)).unwrap();
    let proxy = format!("http://127.0.0.1:{}", free.local_addr().unwrap().port());
    drop(free);
    let options = [
        "AWS_S3_ENDPOINT_URL=http://s3.test",
        "AWS_STORAGE_BUCKET_NAME=media",
        "AWS_S3_ACCESS_KEY_ID=AKIAIOSFODNN7EXAMPLE",
        "AWS_S3_SECRET_ACCESS_KEY=secret",
    ];
    let told = examine_in(&[("http_proxy", &proxy)], &options).await;
    let red = told.only_red();
    let Finding::ProxyDead {
        from_environment, ..
    } = &red.finding
    else {
        panic!("{red:?}");
    };
    assert!(from_environment);
    assert_eq!(remedy(red), Some(Remedy::RunAgain));
}

#[tokio::test]
async fn a_proxy_whose_name_nobody_knows_is_told() {
    let proxies = "AWS_S3_PROXIES={\"https\": \"http://nowhere.invalid:3128\"}";
    let told = examine_at("https://s3.test", &[proxies]).await;
    assert!(matches!(
        told.only_red().finding,
        Finding::ProxyUnknown { .. }
    ));
}

#[tokio::test]
async fn a_plain_proxy_that_wants_a_password_is_told() {
    let told = examine_by_host("path", |_| Reply::new(407, "")).await;
    let red = told.only_red();
    assert!(
        matches!(
            red.finding,
            Finding::ProxyWantsLogin {
                has_login: false,
                ..
            }
        ),
        "{red:?}"
    );
    assert_eq!(remedy(red), Some(Remedy::OpenOption("AWS_S3_PROXIES")));
    told.is_skipped_after(CheckKind::Listing, CheckKind::Proxy);
}
