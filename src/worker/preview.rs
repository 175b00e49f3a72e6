//! The beginning of an object, read by ranges and made small enough to show.

use std::io::Cursor;
use std::sync::Arc;

use image::ImageReader;

use crate::domain::{ErrorKind, ObjectDetails, Operation, PreviewKind, StorageError, Ticket};
use crate::settings::ConnectionId;

use super::hub::{Cancellable, Hub};
use super::messages::{Event, Preview};

/// Bytes of a text that are read.
const TEXT_BYTES: u64 = 16 << 10;
/// Most pixels of a side that a decoder may allocate for.
const LARGEST_SIDE: u32 = 16_384;
/// Twice the inspector's preview, for screens with two pixels a point.
const SHOWN: [u32; 2] = [1120, 704];

pub(super) async fn load(
    hub: &Arc<Hub>,
    ticket: Ticket,
    id: &ConnectionId,
    bucket: &str,
    details: &ObjectDetails,
    cancel: &Cancellable,
) {
    let result = tokio::select! {
        () = cancel.token.cancelled() => Err(StorageError::cancelled(Operation::Get, details.key.as_str())),
        result = read(hub, id, bucket, details) => result,
    };
    hub.tell(Event::PreviewLoaded { ticket, result }).await;
}

async fn read(
    hub: &Hub,
    id: &ConnectionId,
    bucket: &str,
    details: &ObjectDetails,
) -> Result<Preview, StorageError> {
    let storage = hub.storage(id, bucket)?;
    let picture = PreviewKind::of(details) == PreviewKind::Image;
    let end = if picture {
        details.size
    } else {
        details.size.min(TEXT_BYTES)
    };
    let bytes = storage.read_range(&details.key, 0..end).await?;
    if !picture {
        return Ok(text(&bytes, details.size > end));
    }
    hub.blocking(move || picture_of(&bytes))
        .await
        .unwrap_or_else(|| Err("the picture could not be decoded".to_owned()))
        .map_err(|reason| {
            StorageError::new(Operation::Get, ErrorKind::Corrupt, details.key.as_str())
                .with_message(reason)
        })
}

/// The text as far as it is one: a character cut in two at the end is left out, a binary file is not shown.
fn text(bytes: &[u8], cut: bool) -> Preview {
    let valid = match std::str::from_utf8(bytes) {
        Ok(text) => text,
        Err(error) if cut && error.valid_up_to() + 4 > bytes.len() => {
            std::str::from_utf8(&bytes[..error.valid_up_to()]).unwrap_or_default()
        }
        Err(_) => return Preview::None,
    };
    if valid.contains('\0') {
        return Preview::None;
    }
    Preview::Text {
        text: valid.to_owned(),
        cut,
    }
}

fn picture_of(bytes: &[u8]) -> Result<Preview, String> {
    let mut reader = ImageReader::new(Cursor::new(bytes))
        .with_guessed_format()
        .map_err(|error| error.to_string())?;
    let mut limits = image::Limits::default();
    limits.max_image_width = Some(LARGEST_SIDE);
    limits.max_image_height = Some(LARGEST_SIDE);
    limits.max_alloc = Some(512 << 20);
    reader.limits(limits);
    let picture = reader.decode().map_err(|error| error.to_string())?;
    let original = [picture.width(), picture.height()];
    let small = if original[0] > SHOWN[0] || original[1] > SHOWN[1] {
        picture.thumbnail(SHOWN[0], SHOWN[1])
    } else {
        picture
    }
    .into_rgba8();
    let size = [small.width() as usize, small.height() as usize];
    Ok(Preview::Image {
        original,
        size,
        rgba: small.into_raw().into(),
    })
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn a_cut_character_is_left_out_and_binary_is_not_text() {
        let bytes = "naïve café".as_bytes();
        let Preview::Text { text: shown, cut } = text(&bytes[..bytes.len() - 1], true) else {
            panic!("text expected");
        };
        assert_eq!((shown.as_str(), cut), ("naïve caf", true));
        assert_eq!(text(&[0x89, b'P', 0, 0xff], false), Preview::None);
        assert_eq!(text(b"a\0b", false), Preview::None);
    }

    #[test]
    fn a_large_picture_becomes_small_and_a_broken_one_says_so() {
        let mut bytes = Vec::new();
        let picture = image::RgbImage::from_pixel(2000, 100, image::Rgb([9, 99, 199]));
        picture
            .write_to(&mut Cursor::new(&mut bytes), image::ImageFormat::Png)
            .unwrap();
        let Ok(Preview::Image {
            original,
            size,
            rgba,
        }) = picture_of(&bytes)
        else {
            panic!("picture expected");
        };
        assert_eq!((original, size), ([2000, 100], [1120, 56]));
        assert_eq!(rgba.len(), 1120 * 56 * 4);
        assert!(picture_of(&bytes[..bytes.len() / 2]).is_err());
    }
}
