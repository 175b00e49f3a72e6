//! The listener of the built-in bucket: loopback only, one task a connection, a bounded end.

use std::net::{Ipv4Addr, SocketAddr};
use std::time::Duration;

use hyper::body::Incoming;
use hyper::header::{HeaderValue, SERVER};
use hyper::service::{Service, service_fn};
use hyper_util::rt::{TokioIo, TokioTimer};
use s3s::service::S3Service;
use tokio::net::{TcpListener, TcpStream};
use tokio::task::JoinSet;
use tokio_util::sync::CancellationToken;

/// What the server calls itself.
const NAME: &str = "Cooperage";

/// How long requests that are being answered may still take when the server ends.
const GRACE: Duration = Duration::from_secs(2);

/// A listener on a free port of 127.0.0.1.
pub(super) fn listener() -> std::io::Result<(std::net::TcpListener, SocketAddr)> {
    let listener = std::net::TcpListener::bind((Ipv4Addr::LOCALHOST, 0))?;
    listener.set_nonblocking(true)?;
    let address = listener.local_addr()?;
    Ok((listener, address))
}

/// Serves until the token is cancelled, then lets open requests end within the grace.
pub(super) async fn serve(listener: TcpListener, service: S3Service, stop: CancellationToken) {
    let mut connections = JoinSet::new();
    loop {
        let accepted = tokio::select! {
            () = stop.cancelled() => break,
            accepted = listener.accept() => accepted,
        };
        match accepted {
            Ok((stream, _)) => {
                connections.spawn(converse(stream, service.clone(), stop.clone()));
            }
            // Out of handles, most likely; the next attempt would fail at once.
            Err(_) => tokio::time::sleep(Duration::from_millis(50)).await,
        }
        while connections.try_join_next().is_some() {}
    }
    drop(listener);
    let ended = async { while connections.join_next().await.is_some() {} };
    // What is still open after the grace is closed by dropping it.
    tokio::time::timeout(GRACE, ended).await.ok();
}

async fn converse(stream: TcpStream, service: S3Service, stop: CancellationToken) {
    // Only a matter of speed.
    stream.set_nodelay(true).ok();
    let mut builder = hyper::server::conn::http1::Builder::new();
    builder.timer(TokioTimer::new());
    // As every server does, so that whoever asks knows whom.
    let named = service_fn(move |request: hyper::Request<Incoming>| {
        let answer = Service::call(&service, request);
        async move {
            let mut answer = answer.await?;
            answer
                .headers_mut()
                .insert(SERVER, HeaderValue::from_static(NAME));
            Ok::<_, s3s::HttpError>(answer)
        }
    });
    let mut connection = std::pin::pin!(builder.serve_connection(TokioIo::new(stream), named));
    // A broken connection is the client's to report; there is nothing to do here.
    tokio::select! {
        ended = connection.as_mut() => {
            ended.ok();
            return;
        }
        () = stop.cancelled() => {}
    }
    connection.as_mut().graceful_shutdown();
    connection.await.ok();
}
