//! The local file of an upload, as a row of parts.
//!
//! The file is opened once; its length and time are noted then and compared after the last read, so that bytes of two
//! states of a file are never sent as one object. Parts are read at their place, on the blocking pool, into buffers of
//! the shared budget, and their checksum is taken while they are in the cache. A compressed upload hands out parts of
//! the same kind, one after the other.

use std::fs::{File, Metadata};
use std::io::{self, Read};
use std::path::Path;
use std::sync::Arc;
use std::sync::atomic::{AtomicU64, Ordering};
use std::time::SystemTime;

use bytes::Bytes;
use md5::{Digest, Md5};
use tokio::sync::Mutex;

use super::checksum::{Checksum, Sum};
use super::gzip::GzipReader;
use super::part_budget::PartBudget;
use crate::domain::{ErrorKind, Operation, StorageError};

/// Up to this size a file goes with one request.
pub(super) const WHOLE_BYTES: u64 = 16 * 1024 * 1024;

/// Size of a part, unless the file needs too many of them.
pub(super) const PART_BYTES: u64 = 8 * 1024 * 1024;

/// More parts than this S3 does not take.
const MOST_PARTS: u64 = 10_000;

/// A file opened for an upload.
#[derive(Clone)]
pub(super) struct Source {
    file: Arc<File>,
    pub(super) bytes: u64,
    modified: Option<SystemTime>,
    subject: Arc<str>,
}

impl Source {
    /// Opens a file. Follows links; anything but a regular file is refused.
    pub(super) async fn open(path: &Path) -> Result<Self, StorageError> {
        let path = path.to_owned();
        on_blocking_pool(move || {
            // Looked at first: opening a pipe would wait for its other end.
            let refused = |found: &Metadata| -> Option<io::Error> {
                (!found.is_file())
                    .then(|| io::Error::new(io::ErrorKind::InvalidInput, "not a regular file"))
            };
            let open = || -> io::Result<Self> {
                if let Some(error) = refused(&std::fs::metadata(&path)?) {
                    return Err(error);
                }
                let file = File::open(&path)?;
                let found = file.metadata()?;
                if let Some(error) = refused(&found) {
                    return Err(error);
                }
                Ok(Self {
                    file: Arc::new(file),
                    bytes: found.len(),
                    modified: found.modified().ok(),
                    subject: path.display().to_string().into(),
                })
            };
            open().map_err(|error| StorageError::local(&path, error))
        })
        .await
    }

    /// # Errors
    /// When length or time of the file are not what they were when it was opened.
    pub(super) fn check_unchanged(&self) -> Result<(), StorageError> {
        let now = self.file.metadata().map_err(|error| self.failed(error))?;
        if now.len() == self.bytes && now.modified().ok() == self.modified {
            Ok(())
        } else {
            Err(self.changed())
        }
    }

    /// The part size that this file needs.
    pub(super) fn part_bytes(&self) -> u64 {
        PART_BYTES.max(
            self.bytes
                .div_ceil(MOST_PARTS)
                .next_multiple_of(1024 * 1024),
        )
    }

    fn changed(&self) -> StorageError {
        StorageError::new(
            Operation::LocalFile,
            ErrorKind::Conflict,
            self.subject.as_ref(),
        )
        .with_message("the file changed while it was read")
    }

    fn failed(&self, error: io::Error) -> StorageError {
        StorageError::local(Path::new(self.subject.as_ref()), error)
    }
}

/// One part, ready to be sent.
pub(super) struct Part {
    /// From 1.
    pub(super) number: i32,
    pub(super) content: Bytes,
    /// CRC64NVME of the content.
    pub(super) sum: Sum,
    /// MD5 of the content, where it was asked for.
    pub(super) md5: Option<[u8; 16]>,
    /// Bytes of the file that are in it.
    pub(super) counts: u64,
    /// It is known that nothing follows.
    pub(super) is_last: bool,
}

/// Hands out the parts of a file, each once; several may ask at the same time.
pub(super) struct Parts {
    source: Source,
    part_bytes: u64,
    with_md5: bool,
    budget: PartBudget,
    next: AtomicU64,
    packed: Option<Mutex<Option<Packed>>>,
    /// A part that was taken out and given back.
    returned: Mutex<Option<Part>>,
}

/// The state of a compressed upload.
struct Packed {
    reader: GzipReader<FileReader>,
    number: i32,
    counted: u64,
}

impl Parts {
    pub(super) fn new(source: &Source, part_bytes: u64, gzip: bool, with_md5: bool) -> Self {
        let packed = gzip.then(|| {
            Mutex::new(Some(Packed {
                reader: GzipReader::new(FileReader {
                    file: Arc::clone(&source.file),
                    at: 0,
                }),
                number: 0,
                counted: 0,
            }))
        });
        Self {
            source: source.clone(),
            part_bytes,
            with_md5,
            budget: PartBudget::shared().clone(),
            next: AtomicU64::new(0),
            packed,
            returned: Mutex::default(),
        }
    }

