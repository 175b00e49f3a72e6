//! The temporary file behind an open file: in memory up to a limit, on disk beyond it, and decompressed on demand.

use std::io::{self, Read, Seek, SeekFrom, Write};

use flate2::read::MultiGzDecoder;
use tempfile::SpooledTempFile;

use super::failure::{DjangoError, GzipFault};

/// Bytes that can be read, written and gone through.
#[derive(Debug)]
pub(super) enum Spool {
    /// As they are.
    Plain(SpooledTempFile),
    /// Compressed ones, seen decompressed.
    Gzip {
        /// What was fetched.
        packed: SpooledTempFile,
        /// What it holds, once that has been asked for.
        plain: Option<SpooledTempFile>,
        /// Limit of memory.
        max_memory_bytes: u64,
    },
}

/// An empty temporary file; 0 never goes to disk.
pub(super) fn temporary(max_memory_bytes: u64) -> SpooledTempFile {
    let max = match max_memory_bytes {
        0 => usize::MAX,
        max => usize::try_from(max).unwrap_or(usize::MAX),
    };
    SpooledTempFile::new(max)
}

impl Spool {
    /// What stands from here on, at most `limit` bytes of it.
    pub(super) fn read(&mut self, limit: Option<u64>) -> Result<Vec<u8>, DjangoError> {
        let mut read = Vec::new();
        if let Some(file) = self.plain()? {
            file.take(limit.unwrap_or(u64::MAX))
                .read_to_end(&mut read)?;
        }
        Ok(read)
    }

    /// One line with its end; empty at the end.
    pub(super) fn read_line(&mut self) -> Result<Vec<u8>, DjangoError> {
        let mut line = Vec::new();
        let Some(file) = self.plain()? else {
            return Ok(line);
        };
        let start = file.stream_position()?;
        let mut piece = [0; 4096];
        loop {
            let read = file.read(&mut piece)?;
            if read == 0 {
                return Ok(line);
            }
            if let Some(end) = piece[..read].iter().position(|byte| *byte == b'\n') {
                line.extend_from_slice(&piece[..=end]);
                file.seek(SeekFrom::Start(start + line.len() as u64))?;
                return Ok(line);
            }
            line.extend_from_slice(&piece[..read]);
        }
    }

    /// Goes to a place and tells it.
    pub(super) fn seek(&mut self, to: SeekFrom) -> Result<u64, DjangoError> {
        if let (Self::Gzip { plain: None, .. }, SeekFrom::Start(0)) = (&mut *self, to) {
            // Nothing has been read, so there is nothing to go back over.
            return Ok(0);
        }
        match self.plain()? {
            Some(file) => Ok(file.seek(to)?),
            None => Ok(0),
        }
    }

    /// Where it stands.
    pub(super) fn tell(&mut self) -> Result<u64, DjangoError> {
        match self {
            Self::Plain(file)
            | Self::Gzip {
                plain: Some(file), ..
            } => Ok(file.stream_position()?),
            Self::Gzip { plain: None, .. } => Ok(0),
        }
    }

    /// Bytes in all.
    pub(super) fn len(&mut self) -> Result<u64, DjangoError> {
        let place = self.tell()?;
        let end = self.seek(SeekFrom::End(0))?;
        self.seek(SeekFrom::Start(place))?;
        Ok(end)
    }

    /// Writes on from here.
    pub(super) fn write(&mut self, bytes: &[u8]) -> Result<(), DjangoError> {
        if let Self::Plain(file) = self {
            file.write_all(bytes)?;
        }
        Ok(())
    }

    /// Takes all out and leaves nothing.
    pub(super) fn drain(&mut self) -> Result<Vec<u8>, DjangoError> {
        self.seek(SeekFrom::Start(0))?;
        let all = self.read(None)?;
        if let Self::Plain(file) = self {
            file.set_len(0)?;
            file.seek(SeekFrom::Start(0))?;
        }
        Ok(all)
    }

    /// The decompressed bytes; `None` when there is nothing left to decompress. A wrong beginning takes its two bytes
    /// away, as Python's reader does.
    fn plain(&mut self) -> Result<Option<&mut SpooledTempFile>, DjangoError> {
        match self {
            Self::Plain(file) => Ok(Some(file)),
            Self::Gzip {
                packed,
                plain,
                max_memory_bytes,
            } => {
                if plain.is_none() {
                    let mut magic = Vec::new();
                    Read::by_ref(packed).take(2).read_to_end(&mut magic)?;
                    if magic.is_empty() {
                        return Ok(None);
                    }
                    if magic != [0x1f, 0x8b] {
                        return Err(DjangoError::Gzip(GzipFault::NotGzip));
                    }
                    let mut unpacked = temporary(*max_memory_bytes);
                    let mut decoder = MultiGzDecoder::new(magic.as_slice().chain(packed));
                    io::copy(&mut decoder, &mut unpacked).map_err(gzip_fault)?;
                    unpacked.seek(SeekFrom::Start(0))?;
                    *plain = Some(unpacked);
                }
                Ok(plain.as_mut())
            }
        }
    }
}

fn gzip_fault(error: io::Error) -> DjangoError {
    match error.kind() {
        io::ErrorKind::UnexpectedEof => DjangoError::Gzip(GzipFault::Cut),
        io::ErrorKind::InvalidInput | io::ErrorKind::InvalidData => {
            DjangoError::Gzip(GzipFault::Damaged)
        }
        _ => DjangoError::Local(error),
    }
}

#[cfg(test)]
mod tests {
    use flate2::Compression;
    use flate2::write::GzEncoder;

    use super::*;

    fn gzip(bytes: &[u8]) -> Spool {
        let mut packed = temporary(4);
        packed.write_all(bytes).unwrap();
        packed.seek(SeekFrom::Start(0)).unwrap();
        Spool::Gzip {
            packed,
            plain: None,
            max_memory_bytes: 4,
        }
    }

    #[test]
    fn lines_and_places_go_through_memory_and_disk() {
        for limit in [0, 3] {
            let mut spool = Spool::Plain(temporary(limit));
            spool.write(b"one\ntwo\r\nend").unwrap();
            spool.seek(SeekFrom::Start(0)).unwrap();
            assert_eq!(spool.read_line().unwrap(), b"one\n");
            assert_eq!(spool.tell().unwrap(), 4);
            assert_eq!(spool.len().unwrap(), 12);
            assert_eq!(spool.read(Some(3)).unwrap(), b"two");
            assert_eq!(spool.drain().unwrap(), b"one\ntwo\r\nend");
            assert_eq!(spool.len().unwrap(), 0);
        }
    }

    #[test]
    fn compressed_bytes_are_seen_plain() {
        let mut encoder = GzEncoder::new(Vec::new(), Compression::best());
        encoder.write_all(b"zipped body").unwrap();
        let packed = encoder.finish().unwrap();
        let mut spool = gzip(&packed);
        assert_eq!(spool.read(Some(6)).unwrap(), b"zipped");
        assert_eq!(spool.seek(SeekFrom::Start(0)).unwrap(), 0);
        assert_eq!(spool.read(None).unwrap(), b"zipped body");
        let cut = &packed[..packed.len() - 6];
        assert!(matches!(
            gzip(cut).read(None),
            Err(DjangoError::Gzip(GzipFault::Cut))
        ));
        let mut fake = gzip(b"not");
        assert!(fake.read(None).is_err() && fake.read(None).is_err());
        assert_eq!(fake.read(None).unwrap(), b"");
    }
}
