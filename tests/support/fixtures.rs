//! Folders, files and bytes for tests.

use std::path::{Path, PathBuf};

use tempfile::TempDir;

/// An empty folder that is removed when dropped.
pub fn folder() -> TempDir {
    tempfile::tempdir().unwrap()
}

/// Bytes that differ at every place and for every seed, so that a shifted, swapped or cut piece is seen.
pub fn pattern(len: usize, seed: u64) -> Vec<u8> {
    let mut state = seed.wrapping_mul(0x9E37_79B9_7F4A_7C15) | 1;
    let mut bytes = Vec::with_capacity(len + 8);
    while bytes.len() < len {
        // xorshift64*: fast, and good enough to be incompressible.
        state ^= state >> 12;
        state ^= state << 25;
        state ^= state >> 27;
        bytes.extend_from_slice(&state.wrapping_mul(0x2545_F491_4F6C_DD1D).to_le_bytes());
    }
    bytes.truncate(len);
    bytes
}

/// Writes a file below a folder, making the folders on the way, and returns its path.
pub fn file(folder: &Path, name: &str, bytes: impl AsRef<[u8]>) -> PathBuf {
    let path = folder.join(name);
    std::fs::create_dir_all(path.parent().unwrap()).unwrap();
    std::fs::write(&path, bytes).unwrap();
    path
}

/// Writes a file of patterned bytes below a folder.
pub fn pattern_file(folder: &Path, name: &str, len: usize, seed: u64) -> PathBuf {
    file(folder, name, pattern(len, seed))
}

/// Writes many files at once: relative path, content.
pub fn tree(folder: &Path, files: &[(&str, &str)]) {
    for (name, content) in files {
        file(folder, name, content);
    }
}

/// All files below a folder as relative paths with slashes, in order, with their bytes.
pub fn read_tree(folder: &Path) -> Vec<(String, Vec<u8>)> {
    let mut found = Vec::new();
    let mut waiting = vec![folder.to_owned()];
    while let Some(next) = waiting.pop() {
        for entry in std::fs::read_dir(next).unwrap() {
            let path = entry.unwrap().path();
            if path.is_dir() {
                waiting.push(path);
                continue;
            }
            let name = path.strip_prefix(folder).unwrap();
            let name = name.to_string_lossy().replace('\\', "/");
            found.push((name, std::fs::read(&path).unwrap()));
        }
    }
    found.sort();
    found
}

/// Keys that break careless programs: all different, all legal in S3.
pub fn odd_keys() -> Vec<String> {
    let mut keys: Vec<String> = [
        "a",
        "a/",
        "a/b",
        "a//b",
        "/a",
        "//",
        "/",
        "a/./b",
        "a/../b",
        ".",
        "..",
        "../up",
        ".hidden",
        "with space",
        " leading and trailing ",
        "plus+sign",
        "percent%2Fslash",
        "percent%",
        "question?mark",
        "hash#tag",
        "amp&lt;<tag>\"quote\"'",
        "semi;colon:and=equals@at,comma$",
        "back\\slash",
        "tab\tand\nnewline\rreturn",
        "control\u{1}\u{1f}\u{7f}",
        "caf\u{e9}.txt",
        "cafe\u{301}.txt",
        "\u{1f600} emoji \u{1f469}\u{200d}\u{1f680}",
        "\u{65e5}\u{672c}\u{8a9e}/\u{30d5}\u{30a1}\u{30a4}\u{30eb}",
        "CON",
        "trailing dot.",
        "UPPER",
        "upper",
        "star*and|pipe",
        "tilde~and-dash_dot.",
        "dir/",
        "dir/file",
    ]
    .map(str::to_owned)
    .to_vec();
    keys.push("x".repeat(1024));
    keys.push(format!("{}/end", "deep/".repeat(200)));
    keys
}
