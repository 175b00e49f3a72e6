//! Every form of a pasted block: by table, and by property tests that write one and read it back.

use proptest::prelude::*;

use super::*;

const KEY: &str = "ASIAIOSFODNN7EXAMPLE";
const SECRET: &str = "wJalrXUtnFEMI/K7MDENG/bPxRfiCYEXAMPLEKEY";
const TOKEN: &str = "IQoJb3JpZ2luX2VjEJr//////////wEaCXVzLWVhc3QtMSJGMEQCIA==";

/// A block in each form; the last says whether a token and an end are written.
fn blocks(key: &str, secret: &str, token: &str) -> Vec<(PastedForm, String)> {
    use PastedForm as F;
    vec![
        (
            F::Bash,
            format!(
                "export AWS_ACCESS_KEY_ID=\"{key}\"\nexport AWS_SECRET_ACCESS_KEY=\"{secret}\"\nexport AWS_SESSION_TOKEN=\"{token}\"\n"
            ),
        ),
        (
            F::Bash,
            format!(
                "  export AWS_ACCESS_KEY_ID={key} AWS_SECRET_ACCESS_KEY='{secret}' AWS_SESSION_TOKEN={token}; aws s3 ls"
            ),
        ),
        (
            F::Bash,
            format!(
                "set -gx AWS_ACCESS_KEY_ID {key}\nset -gx AWS_SECRET_ACCESS_KEY {secret}\nset -gx AWS_SESSION_TOKEN \"{token}\""
            ),
        ),
        (
            F::Cmd,
            format!(
                "SET AWS_ACCESS_KEY_ID={key}\r\nSET AWS_SECRET_ACCESS_KEY={secret}\r\nSET AWS_SESSION_TOKEN={token}\r\n"
            ),
        ),
        (
            F::Cmd,
            format!(
                "set \"AWS_ACCESS_KEY_ID={key}\"\r\nset \"AWS_SECRET_ACCESS_KEY={secret}\"\r\nset \"AWS_SESSION_TOKEN={token}\""
            ),
        ),
        (
            F::PowerShell,
            format!(
                "$Env:AWS_ACCESS_KEY_ID=\"{key}\"\n$Env:AWS_SECRET_ACCESS_KEY=\"{secret}\"\n$Env:AWS_SESSION_TOKEN=\"{token}\""
            ),
        ),
        (
            F::PowerShell,
            format!(
                "$env:AWS_ACCESS_KEY_ID = '{key}'\r\n$env:AWS_SECRET_ACCESS_KEY = '{secret}'\r\n$env:AWS_SESSION_TOKEN = '{token}'"
            ),
        ),
        (
            F::CredentialsFile,
            format!(
                "[123456789012_Editor]\naws_access_key_id = {key}\naws_secret_access_key = {secret}\naws_session_token={token}\n"
            ),
        ),
        (
            F::Assignments,
            format!(
                "AWS_ACCESS_KEY_ID={key}\nAWS_SECRET_ACCESS_KEY={secret}\nAWS_SESSION_TOKEN={token}"
            ),
        ),
        (
            F::Assignments,
            format!(
                "aws_secret_access_key: {secret}\naws_access_key_id: {key}\naws_session_token: \"{token}\""
            ),
        ),
        (
            F::Json,
            format!(
                "{{\"Credentials\": {{\"AccessKeyId\": \"{key}\", \"SecretAccessKey\": \"{secret}\", \"SessionToken\": \"{token}\", \"Expiration\": \"2030-01-01T00:00:00+00:00\"}}, \"AssumedRoleUser\": {{\"Arn\": \"arn:aws:sts::1:assumed-role/a/b\"}}}}"
            ),
        ),
        (
            F::Json,
            format!(
                "{{\n \"Version\": 1,\n \"AccessKeyId\": \"{key}\",\n \"SecretAccessKey\": \"{secret}\",\n \"SessionToken\": \"{token}\"\n}}"
            ),
        ),
        (
            F::Json,
            format!(
                "{{\"roleCredentials\":{{\"accessKeyId\":\"{key}\",\"secretAccessKey\":\"{secret}\",\"sessionToken\":\"{token}\",\"expiration\":1893456000000}}}}"
            ),
        ),
        // Cut off where somebody stopped copying.
        (
            F::Json,
            format!(
                "{{\"Credentials\": {{\"AccessKeyId\": \"{key}\", \"SecretAccessKey\": \"{secret}\", \"SessionToken\": \"{token}\","
            ),
        ),
        (F::Bare, format!("{key}\n{secret}\n{token}\n")),
    ]
}

