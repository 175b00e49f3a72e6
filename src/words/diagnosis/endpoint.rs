//! What a server is, what it can do, and what follows where it differs from Amazon's.

use crate::domain::diagnosis::{Ability, Answer, Known, Permission, Product, ServerView, Standing};

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

/// What was found of an ability, now or before, or that nothing was.
#[must_use]
pub fn found(standing: &Standing) -> &'static str {
    match (standing.found(), standing.known) {
        (Some(found), _) => answer(found),
        (None, Known::NeedsWriting) => "not tested",
        (None, Known::Untold | Known::Is(_)) => "not told",
        (None, _) => "not known",
    }
}

/// Why nothing is known of an ability, in a sentence; empty where something is, or where a person says what holds.
#[must_use]
pub fn why_unknown(standing: &Standing) -> String {
    if standing.holds().is_some() {
        return String::new();
    }
    match standing.known {
        Known::Is(_) => String::new(),
        Known::NeedsWriting => "Only the write test can tell.".to_owned(),
        Known::NeedsV4 => "Not tried: it needs requests signed with version 4.".to_owned(),
        Known::NoObject => {
            "Not known: no object is at hand to ask about; the write test brings one.".to_owned()
        }
        Known::KeysRefused => {
            "Not known, because the server does not accept the credentials.".to_owned()
        }
        Known::Denied(permission) => format!("Not known, because {} was denied.", deed(permission)),
        Known::Failed(permission) => format!("Not known, because {} failed.", deed(permission)),
        Known::Untold => "No answer tells.".to_owned(),
    }
}

/// What was tried, as it stands within a sentence.
const fn deed(permission: Permission) -> &'static str {
    match permission {
        Permission::ListPrefix => "listing",
        Permission::Read => "reading",
        Permission::Head => "looking at an object",
        Permission::Tags => "reading tags",
        Permission::Acl => "reading the access list",
        Permission::Versions => "listing versions",
        Permission::BucketLocation => "asking for the region",
        Permission::Versioning => "asking for the versioning",
        Permission::Policy => "reading the policy",
        Permission::Cors => "reading the CORS rules",
        Permission::Lifecycle => "reading the lifecycle rules",
        Permission::Write => "writing",
        Permission::Multipart => "uploading in parts",
        Permission::Overwrite => "overwriting",
        Permission::Delete => "deleting",
    }
}

/// What follows from what holds for an ability; empty where it is Amazon's or nothing is known.
#[must_use]
pub fn what_follows(standing: &Standing) -> &'static str {
    match (standing.ability, standing.set) {
        (Ability::Addressing, Some(set)) => by_option(set),
        (ability, _) => (standing.holds()).map_or("", |answer| deviation(ability, answer)),
    }
}

/// Where the option puts the bucket, whatever the server could do.
const fn by_option(set: Answer) -> &'static str {
    match set {
        Answer::HostOnly => {
            "AWS_S3_ADDRESSING_STYLE is virtual: requests and links carry the bucket in the host name wherever it can stand there."
        }
        Answer::PathOnly => {
            "AWS_S3_ADDRESSING_STYLE is path: requests and links carry the bucket in the path."
        }
        _ => {
            "AWS_S3_ADDRESSING_STYLE is auto: the bucket stands in the host name where host and bucket allow it, else in the path."
        }
    }
}

/// What the server is, in one short line. A name that only its answers bear is what it looks like.
#[must_use]
pub fn summary(view: &ServerView<'_>) -> String {
    let (differs, said) = (view.differences(), view.said());
    let set = match said {
        0 => String::new(),
        said => format!(" ({said} set by you)"),
    };
    let counted = match differs {
        1 => "1 difference".to_owned(),
        count => format!("{count} differences"),
    };
    let name = match view.product() {
        Product::Unknown => None,
        Product::BuiltIn => Some("The built-in bucket".to_owned()),
        product if view.is_sure() => Some(product.name().to_owned()),
        product => Some(format!("Looks like {}", product.name())),
    };
    match (name, differs) {
        (None, 0) if !view.was_looked_at() => format!("This server was not looked at{set}"),
        (Some(name), 0) if !view.was_looked_at() => {
            format!("{name}; what it can do was not looked at{set}")
        }
        (Some(name), 0) if name == Product::AmazonS3.name() => {
            format!("This server is Amazon S3{set}")
        }
        (None, 0) => format!("This server behaves like Amazon S3{set}"),
        (None, _) => format!("{counted} from Amazon S3{set}"),
        (Some(name), 0) => format!("{name}, behaves like Amazon S3{set}"),
        (Some(name), _) => format!("{name}, {counted}{set}"),
    }
}

