//! An object open as a file, as `S3Boto3StorageFile` of django-storages 1.13 is one.
//!
//! Reading fetches the whole object into a temporary file with the first access. Writing begins a multipart upload
//! with the first `write`, sends a part whenever enough has gathered, and ends with [`DjangoFile::close`]: a file that
//! is dropped instead leaves an unfinished upload behind, as there. What looks odd here (closing does not truncate, a
//! closed file can be read again) is how it is there.

use std::io::SeekFrom;

use bytes::Bytes;

use super::failure::{DjangoError, GzipFault, ModeFault};
use super::spool::{Spool, temporary};
use super::storage::{DjangoStorage, is_missing, not_empty};
use crate::settings::parameters::{check_parameter, part_of_multipart};
use crate::storage::calls::{MultipartId, ObjectHead, PartTag};
use crate::storage::{Storage, UploadHeaders};

/// Pieces of [`DjangoFile::chunks`] when nobody says otherwise.
pub const CHUNK_BYTES: u64 = 64 * 1024;

/// What reading gives: bytes with a `b` in the mode, else text.
#[derive(Clone, Debug, PartialEq, Eq)]
pub enum Data {
    /// As they are.
    Bytes(Vec<u8>),
    /// Decoded, each piece for itself.
    Text(String),
}

impl Data {
    /// True when there is nothing in it.
    #[must_use]
    pub fn is_empty(&self) -> bool {
        match self {
            Self::Bytes(bytes) => bytes.is_empty(),
            Self::Text(text) => text.is_empty(),
        }
    }
}

/// An object open as a file.
#[derive(Debug)]
pub struct DjangoFile {
    storage: DjangoStorage,
    key: String,
    name: String,
    mode: String,
    head: Option<ObjectHead>,
    spool: Option<Spool>,
    upload: Option<MultipartId>,
    parts: Vec<PartTag>,
    has_written: bool,
}

impl DjangoFile {
    pub(super) async fn open(
        storage: DjangoStorage,
        key: String,
        mode: &str,
    ) -> Result<Self, DjangoError> {
        if mode.contains('r') && mode.contains('w') {
            return Err(DjangoError::Mode(ModeFault::Both));
        }
        let below: String = key
            .chars()
            .skip(storage.config().location.chars().count())
            .collect();
        let mut file = Self {
            name: below.trim_start_matches('/').to_owned(),
            key,
            mode: mode.to_owned(),
            head: None,
            spool: None,
            upload: None,
            parts: Vec::new(),
            has_written: false,
            storage,
        };
        if !file.writes() {
            match file.load().await {
                Ok(_) => {}
                Err(failure) if is_missing(&failure) => {
                    return Err(DjangoError::Missing { key: file.key });
                }
                Err(failure) => return Err(failure),
            }
        }
        Ok(file)
    }

    /// The key without the location.
    #[must_use]
    pub fn name(&self) -> &str {
        &self.name
    }

    /// True when it has a name.
    #[must_use]
    pub fn is_named(&self) -> bool {
        !self.name.is_empty()
    }

    /// Stored length in bytes, asked for once.
    ///
    /// # Errors
    /// Also when there is no object yet.
    pub async fn size(&mut self) -> Result<u64, DjangoError> {
        if self.head.is_none() {
            self.load().await?;
        }
        Ok(self.head.as_ref().map_or(0, |head| head.bytes))
    }

    /// Reads on from here, at most `bytes`, else all.
    ///
    /// # Errors
    /// When the mode has no `r`, when a piece of text is no UTF-8, and what fetching fails with.
    pub async fn read(&mut self, bytes: Option<u64>) -> Result<Data, DjangoError> {
        self.needs_read()?;
        let read = self.spool().await?.read(bytes)?;
        self.data(read)
    }

    /// Reads one line with its end; empty at the end of the file.
    ///
    /// # Errors
    /// As [`DjangoFile::read`].
    pub async fn read_line(&mut self) -> Result<Data, DjangoError> {
        self.needs_read()?;
        let line = self.spool().await?.read_line()?;
        self.data(line)
    }

    /// Reads all lines from here on, as bytes in every mode.
    ///
    /// # Errors
    /// What fetching fails with.
    pub async fn read_lines(&mut self) -> Result<Vec<Vec<u8>>, DjangoError> {
        let spool = self.spool().await?;
        let mut lines = Vec::new();
        loop {
            let line = spool.read_line()?;
            if line.is_empty() {
                return Ok(lines);
            }
            lines.push(line);
        }
    }

