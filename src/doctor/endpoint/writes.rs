//! What the object of a write test shows of a server: which checks, conditions and forms it knows.
//!
//! Each try has two possible successes or a refusal of its form; anything else (a denial, a time-out) tells nothing of the
//! server, and is written down as the reason why nothing is known.

use base64::Engine as _;
use base64::engine::general_purpose::STANDARD as BASE64;
use bytes::Bytes;
use crc_fast::CrcAlgorithm;
use http::Method;
use md5::{Digest as _, Md5};

use super::reads::is_of_keys;
use crate::doctor::permissions::{CONTENT, Trial, escaped, verdict_of};
use crate::domain::diagnosis::{Ability, Answer, EndpointReport, Known, Permission, Verdict};
use crate::domain::{CredentialSpec, ErrorKind, Operation, SignatureVersion, StorageError};
use crate::storage::calls::Question;
use crate::storage::is_refusal;

/// How the first write went.
pub(crate) enum Written {
    /// The object is there.
    Yes,
    /// It is not.
    No(StorageError),
}

/// Writes the object with the best check that the server takes.
pub(crate) async fn first_write(trial: &mut Trial<'_>, report: &mut EndpointReport) -> Written {
    let crc = crc_fast::checksum(CrcAlgorithm::Crc64Nvme, CONTENT).to_be_bytes();
    let tries = [
        (
            Answer::Crc64Nvme,
            Some(("x-amz-checksum-crc64nvme", BASE64.encode(crc))),
        ),
        (Answer::Md5, Some(("content-md5", md5_of(CONTENT)))),
        (Answer::LengthOnly, None),
    ];
    let mut first: Option<StorageError> = None;
    for (answer, header) in tries {
        let more: Vec<_> = header.into_iter().collect();
        match trial.put(&more, Bytes::from_static(CONTENT), None).await {
            Ok(reply) => {
                // A checksum that does not come back was not looked at.
                let echoed = reply.header("x-amz-checksum-crc64nvme").is_some();
                let answer = match answer {
                    Answer::Crc64Nvme if !echoed => Answer::Md5,
                    answer => answer,
                };
                note(report, Ability::UploadCheck, answer);
                return Written::Yes;
            }
            Err(error) if is_refusal(&error) => {
                first.get_or_insert(error);
            }
            Err(error) => return unwritten(report, error),
        }
    }
    let unreached = || StorageError::new(Operation::Put, ErrorKind::Other, trial.key());
    unwritten(report, first.unwrap_or_else(unreached))
}

/// Without the object nothing can be tried that only writing shows.
fn unwritten(report: &mut EndpointReport, error: StorageError) -> Written {
    let waiting = Ability::ALL.into_iter().filter(|one| one.needs_writing());
    for ability in waiting {
        missed(report, ability, Permission::Write, &error);
    }
    Written::No(error)
}

/// Tries what an upload may ask for, with the object in its place.
pub(crate) async fn try_upload_forms(trial: &mut Trial<'_>, report: &mut EndpointReport) {
    upload_check(trial, report).await;
    if_none_match(trial, report).await;
    trailer(trial, report).await;
    multipart_etag(trial, report).await;
}

/// A check that counts refuses what does not fit; some servers take the header and never look at it. Each try that is taken
/// leads to the next best check.
async fn upload_check(trial: &mut Trial<'_>, report: &mut EndpointReport) {
    const WRONG: &[u8] = b"something else";
    let crc = crc_fast::checksum(CrcAlgorithm::Crc64Nvme, WRONG).to_be_bytes();
    let tries = [
        (
            Answer::Crc64Nvme,
            ("x-amz-checksum-crc64nvme", BASE64.encode(crc)),
            Answer::Md5,
        ),
        (
            Answer::Md5,
            ("content-md5", md5_of(WRONG)),
            Answer::LengthOnly,
        ),
    ];
    for (answer, header, below) in tries {
        if report.known(Ability::UploadCheck) != Known::Is(answer) {
            continue;
        }
        match trial
            .put(&[header], Bytes::from_static(CONTENT), None)
            .await
        {
            Ok(_) => note(report, Ability::UploadCheck, below),
            Err(error) if is_refusal(&error) || error.kind == ErrorKind::Corrupt => return,
            // It was not looked at: what the server took says no more than that it took it.
            Err(error) => {
                return missed(report, Ability::UploadCheck, Permission::Overwrite, &error);
            }
        }
    }
}

