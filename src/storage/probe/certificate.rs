//! The end of a certificate's life, read out of its DER: the one field that the TLS library does not tell.
//!
//! `Certificate { tbs { [0] version, serial, algorithm, issuer, validity { from, to } ... } }`, RFC 5280, 4.1.

use crate::domain::Timestamp;

const SEQUENCE: u8 = 0x30;
const VERSION: u8 = 0xa0;
const UTC_TIME: u8 = 0x17;
const GENERALIZED_TIME: u8 = 0x18;

/// When a certificate ends; `None` when it is none.
pub(super) fn not_after(der: &[u8]) -> Option<Timestamp> {
    let (certificate, _) = expect(der, SEQUENCE)?;
    let (mut fields, _) = expect(certificate, SEQUENCE)?;
    if fields.first() == Some(&VERSION) {
        fields = element(fields)?.2;
    }
    // Serial number, algorithm, issuer.
    for _ in 0..3 {
        fields = element(fields)?.2;
    }
    let (validity, _) = expect(fields, SEQUENCE)?;
    let (_, _, to) = element(validity)?;
    let (tag, time, _) = element(to)?;
    time_of(tag, std::str::from_utf8(time).ok()?)
}

/// Tag, content and what follows of the first element.
fn element(der: &[u8]) -> Option<(u8, &[u8], &[u8])> {
    let (tag, rest) = der.split_first()?;
    let (first, rest) = rest.split_first()?;
    let (length, rest) = if *first < 0x80 {
        (usize::from(*first), rest)
    } else {
        let count = usize::from(*first & 0x7f);
        if count == 0 || count > 4 {
            return None;
        }
        let (bytes, rest) = rest.split_at_checked(count)?;
        let length = bytes
            .iter()
            .fold(0, |sum, byte| sum << 8 | usize::from(*byte));
        (length, rest)
    };
    let (content, rest) = rest.split_at_checked(length)?;
    Some((*tag, content, rest))
}

fn expect(der: &[u8], tag: u8) -> Option<(&[u8], &[u8])> {
    let (found, content, rest) = element(der)?;
    (found == tag).then_some((content, rest))
}

/// `YYMMDDhhmmssZ` up to 2049, `YYYYMMDDhhmmssZ` from then on.
fn time_of(tag: u8, text: &str) -> Option<Timestamp> {
    let whole = match tag {
        UTC_TIME => {
            let century = if text.get(..2)? < "50" { "20" } else { "19" };
            format!("{century}{text}")
        }
        GENERALIZED_TIME => text.to_owned(),
        _ => return None,
    };
    let time = jiff::civil::DateTime::strptime("%Y%m%d%H%M%SZ", whole).ok()?;
    let time = time.to_zoned(jiff::tz::TimeZone::UTC).ok()?;
    Some(Timestamp(time.timestamp().as_second()))
}

#[cfg(test)]
mod tests {
    use super::*;

    /// An element with a short or a long length.
    fn der(tag: u8, content: &[u8]) -> Vec<u8> {
        let mut out = vec![tag];
        match content.len() {
            short @ 0..0x80 => out.push(short as u8),
            long => out.extend([0x82, (long >> 8) as u8, long as u8]),
        }
        out.extend(content);
        out
    }

    fn certificate(version: bool, to: &[u8]) -> Vec<u8> {
        let validity = [der(UTC_TIME, b"250101000000Z"), to.to_vec()].concat();
        let mut fields = Vec::new();
        if version {
            fields.extend(der(VERSION, &[2, 1, 2]));
        }
        fields.extend(der(2, &[7]));
        fields.extend(der(SEQUENCE, &[0; 9]));
        fields.extend(der(SEQUENCE, &[0; 300]));
        fields.extend(der(SEQUENCE, &validity));
        fields.extend(der(SEQUENCE, &[0; 20]));
        der(SEQUENCE, &[der(SEQUENCE, &fields), vec![1, 2, 3]].concat())
    }

    #[test]
    fn the_end_is_read_in_both_forms_of_time() {
        let soon = certificate(true, &der(UTC_TIME, b"270304050607Z"));
        assert_eq!(not_after(&soon), Some(Timestamp(1_804_136_767)));
        let late = certificate(false, &der(GENERALIZED_TIME, b"20500101000000Z"));
        assert_eq!(not_after(&late), Some(Timestamp(2_524_608_000)));
        for cut in 0..soon.len() {
            assert_eq!(not_after(&soon[..cut]), None, "cut at {cut}");
        }
        assert_eq!(not_after(b"not DER at all"), None);
    }
}
