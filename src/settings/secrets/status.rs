//! How it stands with the keyring, and where a secret went, in words for people.

use super::StoreFault;

/// How it stands with the keyring, for the status bar.
#[derive(Clone, Copy, Debug, Default, PartialEq, Eq)]
pub enum VaultStatus {
    /// It was not asked yet.
    #[default]
    NotAsked,
    /// There and open.
    Unlocked,
    /// There and locked; a window may be waiting for the password.
    Locked,
    /// There is none: secrets stay in memory.
    Absent,
    /// It hangs or fails: secrets stay in memory.
    NotAnswering,
    /// None is wanted: secrets stay in memory.
    MemoryOnly,
}

impl VaultStatus {
    /// True when secrets outlive this run.
    #[must_use]
    pub const fn keeps(self) -> bool {
        matches!(self, Self::Unlocked)
    }
}

impl std::fmt::Display for VaultStatus {
    fn fmt(&self, f: &mut std::fmt::Formatter<'_>) -> std::fmt::Result {
        f.write_str(match self {
            Self::NotAsked => "Secrets go to the system keyring",
            Self::Unlocked => "Secrets go to the system keyring, unlocked",
            Self::Locked => "System keyring is locked: new secrets stay in memory",
            Self::Absent => "No system keyring: secrets stay in memory for this run",
            Self::NotAnswering => {
                "System keyring does not answer: secrets stay in memory for this run"
            }
            Self::MemoryOnly => "Secrets stay in memory for this run",
        })
    }
}

/// Where a secret went.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub enum Kept {
    /// Into the keyring.
    Keyring,
    /// Into memory, for this run, because of this.
    Memory(StoreFault),
}
