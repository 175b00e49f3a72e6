//! Takes what looks secret out of commands and out of what programs say, before it is kept anywhere.
//!
//! What remains has to tell which program was meant and what it complained of; where in doubt, less is shown. Of a command
//! that is its name, its options and plain words; of what a program says one line, without values that are called secret,
//! logins of addresses, and runs of letters that no language has.

use std::borrow::Cow;

use super::diagnosis::Said;

/// Words in the name of an argument or a value that is not shown.
const TELLING: [&str; 12] = [
    "secret", "pass", "pwd", "pw", "token", "key", "auth", "cred", "pin", "bearer", "cookie",
    "session",
];

/// The longest line that is kept of what a program says.
const LONGEST: usize = 160;

/// The shortest run of letters and digits that may be a key.
const KEY_LENGTH: usize = 16;

/// The shortest mix of letters and digits that may be a password.
const PASSWORD_LENGTH: usize = 8;

/// What stands for what is not shown.
const HIDDEN: &str = "…";

/// The words of a command; one that cannot be taken apart is taken apart at its blanks.
fn words(command: &str) -> Vec<String> {
    super::command_words(command)
        .unwrap_or_else(|| command.split_whitespace().map(str::to_owned).collect())
}

/// The program of a command without its folders. A variable that somebody set in front of it, as a shell would take it,
/// loses its value.
#[must_use]
pub fn program(command: &str) -> String {
    let words = words(command);
    let first = words.first().map(String::as_str).unwrap_or_default();
    if let Some((name, _)) = first.split_once('=') {
        return format!("{}={HIDDEN}", line(name));
    }
    let name = first.rsplit(['/', '\\']).next().unwrap_or_default();
    line(name)
}

/// A command with its arguments, without those that look secret. The value of an option of one letter is never shown:
/// `-p` may be a port, a profile or a password.
#[must_use]
pub fn command(command: &str) -> String {
    let mut hide_next = false;
    let mut shown: Vec<String> = vec![program(command)];
    for word in words(command).iter().skip(1) {
        let is_option = word.starts_with('-');
        if std::mem::take(&mut hide_next) && !is_option {
            shown.push(HIDDEN.to_owned());
            continue;
        }
        shown.push(match word.split_once('=') {
            Some((name, value)) if is_telling(name) || is_short(name) || may_hide(value) => {
                format!("{}={HIDDEN}", line(name))
            }
            _ if is_short(word) => {
                hide_next = true;
                glued(word)
            }
            _ if is_option => {
                hide_next = is_telling(word);
                line(word)
            }
            _ if may_hide(word) => HIDDEN.to_owned(),
            _ => quoted(&line(word)),
        });
    }
    shown.join(" ")
}

/// `-p…` for `-phunter2`.
fn glued(option: &str) -> String {
    let known: String = option.chars().take(2).collect();
    match option.chars().nth(2) {
        Some(_) => known + HIDDEN,
        None => known,
    }
}

/// True for `-p` and for `-phunter2`, where the value follows without a blank.
fn is_short(option: &str) -> bool {
    option.starts_with('-') && !option.starts_with("--") && option.len() > 1
}

/// True for an argument that may hold something secret within: a document, a script, or a login `user:password`.
fn may_hide(word: &str) -> bool {
    let is_known = word.starts_with("arn:") || word.starts_with('/') || is_drive(word);
    let login = word.contains(':') && !word.contains("://") && !is_known;
    login || word.contains(['{', '\n', ';', '|']) || word.split_whitespace().count() > 3
}

/// True for a path that begins with the letter of a drive.
fn is_drive(word: &str) -> bool {
    let mut letters = word.chars();
    letters
        .next()
        .is_some_and(|letter| letter.is_ascii_alphabetic())
        && letters.next() == Some(':')
        && matches!(letters.next(), Some('\\' | '/'))
}

/// As it has to be written to be one word.
fn quoted(word: &str) -> String {
    if word.is_empty() || word.contains(char::is_whitespace) {
        format!("\"{word}\"")
    } else {
        word.to_owned()
    }
}

fn is_telling(name: &str) -> bool {
    let name = name.to_lowercase();
    TELLING.iter().any(|word| name.contains(word))
}