    /// The same parts with a part that was taken out in front again, all with their MD5 if that is wanted.
    pub(super) fn begun_with(mut self, part: Part, with_md5: bool) -> Self {
        self.with_md5 = with_md5;
        self.returned = Mutex::new(Some(part));
        self
    }

    /// The next part, or `None` when all have been given out. An empty file has one empty part.
    pub(super) async fn next(&self) -> Result<Option<Part>, StorageError> {
        if let Some(part) = self.returned.lock().await.take() {
            return self.with_its_md5(part).await.map(Some);
        }
        match &self.packed {
            Some(packed) => self.next_packed(packed).await,
            None => self.next_plain().await,
        }
    }

    async fn with_its_md5(&self, part: Part) -> Result<Part, StorageError> {
        if !self.with_md5 || part.md5.is_some() {
            return Ok(part);
        }
        on_blocking_pool(move || {
            let md5 = Md5::digest(&part.content).into();
            Ok(Part {
                md5: Some(md5),
                ..part
            })
        })
        .await
    }

    async fn next_plain(&self) -> Result<Option<Part>, StorageError> {
        let index = self.next.fetch_add(1, Ordering::Relaxed);
        let offset = index * self.part_bytes;
        if offset >= self.source.bytes && index > 0 {
            return Ok(None);
        }
        let len = self.part_bytes.min(self.source.bytes - offset);
        let len_here = usize::try_from(len).map_err(|_| self.source.changed())?;
        let mut buffer = self.budget.buffer(len_here).await;
        let source = self.source.clone();
        let with_md5 = self.with_md5;
        let number = i32::try_from(index + 1).map_err(|_| self.source.changed())?;
        let is_last = offset + len == self.source.bytes;
        on_blocking_pool(move || {
            match read_exact_at(&source.file, buffer.bytes_mut(), offset) {
                Ok(()) => {}
                Err(error) if error.kind() == io::ErrorKind::UnexpectedEof => {
                    return Err(source.changed());
                }
                Err(error) => return Err(source.failed(error)),
            }
            let sum = Checksum::Crc64Nvme.of(buffer.as_ref());
            let md5 = with_md5.then(|| Md5::digest(buffer.as_ref()).into());
            Ok(Some(Part {
                number,
                content: buffer.into_bytes(),
                sum,
                md5,
                counts: len,
                is_last,
            }))
        })
        .await
    }

    async fn next_packed(
        &self,
        packed: &Mutex<Option<Packed>>,
    ) -> Result<Option<Part>, StorageError> {
        // The buffer first: a reader that waits for room would hold up those that could give some back.
        let len = usize::try_from(self.part_bytes).map_err(|_| self.source.changed())?;
        let mut buffer = self.budget.buffer(len).await;
        let mut turn = packed.lock().await;
        let Some(mut state) = turn.take() else {
            return Ok(None);
        };
        let source = self.source.clone();
        let with_md5 = self.with_md5;
        let (part, state) = on_blocking_pool(move || {
            let filled = state
                .reader
                .fill(buffer.bytes_mut())
                .map_err(|error| source.failed(error))?;
            let at_end = filled < buffer.len();
            buffer.shorten(filled);
            state.number += 1;
            let counts = state.reader.plain_bytes - state.counted;
            state.counted = state.reader.plain_bytes;
            let part = (filled > 0).then(|| Part {
                number: state.number,
                sum: Checksum::Crc64Nvme.of(buffer.as_ref()),
                md5: with_md5.then(|| Md5::digest(buffer.as_ref()).into()),
                content: buffer.into_bytes(),
                counts,
                is_last: at_end,
            });
            Ok((part, (!at_end).then_some(state)))
        })
        .await?;
        *turn = state;
        Ok(part)
    }
}

/// Reads a shared file from its beginning without moving its position.
struct FileReader {
    file: Arc<File>,
    at: u64,
}

impl Read for FileReader {
    fn read(&mut self, target: &mut [u8]) -> io::Result<usize> {
        let read = read_at(&self.file, target, self.at)?;
        self.at += read as u64;
        Ok(read)
    }
}

fn read_exact_at(file: &File, mut target: &mut [u8], mut offset: u64) -> io::Result<()> {
    while !target.is_empty() {
        match read_at(file, target, offset) {
            Ok(0) => return Err(io::ErrorKind::UnexpectedEof.into()),
            Ok(read) => {
                target = &mut target[read..];
                offset += read as u64;
            }
            Err(error) if error.kind() == io::ErrorKind::Interrupted => {}
            Err(error) => return Err(error),
        }
    }
    Ok(())
}

#[cfg(unix)]
fn read_at(file: &File, target: &mut [u8], offset: u64) -> io::Result<usize> {
    std::os::unix::fs::FileExt::read_at(file, target, offset)
}

#[cfg(windows)]
fn read_at(file: &File, target: &mut [u8], offset: u64) -> io::Result<usize> {
    std::os::windows::fs::FileExt::seek_read(file, target, offset)
}

