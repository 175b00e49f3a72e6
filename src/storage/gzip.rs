//! Compressing a file on its way to the storage, piece by piece.
//!
//! As django-storages does it: level 9, a header without a name and with a zero time, so that the same content always
//! gives the same bytes.

use std::io::{self, Read, Write};

use flate2::{Compression, GzBuilder, write::GzEncoder};

/// How much of the source is read at once.
const READ_BYTES: usize = 256 * 1024;

/// A source that is read compressed. Memory stays small whatever the size of the source.
pub(super) struct GzipReader<R> {
    source: R,
    encoder: Option<GzEncoder<Vec<u8>>>,
    ready: Vec<u8>,
    ready_at: usize,
    plain: Vec<u8>,
    /// Bytes of the source that were taken in.
    pub(super) plain_bytes: u64,
}

impl<R: Read> GzipReader<R> {
    pub(super) fn new(source: R) -> Self {
        let encoder = GzBuilder::new()
            .mtime(0)
            .operating_system(3)
            .write(Vec::new(), Compression::best());
        Self {
            source,
            encoder: Some(encoder),
            ready: Vec::new(),
            ready_at: 0,
            plain: vec![0; READ_BYTES],
            plain_bytes: 0,
        }
    }

    /// Fills as much of `target` as there is, and says how much; less than all means the end.
    pub(super) fn fill(&mut self, target: &mut [u8]) -> io::Result<usize> {
        let mut filled = 0;
        while filled < target.len() {
            if self.ready_at == self.ready.len() && !self.advance()? {
                break;
            }
            let piece = &self.ready[self.ready_at..];
            let take = piece.len().min(target.len() - filled);
            target[filled..filled + take].copy_from_slice(&piece[..take]);
            filled += take;
            self.ready_at += take;
        }
        Ok(filled)
    }

    /// Makes more compressed bytes ready; false at the end.
    fn advance(&mut self) -> io::Result<bool> {
        self.ready.clear();
        self.ready_at = 0;
        while self.ready.is_empty() {
            let Some(encoder) = &mut self.encoder else {
                return Ok(false);
            };
            let read = match self.source.read(&mut self.plain) {
                Err(error) if error.kind() == io::ErrorKind::Interrupted => continue,
                read => read?,
            };
            if read == 0 {
                if let Some(encoder) = self.encoder.take() {
                    self.ready = encoder.finish()?;
                }
                return Ok(!self.ready.is_empty());
            }
            self.plain_bytes += read as u64;
            encoder.write_all(&self.plain[..read])?;
            std::mem::swap(encoder.get_mut(), &mut self.ready);
        }
        Ok(true)
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn compresses_as_python_does_and_reads_back() {
        let plain = b"body { color: red }\n".repeat(60_000);
        let mut reader = GzipReader::new(plain.as_slice());
        let mut packed = Vec::new();
        let mut piece = [0; 1000];
        loop {
            let filled = reader.fill(&mut piece).unwrap();
            packed.extend_from_slice(&piece[..filled]);
            if filled < piece.len() {
                break;
            }
        }
        // Magic, deflate, no flags, no time, best compression, Unix: as zlib writes it for Python.
        assert_eq!(packed[..10], [0x1f, 0x8b, 8, 0, 0, 0, 0, 0, 2, 3]);
        assert_eq!(reader.plain_bytes, plain.len() as u64);
        let mut back = Vec::new();
        flate2::read::GzDecoder::new(packed.as_slice())
            .read_to_end(&mut back)
            .unwrap();
        assert_eq!(back, plain);
    }

    #[test]
    fn nothing_is_compressed_too() {
        let mut piece = [0; 100];
        let filled = GzipReader::new(&b""[..]).fill(&mut piece).unwrap();
        assert!(filled >= 18);
    }
}
