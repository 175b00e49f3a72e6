//! Spreads a long secret over several entries, because a keyring may take no more than 2,560 bytes in one.
//!
//! Each entry begins with a line `COUNT TAG`: how many entries there are, and a random mark that all of them share.
//! The first entry is written last, so that a write that was cut off leaves the old value or a visible mismatch,
//! never a mixture.

use zeroize::Zeroizing;

use super::{EntryName, SecretBytes, SecretStore, StoreFault};

/// Bytes of the secret in one entry; the rest is for the line in front.
const PART_BYTES: usize = 2_400;
/// More parts than this are not ours: a secret of 150 kB.
const MOST_PARTS: usize = 64;

/// Reads a secret.
///
/// # Errors
/// What is in the way, or [`StoreFault::Damaged`] when the parts do not belong together.
pub(super) fn get<S: SecretStore>(
    store: &mut S,
    entry: &EntryName,
) -> Result<Option<SecretBytes>, StoreFault> {
    let Some(first) = store.get(entry)? else {
        return Ok(None);
    };
    let (count, tag, body) = opened(&first)?;
    let mut whole = Zeroizing::new(Vec::with_capacity(count * PART_BYTES));
    whole.extend_from_slice(body);
    for number in 2..=count {
        let part = store.get(&entry.part(number))?.ok_or(StoreFault::Damaged)?;
        let (its_count, its_tag, body) = opened(&part)?;
        if (its_count, its_tag) != (count, tag) {
            return Err(StoreFault::Damaged);
        }
        whole.extend_from_slice(body);
    }
    Ok(Some(whole))
}

/// Writes a secret.
///
/// # Errors
/// What is in the way.
pub(super) fn set<S: SecretStore>(
    store: &mut S,
    entry: &EntryName,
    secret: &[u8],
) -> Result<(), StoreFault> {
    let parts: Vec<&[u8]> = if secret.is_empty() {
        vec![&[]]
    } else {
        secret.chunks(PART_BYTES).collect()
    };
    if parts.len() > MOST_PARTS {
        return Err(StoreFault::NotAnswering);
    }
    let before = parts_of(store, entry);
    let mut random = [0_u8; 4];
    if getrandom::fill(&mut random).is_err() {
        random = std::process::id().to_le_bytes();
    }
    let head = format!("{} {:08x}\n", parts.len(), u32::from_le_bytes(random));
    for (index, part) in parts.iter().enumerate().rev() {
        let mut bytes = Zeroizing::new(Vec::with_capacity(head.len() + part.len()));
        bytes.extend_from_slice(head.as_bytes());
        bytes.extend_from_slice(part);
        let name = if index == 0 {
            entry.clone()
        } else {
            entry.part(index + 1)
        };
        store.set(&name, &bytes)?;
    }
    for number in parts.len() + 1..=before {
        store.delete(&entry.part(number))?;
    }
    Ok(())
}

/// Deletes a secret and all its parts.
///
/// # Errors
/// What is in the way.
pub(super) fn delete<S: SecretStore>(store: &mut S, entry: &EntryName) -> Result<(), StoreFault> {
    let before = parts_of(store, entry);
    store.delete(entry)?;
    for number in 2..=before {
        store.delete(&entry.part(number))?;
    }
    Ok(())
}

fn parts_of<S: SecretStore>(store: &mut S, entry: &EntryName) -> usize {
    let first = store.get(entry).ok().flatten();
    first
        .and_then(|first| opened(&first).ok().map(|(count, ..)| count))
        .unwrap_or(0)
}

/// Count, mark and body of an entry.
fn opened(bytes: &[u8]) -> Result<(usize, &[u8], &[u8]), StoreFault> {
    let opened = || {
        let end = bytes.iter().take(16).position(|byte| *byte == b'\n')?;
        let blank = bytes[..end].iter().position(|byte| *byte == b' ')?;
        let count = std::str::from_utf8(&bytes[..blank]).ok()?.parse().ok()?;
        (1..=MOST_PARTS).contains(&count).then_some((
            count,
            &bytes[blank + 1..end],
            &bytes[end + 1..],
        ))
    };
    opened().ok_or(StoreFault::Damaged)
}

#[cfg(test)]
mod tests {
    use super::super::MemorySecrets;
    use super::*;
    use crate::settings::{ConnectionId, OptionId, SecretSlot};

    fn entry() -> EntryName {
        EntryName::new(
            &ConnectionId::random(),
            &SecretSlot::Option(OptionId::CloudFrontKey),
        )
    }

    #[test]
    fn secrets_of_any_length_come_back_and_leave_nothing() {
        let mut store = MemorySecrets::default();
        let entry = entry();
        for length in [0, 1, PART_BYTES, PART_BYTES + 1, 10_000, 5_000, 3] {
            let secret: Vec<u8> = (0..length).map(|index| (index % 251) as u8).collect();
            set(&mut store, &entry, &secret).expect("set");
            assert_eq!(
                get(&mut store, &entry)
                    .expect("get")
                    .expect("some")
                    .as_slice(),
                secret
            );
            assert_eq!(
                store.0.len(),
                length.div_ceil(PART_BYTES).max(1),
                "{length}"
            );
        }
        set(&mut store, &entry, &[7; 6_000]).expect("set");
        delete(&mut store, &entry).expect("delete");
        assert!(store.0.is_empty());
        assert_eq!(get(&mut store, &entry), Ok(None));
    }

    #[test]
    fn a_cut_off_write_is_seen() {
        let mut store = MemorySecrets::default();
        let entry = entry();
        set(&mut store, &entry, &[1; 6_000]).expect("set");
        let part = entry.part(3);
        let mut cut = store.0[&part].to_vec();
        cut[3] ^= 1;
        store.set(&part, &cut).expect("set");
        assert_eq!(get(&mut store, &entry), Err(StoreFault::Damaged));
        store.delete(&part).expect("delete");
        assert_eq!(get(&mut store, &entry), Err(StoreFault::Damaged));
        store.set(&entry, b"from elsewhere").expect("set");
        assert_eq!(get(&mut store, &entry), Err(StoreFault::Damaged));
    }
}
