//! Where the command line writes: results to standard output, messages and progress to standard error.
//!
//! With `--json` every result and every failure is also one JSON object on a line of standard output. Standard output
//! is buffered; whoever closes it early (`| head`) ends the program quietly, see [`Failure::Output`](super::Failure).

use std::io::{self, BufWriter, IsTerminal, Write};
use std::sync::{Mutex, MutexGuard, PoisonError};

use serde_json::{Value, json};

use crate::domain::StorageError;
use crate::words;

/// Both streams and how to write to them.
pub(super) struct Console {
    json: bool,
    quiet: bool,
    out_is_terminal: bool,
    messages_are_seen: bool,
    out: Mutex<BufWriter<Box<dyn Write + Send>>>,
    messages: Mutex<Messages>,
}

struct Messages {
    to: Box<dyn Write + Send>,
    progress_shown: bool,
}

/// A writer that died in the middle of a line leaves nothing that could harm the next one.
fn lock<T>(mutex: &Mutex<T>) -> MutexGuard<'_, T> {
    mutex.lock().unwrap_or_else(PoisonError::into_inner)
}

impl Console {
    /// The streams of the process.
    pub(super) fn of_process(json: bool, quiet: bool) -> Self {
        Self {
            json,
            quiet,
            out_is_terminal: io::stdout().is_terminal(),
            messages_are_seen: io::stderr().is_terminal(),
            out: Mutex::new(BufWriter::new(Box::new(io::stdout()))),
            messages: Mutex::new(Messages {
                to: Box::new(io::stderr()),
                progress_shown: false,
            }),
        }
    }

    /// True when results are JSON.
    pub(super) const fn json(&self) -> bool {
        self.json
    }

    /// True when somebody may watch progress.
    pub(super) const fn shows_progress(&self) -> bool {
        self.messages_are_seen && !self.quiet
    }

    /// True when a question would be seen and can be answered.
    pub(super) fn can_ask(&self) -> bool {
        self.messages_are_seen && !self.json && io::stdin().is_terminal()
    }

    /// A key or path as it is shown: exact for programs, with escapes for people.
    pub(super) fn shown(&self, text: &str) -> String {
        if self.out_is_terminal {
            words::visible(text)
        } else {
            text.to_owned()
        }
    }

    /// True when a person reads standard output.
    pub(super) const fn is_read_by_people(&self) -> bool {
        self.out_is_terminal && !self.json
    }

    /// One result as text, ended by `end`. Nothing with `--json`.
    pub(super) fn result(&self, text: &str, end: char) -> io::Result<()> {
        if self.json {
            return Ok(());
        }
        self.write(&format!("{text}{end}"))
    }

    /// One result as JSON. Nothing without `--json`.
    pub(super) fn object(&self, value: &Value) -> io::Result<()> {
        if !self.json {
            return Ok(());
        }
        self.write(&format!("{value}\n"))
    }

    /// One result in both forms; the text only when not quiet.
    pub(super) fn done(&self, text: &str, value: &Value) -> io::Result<()> {
        if self.json {
            self.object(value)
        } else if self.quiet {
            Ok(())
        } else {
            self.result(&self.shown(text), '\n')
        }
    }

    fn write(&self, text: &str) -> io::Result<()> {
        if self.out_is_terminal {
            self.clear_progress();
        }
        lock(&self.out).write_all(text.as_bytes())
    }

    /// Brings what was written to whoever reads it.
    pub(super) fn flush(&self) -> io::Result<()> {
        lock(&self.out).flush()
    }

    /// A message that `--quiet` silences.
    pub(super) fn note(&self, text: &str) {
        if !self.quiet {
            self.message(text);
        }
    }

    /// A message that is always written.
    pub(super) fn message(&self, text: &str) {
        let mut messages = lock(&self.messages);
        let clear = messages.take_clear();
        // Nobody is left to hear that standard error is gone.
        let _unheard = writeln!(messages.to, "{clear}{text}");
    }

    /// With `--json`, one object for what ended the verb before the storage was asked. The sentences were told already.
    pub(super) fn refusal(&self, kind: &str, sentences: &[String]) {
        let object = json!({
            "type": "error",
            "kind": kind,
            "title": sentences.first(),
            "sentences": sentences,
        });
        // When standard output is gone too, standard error has told it.
        let _told = self.object(&object).and_then(|()| self.flush());
    }

    /// A failure in words, and as an object with `--json`.
    pub(super) fn failure(&self, error: &StorageError) -> io::Result<()> {
        let explained = words::explain(error);
        let details: Vec<_> = explained
            .details
            .iter()
            .map(|detail| format!("{}: {}", detail.label.to_lowercase(), detail.value))
            .collect();
        let mut text = format!("cooperage: {}. {}", explained.title, explained.cause);
        if !explained.next_step.is_empty() {
            text.push_str(&format!("\n  {}", explained.next_step));
        }
        if !details.is_empty() {
            text.push_str(&format!("\n  ({})", details.join(", ")));
        }
        self.message(&text);
        self.object(&json!({
            "type": "error",
            "operation": format!("{:?}", error.operation),
            "kind": format!("{:?}", error.kind),
            "subject": error.subject,
            "status": error.status,
            "code": error.code,
            "message": error.message,
            "request_id": error.request_id,
            "title": explained.title,
            "cause": explained.cause,
            "next_step": explained.next_step,
        }))
    }

    /// Asks a question and reads one line of answer; `None` when there is nobody to answer.
    pub(super) fn ask(&self, question: &str) -> io::Result<Option<String>> {
        self.flush()?;
        {
            let mut messages = lock(&self.messages);
            let clear = messages.take_clear();
            write!(messages.to, "{clear}{question} ")?;
            messages.to.flush()?;
        }
        let mut answer = String::new();
        let read = io::stdin().read_line(&mut answer)?;
        Ok((read > 0).then(|| answer.trim().to_lowercase()))
    }

    /// Replaces the progress line.
    pub(super) fn progress(&self, text: &str) {
        if self.shows_progress() {
            let mut messages = lock(&self.messages);
            messages.progress_shown = true;
            let _unheard =
                write!(messages.to, "\r\x1b[2K{text}").and_then(|()| messages.to.flush());
        }
    }

    /// Takes the progress line away.
    pub(super) fn clear_progress(&self) {
        let mut messages = lock(&self.messages);
        let clear = messages.take_clear();
        if !clear.is_empty() {
            let _unheard = write!(messages.to, "{clear}").and_then(|()| messages.to.flush());
        }
    }
}

impl Messages {
    /// What has to be written before anything else so that no progress line is left standing.
    fn take_clear(&mut self) -> &'static str {
        if std::mem::take(&mut self.progress_shown) {
            "\r\x1b[2K"
        } else {
            ""
        }
    }
}
