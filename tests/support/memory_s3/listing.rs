//! Listings of a `MemoryS3`: version 1 and 2, with delimiter, start, token and page size as Amazon counts them.

use std::collections::BTreeMap;
use std::ops::Bound;

use base64::Engine as _;
use base64::engine::general_purpose::URL_SAFE_NO_PAD;
use s3s::dto::*;
use s3s::{S3Request, S3Result, s3_error};

use super::service::{Service, bucket};
use super::store::StoredObject;

/// Where a page begins.
#[derive(Clone, Debug)]
enum After {
    /// At the first key.
    Start,
    /// After this key.
    Key(String),
    /// After everything below this common prefix.
    Group(String),
}

/// One page: what is on it, and where the next one begins.
struct Page {
    contents: Vec<Object>,
    groups: Vec<String>,
    next: Option<After>,
}

/// What is asked for.
struct Ask<'a> {
    prefix: &'a str,
    delimiter: Option<&'a str>,
    after: After,
    max: usize,
}

impl Service {
    pub(super) async fn list_objects_v2(
        &self,
        request: S3Request<ListObjectsV2Input>,
    ) -> S3Result<ListObjectsV2Output> {
        let input = request.input;
        let mut store = self.lock();
        let behaviour = store.behaviour.clone();
        let bucket = bucket(&mut store, &input.bucket)?;
        let after = match (&input.continuation_token, &input.start_after) {
            (Some(token), _) => read_token(token)?,
            (None, Some(key)) => After::Key(key.clone()),
            (None, None) => After::Start,
        };
        let prefix = input.prefix.clone().unwrap_or_default();
        let asked = max_keys(input.max_keys)?;
        let ask = Ask {
            prefix: &prefix,
            delimiter: input.delimiter.as_deref().filter(|text| !text.is_empty()),
            after,
            max: asked.min(behaviour.page_cap),
        };
        let page = page(&bucket.objects, &ask);
        let encode = encoder(input.encoding_type.as_ref(), behaviour.encodes_names)?;
        let count = page.contents.len() + page.groups.len();
        Ok(ListObjectsV2Output {
            name: Some(input.bucket),
            key_count: i32::try_from(count).ok(),
            max_keys: i32::try_from(asked.min(1000)).ok(),
            is_truncated: Some(page.next.is_some()),
            next_continuation_token: page.next.as_ref().map(write_token),
            continuation_token: input.continuation_token,
            contents: Some(encode_objects(page.contents, encode)),
            common_prefixes: Some(encode_groups(page.groups, encode)),
            prefix: Some(encode(&prefix)),
            delimiter: input.delimiter.as_deref().map(encode),
            start_after: input.start_after.as_deref().map(encode),
            encoding_type: input.encoding_type.filter(|_| behaviour.encodes_names),
            request_charged: None,
        })
    }

    pub(super) async fn list_objects(
        &self,
        request: S3Request<ListObjectsInput>,
    ) -> S3Result<ListObjectsOutput> {
        let input = request.input;
        let mut store = self.lock();
        let behaviour = store.behaviour.clone();
        let bucket = bucket(&mut store, &input.bucket)?;
        let delimiter = input.delimiter.as_deref().filter(|text| !text.is_empty());
        let prefix = input.prefix.clone().unwrap_or_default();
        let asked = max_keys(input.max_keys)?;
        // A marker that is itself a common prefix stands for everything below it.
        let after = match (input.marker.as_deref(), delimiter) {
            (None | Some(""), _) => After::Start,
            (Some(marker), Some(delimiter)) if marker.ends_with(delimiter) => {
                After::Group(marker.to_owned())
            }
            (Some(marker), _) => After::Key(marker.to_owned()),
        };
        let ask = Ask {
            prefix: &prefix,
            delimiter,
            after,
            max: asked.min(behaviour.page_cap),
        };
        let page = page(&bucket.objects, &ask);
        let encode = encoder(input.encoding_type.as_ref(), behaviour.encodes_names)?;
        let next_marker = match (&page.next, delimiter) {
            (Some(After::Key(key) | After::Group(key)), Some(_)) => Some(encode(key)),
            _ => None,
        };
        Ok(ListObjectsOutput {
            name: Some(input.bucket),
            max_keys: i32::try_from(asked.min(1000)).ok(),
            is_truncated: Some(page.next.is_some()),
            next_marker,
            marker: Some(encode(input.marker.as_deref().unwrap_or_default())),
            contents: Some(encode_objects(page.contents, encode)),
            common_prefixes: Some(encode_groups(page.groups, encode)),
            prefix: Some(encode(&prefix)),
            delimiter: input.delimiter.as_deref().map(encode),
            encoding_type: input.encoding_type.filter(|_| behaviour.encodes_names),
            request_charged: None,
        })
    }
}