#[track_caller]
fn assert_whole(text: &str, form: PastedForm, wanted: [&str; 3]) {
    let found = Pasted::read(text).unwrap_or_else(|| panic!("nothing in {form:?}"));
    assert_eq!(found.form, form, "{text}");
    assert_eq!(found.access_key.as_deref(), Some(wanted[0]), "{text}");
    let secret = found.secret_key.as_ref().map(Secret::reveal);
    assert_eq!(secret, Some(wanted[1]), "{text}");
    let token = found.token.as_ref().map(Secret::reveal);
    assert_eq!(token, Some(wanted[2]), "{text}");
    assert!(found.is_whole() && !found.several, "{text}");
    assert!(
        !format!("{found:?}").contains(wanted[1]),
        "a secret is shown"
    );
}

#[test]
fn every_form_is_read_also_on_one_line() {
    for (form, text) in blocks(KEY, SECRET, TOKEN) {
        assert_whole(&text, form, [KEY, SECRET, TOKEN]);
        let one_line = text.replace("\r\n", "  ").replace('\n', " ");
        assert_whole(&one_line, form, [KEY, SECRET, TOKEN]);
        let curly = text.replacen('"', "“", 1).replacen('"', "”", 1);
        assert_whole(&curly, form, [KEY, SECRET, TOKEN]);
        assert_whole(&format!("\u{feff}{text}"), form, [KEY, SECRET, TOKEN]);
    }
}

#[test]
fn files_of_the_console_are_read() {
    for text in [
        "Access key ID,Secret access key\r\nAKIAIOSFODNN7EXAMPLE,wJalrXUtnFEMI/K7MDENG/bPxRfiCYEXAMPLEKEY\r\n",
        "\u{feff}User name,Password,Access key ID,Secret access key,Console login link\nbob,,AKIAIOSFODNN7EXAMPLE,wJalrXUtnFEMI/K7MDENG/bPxRfiCYEXAMPLEKEY,https://1.signin.aws.amazon.com/console",
        "\"Access key ID\",\"Secret access key\"\n\"AKIAIOSFODNN7EXAMPLE\",\"wJalrXUtnFEMI/K7MDENG/bPxRfiCYEXAMPLEKEY\"",
        "Access key ID,Secret access key AKIAIOSFODNN7EXAMPLE,wJalrXUtnFEMI/K7MDENG/bPxRfiCYEXAMPLEKEY",
    ] {
        let found = Pasted::read(text).expect(text);
        assert_eq!(found.form, PastedForm::Csv, "{text}");
        assert_eq!(
            found.access_key.as_deref(),
            Some("AKIAIOSFODNN7EXAMPLE"),
            "{text}"
        );
        assert_eq!(
            found.secret_key.as_ref().map(Secret::reveal),
            Some(SECRET),
            "{text}"
        );
        assert!(found.flaws(Timestamp(0)).is_empty(), "{text}");
    }
}

