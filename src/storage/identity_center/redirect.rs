//! The address on this computer to which the browser comes back with an authorization code.
//!
//! Listens on 127.0.0.1 only, at a port that the system chooses, and stops with the first answer for this sign-in.
//! Browsers open connections they do not use and ask for icons, so several are served at a time.

use std::future::poll_fn;
use std::pin::Pin;
use std::task::Poll;
use std::time::Duration;

use tokio::io::{AsyncReadExt as _, AsyncWriteExt as _};
use tokio::net::{TcpListener, TcpStream};

use super::oidc::REDIRECT_PATH;
use crate::domain::{Secret, SignInFailure, percent_decoded};

/// Longest head of a request that is read.
const LONGEST_HEAD: usize = 16 << 10;
/// How long a browser may take to say what it wants.
const PATIENCE: Duration = Duration::from_secs(20);
/// Connections served at a time; more wait.
const MOST: usize = 32;

type Served = Pin<Box<dyn Future<Output = Option<Answer>> + Send>>;
type Answer = Result<Secret, SignInFailure>;

/// The listening address.
pub(super) struct Redirect {
    listener: TcpListener,
    uri: String,
}

impl Redirect {
    /// Listens.
    pub(super) async fn open() -> std::io::Result<Self> {
        let listener = TcpListener::bind(("127.0.0.1", 0)).await?;
        let port = listener.local_addr()?.port();
        Ok(Self {
            listener,
            uri: format!("http://127.0.0.1:{port}{REDIRECT_PATH}"),
        })
    }

    /// The address.
    pub(super) fn uri(&self) -> &str {
        &self.uri
    }

    /// Waits for the browser. The code, when `state` is the one that was sent along.
    pub(super) async fn code(&self, state: &Secret) -> Answer {
        let mut serving: Vec<Served> = Vec::new();
        poll_fn(|cx| {
            while serving.len() < MOST {
                match self.listener.poll_accept(cx) {
                    Poll::Ready(Ok((stream, _))) => {
                        let state = state.clone();
                        serving.push(Box::pin(async move { serve(stream, &state).await }));
                    }
                    Poll::Ready(Err(_)) | Poll::Pending => break,
                }
            }
            let mut at = 0;
            while at < serving.len() {
                match serving[at].as_mut().poll(cx) {
                    Poll::Ready(Some(answer)) => return Poll::Ready(answer),
                    Poll::Ready(None) => drop(serving.swap_remove(at)),
                    Poll::Pending => at += 1,
                }
            }
            Poll::Pending
        })
        .await
    }
}

/// Answers one connection; `None` when it did not bring the answer.
async fn serve(mut stream: TcpStream, state: &Secret) -> Option<Answer> {
    let head = tokio::time::timeout(PATIENCE, head_of(&mut stream))
        .await
        .ok()??;
    let target = head.split(' ').nth(1).unwrap_or_default();
    let (path, query) = target.split_once('?').unwrap_or((target, ""));
    if path != REDIRECT_PATH {
        reply(&mut stream, "404 Not Found", "Nothing is here", "").await;
        return None;
    }
    let parameter = |name: &str| {
        let mut pairs = query.split('&').filter_map(|pair| pair.split_once('='));
        let (_, value) = pairs.find(|(own, _)| *own == name)?;
        Some(percent_decoded(&value.replace('+', " ")))
    };
    // Whoever does not know the state did not come from the page that this program opened.
    if parameter("state").as_deref() != Some(state.reveal()) {
        let say = "This answer does not belong to the sign-in that is waiting. Nothing was taken over; start again in Cooperage.";
        reply(&mut stream, "400 Bad Request", "Not signed in", say).await;
        return Some(Err(SignInFailure::WrongState));
    }
    let answer = match (parameter("error"), parameter("code")) {
        (Some(error), _) if error == "access_denied" => Err(SignInFailure::Denied),
        (Some(error), _) => Err(SignInFailure::Refused {
            error,
            said: parameter("error_description").unwrap_or_default(),
        }),
        (None, Some(code)) if !code.is_empty() => Ok(Secret::new(code)),
        (None, _) => Err(SignInFailure::Refused {
            error: "no code".to_owned(),
            said: String::new(),
        }),
    };
    match &answer {
        Ok(_) => {
            let say = "Cooperage goes on by itself. This page can be closed.";
            reply(&mut stream, "200 OK", "Signed in", say).await;
        }
        Err(_) => {
            let say = "Cooperage says why. This page can be closed.";
            reply(&mut stream, "200 OK", "Not signed in", say).await;
        }
    }
    Some(answer)
}

/// The head of a request as text.
async fn head_of(stream: &mut TcpStream) -> Option<String> {
    let mut head = Vec::new();
    let mut piece = [0; 2048];
    while !head.windows(4).any(|four| four == b"\r\n\r\n") {
        let read = stream.read(&mut piece).await.ok()?;
        if read == 0 || head.len() + read > LONGEST_HEAD {
            return None;
        }
        head.extend_from_slice(&piece[..read]);
    }
    String::from_utf8(head).ok()
}

async fn reply(stream: &mut TcpStream, status: &str, title: &str, say: &str) {
    let page = format!(
        "<!doctype html><html lang=\"en\"><meta charset=\"utf-8\"><title>{title}</title>\
         <meta name=\"color-scheme\" content=\"light dark\">\
         <body style=\"font:16px/1.5 system-ui,sans-serif;max-width:32em;margin:20vh auto;padding:0 1em\">\
         <h1 style=\"font-size:20px\">{title}</h1><p>{say}</p>"
    );
    let answer = format!(
        "HTTP/1.1 {status}\r\nContent-Type: text/html; charset=utf-8\r\nContent-Length: {}\r\n\
         Cache-Control: no-store\r\nReferrer-Policy: no-referrer\r\nConnection: close\r\n\r\n{page}",
        page.len()
    );
    // A browser that has gone away needs no page.
    let sent = tokio::time::timeout(PATIENCE, stream.write_all(answer.as_bytes())).await;
    if matches!(sent, Ok(Ok(()))) {
        let _closed = stream.shutdown().await;
    }
}
