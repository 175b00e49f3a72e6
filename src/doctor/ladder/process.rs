//! Runs the program of a `credential_process` as the SDK does and says what came of it.
//!
//! The program gets no input, and is ended when it does not end by itself in time. Nothing of its output is kept but the
//! masked key id, the end of the keys, and the first line of its complaint.

use std::process::Stdio;
use std::time::Duration;

use serde_json::{Map, Value};
use tokio::process::Command;

use super::pairs::facts;
use super::redact;
use super::shared::time;
use crate::domain::Timestamp;
use crate::domain::diagnosis::{Break, KeyFacts, OutputFlaw};

/// What a shell says when it finds no such program, and when it may not run it.
const NOT_FOUND: i32 = 127;
const NOT_RUNNABLE: i32 = 126;

/// The keys that a command gives.
///
/// # Errors
/// Why it gives none.
pub(super) async fn ask(command: &str, now: Timestamp, limit: Duration) -> Result<KeyFacts, Break> {
    let program = redact::program(command);
    let mut shell = shell(command);
    shell
        .stdin(Stdio::null())
        .stdout(Stdio::piped())
        .stderr(Stdio::piped())
        .kill_on_drop(true);
    let hangs = || Break::ProcessHangs {
        program: program.clone(),
        secs: limit.as_secs(),
    };
    let ended = tokio::time::timeout(limit, shell.output())
        .await
        .map_err(|_| hangs())?;
    let output = ended.map_err(|error| match error.kind() {
        std::io::ErrorKind::NotFound => Break::ProcessNotFound {
            program: program.clone(),
        },
        _ => Break::ProcessNotRunnable {
            program: program.clone(),
        },
    })?;
    if output.status.success() {
        return read(&output.stdout, &program, now);
    }
    Err(match output.status.code() {
        Some(NOT_FOUND) => Break::ProcessNotFound { program },
        Some(NOT_RUNNABLE) => Break::ProcessNotRunnable { program },
        code => Break::ProcessFailed {
            program,
            code,
            said: redact::first_line(&String::from_utf8_lossy(&output.stderr)),
        },
    })
}

#[cfg(not(windows))]
fn shell(command: &str) -> Command {
    let mut shell = Command::new("sh");
    shell.args(["-c", command]);
    shell
}

#[cfg(windows)]
fn shell(command: &str) -> Command {
    let mut shell = Command::new("cmd.exe");
    shell.arg("/C");
    shell.raw_arg(format!("\"{command}\""));
    shell
}

fn read(output: &[u8], program: &str, now: Timestamp) -> Result<KeyFacts, Break> {
    let flawed = |flaw| Break::ProcessOutput {
        program: program.to_owned(),
        flaw,
    };
    if output.iter().all(u8::is_ascii_whitespace) {
        return Err(flawed(OutputFlaw::Nothing));
    }
    let json: Map<String, Value> =
        serde_json::from_slice(output).map_err(|_| flawed(OutputFlaw::NotJson))?;
    // The SDK takes the members in any letter case.
    let member = |name: &'static str| {
        let found = json.iter().find(|(own, _)| own.eq_ignore_ascii_case(name));
        found.map(|(_, value)| value)
    };
    let text = |name: &'static str| {
        let text = member(name).and_then(Value::as_str);
        text.filter(|text| !text.is_empty())
            .ok_or_else(|| flawed(OutputFlaw::Member(name)))
    };
    if member("Version").and_then(Value::as_i64) != Some(1) {
        return Err(flawed(OutputFlaw::Version));
    }
    let id = text("AccessKeyId")?;
    text("SecretAccessKey")?;
    let mut key = facts(id, member("SessionToken").is_some());
    if let Some(written) = member("Expiration").and_then(Value::as_str) {
        let at = time(written).ok_or_else(|| flawed(OutputFlaw::Member("Expiration")))?;
        if at <= now {
            let program = program.to_owned();
            return Err(Break::ProcessKeysEnded { program, at });
        }
        key.expires = Some(at);
    }
    Ok(key)
}
