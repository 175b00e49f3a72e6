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

/// What an ability is for, and whether anything here goes by it.
#[must_use]
pub const fn purpose(ability: Ability) -> &'static str {
    match ability {
        Ability::Addressing => {
            "Where requests and links carry the bucket's name; AWS_S3_ADDRESSING_STYLE says which place is used."
        }
        Ability::ListV2 => "Folders are listed with it, page after page.",
        Ability::UrlListings => "Keys with control characters come through listings whole.",
        Ability::UploadCheck => {
            "Each upload carries it, and the server refuses what arrives otherwise than it was sent."
        }
        Ability::ChecksumTrailers => {
            "Newer programs send them by default. Cooperage does not, whatever is set here: its checksums stand in headers."
        }
        Ability::BatchDelete => "Up to 1,000 objects are deleted by one request.",
        Ability::MultipartEtag => {
            "For whoever compares a local file with the ETag. Cooperage compares checksums, whatever is set here."
        }
        Ability::IfNoneMatch => {
            "An upload that must not overwrite is refused by the server itself when the key is taken."
        }
        Ability::Tagging => "Uploads and copies carry their tags.",
        Ability::Versions => {
            "Where the bucket keeps them, what was overwritten or deleted can be brought back."
        }
        Ability::Acl => "Uploads carry the ACL of the settings.",
        Ability::Sts => "Roles can be assumed here, and the live checks ask who signs.",
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
            "The server looks at nothing but the length; a flipped bit would not be noticed."
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
            "The ETag of an object in parts does not tell how it was cut, so it cannot be computed from a local file. Nothing here goes by it."
        }
        (Ability::IfNoneMatch, Answer::Ignored) => {
            "The condition is taken and not obeyed: before an upload the key is looked up, which leaves a moment for somebody else."
        }
        (Ability::IfNoneMatch, _) => {
            "The condition is refused: before an upload the key is looked up, which leaves a moment for somebody else."
        }
        (Ability::Tagging, _) => "Objects have no tags; uploads and copies leave them out.",
        (Ability::Versions, _) => {
            "An overwritten or deleted object cannot be brought back, and the question before deleting says so."
        }
        (Ability::Acl, _) => {
            "Objects have no access lists; uploads leave out the ACL of the settings."
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
        (Product::Unknown, 0) if !report.was_looked_at() => {
            "This server was not looked at".to_owned()
        }
        (product, 0) if !report.was_looked_at() => format!("{}, not looked at", product.name()),
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
        for ability in Ability::ALL {
            assert!(purpose(ability).ends_with('.') && said.insert(purpose(ability)));
        }
    }

    #[test]
    fn the_summary_counts_what_differs() {
        let mut report = EndpointReport::default();
        assert_eq!(summary(&report), "This server was not looked at");
        let v2 = Known::Is(Answer::Yes);
        report.findings.insert(Ability::ListV2, v2);
        assert_eq!(summary(&report), "This server behaves like Amazon S3");
        report.product = Product::Minio;
        report.findings.insert(Ability::Acl, Known::Is(Answer::No));
        assert_eq!(summary(&report), "MinIO, 1 difference");
    }
}