    /// The whole file from its beginning, in pieces of this many bytes.
    ///
    /// # Errors
    /// As [`DjangoFile::read`].
    pub async fn chunks(&mut self, bytes: Option<u64>) -> Result<Vec<Data>, DjangoError> {
        let bytes = bytes.filter(|bytes| *bytes > 0).unwrap_or(CHUNK_BYTES);
        self.seek(SeekFrom::Start(0)).await?;
        let mut chunks = Vec::new();
        loop {
            let chunk = self.read(Some(bytes)).await?;
            if chunk.is_empty() {
                return Ok(chunks);
            }
            chunks.push(chunk);
        }
    }

    /// The whole file from its beginning, line by line: `\n`, `\r\n` and `\r` end a line.
    ///
    /// # Errors
    /// As [`DjangoFile::read`].
    pub async fn lines(&mut self) -> Result<Vec<Data>, DjangoError> {
        let chunks = self.chunks(None).await?;
        let mut lines = Vec::new();
        let mut open: Vec<u8> = Vec::new();
        for chunk in &chunks {
            let bytes = match chunk {
                Data::Bytes(bytes) => bytes.as_slice(),
                Data::Text(text) => text.as_bytes(),
            };
            for byte in bytes {
                // A `\r` ends its line, unless the `\n` of the same end follows.
                if open.ends_with(b"\r") && *byte != b'\n' {
                    lines.push(self.data(std::mem::take(&mut open))?);
                }
                open.push(*byte);
                if *byte == b'\n' {
                    lines.push(self.data(std::mem::take(&mut open))?);
                }
            }
        }
        if !open.is_empty() {
            lines.push(self.data(open)?);
        }
        Ok(lines)
    }

    /// True when the stored length is more than one piece.
    ///
    /// # Errors
    /// As [`DjangoFile::size`].
    pub async fn has_multiple_chunks(&mut self, bytes: Option<u64>) -> Result<bool, DjangoError> {
        let bytes = bytes.filter(|bytes| *bytes > 0).unwrap_or(CHUNK_BYTES);
        Ok(self.size().await? > bytes)
    }

    /// Goes to a place and tells it.
    ///
    /// # Errors
    /// What fetching fails with.
    pub async fn seek(&mut self, to: SeekFrom) -> Result<u64, DjangoError> {
        self.spool().await?.seek(to)
    }

    /// Where it stands.
    ///
    /// # Errors
    /// What fetching fails with.
    pub async fn tell(&mut self) -> Result<u64, DjangoError> {
        self.spool().await?.tell()
    }

    /// Never: asking opens the file again, and a file open for reading is fetched anew.
    ///
    /// # Errors
    /// What fetching fails with.
    pub async fn is_closed(&mut self) -> Result<bool, DjangoError> {
        self.spool().await?;
        Ok(false)
    }

    /// Writes on and tells how many bytes. Enough that has gathered before is sent first, so a part is at least as
    /// large as the buffer, and one large write is one part.
    ///
    /// # Errors
    /// When the mode has no `w`, when a parameter is refused, and what the server refuses. A part that fails leaves
    /// the upload unfinished.
    pub async fn write(&mut self, content: &[u8]) -> Result<usize, DjangoError> {
        if !self.writes() {
            return Err(DjangoError::Mode(ModeFault::Write));
        }
        self.has_written = true;
        if self.upload.is_none() {
            let headers = self.headers()?;
            let begun = self
                .bucket()?
                .calls()
                .create_multipart_upload(&self.key, &headers)
                .await?;
            self.upload = Some(begun);
        }
        let buffer_bytes = self.storage.project().file_buffer_bytes as u64;
        if buffer_bytes <= self.spool().await?.len()? {
            self.flush().await?;
        }
        self.spool().await?.write(content)?;
        Ok(content.len())
    }

    /// Closes the file. One that was written sends the rest and finishes the upload; one open for writing that was not
    /// written makes an empty object where there is none.
    ///
    /// # Errors
    /// What the server refuses; finishing without a single part is refused by S3.
    pub async fn close(&mut self) -> Result<(), DjangoError> {
        if self.has_written {
            self.flush().await?;
            let Some(upload) = &self.upload else {
                return Err(DjangoError::Mode(ModeFault::NothingBegun));
            };
            self.bucket()?
                .calls()
                .complete_multipart_upload(upload, &self.parts, &UploadHeaders::default())
                .await?;
        } else if self.writes() {
            self.create_empty().await?;
        }
        self.spool = None;
        Ok(())
    }

