//! Carries out a verb: opens the connection, watches for Ctrl-C, turns what happened into an exit code.

use std::future::Future;
use std::io;
use std::process::ExitCode;

use tokio::runtime::Runtime;
use tokio_util::sync::CancellationToken;

use crate::domain::{ErrorKind, StorageError};
use crate::storage::Storage;

use super::address::Address;
use super::args::{Invocation, Options, Task};
use super::connect::{self, Connected, Unsaved};
use super::console::Console;
use super::usage::Usage;
use super::{doctor, export, get, import, interrupt, login, ls, policy, put, rm, url};

/// Everything was done.
const DONE: u8 = 0;
/// Something failed.
const FAILED: u8 = 1;
/// The command line was not understood.
const NOT_UNDERSTOOD: u8 = 2;
/// No display for the window.
pub(super) const NO_DISPLAY: u8 = 3;
/// Ctrl-C, as shells count it.
const INTERRUPTED: u8 = 130;

/// Why a verb ended early.
#[derive(Debug)]
pub(super) enum Failure {
    /// The command line makes no sense after all.
    Usage(Usage),
    /// The settings cannot be used; sentences for people.
    Settings(Vec<String>),
    /// Something went wrong outside the storage; sentences for people.
    Failed(Vec<String>),
    /// The storage said no.
    Storage(Box<StorageError>),
    /// Nobody reads what is written, or the disk is full.
    Output(io::Error),
    /// Ctrl-C.
    Interrupted,
}

impl From<Usage> for Failure {
    fn from(usage: Usage) -> Self {
        Self::Usage(usage)
    }
}

impl From<StorageError> for Failure {
    fn from(error: StorageError) -> Self {
        if error.kind == ErrorKind::Cancelled {
            Self::Interrupted
        } else {
            Self::Storage(Box::new(error))
        }
    }
}

impl From<io::Error> for Failure {
    fn from(error: io::Error) -> Self {
        Self::Output(error)
    }
}

/// Said where neither the settings nor the arguments name a bucket.
pub(super) const NO_BUCKET: &str =
    "No bucket is named. Add --set AWS_STORAGE_BUCKET_NAME=NAME, or write s3://BUCKET/KEY.";

/// What every verb works with.
pub(super) struct Job {
    connected: Connected,
    console: Console,
    cancel: CancellationToken,
}

impl Job {
    /// The connection, in the bucket that its settings name.
    pub(super) const fn storage(&self) -> &Storage {
        &self.connected.storage
    }

    /// The connection, in the bucket of the address if it names one.
    pub(super) fn storage_of(&self, address: Option<&Address>) -> Result<Storage, Failure> {
        self.storage_in(address.and_then(|address| address.bucket.as_deref()))
    }

    /// The connection, in this bucket or its own.
    pub(super) fn storage_in(&self, bucket: Option<&str>) -> Result<Storage, Failure> {
        if let Some(bucket) = bucket {
            return Ok(self.storage().in_bucket(bucket));
        }
        if self.storage().bucket().is_err() {
            return Err(Failure::Settings(vec![NO_BUCKET.to_owned()]));
        }
        Ok(self.storage().clone())
    }

    /// What AWS_S3_FILE_OVERWRITE was explicitly set to.
    pub(super) const fn file_overwrite(&self) -> Option<bool> {
        self.connected.file_overwrite
    }

    /// True when the server lives inside this program.
    pub(super) const fn is_builtin(&self) -> bool {
        self.connected.builtin.is_some()
    }

    /// Where to write.
    pub(super) const fn console(&self) -> &Console {
        &self.console
    }

    /// Ends when Ctrl-C is pressed.
    pub(super) const fn cancel(&self) -> &CancellationToken {
        &self.cancel
    }

    /// Waits for an answer, but not beyond Ctrl-C.
    pub(super) async fn until_cancelled<T>(
        &self,
        work: impl Future<Output = Result<T, StorageError>>,
    ) -> Result<T, Failure> {
        tokio::select! {
            biased;
            () = self.cancel.cancelled() => Err(Failure::Interrupted),
            done = work => done.map_err(Failure::from),
        }
    }

    /// Asks; Ctrl-C then ends the program at once, for nothing is under way.
    pub(super) fn ask(&self, question: &str) -> Result<Option<String>, Failure> {
        let _asking = interrupt::Asking::begin();
        Ok(self.console.ask(question)?)
    }
}

/// Carries out a verb and tells what happened.
pub(super) fn run(invocation: Invocation) -> ExitCode {
    let Invocation { options, task } = invocation;
    let console = Console::of_process(options.json, options.quiet);
    let runtime = match Runtime::new() {
        Ok(runtime) => runtime,
        Err(error) => {
            console.message(&format!("cooperage: the system gives no threads: {error}."));
            return ExitCode::from(FAILED);
        }
    };
    let code = runtime.block_on(carry_out(console, options, task));
    // What still runs in the background (a keyring that hangs) must not keep the shell waiting.
    runtime.shutdown_background();
    ExitCode::from(code)
}