/// The object is there, so a condition that counts refuses.
async fn if_none_match(trial: &mut Trial<'_>, report: &mut EndpointReport) {
    let condition = [("if-none-match", "*".to_owned())];
    let answer = match trial
        .put(&condition, Bytes::from_static(CONTENT), None)
        .await
    {
        Ok(_) => Answer::Ignored,
        Err(error) if error.kind == ErrorKind::Conflict => Answer::Yes,
        Err(error) if is_refusal(&error) => Answer::No,
        Err(error) => return missed(report, Ability::IfNoneMatch, Permission::Overwrite, &error),
    };
    note(report, Ability::IfNoneMatch, answer);
}

/// A body in chunks with its checksum behind it. A server that does not know the form refuses it, or keeps the chunks'
/// frames as if they were the content.
async fn trailer(trial: &mut Trial<'_>, report: &mut EndpointReport) {
    const ABILITY: Ability = Ability::ChecksumTrailers;
    let config = trial.storage.config();
    if config.signature == SignatureVersion::V2 || config.credentials == CredentialSpec::Anonymous {
        report.findings.insert(ABILITY, Known::NeedsV4);
        return;
    }
    let crc = crc_fast::checksum(CrcAlgorithm::Crc32IsoHdlc, CONTENT) as u32;
    let sum = BASE64.encode(crc.to_be_bytes());
    let mut body = format!("{:x}\r\n", CONTENT.len()).into_bytes();
    body.extend_from_slice(CONTENT);
    body.extend_from_slice(format!("\r\n0\r\nx-amz-checksum-crc32:{sum}\r\n\r\n").as_bytes());
    let headers = [
        ("content-encoding", "aws-chunked".to_owned()),
        ("x-amz-decoded-content-length", CONTENT.len().to_string()),
        ("x-amz-trailer", "x-amz-checksum-crc32".to_owned()),
    ];
    let form = Some("STREAMING-UNSIGNED-PAYLOAD-TRAILER");
    let answer = match trial.put(&headers, Bytes::from(body), form).await {
        Ok(_) => match stored_bytes(trial).await {
            Ok(Some(bytes)) if bytes == CONTENT.len() as u64 => Answer::Yes,
            Ok(Some(_)) => Answer::No,
            Ok(None) => {
                report.findings.insert(ABILITY, Known::Untold);
                return;
            }
            Err(error) => return missed(report, ABILITY, Permission::Head, &error),
        },
        Err(error) if is_refusal(&error) || error.kind == ErrorKind::BadCredentials => Answer::No,
        Err(error) => return missed(report, ABILITY, Permission::Overwrite, &error),
    };
    note(report, ABILITY, answer);
}

async fn stored_bytes(trial: &Trial<'_>) -> Result<Option<u64>, StorageError> {
    let question = Question::new(Operation::Head, Method::HEAD, trial.key());
    let reply = trial.ask(&question).await?;
    Ok(reply
        .header("content-length")
        .and_then(|text| text.parse().ok()))
}

/// Amazon's tag of an object in parts ends with the number of parts.
async fn multipart_etag(trial: &mut Trial<'_>, report: &mut EndpointReport) {
    const ABILITY: Ability = Ability::MultipartEtag;
    let upload = match trial.begin_upload().await {
        Ok(upload) => upload,
        Err(error) => return missed(report, ABILITY, Permission::Multipart, &error),
    };
    let completed = async {
        let part = trial.send_part(&upload).await?;
        let etag = part.header("etag").unwrap_or_default();
        trial.complete(&upload, &etag).await
    }
    .await;
    match completed {
        Ok(reply) => {
            let etag = reply.text("ETag").or_else(|| reply.header("etag"));
            let is_amazons = etag.map(|etag| is_etag_of_one_part(etag.trim_matches('"')));
            let known = match is_amazons {
                Some(true) => Known::Is(Answer::Yes),
                Some(false) => Known::Is(Answer::No),
                None => Known::Untold,
            };
            report.findings.insert(ABILITY, known);
        }
        Err(error) => {
            missed(report, ABILITY, Permission::Multipart, &error);
            // What could not be finished is aborted here, or else with the end of the test.
            drop(trial.abort(&upload).await);
        }
    }
}

