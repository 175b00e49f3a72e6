//! The file with the certificates of the authorities that a connection trusts, where it cannot be used.

use crate::domain::diagnosis::TrustFlaw;

/// What is wrong with it, after its name.
pub(super) const fn trust_file(flaw: TrustFlaw) -> &'static str {
    match flaw {
        TrustFlaw::Missing => "does not exist",
        TrustFlaw::Folder => "is a folder",
        TrustFlaw::Refused => "may not be read by you",
        TrustFlaw::Empty => "holds no certificate in PEM form",
        TrustFlaw::Malformed => "holds something that is no certificate",
    }
}

/// Cause and next step of a failure for it.
pub(super) fn unfit(flaw: TrustFlaw) -> (String, String) {
    (
        format!(
            "The file with the certificates of the authorities to trust {}, so nothing was sent.",
            trust_file(flaw)
        ),
        "Correct it in AWS_S3_VERIFY; where that is not set, AWS_CA_BUNDLE, the profile's ca_bundle or \
         REQUESTS_CA_BUNDLE names it."
            .to_owned(),
    )
}