/// Runs work that waits for the disk where waiting is allowed.
pub(super) async fn on_blocking_pool<T: Send + 'static>(
    work: impl FnOnce() -> Result<T, StorageError> + Send + 'static,
) -> Result<T, StorageError> {
    tokio::task::spawn_blocking(work)
        .await
        .unwrap_or_else(|error| {
            Err(
                StorageError::new(Operation::LocalFile, ErrorKind::Other, "disk thread")
                    .with_source(error),
            )
        })
}

#[cfg(test)]
mod tests {
    use std::io::Write;

    use super::*;

    #[tokio::test]
    async fn parts_are_the_file_in_order() {
        let mut file = tempfile::NamedTempFile::new().unwrap();
        let content: Vec<u8> = (0..2_500_000_u32).map(|index| (index / 7) as u8).collect();
        file.write_all(&content).unwrap();
        let source = Source::open(file.path()).await.unwrap();
        let parts = Parts::new(&source, 1024 * 1024, false, true);
        let mut read = Vec::new();
        let mut sum = Checksum::Crc64Nvme.of(&[]);
        while let Some(part) = parts.next().await.unwrap() {
            read.extend_from_slice(&part.content);
            sum = Checksum::Crc64Nvme.combined(sum, part.sum);
            let md5: [u8; 16] = Md5::digest(&part.content).into();
            assert_eq!(part.md5, Some(md5));
        }
        assert_eq!(read, content);
        assert_eq!(sum, Checksum::Crc64Nvme.of(&content));
        source.check_unchanged().unwrap();
        file.write_all(b"x").unwrap();
        assert_eq!(
            source.check_unchanged().unwrap_err().kind,
            ErrorKind::Conflict
        );
    }

    #[tokio::test]
    async fn a_shrunken_file_and_a_folder_are_refused() {
        let mut file = tempfile::NamedTempFile::new().unwrap();
        file.write_all(&[1; 3000]).unwrap();
        let source = Source::open(file.path()).await.unwrap();
        file.as_file().set_len(10).unwrap();
        let parts = Parts::new(&source, 1024, false, false);
        assert_eq!(parts.next().await.err().unwrap().kind, ErrorKind::Conflict);
        let folder = tempfile::tempdir().unwrap();
        let error = Source::open(folder.path()).await.err().unwrap();
        assert_eq!(error.kind, ErrorKind::LocalFile);
    }

    #[tokio::test]
    async fn compressed_parts_count_the_plain_bytes() {
        let mut file = tempfile::NamedTempFile::new().unwrap();
        let content = b"0123456789".repeat(200_000);
        file.write_all(&content).unwrap();
        let source = Source::open(file.path()).await.unwrap();
        let parts = Parts::new(&source, 1000, true, false);
        let (mut packed, mut counts, mut number) = (Vec::new(), 0, 0);
        while let Some(part) = parts.next().await.unwrap() {
            packed.extend_from_slice(&part.content);
            counts += part.counts;
            number += 1;
            assert_eq!(part.number, number);
        }
        let mut plain = Vec::new();
        flate2::read::GzDecoder::new(packed.as_slice())
            .read_to_end(&mut plain)
            .unwrap();
        assert_eq!((plain, counts), (content, 2_000_000));
    }

    #[tokio::test]
    async fn a_part_that_was_looked_at_is_not_made_again() {
        let mut file = tempfile::NamedTempFile::new().unwrap();
        let content: Vec<u8> = (0..60_000_u32)
            .flat_map(|index| index.wrapping_mul(2_654_435_761).to_le_bytes())
            .collect();
        file.write_all(&content).unwrap();
        let source = Source::open(file.path()).await.unwrap();
        let parts = Parts {
            // Room for one part: whoever looked at two at once would wait for ever.
            budget: PartBudget::new(16 * 1024),
            ..Parts::new(&source, 16 * 1024, true, false)
        };
        let first = parts.next().await.unwrap().unwrap();
        assert!(!first.is_last && first.md5.is_none());
        let parts = parts.begun_with(first, true);
        let (mut packed, mut counts, mut last) = (Vec::new(), 0, false);
        while let Some(part) = parts.next().await.unwrap() {
            let md5: [u8; 16] = Md5::digest(&part.content).into();
            assert_eq!(part.md5, Some(md5));
            assert!(!last, "nothing follows the last");
            packed.extend_from_slice(&part.content);
            (counts, last) = (counts + part.counts, part.is_last);
        }
        let mut plain = Vec::new();
        flate2::read::GzDecoder::new(packed.as_slice())
            .read_to_end(&mut plain)
            .unwrap();
        assert!(plain == content && last);
        assert_eq!(counts, content.len() as u64);
    }

    #[tokio::test]
    async fn large_files_get_larger_parts() {
        let file = tempfile::NamedTempFile::new().unwrap();
        file.as_file().set_len(200 * 1024 * 1024 * 1024).unwrap();
        let source = Source::open(file.path()).await.unwrap();
        let part_bytes = source.part_bytes();
        assert!(source.bytes.div_ceil(part_bytes) <= MOST_PARTS);
        assert_eq!(part_bytes % (1024 * 1024), 0);
    }
}
