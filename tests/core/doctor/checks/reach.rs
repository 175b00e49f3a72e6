//! The way to the server: names, ports, servers that say nothing or take their time, and what ends within the bound.

use std::io::{Read as _, Write as _};

use super::*;

#[tokio::test]
async fn a_port_where_nobody_listens_is_refused() {
    let free = TcpListener::bind(("127.0.0.1", 0)).unwrap();
    let port = free.local_addr().unwrap().port();
    drop(free);
    let told = examine_at(&format!("http://127.0.0.1:{port}"), &[]).await;
    let red = told.only_red();
    let host = "127.0.0.1".to_owned();
    assert_eq!(red.finding, Finding::PortRefused { host, port });
    assert_eq!(remedy(red), Some(Remedy::OpenOption("AWS_S3_ENDPOINT_URL")));
    told.is_skipped_after(CheckKind::Listing, CheckKind::Tcp);
}

#[tokio::test]
async fn a_name_that_nobody_knows_is_told() {
    let told = examine_at("https://nowhere.invalid", &[]).await;
    let red = told.only_red();
    // Where there is no name server at all, it may not even answer.
    assert!(
        matches!(
            red.finding,
            Finding::NameUnknown { .. } | Finding::LookupSilent { .. }
        ),
        "{red:?}"
    );
    told.is_skipped_after(CheckKind::Tcp, CheckKind::Name);
}

#[tokio::test]
async fn a_server_that_takes_connections_and_says_nothing_ends_within_the_bound() {
    let silent = TcpListener::bind(("127.0.0.1", 0)).unwrap();
    let port = silent.local_addr().unwrap().port();
    for scheme in ["http", "https"] {
        let began = Instant::now();
        let told = examine_at(&format!("{scheme}://127.0.0.1:{port}"), &[]).await;
        let red = told.only_red();
        let host = "127.0.0.1".to_owned();
        assert_eq!(red.finding, Finding::ServerMute { host, port });
        let met = match scheme {
            "http" => CheckKind::Tcp,
            _ => CheckKind::Tls,
        };
        assert_eq!(red.kind, met);
        told.is_skipped_after(CheckKind::Listing, met);
        assert!(began.elapsed() < checks::WHOLE + Duration::from_secs(8));
    }
}

/// A server whose every answer takes so long.
fn late_by(secs: f32) -> ScriptedServer {
    ScriptedServer::concurrent(move |asked| {
        std::thread::sleep(Duration::from_secs_f32(secs));
        empty_s3(asked)
    })
}

#[tokio::test]
async fn a_server_that_takes_its_time_is_not_called_dead() {
    let told = examine_at(&late_by(2.2).endpoint(), &[]).await;
    told.nothing_red();
    for kind in [CheckKind::Caller, CheckKind::Region, CheckKind::Listing] {
        let finding = told.finding(kind);
        assert_ne!(finding, &Finding::Skipped(Skip::OutOfTime), "{kind:?}");
    }
}

#[tokio::test]
async fn a_server_that_takes_very_long_is_slow_and_works() {
    let began = Instant::now();
    let told = examine_at(&late_by(5.5).endpoint(), &[]).await;
    told.nothing_red();
    let listing = told.finding(CheckKind::Listing);
    assert!(
        matches!(listing, Finding::ListedSlowly { is_empty: true, took_ms, .. } if *took_ms >= 5_500),
        "{listing:?}"
    );
    assert_eq!(listing.light(), Light::Warning);
    assert!(began.elapsed() < checks::WHOLE + Duration::from_secs(8));
}

/// Says this to whoever comes, hears one request, and hangs up.
fn saying(greeting: &'static [u8], answer: &'static [u8]) -> u16 {
    let listener = TcpListener::bind(("127.0.0.1", 0)).unwrap();
    let port = listener.local_addr().unwrap().port();
    // Ends with the process: nobody can tell it that the test is over.
    std::thread::spawn(move || {
        for stream in listener.incoming() {
            let Ok(mut stream) = stream else { continue };
            std::thread::spawn(move || {
                let _sent = stream.write_all(greeting);
                let _heard = stream.read(&mut [0; 4096]);
                let _sent = stream.write_all(answer);
            });
        }
    });
    port
}

#[tokio::test]
async fn another_program_at_the_port_is_told_with_what_it_says() {
    for (greeting, answer, says) in [
        (
            &b"SSH-2.0-OpenSSH_9.6\r\n"[..],
            &b""[..],
            "That is an SSH server.",
        ),
        (
            b"220 mail.example ESMTP Postfix\r\n",
            b"",
            "That is a mail server.",
        ),
        (b"", b"-ERR unknown command\r\n", "That is a Redis server."),
        (b"\x1b[31mred\n", b"", "It says: \\u{1b}[31mred."),
    ] {
        let port = saying(greeting, answer);
        for scheme in ["http", "https"] {
            if scheme == "https" && greeting.is_empty() {
                continue;
            }
            let told = examine_at(&format!("{scheme}://127.0.0.1:{port}"), &[]).await;
            let red = told.only_red();
            let said = words::finding(&red.finding);
            let title = format!("Something else than HTTP answers on “127.0.0.1:{port}”");
            assert_eq!(said.title, title);
            assert!(said.cause.contains(says), "{said:?}");
            assert_eq!(remedy(red), Some(Remedy::OpenOption("AWS_S3_ENDPOINT_URL")));
            told.is_skipped_after(CheckKind::Listing, red.kind);
        }
    }
}

#[tokio::test]
async fn a_server_that_hangs_up_without_an_answer_is_told() {
    let port = saying(b"", b"");
    let told = examine_at(&format!("http://127.0.0.1:{port}"), &[]).await;
    let red = told.only_red();
    assert_eq!(red.kind, CheckKind::Listing);
    let said = words::finding(&red.finding);
    assert_eq!(said.title, "The server hangs up when it is asked");
}

#[tokio::test]
async fn packets_that_vanish_end_within_the_bound() {
    // An address for documentation: nobody is there, and routers drop it or know no way.
    let began = Instant::now();
    let told = examine_at("https://192.0.2.1", &[]).await;
    let red = told.only_red();
    assert_eq!(red.kind, CheckKind::Tcp);
    assert!(
        matches!(
            red.finding,
            Finding::PortSilent { .. } | Finding::NoRoute { .. } | Finding::PortRefused { .. }
        ),
        "{red:?}"
    );
    assert!(began.elapsed() < checks::WHOLE + Duration::from_secs(8));
}

#[tokio::test]
async fn answers_that_never_come_end_within_the_bound() {
    let server = ScriptedServer::start(|asked| {
        if asked.target.contains("list-type") {
            std::thread::sleep(Duration::from_secs(12));
        }
        empty_s3(asked)
    });
    let began = Instant::now();
    let told = examine_at(&server.endpoint(), &[]).await;
    let red = told.only_red();
    assert!(matches!(red.finding, Finding::ListFailed(_)), "{red:?}");
    assert!(began.elapsed() < checks::WHOLE + Duration::from_secs(8));
}

#[tokio::test]
async fn https_on_a_port_of_plain_http_is_told() {
    let server = MemoryS3::start();
    let told = examine_at(&format!("https://127.0.0.1:{}", server.port()), &[]).await;
    let red = told.only_red();
    let Finding::TlsFailed { fault, .. } = &red.finding else {
        panic!("{red:?}");
    };
    assert_eq!(fault, &TlsFault::NotTls);
    assert_eq!(remedy(red), Some(Remedy::OpenOption("AWS_S3_ENDPOINT_URL")));
}
