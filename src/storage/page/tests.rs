//! Pages of many servers, and pages that are none.

use proptest::prelude::*;

use super::*;

/// Keeps what it gets.
#[derive(Debug, Default, PartialEq)]
struct Rows {
    objects: Vec<(String, u64, i64, String, String)>,
    folders: Vec<String>,
}

impl ListSink for Rows {
    fn object(&mut self, key: &str, size: u64, modified: Timestamp, etag: &str, class: &str) {
        self.objects
            .push((key.into(), size, modified.0, etag.into(), class.into()));
    }

    fn folder(&mut self, prefix: &str) {
        self.folders.push(prefix.into());
    }
}

/// As the listing does it: nothing is read before it is known to be whole.
fn read_whole(body: &[u8], rows: &mut Rows) -> Result<PageFacts, NoPage> {
    check(body)?;
    let facts = read(body, rows);
    assert_eq!(next_token(body), facts.next);
    Ok(facts)
}

fn rows(xml: &str) -> (PageFacts, Rows) {
    let mut rows = Rows::default();
    let facts = read_whole(xml.as_bytes(), &mut rows).expect(xml);
    (facts, rows)
}

const AMAZON: &str = r#"<?xml version="1.0" encoding="UTF-8"?>
<ListBucketResult xmlns="http://s3.amazonaws.com/doc/2006-03-01/"><Name>media</Name><Prefix></Prefix>
<NextContinuationToken>1ueGcxLPRx1Tr/XYExHnhbYLgveDs2J/wm36Hy4vbOwM=</NextContinuationToken><KeyCount>3</KeyCount>
<MaxKeys>2</MaxKeys><Delimiter>%2F</Delimiter><EncodingType>url</EncodingType><IsTruncated>true</IsTruncated>
<Contents><Key>a+b/%C3%BC%2B%25.txt</Key><LastModified>2026-01-01T00:00:00.000Z</LastModified>
<ETag>&quot;70ee1738b6b21e2c8a43f3a5ab0eee71&quot;</ETag><ChecksumAlgorithm>CRC32</ChecksumAlgorithm>
<Size>1234</Size><Owner><ID>x</ID><DisplayName>Key</DisplayName></Owner><StorageClass>STANDARD</StorageClass></Contents>
<CommonPrefixes><Prefix>photos%2F</Prefix></CommonPrefixes><CommonPrefixes><Prefix>z%26/</Prefix></CommonPrefixes>
</ListBucketResult>
"#;

#[test]
fn a_page_of_amazon() {
    let (facts, rows) = rows(AMAZON);
    assert_eq!(
        rows.objects,
        [(
            "a b/ü+%.txt".into(),
            1234,
            1_767_225_600,
            "70ee1738b6b21e2c8a43f3a5ab0eee71".into(),
            "STANDARD".into()
        )]
    );
    assert_eq!(rows.folders, ["photos/", "z&/"]);
    assert_eq!(
        facts,
        PageFacts {
            next: Some("1ueGcxLPRx1Tr/XYExHnhbYLgveDs2J/wm36Hy4vbOwM=".into()),
            truncated: true,
            objects: 1,
            folders: 2,
            bytes: 1234,
        }
    );
}

#[test]
fn without_the_servers_word_nothing_is_url_decoded() {
    let (_, rows) = rows(
        "<ListBucketResult><Contents><Key>a+b%20&amp;c&#x1;EncodingType&gt;url</Key></Contents>\
         <EncodingType/></ListBucketResult>",
    );
    assert_eq!(rows.objects[0].0, "a+b%20&c\u{1}EncodingType>url");
}

#[test]
fn order_and_missing_elements_do_not_matter() {
    let (facts, rows) = rows(
        "<s3:ListBucketResult>\n <s3:Contents>\n <s3:StorageClass> GLACIER </s3:StorageClass>\
         <s3:Restore><s3:Key>no</s3:Key></s3:Restore><s3:Size> 7 </s3:Size><s3:Key> a </s3:Key></s3:Contents>\
         <s3:Contents><s3:Size>1</s3:Size></s3:Contents>\
         <s3:Contents><s3:Key/><s3:LastModified>2024-02-29T23:59:59+01:00</s3:LastModified></s3:Contents>\
         <s3:CommonPrefixes><s3:Prefix>x%2F</s3:Prefix><s3:Prefix>y%2F</s3:Prefix></s3:CommonPrefixes>\
         <s3:EncodingType>url</s3:EncodingType></s3:ListBucketResult>",
    );
    assert_eq!(
        rows.objects,
        [
            (" a ".into(), 7, 0, String::new(), "GLACIER".into()),
            (
                String::new(),
                0,
                1_709_247_599,
                String::new(),
                String::new()
            ),
        ]
    );
    assert_eq!(rows.folders, ["x/", "y/"]);
    assert_eq!((facts.next, facts.truncated), (None, false));
}

