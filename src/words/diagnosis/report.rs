//! A diagnosis as text to copy: a report without secrets, and commands that repeat the checks elsewhere.

use std::fmt::Write;

use super::{When, headline, plain, rungs};
use crate::domain::diagnosis::{Diagnosis, Examination, Exchange, Light, Setup};
use crate::words::visible;

/// The mark of a light in text.
#[must_use]
pub(super) const fn mark(light: Light) -> &'static str {
    match light {
        Light::Good => "[ok]",
        Light::Info => "[i] ",
        Light::Warning => "[!] ",
        Light::Bad => "[X] ",
        Light::Skipped => "[-] ",
    }
}

/// All that is known, as plain text. Holds no secret: key ids are masked.
#[must_use]
pub fn report(diagnosis: &Diagnosis, finished: Option<Examination>, when: &When<'_>) -> String {
    let mut text = String::new();
    head(&mut text, diagnosis, finished);
    if let Some(headline) = headline(diagnosis, finished.is_some(), when) {
        line(
            &mut text,
            &format!("\n{}. {}", headline.title, headline.below),
        );
    }
    ladder(&mut text, diagnosis, when);
    checks(&mut text, diagnosis);
    settings(&mut text, diagnosis);
    text
}

fn line(text: &mut String, line: &str) {
    // Writing into a text cannot fail.
    let _written = writeln!(text, "{}", line.trim_end());
}

fn head(text: &mut String, diagnosis: &Diagnosis, finished: Option<Examination>) {
    line(
        text,
        &format!("Cooperage {} doctor", env!("CARGO_PKG_VERSION")),
    );
    if let Some(finished) = finished {
        let took = seconds(finished.took_ms);
        line(text, &format!("{}, took {took}", finished.at.utc_text()));
    }
    let Some(setup) = &diagnosis.setup else {
        return;
    };
    let mut row = |label: &str, value: &str| line(text, &format!("{label:<11}{}", visible(value)));
    row("connection", &setup.connection);
    row("bucket", setup.bucket.as_deref().unwrap_or("(none)"));
    if !setup.prefix.is_empty() {
        row("prefix", &setup.prefix);
    }
    row("region", &setup.region);
    if let Some(endpoint) = &setup.endpoint {
        row("endpoint", endpoint);
    }
    if let Some(host) = &setup.host {
        row("host", host);
    }
    row("system", setup.system);
}

fn ladder(text: &mut String, diagnosis: &Diagnosis, when: &When<'_>) {
    if diagnosis.ladder.is_empty() {
        return;
    }
    line(
        text,
        "\nWhere credentials come from (the first that is set wins)",
    );
    for (at, rung) in diagnosis.ladder.iter().enumerate() {
        let words = rungs::rung(rung, when);
        let title = plain(&words.title);
        line(
            text,
            &format!(
                "{} {:>2}. {title}: {}",
                mark(rung.light()),
                at + 1,
                words.verdict
            ),
        );
        for (origin, said) in &words.steps {
            line(
                text,
                &format!("         {}  {}", plain(origin), plain(said)),
            );
        }
        for sentence in &words.lines {
            line(text, &format!("         {}", plain(sentence)));
        }
    }
}

fn checks(text: &mut String, diagnosis: &Diagnosis) {
    if diagnosis.checks.is_empty() {
        return;
    }
    line(text, "\nLive checks");
    for check in &diagnosis.checks {
        let told = super::checks::finding(&check.finding);
        let took = check
            .took_ms
            .map_or_else(String::new, |ms| format!(" ({ms} ms)"));
        let name = super::checks::name(check);
        line(
            text,
            &format!("{} {name}: {}.{took}", mark(check.light()), told.title),
        );
        for sentence in [told.cause, told.next] {
            if !sentence.is_empty() {
                line(text, &format!("         {sentence}"));
            }
        }
    }
}

/// What is set, and where it comes from. Secrets are only said to be there.
fn settings(text: &mut String, diagnosis: &Diagnosis) {
    let Some(setup) = diagnosis
        .setup
        .as_ref()
        .filter(|setup| !setup.settings.is_empty())
    else {
        return;
    };
    line(text, "\nSettings");
    for set in &setup.settings {
        let (name, value, source) = (set.name, visible(&set.value), visible(&set.source));
        line(text, &format!("     {name} = {value} ({source})"));
    }
}

/// Requests that failed, for the end of a report; nothing where none did.
#[must_use]
pub fn failed_requests<'a>(failed: impl Iterator<Item = &'a Exchange>) -> String {
    let mut text = String::new();
    for exchange in failed {
        if text.is_empty() {
            line(&mut text, "\nRequests that failed, newest first");
        }
        line(
            &mut text,
            &format!("     {}", crate::words::exchange::line(exchange)),
        );
    }
    text
}

/// A duration of an examination: `0.9 s`, below a tenth `40 ms`.
#[must_use]
pub fn seconds(ms: u64) -> String {
    if ms < 100 {
        return format!("{ms} ms");
    }
    format!("{}.{} s", ms / 1000, ms % 1000 / 100)
}

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
        line(&mut text, &format!("aws sts get-caller-identity{options}"));
    }
    options += &format!(" --region {}", shell(&setup.region));
    if let Some(endpoint) = &setup.endpoint {
        options += &format!(" --endpoint-url {}", shell(endpoint));
    }
    if setup.unsigned {
        options += " --no-sign-request";
    }
    let mut curl = String::new();
    if setup.unverified {
        options += " --no-verify-ssl";
        curl += " --insecure";
    }
    if let Some(file) = &setup.ca_file {
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
        let plain_http = setup
            .endpoint
            .as_deref()
            .is_some_and(|url| url.starts_with("http://"));
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
    line(&mut text, "# One key below the prefix");
    let prefix = match setup.prefix.as_str() {
        "" => String::new(),
        prefix => format!(" --prefix {}", shell(prefix)),
    };
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
            host: Some("127.0.0.1:9000".to_owned()),
            path_style: true,
            profile: Some("it's".to_owned()),
            ..Setup::default()
        };
        let text = commands(&setup);
        assert!(
            text.contains("aws sts get-caller-identity --profile 'it'\\''s'\n"),
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
