//! What each check lets through.

use super::*;

#[test]
fn endpoints_are_looked_at_as_boto3_does() {
    for good in [
        "http://127.0.0.1:9000",
        "https://minio.example.com:9443/",
        "https://Example.com/base/path",
        "http://[::1]:9000",
        "HTTPS://s3.example.com",
        "http://localhost",
    ] {
        assert_eq!(endpoint(&Value::text(good)), Ok(()), "{good}");
    }
    for (bad, fault) in [
        ("", EndpointFault::Empty),
        ("minio.example.com", EndpointFault::NoScheme),
        ("//minio.example.com", EndpointFault::OtherScheme),
        ("ftp://minio.example.com", EndpointFault::OtherScheme),
        ("https://", EndpointFault::NoHost),
        ("https:///path", EndpointFault::NoHost),
        ("https://a_b.example.com", EndpointFault::BadHost),
        ("https://a b.example.com", EndpointFault::BadHost),
        ("https://a.example.com:port", EndpointFault::BadPort),
        ("https://a.example.com:99999", EndpointFault::BadPort),
        ("https://a.example.com:0", EndpointFault::BadPort),
        ("https://a.example.com/?x=1", EndpointFault::Query),
    ] {
        assert_eq!(
            endpoint(&Value::text(bad)),
            Err(Reason::BadEndpoint(fault)),
            "{bad}"
        );
    }
}

#[test]
fn a_blank_around_an_endpoint_is_called_one() {
    for blank in [" https://s3.example.com", "https://s3.example.com\n"] {
        assert_eq!(endpoint(&Value::text(blank)), Err(Reason::BlanksAround));
    }
    assert_eq!(
        endpoint(&Value::text("https://u:p@s3.example.com:9000")),
        Ok(())
    );
}

#[test]
fn a_location_leaves_room_for_a_name() {
    let longest = "x".repeat(1022);
    assert_eq!(location(&Value::text(longest.as_str())), Ok(()));
    let bytes = 1023;
    let longer = "x".repeat(bytes);
    assert_eq!(
        location(&Value::text(longer)),
        Err(Reason::LocationTooLong { bytes })
    );
}

#[test]
fn locations_that_refuse_every_name_get_a_remedy() {
    for good in ["", "media", "media/", "a/b//", "..", "média"] {
        assert_eq!(location(&Value::text(good)), Ok(()), "{good}");
    }
    for (bad, remedy) in [
        ("./media", "media"),
        ("a//b", "a/b"),
        ("a/../b", "b"),
        (".", ""),
    ] {
        assert_eq!(
            location(&Value::text(bad)),
            Err(Reason::LocationRefusesAll {
                remedy: remedy.to_owned()
            }),
            "{bad}"
        );
    }
    assert_eq!(
        location(&Value::text("//media")),
        Err(Reason::LeadingSlash {
            remedy: "media".to_owned()
        })
    );
}

#[test]
fn buckets_regions_and_classes() {
    for good in [
        "b",
        "My_Bucket.1",
        "arn:aws:s3:eu-west-1:123456789012:accesspoint/media",
    ] {
        assert_eq!(bucket(&Value::text(good)), Ok(()), "{good}");
    }
    for bad in ["", "a/b", "s3://b", "arn:aws:s3:::bucket"] {
        assert_eq!(bucket(&Value::text(bad)), Err(Reason::BadBucket), "{bad}");
    }
    for bad in ["eu_west", "-eu", "eu west", "eu.west"] {
        assert_eq!(region(&Value::text(bad)), Err(Reason::BadRegion), "{bad}");
    }
    assert_eq!(
        dotted_path(&Value::text("my_app.storage.MediaStorage")),
        Ok(())
    );
    assert_eq!(
        dotted_path(&Value::text("Media Storage")),
        Err(Reason::BadClassPath)
    );
}

#[test]
fn a_proxy_is_an_address() {
    let checked = |scheme: &str, address: serde_json::Value| {
        let map = serde_json::Map::from_iter([(scheme.to_owned(), address)]);
        proxies(&Value::Map(map))
    };
    for good in [
        "",
        "proxy",
        "proxy:3128",
        "//proxy:3128",
        "http://ann:p%40ss@proxy:3128",
        "https://[::1]:3128/",
    ] {
        assert_eq!(checked("https", good.into()), Ok(()), "{good}");
    }
    let scheme = || "https".to_owned();
    for bad in [
        "http://",
        "proxy:port",
        "http://ann:p@ss/word@proxy:3128",
        "a b",
    ] {
        let reason = Reason::ProxyNotAddress { scheme: scheme() };
        assert_eq!(checked("https", bad.into()), Err(reason), "{bad}");
    }
    // Never looked up.
    assert_eq!(checked("ftp", "a b".into()), Ok(()));
    let no_text = Reason::ProxyNotText { scheme: scheme() };
    assert_eq!(checked("https", 7.into()), Err(no_text));
}
