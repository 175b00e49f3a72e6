//! The program of a `credential_process`, run as botocore does: without a shell.
//!
//! The program gets no input. Whoever stops waiting ends it together with everything it started. Nothing of its output
//! is kept but the keys, their end, and the first line of its complaint without what looks secret.

use std::process::{Output, Stdio};

use aws_credential_types::Credentials;
use aws_credential_types::provider::ProvideCredentials;
use aws_credential_types::provider::error::CredentialsError;
use aws_credential_types::provider::future::ProvideCredentials as Providing;
use serde_json::{Map, Value};
use tokio::process::{Child, Command};

use super::pair::system_time;
use super::stop::refused;
use crate::domain::diagnosis::{Break, OutputFlaw};
use crate::domain::{Timestamp, command_words, redact};
use crate::storage::clock::Clock;

/// A program that prints keys.
#[derive(Debug)]
pub(super) struct Program {
    command: String,
    clock: Clock,
}

impl Program {
    pub(super) fn new(command: &str, clock: &Clock) -> Self {
        Self {
            command: command.to_owned(),
            clock: clock.clone(),
        }
    }

    async fn keys(&self) -> Result<Credentials, CredentialsError> {
        let program = redact::program(&self.command);
        let answer = match self.run(&program).await {
            Ok(output) => read(&output.stdout, &program, self.clock.now()),
            Err(cause) => Err(cause),
        };
        answer.map_err(|cause| refused(&program, cause))
    }

    async fn run(&self, program: &str) -> Result<Output, Break> {
        let words = command_words(&self.command).ok_or(Break::CommandUnreadable)?;
        let not_found = || Break::ProcessNotFound {
            program: program.to_owned(),
        };
        let (first, arguments) = words.split_first().ok_or_else(not_found)?;
        let mut command = Command::new(first);
        command
            .args(arguments)
            .stdin(Stdio::null())
            .stdout(Stdio::piped())
            .stderr(Stdio::piped())
            .kill_on_drop(true);
        // A group of its own, so that it can be ended with everything it started.
        #[cfg(unix)]
        command.process_group(0);
        let child = command.spawn().map_err(|error| match error.kind() {
            std::io::ErrorKind::NotFound => not_found(),
            _ => Break::ProcessNotRunnable {
                program: program.to_owned(),
            },
        })?;
        let mut group = Group::of(&child);
        let ended = child.wait_with_output().await;
        group.has_ended();
        let failed = |code, said| Break::ProcessFailed {
            program: program.to_owned(),
            code,
            said,
        };
        let output = ended.map_err(|error| failed(None, redact::said(&error.to_string())))?;
        if output.status.success() {
            return Ok(output);
        }
        let said = redact::said(&String::from_utf8_lossy(&output.stderr));
        Err(failed(output.status.code(), said))
    }
}

impl ProvideCredentials for Program {
    fn provide_credentials<'a>(&'a self) -> Providing<'a>
    where
        Self: 'a,
    {
        Providing::new(self.keys())
    }
}

/// A program with all that it started; dropping it ends them, unless it has ended by itself.
struct Group(Option<u32>);

impl Group {
    fn of(child: &Child) -> Self {
        Self(child.id())
    }

    const fn has_ended(&mut self) {
        self.0 = None;
    }
}

impl Drop for Group {
    fn drop(&mut self) {
        if let Some(id) = self.0 {
            end(id);
        }
    }
}

#[cfg(unix)]
fn end(id: u32) {
    use rustix::process::{Pid, Signal, kill_process_group};
    let id = i32::try_from(id).ok().and_then(Pid::from_raw);
    if let Some(Err(error)) = id.map(|id| kill_process_group(id, Signal::KILL)) {
        tracing::warn!(%error, "a credential program could not be ended");
    }
}

#[cfg(windows)]
fn end(id: u32) {
    let ended = std::process::Command::new("taskkill")
        .args(["/T", "/F", "/PID", &id.to_string()])
        .stdin(Stdio::null())
        .stdout(Stdio::null())
        .stderr(Stdio::null())
        .spawn();
    if let Err(error) = ended {
        tracing::warn!(%error, "a credential program could not be ended");
    }
}

fn read(output: &[u8], program: &str, now: Timestamp) -> Result<Credentials, Break> {
    let flawed = |flaw| Break::ProcessOutput {
        program: program.to_owned(),
        flaw,
    };
    if output.iter().all(u8::is_ascii_whitespace) {
        return Err(flawed(OutputFlaw::Nothing));
    }
    let json: Map<String, Value> =
        serde_json::from_slice(output).map_err(|_| flawed(OutputFlaw::NotJson))?;
    let text = |name: &'static str| {
        let text = json.get(name).and_then(Value::as_str);
        text.filter(|text| !text.is_empty())
    };
    let needed = |name| text(name).ok_or_else(|| flawed(OutputFlaw::Member(name)));
    if json.get("Version").and_then(Value::as_i64) != Some(1) {
        return Err(flawed(OutputFlaw::Version));
    }
    let (id, secret) = (needed("AccessKeyId")?, needed("SecretAccessKey")?);
    let mut end = None;
    if let Some(written) = text("Expiration") {
        let at = Timestamp::from_tools(written);
        let at = at.ok_or_else(|| flawed(OutputFlaw::NoTime("Expiration")))?;
        if at <= now {
            let program = program.to_owned();
            return Err(Break::ProcessKeysEnded { program, at });
        }
        end = Some(system_time(at));
    }
    let token = text("SessionToken").map(str::to_owned);
    Ok(Credentials::new(id, secret, token, end, "program"))
}
