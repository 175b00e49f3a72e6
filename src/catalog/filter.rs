//! The filter field's grammar.
//!
//! ```text
//! holiday 2026        both words in the name, upper or lower case alike
//! "summer holiday"    the text between the quotes, with its spaces
//! -draft              names without it; a minus turns round every condition below as well
//! *.jpg  img_??.*     the whole name; * stands for any text, ? for one character
//! size>10mb           also >= < <= =; b, k, m, g, t (kb, mb: thousands as shown, kib, mib: 1024)
//! modified>=2026-01   also > < <= =; a year, month, day, or minute (2026-01-31T14:00) of the local calendar
//! class:glacier       storage classes with that text; an unnamed class is STANDARD
//! kind:folder         or kind:file
//! ```
//!
//! `modified>2026-01` begins where that month ends, `modified<2026-01` ends where it begins. Conditions on size, time and
//! class hold for no folder, also turned round. Nothing anyone types is an error: a condition without its value yet
//! holds for all rows, and what is no condition is a word.

use std::ops::RangeInclusive;

use jiff::civil;
use jiff::tz::TimeZone;

use super::glob::Glob;
use super::needle::Needle;
use super::row::RowKind;

/// What rows must fulfil to be shown. The default holds for all.
#[derive(Clone, Debug, Default, PartialEq)]
pub struct Filter {
    pub(super) terms: Vec<Term>,
}

/// One condition.
#[derive(Clone, Debug, PartialEq)]
pub(super) struct Term {
    pub(super) negated: bool,
    pub(super) test: Test,
}

/// What is asked of a row.
#[derive(Clone, Debug, PartialEq)]
pub(super) enum Test {
    Word(Needle),
    Glob(Glob),
    Size(RangeInclusive<u64>),
    /// Seconds since 1970.
    Modified(RangeInclusive<i64>),
    /// Lower case.
    Class(String),
    Kind(RowKind),
}

impl Filter {
    /// Reads what was typed. Dates are days of `zone`. Never fails.
    #[must_use]
    pub fn parse(text: &str, zone: &TimeZone) -> Self {
        Self {
            terms: words(text)
                .iter()
                .filter_map(|word| word.term(zone))
                .collect(),
        }
    }

    /// True when every row is shown.
    #[must_use]
    pub fn is_empty(&self) -> bool {
        self.terms.is_empty()
    }
}

/// A piece of the text between spaces.
#[derive(Debug, Default, PartialEq)]
struct Word {
    negated: bool,
    text: String,
    /// Bytes of `text` before the first quote; all when there was none.
    plain: Option<usize>,
}

fn words(text: &str) -> Vec<Word> {
    let mut words = Vec::new();
    let mut word = Word::default();
    let mut quoted = false;
    for char in text.chars() {
        let begins = word.text.is_empty() && word.plain.is_none() && !word.negated;
        match char {
            '"' => {
                quoted = !quoted;
                word.plain.get_or_insert(word.text.len());
            }
            _ if quoted => word.text.push(char),
            '-' if begins => word.negated = true,
            _ if char.is_whitespace() => words.push(std::mem::take(&mut word)),
            _ => word.text.push(char),
        }
    }
    words.push(word);
    words.retain(|word| word.negated || !word.text.is_empty());
    words
}

impl Word {
    fn term(&self, zone: &TimeZone) -> Option<Term> {
        if self.text.is_empty() {
            // A lone minus, while someone begins to exclude.
            return None;
        }
        let plain = self.plain.unwrap_or(self.text.len());
        let test = match self.condition(plain, zone) {
            Some(Condition::Holds(test)) => test,
            Some(Condition::Unfinished) => return None,
            None if self.plain.is_none() && Glob::is_pattern(&self.text) => {
                Test::Glob(Glob::new(&self.text))
            }
            None => Test::Word(Needle::new(&self.text)),
        };
        Some(Term {
            negated: self.negated,
            test,
        })
    }