/// The first line that says something, without runs of letters and digits that look like keys or tokens.
#[must_use]
pub fn first_line(text: &str) -> String {
    let first = text.lines().map(str::trim).find(|line| !line.is_empty());
    let mut line = line(without_values(first.unwrap_or_default()).as_ref());
    if let Some((at, _)) = line.char_indices().nth(LONGEST) {
        line.truncate(at);
        line.push_str(HIDDEN);
    }
    line
}

/// What a program says about its failure. A line of one word may be an answer to a question for a password.
#[must_use]
pub fn said(text: &str) -> Said {
    let line = first_line(text);
    if line.is_empty() {
        Said::Nothing
    } else if line.contains(char::is_whitespace) {
        Said::Line(line)
    } else {
        Said::Word
    }
}

/// A line up to the first value that is called a secret: `password: …`, `"SecretAccessKey": …`, `--token …`. What comes
/// after it may be part of the value.
fn without_values(line: &str) -> Cow<'_, str> {
    let is_name = |letter: char| letter.is_alphanumeric() || "_-".contains(letter);
    let mut begin = 0;
    for (at, letter) in line.char_indices() {
        if is_name(letter) {
            continue;
        }
        let name = &line[begin..at];
        begin = at + letter.len_utf8();
        if !is_telling(name) {
            continue;
        }
        let rest = line[at..].trim_start_matches(['"', '\'', ' ']);
        let is_value = rest.starts_with([':', '=']) && rest.len() > 1;
        if is_value || name.starts_with('-') || name.eq_ignore_ascii_case("bearer") {
            let kept = line.len() - rest.len() + usize::from(is_value);
            return Cow::Owned(format!("{} {HIDDEN}", line[..kept].trim_end()));
        }
    }
    Cow::Borrowed(line)
}

/// A text without logins in addresses and without what looks like a key.
fn line(text: &str) -> String {
    let text = without_logins(text);
    // Where something secret is spoken of, a number may be it.
    let hides_numbers = text.split_whitespace().any(is_telling);
    let mut shown = String::new();
    let mut run = String::new();
    for letter in text.chars().chain(std::iter::once(' ')) {
        if letter.is_ascii_alphanumeric() || "+/=_-.".contains(letter) {
            run.push(letter);
            continue;
        }
        let is_number = run.len() >= 4 && run.bytes().all(|byte| byte.is_ascii_digit());
        let is_hidden = looks_secret(&run) || hides_numbers && is_number;
        shown.push_str(if is_hidden { HIDDEN } else { &run });
        run.clear();
        shown.push(letter);
    }
    shown.pop();
    shown
}

/// `https://…@host/` for `https://bob:password@host/`.
fn without_logins(text: &str) -> String {
    let mut parts = text.split("://");
    let mut shown = parts.next().unwrap_or_default().to_owned();
    for part in parts {
        shown.push_str("://");
        let end = part.find(['/', '?', '#', ' ']).unwrap_or(part.len());
        match part[..end].rfind('@') {
            Some(at) => {
                shown.push_str(HIDDEN);
                shown.push_str(&part[at..]);
            }
            None => shown.push_str(part),
        }
    }
    shown
}

