//! Listings: version 1 and 2, with delimiter, start, token and page size as Amazon counts them.

use std::ops::ControlFlow;

use base64::Engine as _;
use base64::engine::general_purpose::URL_SAFE_NO_PAD;
use s3s::dto::*;
use s3s::{S3Request, S3Result, s3_error};

use super::calls::Calls;
use super::failure::disk;
use super::folder::Folder;
use super::walk::{Met, Walk};

/// Most entries on a page.
const PAGE: usize = 1000;

/// Where a page begins.
#[derive(Clone, Debug, PartialEq)]
enum After {
    /// At the first key.
    Start,
    /// After this key.
    Key(String),
    /// After everything below this common prefix.
    Group(String),
}

/// What is asked for.
struct Ask {
    prefix: String,
    delimiter: Option<String>,
    after: After,
    max: usize,
}

/// One page: what is on it, and where the next one begins.
struct Page {
    contents: Vec<Object>,
    groups: Vec<String>,
    next: Option<After>,
}

impl Calls {
    pub(super) async fn list_objects_v2(
        &self,
        request: S3Request<ListObjectsV2Input>,
    ) -> S3Result<ListObjectsV2Output> {
        let input = request.input;
        let encode = encoder(input.encoding_type.as_ref())?;
        let max = max_keys(input.max_keys)?;
        let ask = Ask {
            prefix: input.prefix.clone().unwrap_or_default(),
            delimiter: input.delimiter.clone().filter(|text| !text.is_empty()),
            after: match (&input.continuation_token, &input.start_after) {
                (Some(token), _) => read_token(token)?,
                (None, Some(key)) => After::Key(key.clone()),
                (None, None) => After::Start,
            },
            max,
        };
        let page = self.on_disk(move |folder| page(folder, &ask)).await?;
        let count = page.contents.len() + page.groups.len();
        Ok(ListObjectsV2Output {
            key_count: i32::try_from(count).ok(),
            max_keys: i32::try_from(max).ok(),
            is_truncated: Some(page.next.is_some()),
            next_continuation_token: page.next.as_ref().map(write_token),
            continuation_token: input.continuation_token,
            contents: Some(encode_objects(page.contents, encode)),
            common_prefixes: Some(encode_groups(page.groups, encode)),
            prefix: Some(encode(input.prefix.as_deref().unwrap_or_default())),
            delimiter: input.delimiter.as_deref().map(encode),
            start_after: input.start_after.as_deref().map(encode),
            encoding_type: input.encoding_type,
            name: Some(input.bucket),
            request_charged: None,
        })
    }

    pub(super) async fn list_objects(
        &self,
        request: S3Request<ListObjectsInput>,
    ) -> S3Result<ListObjectsOutput> {
        let input = request.input;
        let encode = encoder(input.encoding_type.as_ref())?;
        let max = max_keys(input.max_keys)?;
        let delimiter = input.delimiter.clone().filter(|text| !text.is_empty());
        // A marker that is itself a common prefix stands for everything below it.
        let after = match (input.marker.clone(), &delimiter) {
            (None, _) => After::Start,
            (Some(marker), _) if marker.is_empty() => After::Start,
            (Some(marker), Some(delimiter)) if marker.ends_with(delimiter) => After::Group(marker),
            (Some(marker), _) => After::Key(marker),
        };
        let ask = Ask {
            prefix: input.prefix.clone().unwrap_or_default(),
            delimiter,
            after,
            max,
        };
        let page = self.on_disk(move |folder| page(folder, &ask)).await?;
        let next_marker = match (&page.next, &input.delimiter) {
            (Some(After::Key(key) | After::Group(key)), Some(_)) => Some(encode(key)),
            _ => None,
        };
        Ok(ListObjectsOutput {
            max_keys: i32::try_from(max).ok(),
            is_truncated: Some(page.next.is_some()),
            next_marker,
            marker: Some(encode(input.marker.as_deref().unwrap_or_default())),
            contents: Some(encode_objects(page.contents, encode)),
            common_prefixes: Some(encode_groups(page.groups, encode)),
            prefix: Some(encode(input.prefix.as_deref().unwrap_or_default())),
            delimiter: input.delimiter.as_deref().map(encode),
            encoding_type: input.encoding_type,
            name: Some(input.bucket),
            request_charged: None,
        })
    }
}

fn max_keys(asked: Option<i32>) -> S3Result<usize> {
    let asked = usize::try_from(asked.unwrap_or(1000)).map_err(|_| s3_error!(InvalidArgument))?;
    Ok(asked.min(PAGE))
}

/// Collects one page. Common prefixes count like keys, and a whole group is stepped over at once.
fn page(folder: &Folder, ask: &Ask) -> S3Result<Page> {
    let mut page = Page {
        contents: Vec::new(),
        groups: Vec::new(),
        next: None,
    };
    let from = match &ask.after {
        After::Start => Some(String::new()),
        // The least text behind a text is the same with a NUL.
        After::Key(key) => Some(format!("{key}\0")),
        After::Group(group) => behind(group),
    };
    let Some(from) = from.filter(|_| ask.max > 0) else {
        return Ok(page);
    };
    let mut last = After::Start;
    let mut walk = Walk {
        levels: folder.levels(),
        prefix: &ask.prefix,
        from,
    };
    let mut visit = |walk: &mut Walk<'_>, met: Met| {
        let group = group_of(&met.key, ask);
        // A page that starts at a common prefix has shown it before.
        if let Some(group) = &group
            && ask.after == After::Key(group.clone())
        {
            return skip(walk, group);
        }
        if page.contents.len() + page.groups.len() == ask.max {
            page.next = Some(last.clone());
            return ControlFlow::Break(());
        }
        match group {
            Some(group) => {
                last = After::Group(group.clone());
                let flow = skip(walk, &group);
                page.groups.push(group);
                flow
            }
            None => {
                last = After::Key(met.key.clone());
                page.contents.push(entry(folder, met));
                ControlFlow::Continue(())
            }
        }
    };
    walk.run(folder.files(), &mut visit).map_err(disk)?;
    Ok(page)
}

