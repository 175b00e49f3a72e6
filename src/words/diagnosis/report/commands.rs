//! Commands of curl and of the AWS CLI that repeat the checks of an examination in a shell.
//!
//! No key stands in them: whoever runs them brings the keys along. What comes from outside is quoted for a POSIX shell.

use super::line;
use crate::domain::diagnosis::Setup;

/// Commands that repeat the checks in a shell, without any secret: whoever runs them brings the keys along.
#[must_use]
pub fn commands(setup: &Setup) -> String {
    let mut text = String::new();
    if setup.profile.is_none() && !setup.unsigned {
        line(
            &mut text,
            "# Set AWS_ACCESS_KEY_ID and AWS_SECRET_ACCESS_KEY (and AWS_SESSION_TOKEN for temporary keys) first.",
        );
    }
    let mut options = String::new();
    if let Some(profile) = &setup.profile {
        options += &format!(" --profile {}", shell(profile));
    }
    if !setup.unsigned {
        line(&mut text, "# Who signs");
        // Asked where the keys belong: another server's are never sent to Amazon.
        let place = (setup.token_service.as_ref())
            .map_or_else(String::new, |url| format!(" --endpoint-url {}", shell(url)));
        let region = shell(&setup.region);
        line(
            &mut text,
            &format!("aws sts get-caller-identity{options} --region {region}{place}"),
        );
    }
    options += &format!(" --region {}", shell(&setup.region));
    if let Some(endpoint) = &setup.endpoint {
        options += &format!(" --endpoint-url {}", shell(endpoint));
    }
    if setup.unsigned {
        options += " --no-sign-request";
    }
    let mut curl = String::new();
    let plain_http = (setup.endpoint.as_deref()).is_some_and(|url| url.starts_with("http://"));
    // Without TLS there is nothing to verify.
    if setup.unverified && !plain_http {
        options += " --no-verify-ssl";
        curl += " --insecure";
    }
    if let Some(file) = setup.ca_file.as_ref().filter(|_| !plain_http) {
        options += &format!(" --ca-bundle {}", shell(file));
        curl += &format!(" --cacert {}", shell(file));
    }
    let Some(bucket) = &setup.bucket else {
        line(&mut text, "# The buckets of the account");
        line(&mut text, &format!("aws s3api list-buckets{options}"));
        return text;
    };
    let named = format!(" --bucket {}", shell(bucket));
    if let Some(host) = &setup.host {
        let scheme = if plain_http { "http" } else { "https" };
        let path = if setup.path_style {
            bucket.as_str()
        } else {
            ""
        };
        let url = format!("{scheme}://{host}/{path}");
        line(
            &mut text,
            "# Name, route, certificate, region (x-amz-bucket-region) and clock (date)",
        );
        line(&mut text, &format!("curl -sS -I{curl} {}", shell(&url)));
    }
    line(&mut text, "# Region of the bucket");
    line(
        &mut text,
        &format!("aws s3api get-bucket-location{named}{options}"),
    );
    let (what, prefix) = match setup.prefix.as_str() {
        "" => ("# One key of the bucket", String::new()),
        prefix => (
            "# One key below the prefix",
            format!(" --prefix {}", shell(prefix)),
        ),
    };
    line(&mut text, what);
    line(
        &mut text,
        &format!("aws s3api list-objects-v2{named}{prefix} --max-keys 1{options}"),
    );
    text
}

/// A word for a POSIX shell.
fn shell(word: &str) -> String {
    let is_plain = |c: char| c.is_ascii_alphanumeric() || "-_./:@%+=".contains(c);
    if !word.is_empty() && word.chars().all(is_plain) {
        return word.to_owned();
    }
    format!("'{}'", word.replace('\'', "'\\''"))
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn commands_carry_what_the_connection_says() {
        let setup = Setup {
            connection: "media".to_owned(),
            bucket: Some("media-live".to_owned()),
            prefix: "a b/".to_owned(),
            region: "eu-west-1".to_owned(),
            endpoint: Some("http://127.0.0.1:9000".to_owned()),
            token_service: Some("http://127.0.0.1:9000".to_owned()),
            host: Some("127.0.0.1:9000".to_owned()),
            path_style: true,
            profile: Some("it's".to_owned()),
            ca_file: Some("/etc/ca.pem".to_owned()),
            ..Setup::default()
        };
        let text = commands(&setup);
        assert!(!text.contains("ca.pem"), "{text}");
        let encrypted = Setup {
            endpoint: Some("https://127.0.0.1:9000".to_owned()),
            prefix: String::new(),
            ..setup.clone()
        };
        let encrypted = commands(&encrypted);
        assert!(
            encrypted.contains("--ca-bundle /etc/ca.pem") && encrypted.contains("--cacert"),
            "{encrypted}"
        );
        assert!(
            encrypted.contains("# One key of the bucket\n"),
            "{encrypted}"
        );
        assert!(
            text.contains(
                "get-caller-identity --profile 'it'\\''s' --region eu-west-1 --endpoint-url http://127.0.0.1:9000\n"
            ),
            "{text}"
        );
        assert!(
            text.contains("curl -sS -I http://127.0.0.1:9000/media-live\n"),
            "{text}"
        );
        assert!(text.contains("--prefix 'a b/' --max-keys 1"), "{text}");
        assert!(!text.contains("Set AWS_ACCESS_KEY_ID"), "{text}");
        let anonymous = Setup {
            unsigned: true,
            region: "us-east-1".to_owned(),
            ..Setup::default()
        };
        let text = commands(&anonymous);
        assert!(
            text.contains("list-buckets --region us-east-1 --no-sign-request"),
            "{text}"
        );
        assert!(!text.contains("get-caller-identity"));
    }
}