/// 32 hexadecimal digits and `-1`.
fn is_etag_of_one_part(etag: &str) -> bool {
    etag.strip_suffix("-1")
        .is_some_and(|sum| sum.len() == 32 && sum.bytes().all(|byte| byte.is_ascii_hexdigit()))
}

/// Deletes the object, which may be gone already, by requests for many with one digest and with the other.
pub(crate) async fn try_batch(trial: &mut Trial<'_>, report: &mut EndpointReport) {
    // XML cannot hold every key.
    if trial.key().chars().any(char::is_control) {
        report.findings.insert(Ability::BatchDelete, Known::Untold);
        return;
    }
    let body = format!(
        "<?xml version=\"1.0\" encoding=\"UTF-8\"?><Delete xmlns=\"http://s3.amazonaws.com/doc/2006-03-01/\">\
         <Object><Key>{}</Key></Object></Delete>",
        escaped(trial.key())
    );
    let crc = crc_fast::checksum(CrcAlgorithm::Crc32IsoHdlc, body.as_bytes()) as u32;
    let checksum = vec![
        (
            "x-amz-sdk-checksum-algorithm".to_owned(),
            "CRC32".to_owned(),
        ),
        (
            "x-amz-checksum-crc32".to_owned(),
            BASE64.encode(crc.to_be_bytes()),
        ),
    ];
    let md5 = vec![("content-md5".to_owned(), md5_of(body.as_bytes()))];
    let with_checksum = batch(trial, &body, checksum).await;
    let with_md5 = batch(trial, &body, md5).await;
    let answer = match (with_checksum, with_md5) {
        (Ok(true), Ok(true)) => Answer::Md5OrChecksum,
        (Ok(true), Ok(false)) => Answer::ChecksumOnly,
        (Ok(false), Ok(true)) => Answer::Md5Only,
        (Ok(false), Ok(false)) => Answer::No,
        (Err(error), _) | (_, Err(error)) => {
            return missed(report, Ability::BatchDelete, Permission::Delete, &error);
        }
    };
    note(report, Ability::BatchDelete, answer);
}

/// Whether the server takes a batch with this digest.
///
/// # Errors
/// When it fails for another reason.
async fn batch(
    trial: &mut Trial<'_>,
    body: &str,
    headers: Vec<(String, String)>,
) -> Result<bool, StorageError> {
    let mut headers = headers;
    headers.push(("content-type".to_owned(), "application/xml".to_owned()));
    let question = Question {
        query: vec![("delete", "")],
        headers,
        body: Bytes::from(body.to_owned()),
        ..Question::new(Operation::Delete, Method::POST, "")
    };
    match trial.ask(&question).await {
        Ok(reply) if reply.root().as_deref() == Some("DeleteResult") => {
            for marker in reply.texts("DeleteMarkerVersionId") {
                // The end of the test looks for versions too.
                drop(trial.note_version(&marker));
            }
            Ok(true)
        }
        Ok(_) => Ok(false),
        Err(error) if is_refusal(&error) => Ok(false),
        Err(error) => Err(error),
    }
}

fn md5_of(bytes: &[u8]) -> String {
    BASE64.encode(Md5::digest(bytes))
}

/// Writes down that an ability is not known, because what it needs was denied or failed.
fn missed(report: &mut EndpointReport, ability: Ability, needed: Permission, error: &StorageError) {
    let why = match verdict_of(error) {
        Verdict::Denied(_) => Known::Denied(needed),
        _ if is_of_keys(error.kind) => Known::KeysRefused,
        _ => Known::Failed(needed),
    };
    report.findings.insert(ability, why);
}

fn note(report: &mut EndpointReport, ability: Ability, answer: Answer) {
    report.findings.insert(ability, Known::Is(answer));
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn the_tag_of_one_part_has_amazons_form() {
        let sum = "0123456789abcdef0123456789abcdef";
        for (etag, is) in [
            (format!("{sum}-1"), true),
            (sum.to_owned(), false),
            (format!("{sum}-2"), false),
            (format!("{}-1", &sum[1..]), false),
        ] {
            assert_eq!(is_etag_of_one_part(&etag), is, "{etag}");
        }
    }
}
