//! What the error codes of S3 and of the token service mean: why a server says them, and what to do next.
//!
//! Codes are those of the API's reference, and a few that other servers use. The sentences about failures use them where
//! the kind of a failure alone says less ([`crate::words::explain`]), the log of requests and the Doctor show them.

/// A code and what it means.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub struct Meaning {
    /// As the server writes it.
    pub code: &'static str,
    /// Why the server says it, in one or two sentences.
    pub cause: &'static str,
    /// What to do next, in one or two sentences.
    pub next: &'static str,
}

/// What a code means, where it is known.
#[must_use]
pub fn meaning(code: &str) -> Option<&'static Meaning> {
    let at = CODES.binary_search_by_key(&code, |own| own.code).ok()?;
    CODES.get(at)
}

macro_rules! codes {
    ($($code:literal: $cause:literal, $next:literal;)*) => {
        /// All codes in the order of the alphabet.
        pub const CODES: &[Meaning] = &[$(Meaning { code: $code, cause: $cause, next: $next }),*];
    };
}

codes! {
    "AccessControlListNotSupported":
        "The bucket does not take ACLs: its owner alone owns all objects (Object Ownership is “bucket owner enforced”).",
        "Leave AWS_DEFAULT_ACL unset and open objects by the bucket's policy instead.";
    "AccessDenied":
        "The server knows these credentials, but a policy does not allow this: that of the user or role, of the bucket, of the organisation, or of the KMS key.",
        "Ask for the action in question; the server's own words often name the policy.";
    "AccessDeniedException":
        "A service beside S3, such as the token service or KMS, does not allow this call.",
        "Ask for the permission of that service, for KMS that of the key.";
    "AccountProblem":
        "Something is wrong with the account itself, most often its payment.",
        "Ask the provider's support; no setting here can help.";
    "AllAccessDisabled":
        "The provider has blocked all access to this bucket or object.",
        "Ask the provider's support why it was blocked.";
    "AuthorizationHeaderMalformed":
        "The signature names another region, or another form, than the server expects for this bucket.",
        "Set the region to the one in the server's answer.";
    "AuthorizationQueryParametersError":
        "A parameter that signs this link is wrong: its lifetime is above seven days, its date is malformed, or one is missing.",
        "Make the link anew with a lifetime of at most seven days.";
    "BadDigest":
        "The checksum that was sent does not fit what arrived: bytes changed on the way, or the server counts another checksum.",
        "Try again; if it stays so, look at proxies between here and the server.";
    "BucketAlreadyExists":
        "Somebody else owns a bucket of this name; names are shared by all accounts of a provider.",
        "Choose another name.";
    "BucketAlreadyOwnedByYou":
        "The bucket exists already, and it is your own.",
        "Use it as it is.";
    "BucketNotEmpty":
        "A bucket can only be deleted when nothing is in it, old versions and unfinished uploads included.",
        "Delete its objects, versions and uploads first.";
    "ConditionalRequestConflict":
        "Two requests wanted to write the same key at the same moment, on condition that nobody else did.",
        "Look at what is there now, then try again.";
    "CredentialsNotSupported":
        "This kind of request is made without credentials.",
        "Choose anonymous access for it.";
    "CrossLocationLoggingProhibited":
        "Access logs cannot be written to a bucket in another region.",
        "Choose a bucket for the logs in the same region.";
    "EntityTooLarge":
        "The object is larger than one request may carry: 5 GiB on Amazon, less on some servers.",
        "Upload it in parts.";
    "EntityTooSmall":
        "A part of an upload is smaller than the server takes; only the last one may be below 5 MiB.",
        "Upload it again with larger parts.";
    "ExpiredToken":
        "The session token has ended; key id and secret are worth nothing without it.",
        "Sign in again, or enter new temporary credentials.";
    "ExpiredTokenException":
        "The sign-in that the temporary credentials were made from has ended.",
        "Sign in to Identity Center again.";
    "IDPCommunicationError":
        "The token service could not reach the identity provider that issued the web identity.",
        "Try again in a moment; it passes, unless the provider is down.";
    "IllegalLocationConstraintException":
        "The bucket is in a region that has to be asked at its own host, or the wanted region does not fit the one asked.",
        "Set the region of the connection to that of the bucket.";
    "IncompleteBody":
        "Fewer bytes arrived than the request announced: the connection broke on the way.",
        "Try again; if it stays so, look at proxies and time limits.";
    "IncompleteSignature":
        "The signature lacks a part, mostly because a proxy or a tool took a header away.",
        "Look at what stands between here and the server.";
    "InternalError":
        "The server failed while it worked on the request; this is on its side and mostly passes.",
        "Try again; if it stays so, give the request id to whoever runs the server.";
    "InvalidAccessKeyId":
        "The server does not know this access key id: it was deleted, misspelt, or belongs to another provider or partition.",
        "Check the key id and the endpoint; temporary keys need their session token as well.";
    "InvalidArgument":
        "A header or a parameter has a value that the server does not take.",
        "The server's own words name it; mostly it comes from the upload parameters.";
    "InvalidBucketName":
        "The name is none for a bucket: 3 to 63 small letters, digits, dots and dashes.",
        "Correct the bucket's name in the settings.";
    "InvalidClientTokenId":
        "The token service does not know this access key id, or wants the session token that belongs to it.",
        "Enter key id, secret and token of one sign-in together.";
    "InvalidDigest":
        "The checksum in the request is none, or not of the form that the server expects.",
        "Look at what stands between here and the server: something rewrites headers.";
    "InvalidEncryptionAlgorithmError":
        "The wanted server-side encryption is not one that the server knows.",
        "Use AES256 or aws:kms in the upload parameters.";
    "InvalidIdentityToken":
        "The web identity's token is not accepted: malformed, of another audience, or of a provider the account does not trust.",
        "Issue a new token, and check provider and audience in the role's trust policy.";
    "InvalidObjectState":
        "The object lies in an archive class and cannot be read before it is restored.",
        "Restore it first; that takes minutes to hours.";
    "InvalidPart":
        "A part of the upload is missing on the server, or its ETag is another one.",
        "Upload the file again.";
    "InvalidPartOrder":
        "The parts of the upload were named in a wrong order.",
        "Upload it anew; the unfinished upload can be thrown away.";
    "InvalidRange":
        "The wanted bytes lie beyond the end of the object, which has become shorter.",
        "Read the object's properties again.";
    "InvalidRequest":
        "The request contradicts itself or the bucket's rules: a parameter that does not go with another, or a signature version that is not allowed.",
        "Read the server's own words; for a signature version choose s3v4.";
    "InvalidSecurity":
        "The credentials as a whole are not valid.",
        "Enter key id and secret again, or create a new key.";
    "InvalidStorageClass":
        "The server does not have this storage class.",
        "Take StorageClass out of the upload parameters, or use one that the server lists.";
    "InvalidTag":
        "A tag breaks the rules: at most ten, names of 128 and values of 256 characters, no name twice.",
        "Correct Tagging in the upload parameters.";
    "InvalidToken":
        "The session token is malformed or belongs to other keys.",
        "Enter key id, secret and token of the same sign-in; a token in the environment sticks to typed keys.";
    "KMS.DisabledException":
        "The KMS key that encrypts this object is switched off.",
        "Ask whoever owns the key to enable it.";
    "KMS.NotFoundException":
        "The KMS key that is named for encryption does not exist in this region.",
        "Check SSEKMSKeyId in the upload parameters; a key works only in its own region.";
    "KeyTooLongError":
        "The key is longer than 1,024 bytes in UTF-8.",
        "Shorten the name or the folders above it.";
    "LimitExceededException":
        "A limit of the account or of the service is reached.",
        "Wait, or ask for a higher limit.";
    "MalformedPolicy":
        "The bucket's policy is not of the form that the server takes.",
        "Correct the JSON: version, principal, actions and resources.";
    "MalformedPolicyDocument":
        "The policy that was sent along for the session is not valid.",
        "Correct the session policy of the role.";
    "MalformedXML":
        "The server does not understand the document in the request: it lacks this function, or something rewrote it.",
        "Do without this function on this server, or look at what stands between.";
    "MetadataTooLarge":
        "Metadata of an object may have 2 KB in all, names included.",
        "Take some of Metadata out of the upload parameters.";
    "MethodNotAllowed":
        "The server does not allow this method on this address: not S3, a static website's host, or a deletion marker.",
        "Check that the endpoint is that of the S3 API.";
    "MissingContentLength":
        "The server wants to know the length beforehand and did not get it, because something on the way took it off.",
        "Look for a proxy that changes requests.";
    "MissingSecurityHeader":
        "The request lacks a header that the server demands.",
        "Look for a proxy that takes headers away.";
    "NoSuchBucket":
        "The server knows no bucket of exactly this name; another provider or region may.",
        "Check the name to the letter, then the endpoint.";
    "NoSuchBucketPolicy":
        "The bucket has no policy.",
        "Nothing has to be done; everything then depends on the policies of users and roles.";
    "NoSuchCORSConfiguration":
        "The bucket has no rules for web pages of other hosts.",
        "Add some only if browsers are to read from it with scripts.";
    "NoSuchKey":
        "There is no object with exactly this key.",
        "List the folder again; capitals, blanks and slashes count.";
    "NoSuchLifecycleConfiguration":
        "No rules expire or move objects of this bucket.",
        "Add some only if old objects are to go by themselves.";
    "NoSuchTagSet":
        "There are no tags on it.",
        "Add some if they are wanted.";
    "NoSuchUpload":
        "The unfinished upload is gone: finished, aborted, or cleaned up by a rule.",
        "Begin the upload again.";
    "NoSuchVersion":
        "There is no such version of this object any more.",
        "List the versions again.";
    "NotImplemented":
        "The server does not have this function.",
        "Do without it on this connection, or look in the server's manual.";
    "NotSignedUp":
        "The account is not signed up for S3.",
        "Sign up for it in the provider's console.";
    "ObjectLockConfigurationNotFoundError":
        "Objects of this bucket are not locked.",
        "Nothing has to be done unless they should be.";
    "OperationAborted":
        "Another change of the same bucket is under way.",
        "Wait a moment and try again.";
    "OptInRequired":
        "The account has not switched this region or service on.",
        "Enable the region in the account's settings.";
    "PermanentRedirect":
        "The bucket has to be asked at another host, that of its own region.",
        "Set the region to where the bucket lives; the answer names its host.";
    "PreconditionFailed":
        "The condition of the request does not hold: the object is there already, or it has changed.",
        "Look at what is there now and decide again.";
    "QuotaExceeded":
        "The bucket or the account has reached the size it may have.",
        "Delete what is not needed, or ask for more room.";
    "Redirect":
        "The bucket is asked at a host that passes requests on, because it is very new.",
        "Set the region of the bucket, or try again in an hour.";
    "RegionDisabledException":
        "The token service is switched off for this region in the account.",
        "Use another region for signing in, or enable it.";
    "RequestExpired":
        "The request was signed too long ago, by this computer's clock.",
        "Set the clock, best by network time.";
    "RequestTimeTooSkewed":
        "This computer's clock differs from the server's by more than 15 minutes.",
        "Set the clock and switch network time on.";
    "RequestTimeout":
        "The server waited too long for the next bytes of the request.",
        "Try again with fewer transfers at once; the way out is too slow or broke.";
    "ServerSideEncryptionConfigurationNotFoundError":
        "The bucket has no rule for encryption.",
        "Nothing has to be done; uploads can still ask for it.";
    "ServiceUnavailable":
        "The server takes no requests for the moment.",
        "Wait and try again.";
    "SignatureDoesNotMatch":
        "The signature was made with another secret, or something on the way changed host, path or headers.",
        "Enter the secret again, without blanks around it; behind a proxy, check that it leaves requests as they are.";
    "SlowDown":
        "There are more requests than the server takes at once for this part of the bucket.",
        "Wait a little and go on with fewer at the same time.";
    "TemporaryRedirect":
        "The bucket's new host is not known everywhere yet.",
        "Try again later, or set the bucket's region.";
    "Throttling":
        "The service counts too many calls of this account within a second.",
        "Wait a few seconds before the next try.";
    "TokenRefreshRequired":
        "The session token has to be renewed before it is used again.",
        "Fetch new temporary credentials.";
    "TooManyBuckets":
        "The account has as many buckets as it may have.",
        "Delete one, or ask for a higher limit.";
    "UnauthorizedAccess":
        "The account may not use this region's service, as with regions of China from outside.",
        "Use credentials of the partition to which the endpoint belongs.";
    "UnrecognizedClientException":
        "The service does not recognise the key id or its session token.",
        "Sign in again, and check that the credentials are of the same partition.";
    "ValidationError":
        "A value in the call to the token service breaks its rules: an ARN, a session's name, a duration.",
        "The server's own words name the value; correct it in the profile.";
    "XAmzContentSHA256Mismatch":
        "The body is not the one that was signed: bytes changed on the way.",
        "Try again; if it stays so, use https, or look at what stands between.";
}

#[cfg(test)]
mod tests {
    use std::collections::BTreeSet;

    use super::*;

    #[test]
    fn every_code_is_found_and_has_words_of_its_own() {
        assert!(CODES.len() >= 60, "{}", CODES.len());
        let mut seen = BTreeSet::new();
        for own in CODES {
            assert_eq!(
                meaning(own.code),
                Some(own),
                "{} stands in its order",
                own.code
            );
            assert!(seen.insert(own.cause), "{}", own.cause);
            assert!(seen.insert(own.next), "{}: {}", own.code, own.next);
            for text in [own.cause, own.next] {
                assert!(text.starts_with(char::is_uppercase), "{text}");
                assert!(text.ends_with('.') && !text.contains("  "), "{text}");
                assert!(!text.contains(['!', '\n', '"', '—']), "{text}");
                assert!(
                    !text.contains("Please") && !text.contains("button"),
                    "{text}"
                );
                assert!((15..=230).contains(&text.len()), "{text}");
            }
        }
        assert_eq!(meaning("Nothing"), None);
    }
}
