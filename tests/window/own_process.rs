//! A test in a process of its own: the shared AWS files are named by variables of the process.

use std::process::Command;

/// Runs an ignored test of this binary, `module::name`, with these shared files and these variables beside them.
#[track_caller]
pub(crate) fn run(test: &str, config: &str, credentials: &str, variables: &[(&str, String)]) {
    let folder = tempfile::tempdir().unwrap();
    let (config_file, credentials_file) = (
        folder.path().join("config"),
        folder.path().join("credentials"),
    );
    std::fs::write(&config_file, config).unwrap();
    std::fs::write(&credentials_file, credentials).unwrap();
    let variables = variables.iter().map(|(name, value)| (name, value));
    let ran = Command::new(std::env::current_exe().unwrap())
        .args([test, "--exact", "--ignored", "--nocapture"])
        .env("AWS_CONFIG_FILE", &config_file)
        .env("AWS_SHARED_CREDENTIALS_FILE", &credentials_file)
        .env("AWS_EC2_METADATA_DISABLED", "true")
        .env_remove("AWS_PROFILE")
        .env_remove("AWS_ACCESS_KEY_ID")
        .envs(variables)
        .output()
        .unwrap();
    let told = format!(
        "{}{}",
        String::from_utf8_lossy(&ran.stdout),
        String::from_utf8_lossy(&ran.stderr)
    );
    assert!(ran.status.success() && told.contains("1 passed"), "{told}");
}
