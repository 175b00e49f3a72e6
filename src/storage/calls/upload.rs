//! A whole file in one call, or from 8 MiB on in parts of that size, as boto3's managed upload cuts it.

use std::io::{self, Read};

use bytes::Bytes;

use super::{Calls, MultipartId, PartTag};
use crate::domain::{ErrorKind, Operation, StorageError};
use crate::storage::gzip::GzipReader;
use crate::storage::upload_headers::UploadHeaders;

/// Files of this many bytes and more go in parts, each as large as this.
pub const MULTIPART_FROM: usize = 8 * 1024 * 1024;

/// Bytes on their way up.
pub struct Source<R>(Kind<R>);

enum Kind<R> {
    Plain(R),
    Gzip(Box<GzipReader<R>>),
}

impl<R: Read> Source<R> {
    /// As they are.
    pub const fn plain(reader: R) -> Self {
        Self(Kind::Plain(reader))
    }

    /// Compresses at level 9, with no name and no time, so that the same content always gives the same bytes.
    pub fn compressed(reader: R) -> Self {
        Self(Kind::Gzip(Box::new(GzipReader::new(reader))))
    }

    /// At most one part; less only at the end.
    fn next_part(&mut self) -> io::Result<Bytes> {
        let mut part = Vec::new();
        match &mut self.0 {
            Kind::Plain(reader) => {
                reader.take(MULTIPART_FROM as u64).read_to_end(&mut part)?;
            }
            Kind::Gzip(reader) => {
                part.resize(MULTIPART_FROM, 0);
                let filled = reader.fill(&mut part)?;
                part.truncate(filled);
            }
        }
        Ok(Bytes::from(part))
    }
}

impl<R> std::fmt::Debug for Source<R> {
    fn fmt(&self, f: &mut std::fmt::Formatter<'_>) -> std::fmt::Result {
        f.write_str(match self.0 {
            Kind::Plain(_) => "plain",
            Kind::Gzip(_) => "compressed",
        })
    }
}

impl Calls<'_> {
    /// Sends all of a source. An upload in parts that fails is aborted.
    ///
    /// # Errors
    /// What the server refuses, and what the source cannot be read for.
    pub async fn upload<R: Read + Send>(
        &self,
        key: &str,
        headers: &UploadHeaders,
        mut source: Source<R>,
    ) -> Result<(), StorageError> {
        let first = part_of(key, &mut source)?;
        if first.len() < MULTIPART_FROM {
            return self.put_object(key, headers, first).await;
        }
        let upload = self.create_multipart_upload(key, headers).await?;
        match self.in_parts(&upload, headers, first, source).await {
            Ok(()) => Ok(()),
            Err(failure) => {
                // The first failure is the one to tell of.
                let _aborted = self.abort_multipart_upload(&upload).await;
                Err(failure)
            }
        }
    }

    async fn in_parts<R: Read + Send>(
        &self,
        upload: &MultipartId,
        headers: &UploadHeaders,
        first: Bytes,
        mut source: Source<R>,
    ) -> Result<(), StorageError> {
        let repeated = headers.of_parts();
        let mut tags: Vec<PartTag> = Vec::new();
        let mut part = first;
        while !part.is_empty() {
            let number = tags.len() as u32 + 1;
            let is_last = part.len() < MULTIPART_FROM;
            tags.push(self.upload_part(upload, number, &repeated, part).await?);
            part = if is_last {
                Bytes::new()
            } else {
                part_of(&upload.key, &mut source)?
            };
        }
        self.complete_multipart_upload(upload, &tags, &repeated)
            .await
    }
}

fn part_of<R: Read>(key: &str, source: &mut Source<R>) -> Result<Bytes, StorageError> {
    source.next_part().map_err(|failure| {
        StorageError::new(Operation::LocalFile, ErrorKind::LocalFile, key).with_source(failure)
    })
}