    fn condition(&self, plain: usize, zone: &TimeZone) -> Option<Condition> {
        let sign = self
            .text
            .find(['<', '>', '=', ':'])
            .filter(|at| *at < plain)?;
        let (field, rest) = self.text.split_at(sign);
        let (sign, value) = [">=", "<=", ">", "<", "=", ":"]
            .iter()
            .find_map(|sign| Some((*sign, rest.strip_prefix(sign)?)))?;
        let equals = matches!(sign, "=" | ":");
        let known = match field.to_ascii_lowercase().as_str() {
            "size" | "modified" => true,
            "class" | "kind" => equals,
            _ => false,
        };
        if !known {
            return None;
        }
        if value.is_empty() {
            return Some(Condition::Unfinished);
        }
        let test = match field.to_ascii_lowercase().as_str() {
            "size" => Test::Size(size_range(sign, value)?),
            "modified" => Test::Modified(time_range(sign, value, zone)?),
            "class" => Test::Class(value.to_lowercase()),
            _ => match value.to_lowercase().as_str() {
                "folder" | "folders" | "dir" => Test::Kind(RowKind::Folder),
                "file" | "files" | "object" | "objects" => Test::Kind(RowKind::Object),
                // On the way to one of the above.
                _ => return Some(Condition::Unfinished),
            },
        };
        Some(Condition::Holds(test))
    }
}

enum Condition {
    Holds(Test),
    Unfinished,
}

/// An empty range, which holds for nothing.
#[expect(
    clippy::reversed_empty_ranges,
    reason = "a range without a value is what is meant"
)]
const NO_SIZE: RangeInclusive<u64> = 1..=0;

fn size_range(sign: &str, value: &str) -> Option<RangeInclusive<u64>> {
    let bytes = size(value)?;
    Some(match sign {
        ">" => bytes
            .checked_add(1)
            .map_or(NO_SIZE, |least| least..=u64::MAX),
        ">=" => bytes..=u64::MAX,
        "<" => bytes.checked_sub(1).map_or(NO_SIZE, |most| 0..=most),
        "<=" => 0..=bytes,
        _ => bytes..=bytes,
    })
}

/// Bytes of `10mb`, `1.5 GiB`, `412`.
fn size(text: &str) -> Option<u64> {
    let digits = text
        .find(|char: char| !char.is_ascii_digit() && char != '.')
        .unwrap_or(text.len());
    let (number, unit) = text.split_at(digits);
    let factor: u64 = match unit.to_ascii_lowercase().as_str() {
        "" | "b" => 1,
        "k" | "kb" => 1_000,
        "m" | "mb" => 1_000_000,
        "g" | "gb" => 1_000_000_000,
        "t" | "tb" => 1_000_000_000_000,
        "ki" | "kib" => 1 << 10,
        "mi" | "mib" => 1 << 20,
        "gi" | "gib" => 1 << 30,
        "ti" | "tib" => 1 << 40,
        _ => return None,
    };
    if let Ok(whole) = number.parse::<u64>() {
        return Some(whole.saturating_mul(factor));
    }
    let number: f64 = number.parse().ok()?;
    Some((number * factor as f64).round() as u64)
}

fn time_range(sign: &str, value: &str, zone: &TimeZone) -> Option<RangeInclusive<i64>> {
    let (start, end) = span(value, zone)?;
    Some(match sign {
        ">" => end..=i64::MAX,
        ">=" => start..=i64::MAX,
        "<" => i64::MIN..=start - 1,
        "<=" => i64::MIN..=end - 1,
        _ => start..=end - 1,
    })
}

/// First second of a year, month, day or minute and the first one after it.
fn span(text: &str, zone: &TimeZone) -> Option<(i64, i64)> {
    let seconds = |at: civil::DateTime| {
        let zoned = at.to_zoned(zone.clone()).ok()?;
        Some(zoned.timestamp().as_second())
    };
    if let Some((date, time)) = text.split_once(['T', 't']) {
        let (hour, minute) = time.split_once(':')?;
        let hour: i8 = hour.parse().ok()?;
        let minute: i8 = minute.parse().ok()?;
        let time = civil::Time::new(hour, minute, 0, 0).ok()?;
        let start = seconds(days(date)?.0.to_datetime(time))?;
        return Some((start, start + 60));
    }
    let (first, after) = days(text)?;
    let midnight = civil::Time::midnight();
    Some((
        seconds(first.to_datetime(midnight))?,
        seconds(after.to_datetime(midnight))?,
    ))
}

