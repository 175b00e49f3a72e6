//! Keys that end, or that a server calls ended, while they are used.

use super::*;

/// An S3 that calls the first keys it sees expired, and takes all others.
fn forgetful_s3() -> ScriptedServer {
    let first: Mutex<Option<String>> = Mutex::new(None);
    ScriptedServer::start(move |asked| {
        let key = asked.header("authorization").unwrap_or_default().to_owned();
        let key = key.split('/').next().unwrap_or_default().to_owned();
        let mut first = first.lock().unwrap();
        if first.get_or_insert_with(|| key.clone()) == &key {
            return Reply::error(400, "ExpiredToken", "");
        }
        Reply::new(
            200,
            "<ListBucketResult><IsTruncated>false</IsTruncated></ListBucketResult>",
        )
        .header("etag", "\"e\"")
    })
}

struct Nothing;

impl cooperage::domain::ListSink for Nothing {
    fn object(&mut self, _: &str, _: u64, _: Timestamp, _: &str, _: &str) {}
    fn folder(&mut self, _: &str) {}
}

#[tokio::test]
async fn keys_that_a_server_calls_expired_are_fetched_anew_once() {
    let place = Place::new(Behaviour::default());
    let s3 = forgetful_s3();
    let role = RoleSpec {
        arn: "arn:aws:iam::111111111111:role/editor".to_owned(),
        ..RoleSpec::default()
    };
    let own = StorageConfig {
        endpoint: Some(s3.endpoint()),
        ..with_role(role)
    };
    let storage = Storage::connect_in(own, place.world("")).await.unwrap();
    let list = async || {
        let request = cooperage::storage::ListRequest::all("");
        storage.list_page(&request, &mut Nothing).await.map(|_| ())
    };
    // All four are refused with the same old keys; only one of them fetches.
    let (one, two, three, four) = tokio::join!(list(), list(), list(), list());
    for result in [one, two, three, four] {
        result.unwrap();
    }
    assert_eq!(
        place.amazon.count("/"),
        2,
        "one fetch at first, one after the refusal"
    );
}

#[cfg(unix)]
#[tokio::test]
async fn keys_that_last_seconds_do_not_fail_what_takes_longer() {
    use std::os::unix::fs::PermissionsExt as _;
    let folder = tempfile::tempdir().unwrap();
    let program = folder.path().join("keys.sh");
    let count = folder.path().join("count");
    let script = format!(
        "#!/bin/sh\necho x >> {count}\nn=$(wc -l < {count} | tr -d ' ')\nend=$(date -u -d '+3 seconds' +%Y-%m-%dT%H:%M:%SZ)\n\
         printf '{{\"Version\":1,\"AccessKeyId\":\"ASIAPROCESS%09d\",\"SecretAccessKey\":\"s\",\"SessionToken\":\"t\",\"Expiration\":\"%s\"}}' \"$n\" \"$end\"\n",
        count = count.display()
    );
    std::fs::write(&program, script).unwrap();
    std::fs::set_permissions(&program, std::fs::Permissions::from_mode(0o755)).unwrap();
    let seen = Arc::new(Mutex::new(std::collections::BTreeSet::new()));
    let keys = Arc::clone(&seen);
    let late = Arc::new(AtomicUsize::new(0));
    let s3 = ScriptedServer::start(move |asked| {
        let authorization = asked.header("authorization").unwrap_or_default();
        let key = authorization
            .split(['=', '/'])
            .nth(1)
            .unwrap_or_default()
            .to_owned();
        keys.lock().unwrap().insert(key);
        late.fetch_add(1, Ordering::Relaxed);
        Reply::new(
            200,
            "<ListBucketResult><IsTruncated>false</IsTruncated></ListBucketResult>",
        )
    });
    let shared = format!("[profile p]\ncredential_process = {}\n", program.display());
    let world = World::of([], &shared, "");
    let own = StorageConfig {
        endpoint: Some(s3.endpoint()),
        ..config(CredentialSpec::Profile("p".to_owned()))
    };
    let storage = Storage::connect_in(own, world).await.unwrap();
    let end = std::time::Instant::now() + Duration::from_secs(60);
    let mut asked = 0;
    while seen.lock().unwrap().len() < 3 {
        assert!(std::time::Instant::now() < end, "keys never change");
        let request = cooperage::storage::ListRequest::all("");
        storage.list_page(&request, &mut Nothing).await.unwrap();
        asked += 1;
        tokio::time::sleep(Duration::from_millis(50)).await;
    }
    let fetched = std::fs::read_to_string(&count).unwrap().lines().count();
    assert!(
        fetched < asked,
        "the program is not asked for each of {asked} requests"
    );
}
