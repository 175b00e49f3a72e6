//! What a request demands of an object: `If-Match` and its kin, and which of its bytes it is about.

use s3s::dto::{CopySource, ETagCondition, Range, Timestamp};
use s3s::{S3Error, S3Result, s3_error};

use super::record::Record;

/// The conditions of a write on what is there now.
pub(super) fn check_write(
    current: Option<&Record>,
    if_match: Option<&ETagCondition>,
    if_none_match: Option<&ETagCondition>,
) -> S3Result<()> {
    if let (Some(condition), Some(record)) = (if_none_match, current)
        && fits(condition, record)
    {
        return Err(failed());
    }
    match (if_match, current) {
        (Some(_), None) => Err(s3_error!(NoSuchKey)),
        (Some(condition), Some(record)) if !fits(condition, record) => Err(failed()),
        _ => Ok(()),
    }
}

/// The conditions of a read. Those on the ETag outweigh those on the time (RFC 9110, 13.2.2).
pub(super) fn check_read(
    record: &Record,
    if_match: Option<&ETagCondition>,
    if_none_match: Option<&ETagCondition>,
    if_modified_since: Option<&Timestamp>,
    if_unmodified_since: Option<&Timestamp>,
) -> S3Result<()> {
    // Such headers know whole seconds only.
    let secs = std::time::Duration::from_secs(record.modified_ns / 1_000_000_000);
    let modified = Timestamp::from(std::time::UNIX_EPOCH + secs);
    match (if_match, if_unmodified_since) {
        (Some(condition), _) if !fits(condition, record) => return Err(failed()),
        (None, Some(time)) if modified > *time => return Err(failed()),
        _ => {}
    }
    match (if_none_match, if_modified_since) {
        (Some(condition), _) if fits(condition, record) => Err(s3_error!(NotModified)),
        (None, Some(time)) if modified <= *time => Err(s3_error!(NotModified)),
        _ => Ok(()),
    }
}

/// The conditions of a copy on its source.
pub(super) fn check_source(
    record: &Record,
    if_match: Option<&ETagCondition>,
    if_none_match: Option<&ETagCondition>,
) -> S3Result<()> {
    let broken = if_match.is_some_and(|condition| !fits(condition, record))
        || if_none_match.is_some_and(|condition| fits(condition, record));
    if broken { Err(failed()) } else { Ok(()) }
}

/// Bucket and key of a copy source.
pub(super) fn source_of(source: &CopySource) -> S3Result<(&str, &str)> {
    match source {
        CopySource::Bucket { bucket, key, .. } => Ok((bucket, key)),
        _ => Err(s3_error!(NotImplemented)),
    }
}

/// The bytes that a GET or HEAD is about; `None` for all.
pub(super) fn sent_range(
    record: &Record,
    range: Option<Range>,
    part_number: Option<i32>,
) -> S3Result<Option<std::ops::Range<u64>>> {
    if let Some(range) = range {
        let range = range.check(record.bytes);
        return range.map(Some).map_err(|_| s3_error!(InvalidRange));
    }
    let Some(number) = part_number else {
        return Ok(None);
    };
    if record.part_bytes.is_empty() && number == 1 {
        return Ok((record.bytes > 0).then_some(0..record.bytes));
    }
    let before = usize::try_from(number - 1).map_err(|_| s3_error!(InvalidArgument))?;
    let len = record.part_bytes.get(before);
    let len = len.ok_or_else(|| s3_error!(InvalidRange, "There is no part of this number"))?;
    let start: u64 = record.part_bytes[..before].iter().sum();
    Ok(Some(start..start + len))
}

/// `Content-Range` of such an answer.
pub(super) fn content_range(range: &std::ops::Range<u64>, bytes: u64) -> String {
    format!("bytes {}-{}/{bytes}", range.start, range.end - 1)
}

fn fits(condition: &ETagCondition, record: &Record) -> bool {
    match condition {
        ETagCondition::Any => true,
        ETagCondition::ETag(etag) => etag.value() == record.etag,
    }
}

fn failed() -> S3Error {
    s3_error!(
        PreconditionFailed,
        "At least one of the pre-conditions you specified did not hold"
    )
}