/// First day of a year, month or day and the first one after it.
fn days(text: &str) -> Option<(civil::Date, civil::Date)> {
    let mut parts = text.split('-');
    let year = parts.next().filter(|year| year.len() == 4)?.parse().ok()?;
    let month = parts.next().map(str::parse::<i8>).transpose().ok()?;
    let day = parts.next().map(str::parse::<i8>).transpose().ok()?;
    if parts.next().is_some() {
        return None;
    }
    let first = civil::Date::new(year, month.unwrap_or(1), day.unwrap_or(1)).ok()?;
    let length = match (month, day) {
        (None, _) => jiff::Span::new().years(1),
        (_, None) => jiff::Span::new().months(1),
        _ => jiff::Span::new().days(1),
    };
    Some((first, first.checked_add(length).ok()?))
}

#[cfg(test)]
mod tests {
    use super::*;

    fn tests(text: &str) -> Vec<(bool, Test)> {
        Filter::parse(text, &TimeZone::UTC)
            .terms
            .into_iter()
            .map(|term| (term.negated, term.test))
            .collect()
    }

    fn word(text: &str) -> Test {
        Test::Word(Needle::new(text))
    }

    #[test]
    fn words_quotes_and_minus() {
        assert_eq!(
            tests(" Summer -\"old one\" \"-x\" a-b \"*.jpg\" - \"\" -"),
            [
                (false, word("summer")),
                (true, word("old one")),
                (false, word("-x")),
                (false, word("a-b")),
                (false, word("*.jpg")),
            ]
        );
        assert_eq!(tests("\"unclosed text"), [(false, word("unclosed text"))]);
        assert_eq!(tests("-*.JPG"), [(true, Test::Glob(Glob::new("*.jpg")))]);
    }

    #[test]
    fn sizes() {
        assert_eq!(
            tests("size>10mb"),
            [(false, Test::Size(10_000_001..=u64::MAX))]
        );
        assert_eq!(tests("Size<1K"), [(false, Test::Size(0..=999))]);
        assert_eq!(tests("size<=1.5KiB"), [(false, Test::Size(0..=1536))]);
        assert_eq!(tests("size:0"), [(false, Test::Size(0..=0))]);
        assert_eq!(tests("size<0"), [(false, Test::Size(NO_SIZE))]);
        assert_eq!(tests("size>"), []);
        assert_eq!(tests("size>x"), [(false, word("size>x"))]);
        assert_eq!(tests("\"size>1\""), [(false, word("size>1"))]);
    }

    #[test]
    fn dates_are_spans_of_the_local_calendar() {
        let day = 86_400;
        // 2026-01-01 is day 20,454.
        let new_year = 20_454 * day;
        assert_eq!(
            tests("modified>2026-01-01"),
            [(false, Test::Modified(new_year + day..=i64::MAX))]
        );
        assert_eq!(
            tests("modified=2026-01"),
            [(false, Test::Modified(new_year..=new_year + 31 * day - 1))]
        );
        assert_eq!(
            tests("modified<2026"),
            [(false, Test::Modified(i64::MIN..=new_year - 1))]
        );
        assert_eq!(
            tests("modified:2026-01-01T14:02"),
            [(false, Test::Modified(new_year + 50_520..=new_year + 50_579))]
        );
        let zone = TimeZone::fixed(jiff::tz::offset(2));
        let filter = Filter::parse("modified>=2026-01-01", &zone);
        assert_eq!(
            filter.terms[0].test,
            Test::Modified(new_year - 7200..=i64::MAX)
        );
        assert_eq!(
            tests("modified>2026-13"),
            [(false, word("modified>2026-13"))]
        );
    }

    #[test]
    fn classes_and_kinds() {
        assert_eq!(
            tests("class:Glacier"),
            [(false, Test::Class("glacier".into()))]
        );
        assert_eq!(tests("class:"), []);
        assert_eq!(tests("-kind:folder"), [(true, Test::Kind(RowKind::Folder))]);
        assert_eq!(tests("kind:fol"), []);
        assert_eq!(tests("http://x"), [(false, word("http://x"))]);
    }
}
