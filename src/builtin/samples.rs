//! The sample objects that a new built-in bucket begins with.
//!
//! They are put there once for each data folder and remembered by a mark, so that deleted samples do not come back.

use std::io::{self, Write};

use super::digest::{Digest, Sums, hex};
use super::folder::Folder;
use super::record::{Attributes, Record};

/// Key, content type, bytes.
const SAMPLES: &[(&str, &str, &[u8])] = &[
    (
        "read me first.txt",
        "text/plain; charset=utf-8",
        include_bytes!("../../assets/samples/read me first.txt"),
    ),
    (
        "lisez-moi, été.md",
        "text/markdown; charset=utf-8",
        include_bytes!("../../assets/samples/lisez-moi, été.md"),
    ),
    (
        "harbour at dawn.jpg",
        "image/jpeg",
        include_bytes!("../../assets/samples/harbour at dawn.jpg"),
    ),
    (
        "photos/lighthouse.png",
        "image/png",
        include_bytes!("../../assets/samples/photos/lighthouse.png"),
    ),
    (
        "photos/night.jpg",
        "image/jpeg",
        include_bytes!("../../assets/samples/photos/night.jpg"),
    ),
    (
        "photos/noon, été.jpg",
        "image/jpeg",
        include_bytes!("../../assets/samples/photos/noon, été.jpg"),
    ),
];

/// Puts the samples into a folder that never had them. A key that is taken keeps what it has.
pub(super) fn put_once(folder: &Folder) -> io::Result<()> {
    let lock = folder.lock()?;
    if folder.is_seeded() {
        return Ok(());
    }
    for (key, content_type, bytes) in SAMPLES {
        if folder.describe(key)?.is_some() {
            continue;
        }
        let mut digest = Digest::new(false);
        digest.update(bytes);
        let (md5, sums) = digest.finish();
        let record = Record {
            etag: hex(&md5),
            attributes: Attributes {
                content_type: Some((*content_type).to_owned()),
                ..Attributes::default()
            },
            sums: Sums {
                checksum_crc64nvme: sums.checksum_crc64nvme,
                ..Sums::default()
            },
            ..Record::default()
        };
        let (draft, mut file) = folder.draft()?;
        file.write_all(bytes)?;
        drop(file);
        folder.place(&lock, &draft, key, record)?;
    }
    // Last, so that a start that was cut short is made up for by the next.
    folder.mark_seeded(&lock)
}