#[test]
fn what_is_missing_or_odd_is_said() {
    use PastedFlaw as W;
    let now = Timestamp::from_iso("2026-01-01T00:00:00Z").expect("time");
    let two = format!(
        "[a]\naws_access_key_id={KEY}\naws_secret_access_key={SECRET}\naws_session_token={TOKEN}\n[b]\naws_access_key_id=AKIAOTHER00000000000\naws_secret_access_key=other\n"
    );
    for (text, flaws) in [
        (
            format!("export AWS_ACCESS_KEY_ID={KEY}"),
            vec![W::NoSecret, W::NoToken],
        ),
        (
            format!("AWS_SECRET_ACCESS_KEY={SECRET}"),
            vec![W::NoAccessKey],
        ),
        (format!("{KEY} {SECRET}"), vec![W::NoToken]),
        (
            format!(
                "{{\"AccessKeyId\":\"{KEY}\",\"SecretAccessKey\":\"{SECRET}\",\"SessionToken\":\"t\",\"Expiration\":\"2025-01-01T00:00:00Z\"}}"
            ),
            vec![W::Ended],
        ),
        (two, vec![W::Several]),
        (
            "export AWS_ACCESS_KEY_ID=\nexport AWS_SECRET_ACCESS_KEY=".to_owned(),
            vec![W::NoAccessKey, W::NoSecret],
        ),
        (
            "see the wiki for how to get the keys".to_owned(),
            vec![W::NotKeys],
        ),
        ("hello world".to_owned(), vec![W::NotKeys]),
        ("hello there, everybody".to_owned(), vec![W::NotKeys]),
        ("Grüße Schlüsselwort".to_owned(), vec![W::NotKeys]),
        ("please authenticate.".to_owned(), vec![W::NotKeys]),
        ("minioadmin minioadmin".to_owned(), vec![W::ByOrder]),
        ("minio\tminio123".to_owned(), vec![W::ByOrder]),
        // R2, B2 and Google's HMAC keys.
        (
            format!("{} {}", "0a".repeat(16), "9f".repeat(32)),
            vec![W::ByOrder],
        ),
        (format!("GOOG1EXAMPLEEXAMPLE {SECRET}"), vec![W::ByOrder]),
        (
            "AKIAIOSFODNN7EXAMPLE wJalrXUtnFEMI/K7MDENG".to_owned(),
            vec![W::SecretLength],
        ),
        (format!("AKIAIOSFODNN7EXAMPLE {SECRET}"), vec![]),
        // One word alone: the other half is missed as such.
        ("AKIAIOSFODNN7EXAMPLE".to_owned(), vec![W::NoSecret]),
        (
            "AWS_ACCESS_KEY_ID AWS_SECRET_ACCESS_KEY".to_owned(),
            vec![W::NoAccessKey, W::NoSecret],
        ),
    ] {
        assert_eq!(
            Pasted::read(&text).expect("text").flaws(now),
            flaws,
            "{text}"
        );
    }
    assert_eq!(Pasted::read(" \n\t "), None);
    let section = Pasted::read("[123456789012_Editor]\naws_access_key_id = AKIAX").expect("text");
    assert_eq!(section.section.as_deref(), Some("123456789012_Editor"));
}

proptest! {
    #[test]
    fn whatever_stands_in_a_block_comes_out(
        key in "A[KS]IA[A-Z0-9]{16}",
        secret in "[A-Za-z0-9/+]{40}",
        token in "[A-Za-z0-9/+]{60,300}={0,2}",
        one_line in any::<bool>(),
    ) {
        for (form, text) in blocks(&key, &secret, &token) {
            let text = if one_line { text.replace(['\r', '\n'], " ") } else { text };
            assert_whole(&text, form, [&key, &secret, &token]);
        }
    }

    #[test]
    fn no_text_is_too_odd(text in "\\PC{0,200}", name in 0..NAMES.len()) {
        let (name, _) = NAMES[name];
        for text in [text.clone(), format!("{name}={text}"), format!("{text}{name} = \"{text}"), format!("{{\"{name}\":{text}")] {
            if let Some(found) = Pasted::read(&text) {
                let _flaws = found.flaws(Timestamp(0));
            }
        }
    }
}