async fn carry_out(console: Console, options: Options, task: Task) -> u8 {
    let cancel = interrupt::watch();
    if let Task::Login(login) = &task {
        let result = Box::pin(login::run(&console, login, &cancel)).await;
        let flushed = console.flush().map_err(Failure::from);
        return code_of(
            &console,
            result.and_then(|failures| flushed.map(|()| failures)),
        );
    }
    if let Task::Doctor(how) = &task {
        // It ends by itself soon after Ctrl-C, when what a write test wrote is removed.
        let result = Box::pin(doctor::run(&console, &options, how, &cancel)).await;
        return code_of(&console, result);
    }
    let without_storage = async {
        match &task {
            Task::Policy(how) => Some(Box::pin(policy::run(&console, &options, how)).await),
            Task::Export(how) => Some(Box::pin(export::run(&console, &options, how.clone())).await),
            Task::Import(how) => Some(Box::pin(import::run(&console, &options, how.clone())).await),
            _ => None,
        }
    };
    let done = tokio::select! {
        () = cancel.cancelled() => Some(Err(Failure::Interrupted)),
        done = without_storage => done,
    };
    if let Some(result) = done {
        return code_of(&console, result);
    }
    let can_ask = console.can_ask();
    let connected = tokio::select! {
        () = cancel.cancelled() => Err(Failure::Interrupted),
        connected = Box::pin(connect::open(&options, Unsaved::with(task.names_bucket()), can_ask)) => connected,
    };
    let connected = match connected {
        Ok(connected) => connected,
        Err(failure) => return tell_code(&console, failure),
    };
    let job = Job {
        connected,
        console,
        cancel,
    };
    for warning in &job.connected.warnings {
        job.console.note(&format!("cooperage: {warning}"));
    }
    let result = Box::pin(perform(&job, task)).await;
    job.console.clear_progress();
    let result = result.and_then(|failures| {
        job.console.flush()?;
        Ok(failures)
    });
    if let Some(asks) = &job.connected.asks {
        asks.tell_unused(&job.console);
    }
    code_of(&job.console, result)
}

fn code_of(console: &Console, result: Result<u64, Failure>) -> u8 {
    match result {
        Ok(0) => DONE,
        Ok(_) => FAILED,
        Err(failure) => tell_code(console, failure),
    }
}

/// Does what was asked; the number of things that failed and were told.
async fn perform(job: &Job, task: Task) -> Result<u64, Failure> {
    match task {
        // Answered before a connection is opened.
        Task::Window
        | Task::Help(_)
        | Task::Version
        | Task::Doctor(_)
        | Task::Policy(_)
        | Task::Login(_)
        | Task::Export(_)
        | Task::Import(_) => Ok(0),
        Task::Put {
            sources,
            target,
            when_exists,
        } => put::run(job, &sources, &target, when_exists).await,
        Task::Get {
            sources,
            target,
            when_exists,
        } => get::run(job, &sources, &target, when_exists).await,
        Task::Ls {
            prefix,
            recursive,
            null,
        } => ls::run(job, prefix.as_ref(), ls::How { recursive, null }).await,
        Task::Rm {
            targets,
            recursive,
            force,
            yes,
        } => {
            rm::run(
                job,
                &targets,
                rm::How {
                    recursive,
                    force,
                    yes,
                },
            )
            .await
        }
        Task::Url {
            target,
            expires_secs,
        } => url::run(job, &target, expires_secs).await,
    }
}

/// Says why it ended, and the exit code for it.
pub(super) fn tell(console: &Console, failure: Failure) -> ExitCode {
    ExitCode::from(tell_code(console, failure))
}

fn tell_code(console: &Console, failure: Failure) -> u8 {
    match failure {
        Failure::Usage(usage) => {
            console.message(&format!("cooperage: {usage}"));
            console.refusal("Usage", std::slice::from_ref(&usage.message));
            NOT_UNDERSTOOD
        }
        Failure::Settings(sentences) => {
            for sentence in &sentences {
                console.message(&format!("cooperage: {sentence}"));
            }
            console.refusal("Settings", &sentences);
            NOT_UNDERSTOOD
        }
        Failure::Failed(sentences) => {
            for sentence in &sentences {
                console.message(&format!("cooperage: {sentence}"));
            }
            console.refusal("Failed", &sentences);
            FAILED
        }
        Failure::Storage(error) => {
            // When standard output is gone too, there is nothing left to tell it with.
            let _told = console.failure(&error).and_then(|()| console.flush());
            FAILED
        }
        Failure::Output(error) if error.kind() == io::ErrorKind::BrokenPipe => DONE,
        Failure::Output(error) => {
            console.message(&format!(
                "cooperage: standard output could not be written: {error}."
            ));
            FAILED
        }
        Failure::Interrupted => {
            let _told = console.flush();
            console.message("cooperage: interrupted.");
            INTERRUPTED
        }
    }
}
