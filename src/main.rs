//! The binary: reads the command line and opens the window, or does what was asked without one.

use std::process::ExitCode;

use cooperage::cli::{self, Launch, Start};

fn main() -> ExitCode {
    match cli::start(std::env::args_os().skip(1)) {
        Start::Done(code) => code,
        Start::Window(launch) => open_window(launch),
    }
}

fn open_window(launch: Launch) -> ExitCode {
    if let Some(reason) = cli::launch::missing_display() {
        return cli::no_window(reason);
    }
    drop(launch);
    cli::no_window("this build has no window yet; use the verbs put, get, ls, rm and url.")
}
