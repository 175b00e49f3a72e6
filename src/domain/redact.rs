//! Takes what looks secret out of commands and out of what programs say, before it is kept anywhere.

/// Words in the name of an argument whose value is not shown.
const TELLING: [&str; 8] = [
    "secret", "pass", "pwd", "token", "key", "auth", "cred", "pin",
];

/// The longest line that is kept of what a program says.
const LONGEST: usize = 160;

/// The words of a command; one that cannot be taken apart is taken apart at its blanks.
fn words(command: &str) -> Vec<String> {
    super::command_words(command)
        .unwrap_or_else(|| command.split_whitespace().map(str::to_owned).collect())
}

/// The program of a command without its folders.
#[must_use]
pub fn program(command: &str) -> String {
    let words = words(command);
    let first = words.first().map(String::as_str).unwrap_or_default();
    first
        .rsplit(['/', '\\'])
        .next()
        .unwrap_or_default()
        .to_owned()
}

/// A command with its arguments, without those that look secret.
#[must_use]
pub fn command(command: &str) -> String {
    let mut hide_next = false;
    let mut shown: Vec<String> = Vec::new();
    for (at, word) in words(command).into_iter().enumerate() {
        if at == 0 {
            shown.push(program(command));
            continue;
        }
        // A whole document, which may be the keys themselves.
        if word.contains(['{', '\n']) {
            shown.push("…".to_owned());
            continue;
        }
        let is_option = word.starts_with(['-', '/']);
        let hidden = std::mem::take(&mut hide_next) && !is_option;
        if hidden {
            shown.push("…".to_owned());
            continue;
        }
        match word.split_once('=') {
            Some((name, _)) if is_telling(name) => shown.push(format!("{name}=…")),
            _ if is_option => {
                hide_next = is_telling(&word);
                shown.push(line(&word));
            }
            _ => shown.push(line(&word)),
        }
    }
    shown.join(" ")
}

fn is_telling(name: &str) -> bool {
    let name = name.to_lowercase();
    TELLING.iter().any(|word| name.contains(word))
}

/// The first line that says something, without runs of letters and digits that look like keys or tokens.
#[must_use]
pub fn first_line(text: &str) -> String {
    let first = text.lines().map(str::trim).find(|line| !line.is_empty());
    let mut line = line(first.unwrap_or_default());
    if let Some((at, _)) = line.char_indices().nth(LONGEST) {
        line.truncate(at);
        line.push('…');
    }
    line
}

fn line(text: &str) -> String {
    let mut shown = String::new();
    let mut run = String::new();
    for letter in text.chars().chain(std::iter::once(' ')) {
        if letter.is_ascii_alphanumeric() || "+/=_-.".contains(letter) {
            run.push(letter);
            continue;
        }
        shown.push_str(if looks_secret(&run) { "…" } else { &run });
        run.clear();
        shown.push(letter);
    }
    shown.pop();
    shown
}

/// Long, with letters and digits mixed, and no path: a key, a password or a token.
fn looks_secret(run: &str) -> bool {
    let digits = run.chars().filter(char::is_ascii_digit).count();
    let letters = run.chars().filter(char::is_ascii_alphabetic).count();
    let is_path = run.starts_with('/') || run.matches('/').count() > 3;
    run.len() >= 16 && digits >= 2 && letters >= 4 && (!is_path || run.len() >= 60)
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
        assert_eq!(first_line(&"a ".repeat(200)).chars().count(), LONGEST + 1);
    }
}
