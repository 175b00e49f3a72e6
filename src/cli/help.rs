//! Help and version, written from the table of verbs and options.

use super::flags::{Flag, GLOBAL, VERBS, Verb};

const WIDTH: usize = 100;

/// One line.
#[must_use]
pub(super) fn version() -> String {
    format!("cooperage {}\n", env!("CARGO_PKG_VERSION"))
}

/// The help of the whole, or of one verb.
#[must_use]
pub(super) fn text(verb: Option<&str>) -> String {
    match verb.and_then(Verb::named) {
        Some(verb) => of_verb(verb),
        None => of_all(),
    }
}

fn of_all() -> String {
    let mut text = "\
A bucket manager for Amazon S3 and everything that speaks S3.

Usage: cooperage [OPTION...]                 open the window
       cooperage [OPTION...] VERB ARGUMENT...

Verbs:
"
    .to_owned();
    for verb in VERBS {
        let usage = format!("{} {}", verb.name, verb.usage);
        text.push_str(&format!("  {usage:<30}  {}\n", verb.summary));
    }
    text.push_str("\nOptions, before or after the verb:\n");
    push_flags(&mut text, GLOBAL);
    text.push_str(
        "
Keys are exact, to the letter. s3://BUCKET/KEY names a key in another bucket of the same connection.
Exit code: 0 all done, 1 something failed, 2 the command line was not understood, 3 no display for the window.

Examples:
  cooperage --set AWS_S3_ENDPOINT_URL=http://127.0.0.1:9000 --set AWS_STORAGE_BUCKET_NAME=media ls
  cooperage put photos/ notes.txt backup/
  cooperage get backup/photos/ restored
  cooperage url backup/notes.txt --expires 600
",
    );
    text
}

fn of_verb(verb: &Verb) -> String {
    let mut text = format!(
        "Usage: cooperage {} [OPTION...] {}\n\n",
        verb.name, verb.usage
    );
    for paragraph in verb.about.split("\n\n") {
        push_wrapped(&mut text, &paragraph.replace('\n', " "), 0);
        text.push('\n');
    }
    text.push_str("Options:\n");
    push_flags(&mut text, verb.flags);
    text.push_str("\nOptions of every verb:\n");
    push_flags(&mut text, GLOBAL);
    text
}

fn push_flags(text: &mut String, flags: &[Flag]) {
    const COLUMN: usize = 26;
    for flag in flags {
        let short = flag
            .short
            .map_or_else(|| "    ".to_owned(), |letter| format!("-{letter}, "));
        let value = flag
            .value
            .map(|value| format!(" {value}"))
            .unwrap_or_default();
        let head = format!("  {short}--{}{value}", flag.long);
        if head.len() + 2 > COLUMN {
            text.push_str(&format!("{head}\n{:COLUMN$}", ""));
        } else {
            text.push_str(&format!("{head:<COLUMN$}"));
        }
        push_wrapped(text, flag.help, COLUMN);
    }
}

/// Breaks a sentence into lines that begin at a column.
fn push_wrapped(text: &mut String, sentence: &str, column: usize) {
    let mut at = column;
    for word in sentence.split(' ') {
        if at > column && at + 1 + word.len() > WIDTH {
            text.push_str(&format!("\n{:column$}", ""));
            at = column;
        }
        if at > column {
            text.push(' ');
            at += 1;
        }
        text.push_str(word);
        at += word.len();
    }
    text.push('\n');
}

#[cfg(test)]
mod tests {
    use super::super::flags;
    use super::*;

    #[test]
    fn help_names_every_verb_and_option() {
        let whole: String = std::iter::once(None)
            .chain(VERBS.iter().map(|verb| Some(verb.name)))
            .map(text)
            .collect();
        for flag in flags::all() {
            assert!(whole.contains(&format!("--{}", flag.long)), "{}", flag.long);
        }
        for verb in VERBS {
            assert!(
                whole.contains(&format!("  {} {}", verb.name, verb.usage)),
                "{}",
                verb.name
            );
            for line in text(Some(verb.name)).lines() {
                assert!(line.chars().count() <= WIDTH, "{line}");
            }
        }
    }
}