#[cfg(test)]
mod tests {
    use std::collections::BTreeSet;

    use super::*;
    use crate::domain::diagnosis::{Diagnosis, EndpointReport, ServerTraits};

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
    fn the_summary_counts_what_holds() {
        let mut diagnosis = Diagnosis::default();
        let mut traits = ServerTraits::default();
        let said = |diagnosis: &Diagnosis, traits: &ServerTraits| {
            summary(&ServerView::of(diagnosis, traits))
        };
        assert_eq!(said(&diagnosis, &traits), "This server was not looked at");
        let mut report = EndpointReport::default();
        let v2 = Known::Is(Answer::Yes);
        report.findings.insert(Ability::ListV2, v2);
        diagnosis.endpoint = Some(report.clone());
        assert_eq!(
            said(&diagnosis, &traits),
            "This server behaves like Amazon S3"
        );
        report.product = Product::Minio;
        report.findings.insert(Ability::Acl, Known::Is(Answer::No));
        diagnosis.endpoint = Some(report.clone());
        assert_eq!(said(&diagnosis, &traits), "Looks like MinIO, 1 difference");
        traits.set.insert(Ability::Tagging, Answer::No);
        assert_eq!(
            said(&diagnosis, &traits),
            "Looks like MinIO, 2 differences (1 set by you)"
        );
        traits.set.insert(Ability::Acl, Answer::Yes);
        traits.set.remove(&Ability::Tagging);
        assert_eq!(
            said(&diagnosis, &traits),
            "Looks like MinIO, behaves like Amazon S3 (1 set by you)"
        );
        report.product = Product::R2;
        report.by_host = true;
        diagnosis.endpoint = Some(report);
        traits.set.clear();
        assert_eq!(said(&diagnosis, &traits), "Cloudflare R2, 1 difference");
    }

    #[test]
    fn why_nothing_is_known_is_said_each_in_its_own_words() {
        let standing = |known| Standing {
            ability: Ability::BatchDelete,
            known,
            earlier: None,
            set: None,
        };
        let mut all = vec![
            Known::NeedsWriting,
            Known::NeedsV4,
            Known::NoObject,
            Known::KeysRefused,
            Known::Untold,
        ];
        for permission in Permission::READS.into_iter().chain(Permission::WRITES) {
            all.extend([Known::Denied(permission), Known::Failed(permission)]);
        }
        let said: BTreeSet<String> = all
            .iter()
            .map(|known| why_unknown(&standing(*known)))
            .collect();
        assert_eq!(said.len(), all.len());
        assert!(said.iter().all(|sentence| sentence.ends_with('.')));
        let denied = standing(Known::Denied(Permission::Delete));
        assert_eq!(found(&denied), "not known");
        assert_eq!(
            why_unknown(&denied),
            "Not known, because deleting was denied."
        );
        assert_eq!(found(&standing(Known::NeedsWriting)), "not tested");
        let set = Standing {
            set: Some(Answer::No),
            ..denied
        };
        assert_eq!(why_unknown(&set), "");
    }

    #[test]
    fn the_option_says_where_the_bucket_stands() {
        let of = |set| {
            what_follows(&Standing {
                ability: Ability::Addressing,
                known: Known::Is(Answer::HostAndPath),
                earlier: None,
                set: Some(set),
            })
        };
        for answer in Ability::Addressing.choices() {
            let word = answer.style_word().expect("a value of the option");
            let start = format!("AWS_S3_ADDRESSING_STYLE is {word}: ");
            assert!(of(*answer).starts_with(&start), "{}", of(*answer));
        }
    }
}
