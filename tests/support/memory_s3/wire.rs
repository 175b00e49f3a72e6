//! The HTTP layer of a `MemoryS3`: accepts connections, records each request, and spoils answers on demand.

use std::convert::Infallible;
use std::sync::Arc;
use std::sync::Mutex;
use std::sync::atomic::{AtomicUsize, Ordering};
use std::time::Duration;

use bytes::Bytes;
use http::{HeaderValue, Request, Response, StatusCode};
use http_body_util::{BodyExt, Either, Full};
use hyper::body::Incoming;
use hyper::service::service_fn;
use hyper_util::rt::TokioIo;
use s3s::Body;
use s3s::service::S3Service;
use tokio::net::{TcpListener, TcpStream};

/// One request as it arrived.
#[derive(Clone, Debug)]
pub struct Recorded {
    /// Counts from 0.
    pub number: usize,
    /// `GET`, `PUT`, ...
    pub method: String,
    /// Path as sent, not decoded.
    pub path: String,
    /// Query as sent without the question mark; empty for none.
    pub query: String,
    /// Headers in order, names in lower case.
    pub headers: Vec<(String, String)>,
}

impl Recorded {
    /// The first header of this name (lower case).
    pub fn header(&self, name: &str) -> Option<&str> {
        let found = self.headers.iter().find(|(header, _)| header == name);
        found.map(|(_, value)| value.as_str())
    }

    /// The raw value of a query parameter; empty for one without a value.
    pub fn parameter(&self, name: &str) -> Option<&str> {
        let pairs = self.query.split('&');
        let mut pairs = pairs.map(|pair| pair.split_once('=').unwrap_or((pair, "")));
        pairs.find(|(key, _)| *key == name).map(|(_, value)| value)
    }

    /// Method, path and whether these parameters are present, in one question.
    pub fn is(&self, method: &str, parameters: &[&str]) -> bool {
        self.method == method && parameters.iter().all(|name| self.parameter(name).is_some())
    }
}

