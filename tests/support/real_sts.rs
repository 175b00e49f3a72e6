//! `RealSts`: moto, which is somebody else's STS, IAM and S3, with users, roles and a bucket made in it.
//!
//! `tests/run` installs moto in `target/test-tools/moto` and runs the tests that need it; elsewhere they are ignored.
//! `COOPERAGE_TEST_MOTO` names another Python that has it.

use std::io::{BufRead, BufReader};
use std::path::PathBuf;
use std::process::{Child, Command, Stdio};

use serde_json::Value;

/// Running moto; dropping it ends it, and so does the end of this process.
pub struct RealSts {
    child: Child,
    /// What the script told.
    pub told: Value,
}

impl RealSts {
    /// Where signatures are checked and policies count.
    pub fn strict() -> Self {
        Self::start("strict")
    }

    /// Where nobody is refused: for the calls that moto gives no valid identity for.
    pub fn open() -> Self {
        Self::start("open")
    }

    fn start(mode: &str) -> Self {
        let python = std::env::var_os("COOPERAGE_TEST_MOTO").map_or_else(installed, PathBuf::from);
        assert!(
            python.exists(),
            "{} is not there: `bash tests/run` installs moto",
            python.display()
        );
        let script = concat!(env!("CARGO_MANIFEST_DIR"), "/tests/support/real_sts.py");
        let mut child = Command::new(python)
            .args(["-B", script, mode])
            // The script ends with its input.
            .stdin(Stdio::piped())
            .stdout(Stdio::piped())
            .stderr(Stdio::null())
            .spawn()
            .expect("moto");
        let mut line = String::new();
        let output = child.stdout.take().expect("its output");
        BufReader::new(output).read_line(&mut line).expect("a line");
        let told = serde_json::from_str(&line).expect("moto began and told what it made");
        Self { child, told }
    }

    /// `http://127.0.0.1:PORT`.
    pub fn url(&self) -> &str {
        self.text("url")
    }

    /// A text that the script told.
    pub fn text(&self, name: &str) -> &str {
        self.told[name].as_str().expect(name)
    }

    /// Key id and secret of a user.
    pub fn pair(&self, name: &str) -> (&str, &str) {
        let part = |at: usize| self.told[name][at].as_str().expect(name);
        (part(0), part(1))
    }
}

fn installed() -> PathBuf {
    let tools = concat!(env!("CARGO_MANIFEST_DIR"), "/target/test-tools/moto");
    let program = if cfg!(windows) {
        "Scripts/python.exe"
    } else {
        "bin/python"
    };
    PathBuf::from(tools).join(program)
}

impl Drop for RealSts {
    fn drop(&mut self) {
        let _ = self.child.kill();
        let _ = self.child.wait();
    }
}
