//! The command line: the same core as the window, without a window.
//!
//! [`start`] reads the arguments. Without a verb it hands back a [`Launch`] for the window; otherwise it carries the verb
//! out and hands back the exit code. `flags` declares verbs and options, `args` and `reading` understand them, `help`
//! writes about them; `connect` opens the connection, `run` carries out, one file a verb; `console` writes.
//!
//! Rule others rely on: results go to standard output and to nowhere else, messages to standard error.

mod address;
mod args;
mod carry;
mod conflicts;
mod connect;
mod console;
mod doctor;
mod export;
mod flags;
mod get;
mod help;
mod import;
mod interrupt;
pub mod launch;
mod login;
mod ls;
mod policy;
mod put;
mod reading;
mod rm;
mod run;
mod url;
mod usage;

use std::ffi::OsString;
use std::process::ExitCode;

use args::{Invocation, Task};
use console::Console;
use usage::Usage;

pub use launch::{Launch, StartAt};

/// What the command line asked for.
#[derive(Debug)]
pub enum Start {
    /// Open the window.
    Window(Launch),
    /// All is done and told.
    Done(ExitCode),
}

/// Reads the arguments (without the program's own name) and does what they say.
pub fn start(arguments: impl IntoIterator<Item = OsString>) -> Start {
    let arguments: Vec<OsString> = arguments.into_iter().collect();
    // Whoever reads objects gets one also where the line cannot be understood.
    let mut options = arguments.iter().take_while(|word| *word != "--");
    let console = Console::of_process(options.any(|word| word == "--json"), false);
    match args::parse(arguments).and_then(|invocation| begin(&console, invocation)) {
        Ok(start) => start,
        Err(usage) => Start::Done(run::tell(&console, usage.into())),
    }
}

fn begin(console: &Console, invocation: Invocation) -> Result<Start, Usage> {
    let text = match invocation.task {
        Task::Window => return Launch::of(invocation.options).map(Start::Window),
        Task::Help(verb) => help::text(verb),
        Task::Version => help::version(),
        _ => return Ok(Start::Done(run::run(invocation))),
    };
    // Help is for people, whatever else was asked for.
    let plain = Console::of_process(false, false);
    let written = plain
        .result(text.trim_end(), '\n')
        .and_then(|()| plain.flush());
    Ok(Start::Done(match written {
        Ok(()) => ExitCode::SUCCESS,
        Err(error) => run::tell(console, error.into()),
    }))
}

/// Says why there can be no window; the exit code for it.
#[must_use]
pub fn no_window(reason: &str) -> ExitCode {
    Console::of_process(false, false).message(&format!("cooperage: {reason}"));
    ExitCode::from(run::NO_DISPLAY)
}
