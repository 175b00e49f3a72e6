//! What the SDK sends through our stack, as a server sees it.

use std::sync::{Arc, Mutex};

use tokio::io::{AsyncReadExt, AsyncWriteExt};
use tokio::net::{TcpListener, TcpStream};

use crate::domain::{CredentialSpec, ErrorKind, Operation, Secret, StorageConfig};
use crate::storage::Storage;
use crate::storage::encode::{PATH, percent};

/// Heads of requests as they arrived.
type Heads = Arc<Mutex<Vec<String>>>;

/// Answers with these heads in turn, the last one again and again.
async fn server(replies: Vec<String>) -> (String, Heads) {
    let listener = TcpListener::bind("127.0.0.1:0").await.expect("a port");
    let endpoint = format!("http://{}", listener.local_addr().expect("address"));
    let heads = Heads::default();
    let log = Arc::clone(&heads);
    tokio::spawn(async move {
        while let Ok((stream, _)) = listener.accept().await {
            let reply = |number: usize| replies[number.min(replies.len() - 1)].clone();
            serve(stream, &log, reply).await;
        }
    });
    (endpoint, heads)
}

/// One request, one answer.
async fn serve(mut stream: TcpStream, log: &Heads, reply: impl Fn(usize) -> String) {
    let mut head = Vec::new();
    while !head.ends_with(b"\r\n\r\n") {
        match stream.read_u8().await {
            Ok(byte) => head.push(byte),
            Err(_) => return,
        }
    }
    let number = {
        let mut log = log.lock().expect("log");
        log.push(String::from_utf8_lossy(&head).into_owned());
        log.len() - 1
    };
    let answer = format!(
        "HTTP/1.1 {}\r\ncontent-length: 0\r\nconnection: close\r\n\r\n",
        reply(number)
    );
    stream.write_all(answer.as_bytes()).await.expect("written");
}

async fn connect(endpoint: String) -> Storage {
    Storage::connect(StorageConfig {
        bucket: Some("media".to_owned()),
        region: Some("us-east-1".to_owned()),
        endpoint: Some(endpoint),
        proxies: Some(Vec::new()),
        credentials: CredentialSpec::Keys {
            access_key: "AKIAIOSFODNN7EXAMPLE".to_owned(),
            secret_key: Secret::new("secret"),
            token: None,
        },
        ..StorageConfig::default()
    })
    .await
    .expect("connection")
}

async fn head(storage: &Storage, key: &str) -> Result<(), ErrorKind> {
    let request =
        |client: &aws_sdk_s3::Client| client.head_object().bucket("media").key(key).send();
    let answer = storage.call(Operation::Head, key, request).await;
    answer.map(|_| ()).map_err(|error| error.kind)
}

#[tokio::test]
async fn keys_travel_exactly() {
    // A key of blanks alone is missing here: the SDK takes it for none.
    let (endpoint, heads) = server(vec!["200 OK".to_owned()]).await;
    let storage = connect(endpoint).await;
    let keys = [
        "a//b",
        "/a",
        "//",
        "/",
        ".",
        "..",
        "a/../b",
        "a/./b",
        "a/",
        "+",
        "%2F",
        "%",
        "?",
        "#",
        "a b",
        "\u{1f389}",
        "cafe\u{301}",
        "\\",
        "&amp;",
        "\u{1}",
        "a\nb",
        "~!*'()",
    ];
    for key in keys {
        head(&storage, key).await.expect(key);
    }
    let seen = heads.lock().expect("log");
    for (key, seen) in keys.iter().zip(seen.iter()) {
        let target = seen.split(' ').nth(1).unwrap_or_default();
        let path = target.split('?').next().unwrap_or_default();
        assert_eq!(path, format!("/media/{}", percent(key, &PATH)), "{key:?}");
    }
}

#[tokio::test]
async fn the_sdk_too_learns_the_region_once() {
    let (endpoint, heads) = server(vec![
        "400 Bad Request\r\nx-amz-bucket-region: eu-west-3".to_owned(),
        "200 OK".to_owned(),
    ])
    .await;
    let storage = connect(endpoint).await;
    head(&storage, "a").await.expect("the second try");
    head(&storage, "b").await.expect("at once");
    let seen = heads.lock().expect("log");
    let regions: Vec<bool> = seen
        .iter()
        .map(|head| head.contains("/eu-west-3/s3/"))
        .collect();
    assert_eq!(regions, [false, true, true]);
}

#[tokio::test]
async fn the_sdk_too_takes_the_time_from_a_refusal() {
    let ahead = crate::domain::Timestamp::now()
        .plus_secs(1200)
        .strftime("%a, %d %b %Y %H:%M:%S GMT", &jiff::tz::TimeZone::UTC);
    let (endpoint, heads) = server(vec![
        format!("403 Forbidden\r\ndate: {ahead}"),
        format!("200 OK\r\ndate: {ahead}"),
    ])
    .await;
    let storage = connect(endpoint).await;
    head(&storage, "a").await.expect("the second try");
    head(&storage, "a").await.expect("at once");
    assert_eq!(heads.lock().expect("log").len(), 3);
    assert!((1190..=1210).contains(&storage.clock_skew_secs()));
}

#[tokio::test]
async fn a_refusal_at_the_right_time_is_final() {
    let (endpoint, heads) = server(vec!["403 Forbidden".to_owned()]).await;
    let storage = connect(endpoint).await;
    assert_eq!(head(&storage, "a").await, Err(ErrorKind::AccessDenied));
    assert_eq!(heads.lock().expect("log").len(), 1);
}

#[tokio::test]
async fn server_errors_are_tried_three_times_and_missing_objects_once() {
    let (endpoint, heads) = server(vec![
        "503 Slow Down".to_owned(),
        "500 Oops".to_owned(),
        "404 Not Found".to_owned(),
    ])
    .await;
    let storage = connect(endpoint).await;
    assert_eq!(head(&storage, "a").await, Err(ErrorKind::NoSuchKey));
    assert_eq!(heads.lock().expect("log").len(), 3);
    assert_eq!(head(&storage, "a").await, Err(ErrorKind::NoSuchKey));
    assert_eq!(heads.lock().expect("log").len(), 4);
}