/// The common prefix that shows this key, if the delimiter comes behind the prefix.
fn group_of(key: &str, ask: &Ask) -> Option<String> {
    let delimiter = ask.delimiter.as_deref()?;
    let rest = key.get(ask.prefix.len()..)?;
    let cut = rest.find(delimiter)? + delimiter.len();
    Some(key[..ask.prefix.len() + cut].to_owned())
}

fn skip(walk: &mut Walk<'_>, group: &str) -> ControlFlow<()> {
    match behind(group) {
        Some(from) => {
            walk.from = from;
            ControlFlow::Continue(())
        }
        None => ControlFlow::Break(()),
    }
}

/// The first text behind all that begin with this one; `None` when nothing can be behind.
fn behind(group: &str) -> Option<String> {
    let mut text = group.to_owned();
    while let Some(last) = text.pop() {
        let next = (u32::from(last) + 1..=u32::from(char::MAX)).find_map(char::from_u32);
        if let Some(next) = next {
            text.push(next);
            return Some(text);
        }
    }
    None
}

fn entry(folder: &Folder, met: Met) -> Object {
    let record = folder.record(&met.key, &met.file);
    let class = record.attributes.storage_class.clone();
    let class = class.unwrap_or_else(|| ObjectStorageClass::STANDARD.to_owned());
    Object {
        last_modified: Some(record.modified().into()),
        e_tag: Some(ETag::Strong(record.etag)),
        key: Some(met.key),
        size: i64::try_from(record.bytes).ok(),
        storage_class: Some(ObjectStorageClass::from(class)),
        ..Default::default()
    }
}

/// Tokens mean nothing to a client, so they must not look like a key.
fn write_token(after: &After) -> String {
    let plain = match after {
        After::Start => "s".to_owned(),
        After::Key(key) => format!("k{key}"),
        After::Group(group) => format!("g{group}"),
    };
    URL_SAFE_NO_PAD.encode(plain)
}

fn read_token(token: &str) -> S3Result<After> {
    let bytes = URL_SAFE_NO_PAD.decode(token).ok();
    let plain = bytes.and_then(|bytes| String::from_utf8(bytes).ok());
    match plain.as_deref().and_then(|plain| plain.split_at_checked(1)) {
        Some(("s", _)) => Ok(After::Start),
        Some(("k", key)) => Ok(After::Key(key.to_owned())),
        Some(("g", group)) => Ok(After::Group(group.to_owned())),
        _ => Err(s3_error!(
            InvalidArgument,
            "The continuation token provided is incorrect"
        )),
    }
}

/// How names are written in the answer.
pub(super) fn encoder(asked: Option<&EncodingType>) -> S3Result<fn(&str) -> String> {
    match asked.map(EncodingType::as_str) {
        Some("url") => Ok(url_encode),
        None => Ok(str::to_owned),
        Some(_) => Err(s3_error!(
            InvalidArgument,
            "Invalid Encoding Method specified in Request"
        )),
    }
}

fn encode_objects(mut objects: Vec<Object>, encode: fn(&str) -> String) -> Vec<Object> {
    for object in &mut objects {
        object.key = object.key.as_deref().map(encode);
    }
    objects
}

fn encode_groups(groups: Vec<String>, encode: fn(&str) -> String) -> Vec<CommonPrefix> {
    let wrap = |group: String| CommonPrefix {
        prefix: Some(encode(&group)),
    };
    groups.into_iter().map(wrap).collect()
}

/// As Amazon does it: a space becomes a plus sign, the slash stays.
fn url_encode(text: &str) -> String {
    let mut out = String::with_capacity(text.len());
    for byte in text.bytes() {
        match byte {
            b'a'..=b'z' | b'A'..=b'Z' | b'0'..=b'9' | b'-' | b'_' | b'.' | b'*' | b'/' => {
                out.push(char::from(byte));
            }
            b' ' => out.push('+'),
            _ => out.push_str(&format!("%{byte:02X}")),
        }
    }
    out
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn behind_a_group_is_behind_all_of_it() {
        assert_eq!(behind("a/").as_deref(), Some("a0"));
        assert_eq!(behind("a\u{d7ff}").as_deref(), Some("a\u{e000}"));
        assert_eq!(behind("a\u{10ffff}").as_deref(), Some("b"));
        assert_eq!(behind("\u{10ffff}"), None);
    }

    #[test]
    fn tokens_read_back_and_forged_ones_are_refused() {
        for after in [
            After::Start,
            After::Key("é".to_owned()),
            After::Group("a/".to_owned()),
        ] {
            assert_eq!(read_token(&write_token(&after)).unwrap(), after);
        }
        assert!(read_token("").is_err() && read_token("eHl6").is_err());
    }
}