/// True for what no language has: a part with letters and digits mixed that is as long as a password, a long number in
/// hexadecimal digits, or large and small letters and a digit in a long row. Parts are told apart as in the names of hosts,
/// modules and files; a path is shown.
fn looks_secret(run: &str) -> bool {
    let is_path = run.starts_with('/') || run.matches('/').count() > 3;
    if is_path && run.len() < 60 {
        return false;
    }
    let has = |part: &str, is: fn(&u8) -> bool| part.as_bytes().iter().any(is);
    let is_mixed = |part: &str| {
        has(part, u8::is_ascii_digit) && part.bytes().filter(u8::is_ascii_alphabetic).count() >= 2
    };
    let is_hex =
        |part: &str| part.len() >= KEY_LENGTH && part.bytes().all(|one| one.is_ascii_hexdigit());
    let parts = ['.', '/', '-', '_', '+', '='];
    let is_password = |part: &str| part.len() >= PASSWORD_LENGTH && is_mixed(part) || is_hex(part);
    let is_key = |part: &str| {
        let cases = has(part, u8::is_ascii_uppercase) && has(part, u8::is_ascii_lowercase);
        part.len() >= KEY_LENGTH && is_mixed(part) && cases
    };
    run.split(parts).any(is_password) || run.split('.').any(is_key)
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn arguments_that_look_secret_are_not_shown() {
        assert_eq!(
            command("/opt/bin/get-keys --user helen --password 'CANARY x' --token=CANARY prod"),
            "get-keys --user helen --password … --token=… prod"
        );
        assert_eq!(
            command("\"/opt/my tools/keys\" wJalrXUtnFEMI/K7MDENG/bPxRfiCYEXAMPLEKEY1"),
            "keys …"
        );
        assert_eq!(
            command("echo '{\"Version\": 1, \"SecretAccessKey\": \"CANARY\"}'"),
            "echo …"
        );
        assert_eq!(program("\"/opt/my tools/x\" a"), "x");
        for (typed, shown) in [
            ("get -p CANARY prod", "get -p … prod"),
            ("get -pCANARY prod", "get -p… …"),
            ("get --pw CANARY", "get --pw …"),
            ("get -u bob:CANARY", "get -u …"),
            ("get bob:CANARY x", "get … x"),
            (
                "get --url https://bob:CANARY@host/a?b",
                "get --url https://…@host/a?b",
            ),
            (
                "get --role arn:aws:iam::123456789012:role/a",
                "get --role arn:aws:iam::123456789012:role/a",
            ),
            (
                "get --at C:\\\\keys \"my keys\"",
                "get --at C:\\keys \"my keys\"",
            ),
            ("get hunter2horse prod", "get … prod"),
            ("sh -c \"echo password: CANARY\"", "sh -c …"),
            (
                "env VAULT_TOKEN=CANARY x=y get",
                "env VAULT_TOKEN=… x=y get",
            ),
            ("VAULT_TOKEN=CANARY /bin/get", "VAULT_TOKEN=… /bin/get"),
        ] {
            assert_eq!(command(typed), shown);
        }
    }

    #[test]
    fn what_a_program_says_keeps_its_words_and_loses_its_keys() {
        let said = "\n Error: token AQoDYXdzEJr1K4cANARY0123456789abcdef expired for role/media-editor\nmore";
        assert_eq!(
            first_line(said),
            "Error: token … expired for role/media-editor"
        );
        assert_eq!(
            first_line("/usr/local/lib/python3.12/site-packages not found"),
            "/usr/local/lib/python3.12/site-packages not found"
        );
        for (said, shown) in [
            (
                "aws_secret_access_key=wJalrXUtnFEMI/K7MDENG/bPxRfiCYCANARYKEY failed",
                "aws_secret_access_key= …",
            ),
            (
                "no use: {\"SecretAccessKey\": \"CANARY\"} here",
                "no use: {\"SecretAccessKey\": …",
            ),
            ("password : CANARY horse", "password : …"),
            ("Authorization: Bearer CANARY", "Authorization: …"),
            ("called with --token CANARY", "called with --token …"),
            ("sent Bearer CANARY", "sent Bearer …"),
            (
                "GET https://bob:CANARY@vault/v1 gave 403",
                "GET https://…@vault/v1 gave 403",
            ),
            (
                "wJalrXUtnFEMI/K7MDENG/bPxRfiCYEXAMPLEKEY is wrong",
                "… is wrong",
            ),
            ("hvs.CAESIJ1x9CANARY2xyz is wrong", "… is wrong"),
            ("wrong password hunter2horse", "wrong password …"),
            ("bad token deadbeefcafebabe", "bad token …"),
            ("yes S3CRETVALUE", "yes …"),
            ("PIN was 1234", "PIN was …"),
            (
                "no profile for us-east-1 (exit 1)",
                "no profile for us-east-1 (exit 1)",
            ),
            (
                "urllib3.exceptions.NewConnectionError: refused",
                "urllib3.exceptions.NewConnectionError: refused",
            ),
            (
                "The SSO session has expired; run aws sso login",
                "The SSO session has expired; run aws sso login",
            ),
            ("Your token has expired", "Your token has expired"),
            ("Error: no such key", "Error: no such key"),
        ] {
            assert_eq!(first_line(said), shown);
        }
        assert_eq!(first_line(&"a ".repeat(200)).chars().count(), LONGEST + 1);
    }
}