    async fn create_empty(&mut self) -> Result<(), DjangoError> {
        match self.load().await {
            Ok(()) => Ok(()),
            Err(failure) if is_missing(&failure) => {
                let headers = self.headers()?;
                self.bucket()?
                    .calls()
                    .put_object(&self.key, &headers, Bytes::new())
                    .await?;
                Ok(())
            }
            Err(failure) => Err(failure),
        }
    }

    /// Sends what has gathered as the next part.
    async fn flush(&mut self) -> Result<(), DjangoError> {
        let spool = self.spool().await?;
        if spool.len()? == 0 {
            return Ok(());
        }
        let part = Bytes::from(spool.drain()?);
        let number = self.parts.len() as u32 + 1;
        let Some(upload) = &self.upload else {
            return Err(DjangoError::Mode(ModeFault::NothingBegun));
        };
        let tag = self
            .bucket()?
            .calls()
            .upload_part(upload, number, &UploadHeaders::default(), part)
            .await?;
        self.parts.push(tag);
        Ok(())
    }

    /// What writing sends along, checked for what the call takes.
    fn headers(&self) -> Result<UploadHeaders, DjangoError> {
        let parameters = self.storage.upload_parameters(&self.key, None);
        for (name, value) in parameters.iter() {
            check_parameter(name, value)
                .and_then(|()| part_of_multipart(name))
                .map_err(DjangoError::Parameter)?;
        }
        Ok(parameters.headers()?)
    }

    fn bucket(&self) -> Result<&Storage, DjangoError> {
        let storage = self.storage.in_bucket()?;
        not_empty(&self.key)?;
        Ok(storage)
    }

    fn writes(&self) -> bool {
        self.mode.contains('w')
    }

    fn needs_read(&self) -> Result<(), DjangoError> {
        if self.mode.contains('r') {
            Ok(())
        } else {
            Err(DjangoError::Mode(ModeFault::Read))
        }
    }

    async fn load(&mut self) -> Result<(), DjangoError> {
        self.head = Some(self.storage.head(&self.key).await?);
        Ok(())
    }

    fn data(&self, bytes: Vec<u8>) -> Result<Data, DjangoError> {
        if self.mode.contains('b') {
            return Ok(Data::Bytes(bytes));
        }
        String::from_utf8(bytes)
            .map(Data::Text)
            .map_err(|error| DjangoError::NotUtf8 {
                at: error.utf8_error().valid_up_to(),
            })
    }

    /// The temporary file. The first access makes it: empty for writing, the whole object for reading.
    async fn spool(&mut self) -> Result<&mut Spool, DjangoError> {
        if self.spool.is_none() {
            let max = self.storage.config().max_memory_bytes;
            let mut file = temporary(max);
            if self.mode.contains('r') {
                // The length may have changed since the file was opened.
                self.load().await?;
                let head = self.head.clone().unwrap_or_default();
                self.bucket()?
                    .calls()
                    .get_object(&self.key, &head, &mut file)
                    .await?;
                std::io::Seek::seek(&mut file, SeekFrom::Start(0))?;
            }
            self.spool = Some(Spool::Plain(file));
            self.decompress(max).await?;
        }
        self.spool
            .as_mut()
            .ok_or(DjangoError::Gzip(GzipFault::Damaged))
    }

    /// Where the settings say so, an object that says it is compressed is seen decompressed. This asks for the object
    /// in writing too, and so makes writing new ones fail, as there.
    async fn decompress(&mut self, max_memory_bytes: u64) -> Result<(), DjangoError> {
        if !self.storage.config().gzip.on {
            return Ok(());
        }
        if self.head.is_none() {
            self.load().await?;
        }
        let encoding = self.head.as_ref().and_then(|head| head.encoding.as_deref());
        if encoding != Some("gzip") {
            return Ok(());
        }
        if self.mode.contains(['t', 'U']) || self.writes() {
            return Err(DjangoError::Mode(ModeFault::Compressed));
        }
        if let Some(Spool::Plain(packed)) = self.spool.take() {
            self.spool = Some(Spool::Gzip {
                packed,
                plain: None,
                max_memory_bytes,
            });
        }
        Ok(())
    }
}
