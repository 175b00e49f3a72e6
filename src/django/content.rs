//! What can be saved: bytes, text, a file, or a stream that cannot be read twice.

use std::fs::File;
use std::io::{Cursor, Read, Seek, SeekFrom};

use bytes::Bytes;

use super::failure::DjangoError;

/// Content to save, with what it says about itself.
#[derive(Debug)]
pub struct Content {
    body: Body,
    /// Its own content type, which comes before the guess from the name.
    pub content_type: Option<String>,
    /// Its own name, for saving without one.
    pub name: Option<String>,
}

enum Body {
    Bytes(Bytes),
    Text(String),
    File(File),
    Stream(Box<dyn Read + Send>),
}

impl std::fmt::Debug for Body {
    fn fmt(&self, f: &mut std::fmt::Formatter<'_>) -> std::fmt::Result {
        match self {
            Self::Bytes(bytes) => write!(f, "{} bytes", bytes.len()),
            Self::Text(text) => write!(f, "{} bytes of text", text.len()),
            Self::File(file) => file.fmt(f),
            Self::Stream(_) => f.write_str("stream"),
        }
    }
}

impl Content {
    /// Bytes.
    pub fn bytes(bytes: impl Into<Bytes>) -> Self {
        Self::of(Body::Bytes(bytes.into()))
    }

    /// Text, which can only be saved compressed: django-storages 1.13 makes bytes of it then.
    pub fn text(text: impl Into<String>) -> Self {
        Self::of(Body::Text(text.into()))
    }

    /// A file; all of it is saved, wherever it stands.
    #[must_use]
    pub const fn file(file: File) -> Self {
        Self::of(Body::File(file))
    }

    /// A stream; what is left of it is saved.
    pub fn stream(stream: impl Read + Send + 'static) -> Self {
        Self::of(Body::Stream(Box::new(stream)))
    }

    /// The same with a content type of its own.
    #[must_use]
    pub fn with_content_type(mut self, content_type: Option<String>) -> Self {
        self.content_type = content_type;
        self
    }

    /// The same with a name of its own.
    #[must_use]
    pub fn with_name(mut self, name: Option<String>) -> Self {
        self.name = name;
        self
    }

    const fn of(body: Body) -> Self {
        Self {
            body,
            content_type: None,
            name: None,
        }
    }

    /// True for text.
    pub(super) const fn is_text(&self) -> bool {
        matches!(self.body, Body::Text(_))
    }

    /// Its bytes from the beginning, or from where a stream stands.
    pub(super) fn reader(self) -> Result<Box<dyn Read + Send>, DjangoError> {
        Ok(match self.body {
            Body::Bytes(bytes) => Box::new(Cursor::new(bytes)),
            Body::Text(text) => Box::new(Cursor::new(text.into_bytes())),
            Body::File(mut file) => {
                file.seek(SeekFrom::Start(0))?;
                Box::new(file)
            }
            Body::Stream(stream) => stream,
        })
    }
}
