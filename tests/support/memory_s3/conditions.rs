//! What a request demands of an object: `If-Match` and its kin, and the range of bytes it is about.

use s3s::dto::{ETagCondition, Range, Timestamp};
use s3s::{S3Result, s3_error};

use super::store::StoredObject;

/// The conditions of a copy on its source.
pub fn check_copy_source(
    source: &StoredObject,
    if_match: Option<&ETagCondition>,
    if_none_match: Option<&ETagCondition>,
) -> S3Result<()> {
    let failed = if_match.is_some_and(|condition| !fits(condition, source))
        || if_none_match.is_some_and(|condition| fits(condition, source));
    if failed {
        return Err(s3_error!(PreconditionFailed));
    }
    Ok(())
}

/// The conditions of a write on what is there now.
pub fn check_write(
    current: Option<&StoredObject>,
    if_match: Option<&ETagCondition>,
    if_none_match: Option<&ETagCondition>,
) -> S3Result<()> {
    if let (Some(condition), Some(object)) = (if_none_match, current)
        && fits(condition, object)
    {
        return Err(s3_error!(
            PreconditionFailed,
            "At least one of the pre-conditions you specified did not hold"
        ));
    }
    match (if_match, current) {
        (Some(_), None) => Err(s3_error!(NoSuchKey)),
        (Some(condition), Some(object)) if !fits(condition, object) => Err(s3_error!(
            PreconditionFailed,
            "At least one of the pre-conditions you specified did not hold"
        )),
        _ => Ok(()),
    }
}

/// The conditions of a read.
pub fn check_read(
    object: &StoredObject,
    if_match: Option<&ETagCondition>,
    if_none_match: Option<&ETagCondition>,
    if_modified_since: Option<&Timestamp>,
    if_unmodified_since: Option<&Timestamp>,
) -> S3Result<()> {
    let modified = Timestamp::from(object.modified);
    match (if_match, if_unmodified_since) {
        (Some(condition), _) if !fits(condition, object) => {
            return Err(s3_error!(PreconditionFailed));
        }
        (None, Some(time)) if modified > *time => return Err(s3_error!(PreconditionFailed)),
        _ => {}
    }
    match (if_none_match, if_modified_since) {
        (Some(condition), _) if fits(condition, object) => Err(s3_error!(NotModified)),
        (None, Some(time)) if modified <= *time => Err(s3_error!(NotModified)),
        _ => Ok(()),
    }
}

fn fits(condition: &ETagCondition, object: &StoredObject) -> bool {
    match condition {
        ETagCondition::Any => true,
        ETagCondition::ETag(etag) => etag.value() == object.etag,
    }
}

/// The bytes that a GET or HEAD is about: `None` for all.
pub fn sent_range(
    object: &StoredObject,
    range: Option<Range>,
    part_number: Option<i32>,
) -> S3Result<Option<std::ops::Range<u64>>> {
    let size = object.bytes.len() as u64;
    if let Some(range) = range {
        let range = range.check(size).map_err(|_| s3_error!(InvalidRange))?;
        return Ok(Some(range));
    }
    let Some(number) = part_number else {
        return Ok(None);
    };
    let before = usize::try_from(number - 1).map_err(|_| s3_error!(InvalidArgument))?;
    if object.part_bytes.is_empty() && number == 1 {
        return Ok((size > 0).then_some(0..size));
    }
    let Some(len) = object.part_bytes.get(before) else {
        return Err(s3_error!(InvalidPart));
    };
    let start: u64 = object.part_bytes[..before].iter().sum();
    Ok(Some(start..start + len))
}
