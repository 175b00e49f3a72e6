//! The answer of a token service to `GetCallerIdentity`, for a `ScriptedServer`: it checks the signature first.
//!
//! The check is written from Amazon's description of version 4, not with the program's own signer.

use hmac::{Hmac, KeyInit, Mac};
use sha2::{Digest, Sha256};

use super::scripted::{Asked, Reply};

/// Who signs.
pub const ARN: &str = "arn:aws:iam::123456789012:user/tester";

/// True for requests that are for the token service.
pub fn is_for(asked: &Asked) -> bool {
    asked.method == "POST" && asked.body.starts_with(b"Action=")
}

/// The identity, where the request is signed with this pair; else the refusal that Amazon gives.
pub fn answer(asked: &Asked, access_key: &str, secret_key: &str) -> Reply {
    let Some(signed) = Signed::read(asked) else {
        return refusal(403, "MissingAuthenticationToken");
    };
    if signed.access_key != access_key {
        return refusal(403, "InvalidClientTokenId");
    }
    if signed.service != "sts" || signed.signature_of(asked, secret_key) != signed.signature {
        return refusal(403, "SignatureDoesNotMatch");
    }
    let xml = format!(
        "<GetCallerIdentityResponse xmlns=\"https://sts.amazonaws.com/doc/2011-06-15/\"><GetCallerIdentityResult>\
         <Arn>{ARN}</Arn><UserId>AIDATESTER</UserId><Account>123456789012</Account></GetCallerIdentityResult>\
         <ResponseMetadata><RequestId>STS-1</RequestId></ResponseMetadata></GetCallerIdentityResponse>"
    );
    Reply::new(200, xml).header("content-type", "text/xml")
}

fn refusal(status: u16, code: &str) -> Reply {
    let xml = format!(
        "<ErrorResponse xmlns=\"https://sts.amazonaws.com/doc/2011-06-15/\"><Error><Type>Sender</Type>\
         <Code>{code}</Code><Message>refused</Message></Error><RequestId>STS-2</RequestId></ErrorResponse>"
    );
    Reply::new(status, xml).header("content-type", "text/xml")
}

/// The parts of an `Authorization` header.
struct Signed<'a> {
    access_key: &'a str,
    date: &'a str,
    region: &'a str,
    service: &'a str,
    names: &'a str,
    signature: &'a str,
}

impl<'a> Signed<'a> {
    fn read(asked: &'a Asked) -> Option<Self> {
        let rest = asked
            .header("authorization")?
            .strip_prefix("AWS4-HMAC-SHA256 ")?;
        let field = |name: &str| rest.split(", ").find_map(|part| part.strip_prefix(name));
        let mut scope = field("Credential=")?.split('/');
        Some(Self {
            access_key: scope.next()?,
            date: scope.next()?,
            region: scope.next()?,
            service: scope.next()?,
            names: field("SignedHeaders=")?,
            signature: field("Signature=")?,
        })
    }

    fn signature_of(&self, asked: &Asked, secret_key: &str) -> String {
        let (path, query) = asked.target.split_once('?').unwrap_or((&asked.target, ""));
        let mut canonical = format!("{}\n{path}\n{query}\n", asked.method);
        for name in self.names.split(';') {
            canonical.push_str(&format!(
                "{name}:{}\n",
                asked.header(name).unwrap_or_default()
            ));
        }
        canonical.push_str(&format!(
            "\n{}\n{}",
            self.names,
            hex(&Sha256::digest(&asked.body))
        ));
        let Self {
            date,
            region,
            service,
            ..
        } = self;
        let text = format!(
            "AWS4-HMAC-SHA256\n{}\n{date}/{region}/{service}/aws4_request\n{}",
            asked.header("x-amz-date").unwrap_or_default(),
            hex(&Sha256::digest(&canonical))
        );
        let mut key = format!("AWS4{secret_key}").into_bytes();
        for part in [date, region, service, "aws4_request", text.as_str()] {
            let mut mac = Hmac::<Sha256>::new_from_slice(&key).unwrap();
            mac.update(part.as_bytes());
            key = mac.finalize().into_bytes().to_vec();
        }
        hex(&key)
    }
}

fn hex(bytes: &[u8]) -> String {
    bytes.iter().map(|byte| format!("{byte:02x}")).collect()
}