#[test]
fn a_token_of_a_page_that_is_the_last_is_not_followed() {
    let (facts, _) = rows(
        "<ListBucketResult><NextContinuationToken>t</NextContinuationToken>\
         <IsTruncated>false</IsTruncated></ListBucketResult>",
    );
    assert_eq!(facts.next, None);
}

#[test]
fn what_is_no_page_is_told_apart() {
    for (body, expected) in [
        ("", NoPage::Cut),
        ("<?xml version='1.0'?>", NoPage::Cut),
        ("not xml", NoPage::Foreign),
        ("<html><body>Log in</body></html>", NoPage::Foreign),
        ("\n<Error><Code>InternalError</Code></Error>", NoPage::Error),
        (
            "<ListBucketResult><Contents><Key>a</Key></Contents>",
            NoPage::Cut,
        ),
        ("<ListBucketResult></ListBucketRes", NoPage::Cut),
    ] {
        let mut rows = Rows::default();
        assert_eq!(
            read_whole(body.as_bytes(), &mut rows),
            Err(expected),
            "{body}"
        );
        assert_eq!(rows, Rows::default());
    }
    let mut none = Rows::default();
    assert!(read_whole(b"<ListBucketResult xmlns=''/>", &mut none).is_ok());
}

#[test]
fn a_page_cut_anywhere_gives_no_row() {
    let end = AMAZON.trim_end().len();
    for cut in 0..end {
        let mut rows = Rows::default();
        let result = read_whole(&AMAZON.as_bytes()[..cut], &mut rows);
        assert!(result.is_err(), "cut at {cut}");
        assert_eq!(rows, Rows::default());
    }
}

#[test]
fn times_agree_with_the_calendar() {
    for text in [
        "1970-01-01T00:00:00.000Z",
        "2000-02-29T12:00:00Z",
        "2026-12-31T23:59:59.999Z",
        "2100-03-01T00:00:00Z",
    ] {
        assert_eq!(
            Some(time(text.as_bytes())),
            Timestamp::from_iso(text),
            "{text}"
        );
    }
    assert_eq!(time(b"yesterday"), Timestamp(0));
}

/// What a server does to a key that it encodes: as `quote_plus`, then as XML.
fn as_server_writes(key: &str) -> String {
    let mut text = String::new();
    encode::form_into(key, &mut text);
    text
}

fn as_xml(key: &str) -> String {
    key.chars()
        .map(|character| match character {
            '&' => "&amp;".to_owned(),
            '<' => "&lt;".to_owned(),
            '\0'..='\u{1f}' => format!("&#{};", u32::from(character)),
            other => other.to_string(),
        })
        .collect()
}

proptest! {
    #[test]
    fn every_key_comes_back_exactly(keys in prop::collection::vec(any::<String>(), 0..8)) {
        for encoded in [true, false] {
            let mut xml = String::from("<ListBucketResult>");
            for key in &keys {
                let key = if encoded { as_server_writes(key) } else { as_xml(key) };
                xml.push_str(&format!("<Contents><Key>{key}</Key><Size>1</Size></Contents>"));
            }
            if encoded {
                xml.push_str("<EncodingType>url</EncodingType>");
            }
            xml.push_str("</ListBucketResult>");
            let (facts, rows) = rows(&xml);
            let read: Vec<&str> = rows.objects.iter().map(|row| row.0.as_str()).collect();
            prop_assert_eq!(read, keys.iter().map(String::as_str).collect::<Vec<_>>());
            prop_assert_eq!(facts.bytes, keys.len() as u64);
        }
    }

    #[test]
    fn no_body_stops_the_reader(
        bytes in prop::collection::vec(any::<u8>(), 0..200),
        cut in 0..AMAZON.len(),
    ) {
        let mut body = AMAZON.as_bytes()[..cut].to_vec();
        body.extend_from_slice(&bytes);
        body.extend_from_slice(b"</ListBucketResult>");
        let mut rows = Rows::default();
        // Whatever it is, it ends and says so.
        if check(&body).is_ok() {
            let facts = read(&body, &mut rows);
            prop_assert_eq!(facts.objects, rows.objects.len());
        }
    }
}