fn max_keys(asked: Option<i32>) -> S3Result<usize> {
    usize::try_from(asked.unwrap_or(1000)).map_err(|_| s3_error!(InvalidArgument))
}

/// Collects one page. Common prefixes count like keys, and a whole group is stepped over at once.
fn page(objects: &BTreeMap<String, StoredObject>, ask: &Ask<'_>) -> Page {
    let mut page = Page {
        contents: Vec::new(),
        groups: Vec::new(),
        next: None,
    };
    if ask.max == 0 {
        return page;
    }
    let mut from = Bound::Included(ask.prefix.to_owned());
    match &ask.after {
        After::Start => {}
        After::Key(key) if key.as_str() < ask.prefix => {}
        After::Key(key) => from = Bound::Excluded(key.clone()),
        After::Group(group) if group.as_str() < ask.prefix => {}
        After::Group(group) => from = behind(group),
    }
    let mut last = After::Start;
    'pages: loop {
        let bound = from.as_ref().map(String::as_str);
        for (key, object) in objects.range::<str, _>((bound, Bound::Unbounded)) {
            let Some(rest) = key.strip_prefix(ask.prefix) else {
                break 'pages;
            };
            if page.contents.len() + page.groups.len() == ask.max {
                page.next = Some(last);
                break 'pages;
            }
            let cut = ask
                .delimiter
                .and_then(|d| rest.find(d).map(|at| at + d.len()));
            if let Some(cut) = cut {
                let group = key[..ask.prefix.len() + cut].to_owned();
                from = behind(&group);
                // A start inside or at a group that was asked for as a key does not show the group again.
                if !matches!(&ask.after, After::Key(key) if *key == group) {
                    last = After::Group(group.clone());
                    page.groups.push(group);
                }
                continue 'pages;
            }
            last = After::Key(key.clone());
            page.contents.push(entry(key, object));
        }
        break;
    }
    page
}

/// The first place behind all keys that begin with this text.
fn behind(group: &str) -> Bound<String> {
    let mut text = group.to_owned();
    while let Some(last) = text.pop() {
        let next = (u32::from(last) + 1..=u32::from(char::MAX)).find_map(char::from_u32);
        if let Some(next) = next {
            text.push(next);
            return Bound::Included(text);
        }
    }
    Bound::Excluded(char::MAX.to_string().repeat(300))
}

fn entry(key: &str, object: &StoredObject) -> Object {
    let class = object.attributes.storage_class.clone();
    let class = class.unwrap_or_else(|| "STANDARD".to_owned());
    Object {
        e_tag: Some(ETag::Strong(object.etag.clone())),
        key: Some(key.to_owned()),
        last_modified: Some(object.modified.into()),
        size: Some(object.bytes.len() as i64),
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

fn encoder(asked: Option<&EncodingType>, knows: bool) -> S3Result<fn(&str) -> String> {
    match asked.map(EncodingType::as_str) {
        Some("url") if knows => Ok(url_encode),
        None | Some("url") => Ok(str::to_owned),
        Some(_) => Err(s3_error!(InvalidArgument, "Invalid Encoding Method")),
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
pub fn url_encode(text: &str) -> String {
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
