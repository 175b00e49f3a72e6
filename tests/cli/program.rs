//! Starts the binary with nothing of the machine's own settings in reach.

use std::path::Path;
use std::process::{Command, Output, Stdio};

use serde_json::Value;
use tempfile::TempDir;

use crate::support::fixtures;
use crate::support::memory_s3::{ACCESS_KEY, BUCKET, MemoryS3, SECRET_KEY};

/// What one run left behind.
#[derive(Debug)]
pub(crate) struct Ran {
    pub(crate) code: i32,
    pub(crate) out: String,
    pub(crate) err: String,
}

impl Ran {
    fn new(output: Output) -> Self {
        Self {
            code: output.status.code().unwrap_or(-1),
            out: String::from_utf8(output.stdout).unwrap(),
            err: String::from_utf8_lossy(&output.stderr).into_owned(),
        }
    }

    /// Fails the test unless the run ended with this exit code.
    #[track_caller]
    pub(crate) fn ended(self, code: i32) -> Self {
        assert_eq!(self.code, code, "out: {}\nerr: {}", self.out, self.err);
        self
    }

    /// The lines of standard output.
    pub(crate) fn lines(&self) -> Vec<&str> {
        self.out.lines().collect()
    }

    /// The lines of standard output as JSON.
    pub(crate) fn objects(&self) -> Vec<Value> {
        let read =
            |line| serde_json::from_str(line).unwrap_or_else(|error| panic!("{line}: {error}"));
        self.lines().into_iter().map(read).collect()
    }
}

/// The binary with an empty home and no variables but those a test gives.
pub(crate) fn bare(home: &Path) -> Command {
    let mut command = Command::new(env!("CARGO_BIN_EXE_cooperage"));
    command
        .env_clear()
        .env("HOME", home)
        .env("USERPROFILE", home)
        .env("AWS_EC2_METADATA_DISABLED", "true")
        .current_dir(home)
        .stdin(Stdio::null());
    for kept in ["SystemRoot", "TMPDIR", "LLVM_PROFILE_FILE"] {
        if let Some(value) = std::env::var_os(kept) {
            command.env(kept, value);
        }
    }
    command
}

/// A server, a folder of files and a home.
pub(crate) struct Setup {
    pub(crate) server: MemoryS3,
    pub(crate) home: TempDir,
    pub(crate) files: TempDir,
}

impl Setup {
    pub(crate) fn new() -> Self {
        Self {
            server: MemoryS3::start(),
            home: fixtures::folder(),
            files: fixtures::folder(),
        }
    }

    /// The options that name the server, keys and bucket.
    pub(crate) fn connection(&self) -> Vec<String> {
        [
            format!("AWS_S3_ENDPOINT_URL={}", self.server.endpoint()),
            format!("AWS_STORAGE_BUCKET_NAME={BUCKET}"),
            format!("AWS_S3_ACCESS_KEY_ID={ACCESS_KEY}"),
            format!("AWS_S3_SECRET_ACCESS_KEY={SECRET_KEY}"),
        ]
        .into_iter()
        .flat_map(|option| ["--set".to_owned(), option])
        .collect()
    }

    /// The binary with this connection, standing in the folder of files.
    pub(crate) fn command(&self, arguments: &[&str]) -> Command {
        let mut command = bare(self.home.path());
        command
            .args(self.connection())
            .args(arguments)
            .current_dir(self.files.path());
        command
    }

    /// Runs it to the end.
    pub(crate) fn run(&self, arguments: &[&str]) -> Ran {
        Ran::new(self.command(arguments).output().unwrap())
    }

    /// Writes a file into the folder of files.
    pub(crate) fn file(&self, name: &str, bytes: impl AsRef<[u8]>) {
        fixtures::file(self.files.path(), name, bytes);
    }

    /// Reads a file of that folder.
    pub(crate) fn read(&self, name: &str) -> Vec<u8> {
        let path = self.files.path().join(name);
        std::fs::read(&path).unwrap_or_else(|error| panic!("{}: {error}", path.display()))
    }

    /// The bytes of an object.
    pub(crate) fn object(&self, key: &str) -> Vec<u8> {
        let object = self.server.object(key);
        object
            .unwrap_or_else(|| panic!("no object {key:?} among {:?}", self.server.keys()))
            .bytes
            .to_vec()
    }
}

/// Runs a command to the end.
pub(crate) fn run(command: &mut Command) -> Ran {
    Ran::new(command.output().unwrap())
}