/// How an answer is spoilt.
pub enum Fault {
    /// This status with an S3 error body, without doing anything.
    Status(u16, &'static str),
    /// Any answer, without doing anything.
    Answer {
        /// HTTP status.
        status: u16,
        /// Headers beside `Content-Length`.
        headers: Vec<(String, String)>,
        /// Body.
        body: Bytes,
    },
    /// 200 with an S3 error body, without doing anything (Complete and copies may do that).
    ErrorInside(&'static str),
    /// The connection is reset before the request is read on.
    Reset,
    /// The request is carried out, then the connection is reset instead of an answer.
    LoseAnswer,
    /// Nothing for so long, then a reset.
    Stall(Duration),
    /// The right answer, so much later.
    Delay(Duration),
    /// The right answer once the latch is opened.
    Held(Latch),
    /// The right head, so many bytes of the body, then the connection breaks.
    CutBodyAfter(usize),
    /// The right head, so many bytes of the body, then silence for so long, then the connection breaks.
    StallBodyAfter(usize, Duration),
    /// The right answer with the lowest bit of this byte of the body flipped.
    FlipBit(usize),
    /// The right answer with its body rewritten and its length corrected: pages without keys, repeated tokens.
    Edit(Box<dyn FnOnce(Bytes) -> Bytes + Send>),
    /// The right answer with its head rewritten.
    EditHead(HeadEdit),
}

/// Holds answers until the test has seen what it wants to see meanwhile. Clones are the same latch.
#[derive(Clone)]
pub struct Latch(Arc<tokio::sync::watch::Sender<bool>>);

impl Default for Latch {
    fn default() -> Self {
        Self(Arc::new(tokio::sync::watch::Sender::new(false)))
    }
}

impl Latch {
    /// Lets all go on that are held, and whoever comes later.
    pub fn open(&self) {
        self.0.send_replace(true);
    }

    async fn opened(&self) {
        let opened = self.0.subscribe().wait_for(|open| *open).await.is_ok();
        assert!(opened, "the sender lives in the latch");
    }
}

/// Rewrites the head of an answer.
pub type HeadEdit = Box<dyn FnOnce(&mut StatusCode, &mut http::HeaderMap) + Send>;

type Hook = Box<dyn FnMut(&Recorded) -> Option<Fault> + Send>;

/// What the test and the server share.
#[derive(Default)]
pub struct Wire {
    /// The log.
    pub requests: Mutex<Vec<Recorded>>,
    /// The one hook.
    pub hook: Mutex<Option<Hook>>,
    in_flight: AtomicUsize,
    peak: AtomicUsize,
}

impl Wire {
    /// Largest number of requests at once.
    pub fn peak_in_flight(&self) -> usize {
        self.peak.load(Ordering::SeqCst)
    }

    fn record<B>(&self, request: &Request<B>) -> Option<Fault> {
        let text = |value: &HeaderValue| String::from_utf8_lossy(value.as_bytes()).into_owned();
        let mut requests = self.requests.lock().unwrap();
        let recorded = Recorded {
            number: requests.len(),
            method: request.method().to_string(),
            path: request.uri().path().to_owned(),
            query: request.uri().query().unwrap_or_default().to_owned(),
            headers: request
                .headers()
                .iter()
                .map(|(name, value)| (name.to_string(), text(value)))
                .collect(),
        };
        requests.push(recorded.clone());
        drop(requests);
        let mut hook = self.hook.lock().unwrap();
        hook.as_mut().and_then(|hook| hook(&recorded))
    }
}

/// The thread that serves; dropping it closes all connections.
pub struct Server {
    /// Where it listens.
    pub port: u16,
    stop: Option<tokio::sync::oneshot::Sender<Infallible>>,
    thread: Option<std::thread::JoinHandle<()>>,
}

impl Server {
    /// Listens on a free port of 127.0.0.1.
    pub fn start(service: S3Service, wire: Arc<Wire>) -> Self {
        let listener = std::net::TcpListener::bind(("127.0.0.1", 0)).unwrap();
        listener.set_nonblocking(true).unwrap();
        let port = listener.local_addr().unwrap().port();
        let (stop, stopped) = tokio::sync::oneshot::channel();
        let thread = std::thread::spawn(move || {
            let runtime = tokio::runtime::Builder::new_current_thread()
                .enable_all()
                .build()
                .unwrap();
            runtime.block_on(async move {
                let listener = TcpListener::from_std(listener).unwrap();
                tokio::select! {
                    _ = stopped => {}
                    () = accept(listener, service, wire) => {}
                }
            });
            runtime.shutdown_background();
        });
        Self {
            port,
            stop: Some(stop),
            thread: Some(thread),
        }
    }
}

impl Drop for Server {
    fn drop(&mut self) {
        drop(self.stop.take());
        if let Some(thread) = self.thread.take() {
            let _ = thread.join();
        }
    }
}

async fn accept(listener: TcpListener, service: S3Service, wire: Arc<Wire>) {
    while let Ok((stream, _)) = listener.accept().await {
        let _ = stream.set_nodelay(true);
        let Ok((stream, handle)) = doubled(stream) else {
            continue;
        };
        let (service, wire) = (service.clone(), wire.clone());
        let handle = Arc::new(handle);
        tokio::spawn(async move {
            let answering = service_fn(move |request| {
                answer(request, service.clone(), wire.clone(), handle.clone())
            });
            let connection = hyper::server::conn::http1::Builder::new()
                .serve_connection(TokioIo::new(stream), answering);
            let _ = connection.await;
        });
    }
}

/// A second handle on the same socket, with which a connection can be reset under hyper's hands.
fn doubled(stream: TcpStream) -> std::io::Result<(TcpStream, TcpStream)> {
    let stream = stream.into_std()?;
    let handle = stream.try_clone()?;
    Ok((TcpStream::from_std(stream)?, TcpStream::from_std(handle)?))
}

type Broken = Box<dyn std::error::Error + Send + Sync>;
type Answer = Response<Either<Body, Spoilt>>;

/// Ends the connection with a reset: hyper drops the connection on an error, and the socket keeps nothing.
fn reset(handle: &TcpStream) -> Broken {
    let _ = handle.set_zero_linger();
    "reset on purpose".into()
}

async fn answer(
    request: Request<Incoming>,
    service: S3Service,
    wire: Arc<Wire>,
    handle: Arc<TcpStream>,
) -> Result<Answer, Broken> {
    let now = wire.in_flight.fetch_add(1, Ordering::SeqCst) + 1;
    wire.peak.fetch_max(now, Ordering::SeqCst);
    let _leaving = Leaving(wire.clone());
    let is_head = request.method() == http::Method::HEAD;
    let number = wire.requests.lock().unwrap().len();
    let fault = wire.record(&request);
    let mut response = match fault {
        None => carry_out(request, &service).await?,
        Some(Fault::Status(status, code)) => {
            read_on(request).await;
            error_answer(status, code)
        }
        Some(Fault::ErrorInside(code)) => {
            read_on(request).await;
            error_answer(200, code)
        }
        Some(Fault::Answer {
            status,
            headers,
            body,
        }) => {
            read_on(request).await;
            canned(status, &headers, body)
        }
        Some(Fault::Reset) => return Err(reset(&handle)),
        Some(Fault::Stall(time)) => {
            tokio::time::sleep(time).await;
            return Err(reset(&handle));
        }
        Some(Fault::LoseAnswer) => {
            carry_out(request, &service).await?;
            return Err(reset(&handle));
        }
        Some(Fault::Delay(time)) => {
            tokio::time::sleep(time).await;
            carry_out(request, &service).await?
        }
        Some(Fault::Held(latch)) => {
            latch.opened().await;
            carry_out(request, &service).await?
        }
        Some(spoil) => spoilt(carry_out(request, &service).await?, spoil, is_head).await?,
    };
    let id = HeaderValue::try_from(format!("MEMORYS3{number:08}"))?;
    response
        .headers_mut()
        .entry("x-amz-request-id")
        .or_insert(id);
    Ok(response)
}

/// Counts a request out again, however it ends.
struct Leaving(Arc<Wire>);

impl Drop for Leaving {
    fn drop(&mut self) {
        self.0.in_flight.fetch_sub(1, Ordering::SeqCst);
    }
}

async fn carry_out(request: Request<Incoming>, service: &S3Service) -> Result<Answer, Broken> {
    match service.call(request.map(Body::from)).await {
        Ok(response) => Ok(response.map(Either::Left)),
        Err(error) => Err(error.into()),
    }
}

fn canned(status: u16, headers: &[(String, String)], body: Bytes) -> Answer {
    let mut response = Response::new(Either::Left(Body::from(body)));
    *response.status_mut() = StatusCode::from_u16(status).unwrap();
    for (name, value) in headers {
        let name = http::HeaderName::try_from(name.as_str()).unwrap();
        let value = HeaderValue::try_from(value.as_str()).unwrap();
        response.headers_mut().append(name, value);
    }
    response
}

/// Takes in what the client still sends. Answering before it has sent all closes the connection under it, and then the
/// answer may be lost.
async fn read_on(request: Request<Incoming>) {
    let mut body = request.into_body();
    while let Some(Ok(_)) = body.frame().await {}
}

fn error_answer(status: u16, code: &str) -> Answer {
    let xml = format!(
        "<?xml version=\"1.0\" encoding=\"UTF-8\"?>\n<Error><Code>{code}</Code>\
         <Message>on purpose</Message><RequestId>ON-PURPOSE</RequestId></Error>"
    );
    let headers = [("content-type".to_owned(), "application/xml".to_owned())];
    canned(status, &headers, Bytes::from(xml))
}

async fn spoilt(answer: Answer, fault: Fault, is_head: bool) -> Result<Answer, Broken> {
    let (mut head, body) = answer.into_parts();
    if let Fault::EditHead(edit) = fault {
        edit(&mut head.status, &mut head.headers);
        return Ok(Response::from_parts(head, body));
    }
    let bytes = body.collect().await?.to_bytes();
    let body = match fault {
        Fault::CutBodyAfter(len) => Spoilt::broken(&bytes, len, Duration::ZERO),
        Fault::StallBodyAfter(len, time) => Spoilt::broken(&bytes, len, time),
        Fault::FlipBit(at) => {
            let mut bytes = bytes.to_vec();
            if let Some(byte) = bytes.get_mut(at) {
                *byte ^= 1;
            }
            Spoilt::whole(Bytes::from(bytes))
        }
        Fault::Edit(edit) => {
            let bytes = edit(bytes);
            if !is_head {
                head.headers.remove("content-length");
            }
            Spoilt::whole(bytes)
        }
        _ => Spoilt::whole(bytes),
    };
    Ok(Response::from_parts(head, Either::Right(body)))
}

/// A body that may break off.
pub struct Spoilt {
    whole: Full<Bytes>,
    total: u64,
    breaks: Option<std::pin::Pin<Box<tokio::time::Sleep>>>,
}

impl Spoilt {
    fn whole(bytes: Bytes) -> Self {
        Self {
            total: bytes.len() as u64,
            whole: Full::new(bytes),
            breaks: None,
        }
    }

    fn broken(bytes: &Bytes, len: usize, silence: Duration) -> Self {
        // Some time must pass before the break, or the bytes before it are dropped with the connection.
        let silence = silence.max(Duration::from_millis(20));
        Self {
            whole: Full::new(bytes.slice(..len.min(bytes.len()))),
            total: bytes.len() as u64,
            breaks: Some(Box::pin(tokio::time::sleep(silence))),
        }
    }
}

impl http_body::Body for Spoilt {
    type Data = Bytes;
    type Error = Broken;

    fn poll_frame(
        mut self: std::pin::Pin<&mut Self>,
        context: &mut std::task::Context<'_>,
    ) -> std::task::Poll<Option<Result<http_body::Frame<Bytes>, Broken>>> {
        use std::task::Poll;
        if let Poll::Ready(Some(Ok(frame))) =
            std::pin::Pin::new(&mut self.whole).poll_frame(context)
        {
            return Poll::Ready(Some(Ok(frame)));
        }
        match &mut self.breaks {
            None => Poll::Ready(None),
            Some(sleep) => sleep
                .as_mut()
                .poll(context)
                .map(|()| Some(Err("broken off on purpose".into()))),
        }
    }

    fn size_hint(&self) -> http_body::SizeHint {
        http_body::SizeHint::with_exact(self.total)
    }
}
