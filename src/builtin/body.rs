//! Bytes in and out: a request's body into a draft with its digests, a file's range into a response.
//!
//! Disk and digests run on the blocking pool with a short queue in between, so that neither a slow disk nor a fast one
//! keeps the program's other tasks waiting.

use std::fs::File;
use std::io::{self, Read, Seek, SeekFrom, Write};
use std::pin::Pin;
use std::sync::Arc;
use std::task::{Context, Poll};

use bytes::Bytes;
use http_body::{Body as HttpBody, Frame, SizeHint};
use http_body_util::BodyExt;
use s3s::dto::StreamingBlob;
use s3s::{S3Error, S3ErrorCode, S3Result};
use tokio::sync::mpsc;

use super::digest::{Digest, Sums};
use super::failure;
use super::folder::{Draft, Folder};

/// Bytes read from disk at once.
const BLOCK_BYTES: usize = 256 * 1024;
/// Blocks between disk and network.
const QUEUE: usize = 4;

/// A body that has arrived whole, in a draft, with its digests.
pub(super) struct Arrived {
    /// The bytes.
    pub(super) draft: Draft,
    /// How many.
    pub(super) bytes: u64,
    /// Their MD5.
    pub(super) md5: [u8; 16],
    /// Their checksums.
    pub(super) sums: Sums,
}

/// Reads a request's body into a draft.
pub(super) async fn receive(
    folder: &Arc<Folder>,
    body: Option<StreamingBlob>,
    with_sha: bool,
) -> S3Result<Arrived> {
    let (send, queue) = mpsc::channel(QUEUE);
    let folder = folder.clone();
    let writing = tokio::task::spawn_blocking(move || write(&folder, queue, with_sha));
    let mut broken = None;
    if let Some(body) = body {
        let mut body = s3s::Body::from(body);
        while let Some(frame) = body.frame().await {
            let message = match frame {
                Ok(frame) => frame.into_data().map(Some).unwrap_or_default(),
                Err(error) => {
                    broken = Some(S3Error::with_source(S3ErrorCode::IncompleteBody, error));
                    break;
                }
            };
            // The writer ends early only on an error, which it returns.
            if let Some(bytes) = message
                && send.send(bytes).await.is_err()
            {
                break;
            }
        }
    }
    drop(send);
    let arrived = writing.await.map_err(failure::lost)?;
    match broken {
        Some(error) => Err(error),
        None => arrived.map_err(failure::disk),
    }
}

fn write(folder: &Folder, mut queue: mpsc::Receiver<Bytes>, with_sha: bool) -> io::Result<Arrived> {
    let (draft, mut file) = folder.draft()?;
    let mut digest = Digest::new(with_sha);
    let mut bytes = 0;
    while let Some(block) = queue.blocking_recv() {
        digest.update(&block);
        file.write_all(&block)?;
        bytes += block.len() as u64;
    }
    file.sync_data()?;
    let (md5, sums) = digest.finish();
    Ok(Arrived {
        draft,
        bytes,
        md5,
        sums,
    })
}

/// Copies pieces of files one after the other into a new draft, with digests. Blocks.
pub(super) fn join(
    folder: &Folder,
    pieces: impl IntoIterator<Item = io::Result<(File, std::ops::Range<u64>)>>,
) -> io::Result<Arrived> {
    let (draft, mut to) = folder.draft()?;
    let mut digest = Digest::new(true);
    let mut block = vec![0; BLOCK_BYTES];
    let mut bytes = 0;
    for piece in pieces {
        let (mut from, range) = piece?;
        from.seek(SeekFrom::Start(range.start))?;
        let mut left = range.end - range.start;
        while left > 0 {
            let len = block.len().min(usize::try_from(left).unwrap_or(usize::MAX));
            from.read_exact(&mut block[..len])?;
            digest.update(&block[..len]);
            to.write_all(&block[..len])?;
            left -= len as u64;
            bytes += len as u64;
        }
    }
    to.sync_data()?;
    let (md5, sums) = digest.finish();
    Ok(Arrived {
        draft,
        bytes,
        md5,
        sums,
    })
}

/// A response body: this range of an open file. When the file turns out shorter, the connection breaks off.
pub(super) fn send(mut file: File, range: std::ops::Range<u64>) -> StreamingBlob {
    let left = range.end - range.start;
    let (send, queue) = mpsc::channel(QUEUE);
    tokio::task::spawn_blocking(move || {
        let mut left = left;
        if let Err(error) = file.seek(SeekFrom::Start(range.start)) {
            send.blocking_send(Err(error)).ok();
            return;
        }
        while left > 0 {
            let len = BLOCK_BYTES.min(usize::try_from(left).unwrap_or(usize::MAX));
            let mut block = vec![0; len];
            let read = file.read_exact(&mut block).map(|()| Bytes::from(block));
            let failed = read.is_err();
            // An error here means that nobody reads any more.
            if send.blocking_send(read).is_err() || failed {
                return;
            }
            left -= len as u64;
        }
    });
    StreamingBlob::from(s3s::Body::http_body(Sending { queue, left }))
}

struct Sending {
    queue: mpsc::Receiver<io::Result<Bytes>>,
    left: u64,
}

impl HttpBody for Sending {
    type Data = Bytes;
    type Error = io::Error;

    fn poll_frame(
        mut self: Pin<&mut Self>,
        context: &mut Context<'_>,
    ) -> Poll<Option<io::Result<Frame<Bytes>>>> {
        let Poll::Ready(block) = self.queue.poll_recv(context) else {
            return Poll::Pending;
        };
        Poll::Ready(block.map(|block| {
            let block = block?;
            self.left = self.left.saturating_sub(block.len() as u64);
            Ok(Frame::data(block))
        }))
    }

    fn size_hint(&self) -> SizeHint {
        SizeHint::with_exact(self.left)
    }

    fn is_end_stream(&self) -> bool {
        self.left == 0
    }
}
