//! What a server is, what it can do, and what follows where it differs from Amazon's.

use crate::domain::diagnosis::{Ability, Answer, EndpointReport, Known, Product, Standing};

/// The name of a row of the table.
#[must_use]
pub const fn ability(ability: Ability) -> &'static str {
    match ability {
        Ability::Addressing => "Bucket in the address",
        Ability::ListV2 => "ListObjectsV2",
        Ability::UrlListings => "Encoded listings",
        Ability::UploadCheck => "Checks uploads by",
        Ability::ChecksumTrailers => "Checksum trailers",
        Ability::BatchDelete => "Batch deletion",
        Ability::MultipartEtag => "ETag of parts as Amazon's",
        Ability::IfNoneMatch => "If-None-Match",
        Ability::Tagging => "Tags",
        Ability::Versions => "Versions",
        Ability::Acl => "Access lists",
        Ability::Sts => "Temporary credentials (STS)",
    }
}

/// An answer in a word or two.
#[must_use]
pub const fn answer(answer: Answer) -> &'static str {
    match answer {
        Answer::Yes => "yes",
        Answer::No => "no",
        Answer::Ignored => "ignored",
        Answer::HostAndPath => "host name and path",
        Answer::HostOnly => "host name only",
        Answer::PathOnly => "path only",
        Answer::Crc64Nvme => "CRC64NVME",
        Answer::Md5 => "MD5",
        Answer::LengthOnly => "length only",
        Answer::Md5OrChecksum => "MD5 or checksum",
        Answer::Md5Only => "MD5 only",
        Answer::ChecksumOnly => "checksum only",
    }
}

/// What follows from an answer; empty where it is Amazon's.
#[must_use]
pub fn deviation(ability: Ability, answer: Answer) -> &'static str {
    if answer == ability.of_amazon() {
        return "";
    }
    match (ability, answer) {
        (Ability::Addressing, Answer::HostOnly) => {
            "Requests with the bucket in the path are not answered; links carry it in the host name."
        }
        (Ability::Addressing, _) => {
            "There is no host name for each bucket; requests and links carry it in the path."
        }
        (Ability::ListV2, _) => {
            "Folders are listed with the older call, which goes on after a key instead of a token."
        }
        (Ability::UrlListings, _) => {
            "Keys come as they are; one with a control character breaks the listing it is in."
        }
        (Ability::UploadCheck, Answer::Md5) => {
            "Each request is checked by its MD5; no checksum over the whole object is kept."
        }
        (Ability::UploadCheck, _) => {
            "Uploads are compared by their length alone; a flipped bit would not be noticed."
        }
        (Ability::ChecksumTrailers, _) => {
            "A body with its checksum behind it is refused or stored with its frames; other programs may have to switch it off. Cooperage sends checksums in headers."
        }
        (Ability::BatchDelete, Answer::Md5Only) => {
            "Requests that delete many objects carry their MD5 and no checksum."
        }
        (Ability::BatchDelete, Answer::ChecksumOnly) => {
            "Requests that delete many objects carry a checksum and no MD5."
        }
        (Ability::BatchDelete, _) => "Objects are deleted one by one.",
        (Ability::MultipartEtag, _) => {
            "The ETag of an object in parts does not tell how it was cut, so it cannot be computed from a local file."
        }
        (Ability::IfNoneMatch, Answer::Ignored) => {
            "The condition is taken and not obeyed: before an upload the key is looked up, which leaves a moment for somebody else."
        }
        (Ability::IfNoneMatch, _) => {
            "The condition is refused: before an upload the key is looked up, which leaves a moment for somebody else."
        }
        (Ability::Tagging, _) => "Objects have no tags; uploads with tags may be refused.",
        (Ability::Versions, _) => "An overwritten or deleted object cannot be brought back.",
        (Ability::Acl, _) => {
            "Objects have no access lists; an ACL in the settings has no effect or is refused."
        }
        (Ability::Sts, _) => {
            "Roles cannot be assumed here, and the caller's identity cannot be asked for."
        }
    }
}

/// Why nothing is known, or the answer.
#[must_use]
pub const fn known(known: Known) -> &'static str {
    match known {
        Known::Is(found) => answer(found),
        Known::NeedsWriting => "needs the write test",
        Known::Untold => "not told",
    }
}

/// What was found of an ability, now or before, or why nothing was.
#[must_use]
pub fn found(standing: &Standing) -> &'static str {
    (standing.found()).map_or_else(|| known(standing.known), answer)
}

/// What follows from what holds for an ability; empty where it is Amazon's or nothing is known.
#[must_use]
pub fn what_follows(standing: &Standing) -> &'static str {
    let holds = standing.holds();
    holds.map_or("", |answer| deviation(standing.ability, answer))
}

/// What the server is, in one short line.
#[must_use]
pub fn summary(report: &EndpointReport) -> String {
    let differs = report.deviations().len();
    match (report.product, differs) {
        (Product::AmazonS3, 0) => "This server is Amazon S3".to_owned(),
        (Product::Unknown, 0) => "This server behaves like Amazon S3".to_owned(),
        (Product::Unknown, 1) => "1 difference from Amazon S3".to_owned(),
        (Product::Unknown, count) => format!("{count} differences from Amazon S3"),
        (product, 0) => format!("{}, behaves like Amazon S3", product.name()),
        (product, 1) => format!("{}, 1 difference", product.name()),
        (product, count) => format!("{}, {count} differences", product.name()),
    }
}

#[cfg(test)]
mod tests {
    use std::collections::BTreeSet;

    use super::*;

    #[test]
    fn every_deviation_has_a_sentence_of_its_own() {
        let mut said = BTreeSet::new();
        for ability in Ability::ALL {
            for answer in ability.choices() {
                let sentence = deviation(ability, *answer);
                if *answer == ability.of_amazon() {
                    assert_eq!(sentence, "");
                } else {
                    assert!(sentence.ends_with('.'));
                    assert!(said.insert(sentence), "{sentence}");
                }
            }
        }
        let names: BTreeSet<&str> = Ability::ALL.into_iter().map(super::ability).collect();
        assert_eq!(names.len(), Ability::ALL.len());
    }

    #[test]
    fn the_summary_counts_what_differs() {
        let mut report = EndpointReport::default();
        assert_eq!(summary(&report), "This server behaves like Amazon S3");
        report.product = Product::Minio;
        report.findings.insert(Ability::Acl, Known::Is(Answer::No));
        assert_eq!(summary(&report), "MinIO, 1 difference");
    }
}
