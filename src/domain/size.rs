//! Sizes in bytes and how people read them.

use std::fmt;

/// A number of bytes. Shown in decimal units as the field does: `4.8 MB`, `1.1 kB`, `412 B`.
#[derive(Clone, Copy, Debug, Default, PartialEq, Eq, PartialOrd, Ord, Hash)]
pub struct ByteSize(pub u64);

impl ByteSize {
    /// The exact number with thousands separated, for tooltips: `4,812,044 bytes`.
    #[must_use]
    pub fn exact(self) -> String {
        format!(
            "{} {}",
            grouped(self.0),
            if self.0 == 1 { "byte" } else { "bytes" }
        )
    }
}

impl fmt::Display for ByteSize {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        const UNITS: [&str; 6] = ["kB", "MB", "GB", "TB", "PB", "EB"];
        if self.0 < 1000 {
            return write!(f, "{} B", self.0);
        }
        let mut value = self.0 as f64 / 1000.0;
        let mut unit = 0;
        // 999.95 would be rounded up to "1000.0".
        while value >= 999.95 && unit + 1 < UNITS.len() {
            value /= 1000.0;
            unit += 1;
        }
        write!(f, "{value:.1} {}", UNITS[unit])
    }
}

/// A count with thousands separated: `412,380`.
#[must_use]
pub fn grouped(count: u64) -> String {
    let digits = count.to_string();
    let mut text = String::with_capacity(digits.len() + digits.len() / 3);
    for (index, digit) in digits.char_indices() {
        if index > 0 && (digits.len() - index).is_multiple_of(3) {
            text.push(',');
        }
        text.push(digit);
    }
    text
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn sizes_read_as_people_write_them() {
        for (bytes, text) in [
            (0, "0 B"),
            (412, "412 B"),
            (999, "999 B"),
            (1_100, "1.1 kB"),
            (999_949, "999.9 kB"),
            (999_960, "1.0 MB"),
            (4_812_044, "4.8 MB"),
            (u64::MAX, "18.4 EB"),
        ] {
            assert_eq!(ByteSize(bytes).to_string(), text);
        }
        assert_eq!(ByteSize(4_812_044).exact(), "4,812,044 bytes");
        assert_eq!(grouped(1_000), "1,000");
    }
}
