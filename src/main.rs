//! The binary: reads the command line and opens the window, or does what was asked without one.

use std::process::ExitCode;

use cooperage::app;
use cooperage::cli::launch::{StartAt, missing_display};
use cooperage::cli::{self, Launch, Start};
use cooperage::settings::folders::Folders;
use cooperage::state;

fn main() -> ExitCode {
    match cli::start(std::env::args_os().skip(1)) {
        Start::Done(code) => code,
        Start::Window(launch) => open_window(launch),
    }
}

fn open_window(launch: Launch) -> ExitCode {
    if let Some(reason) = missing_display() {
        return cli::no_window(reason);
    }
    let asked = std::env::var_os("COOPERAGE_CONFIG_DIR");
    let Some(folders) = Folders::find(launch.config_dir, asked) else {
        return cli::no_window(
            "This account has no home folder; name a folder for the settings with --config-dir.",
        );
    };
    let start = match launch.start {
        StartAt::Remembered => state::Start::Remembered,
        StartAt::Builtin => state::Start::Builtin,
        StartAt::Connection(name) => state::Start::Named {
            name,
            overrides: launch.set,
        },
        StartAt::Unsaved => state::Start::Unsaved(launch.set),
    };
    match app::run(folders, start) {
        Ok(()) => ExitCode::SUCCESS,
        Err(reason) => cli::no_window(&reason),
    }
}
