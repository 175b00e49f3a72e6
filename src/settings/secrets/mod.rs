//! Where secrets are kept: the system's keyring, else the memory of this run; never a file.
//!
//! [`SecretStore`] is what a keyring can do, one short value an entry, blocking. `system` is the one of this
//! computer. `chunks` spreads long values over several entries. [`Vault`] is what the program uses: it runs every
//! call of a store on one thread of its own, with a deadline, so that a keyring that hangs, or waits for a
//! password, holds up nothing.
//!
//! Rule others rely on: no error and no debug text of this module carries a secret. What a keyring reports is
//! reduced to a [`StoreFault`] where it is caught, because some of its errors hold the secret.

mod chunks;
mod keeper;
mod status;
mod system;
mod vault;

use std::collections::BTreeMap;

use zeroize::Zeroizing;

use super::connection::ConnectionId;
use super::slot::SecretSlot;

pub use status::{Kept, VaultStatus};
pub use system::SystemSecrets;
pub use vault::Vault;

/// Bytes of a secret, wiped when dropped.
pub type SecretBytes = Zeroizing<Vec<u8>>;

/// The name of one entry of a keyring.
#[derive(Clone, Debug, PartialEq, Eq, PartialOrd, Ord, Hash)]
pub struct EntryName(String);

impl EntryName {
    /// The entry of a connection's secret.
    #[must_use]
    pub fn new(connection: &ConnectionId, slot: &SecretSlot) -> Self {
        Self(format!("{connection}/{}", slot.name()))
    }

    /// The entry of a further part of a long value, from 2.
    fn part(&self, number: usize) -> Self {
        Self(format!("{}#{number}", self.0))
    }

    /// Its letters.
    #[must_use]
    pub fn as_str(&self) -> &str {
        &self.0
    }
}

/// Why a keyring did not do what it was asked.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub enum StoreFault {
    /// There is none.
    Absent,
    /// It is locked, or has no collection yet; unlocking may ask for a password.
    Locked,
    /// It failed, or did not answer in time.
    NotAnswering,
    /// What it holds under the name is not what was stored.
    Damaged,
}

impl std::fmt::Display for StoreFault {
    fn fmt(&self, f: &mut std::fmt::Formatter<'_>) -> std::fmt::Result {
        f.write_str(match self {
            Self::Absent => "there is no system keyring",
            Self::Locked => "the system keyring is locked",
            Self::NotAnswering => "the system keyring does not answer",
            Self::Damaged => "the system keyring holds something else under this name",
        })
    }
}

impl std::error::Error for StoreFault {}

/// What a keyring can do. Every call may block for as long as the keyring likes; values have at most
/// [`SecretStore::LONGEST_BYTES`].
pub trait SecretStore {
    /// Longest value in bytes that every system's keyring takes (Windows: 2,560).
    const LONGEST_BYTES: usize = 2_560;

    /// Whether it is there and unlocked. Never asks for a password.
    ///
    /// # Errors
    /// What is in the way.
    fn state(&mut self) -> Result<(), StoreFault>;

    /// Asks to unlock it, which may wait for a person.
    ///
    /// # Errors
    /// When it stays locked.
    fn unlock(&mut self) -> Result<(), StoreFault>;

    /// The value of an entry, `None` when there is none. Never asks for a password.
    ///
    /// # Errors
    /// What is in the way.
    fn get(&mut self, entry: &EntryName) -> Result<Option<SecretBytes>, StoreFault>;

    /// Sets the value of an entry. Never asks for a password.
    ///
    /// # Errors
    /// What is in the way.
    fn set(&mut self, entry: &EntryName, value: &[u8]) -> Result<(), StoreFault>;

    /// Deletes an entry; one that is not there is no error.
    ///
    /// # Errors
    /// What is in the way.
    fn delete(&mut self, entry: &EntryName) -> Result<(), StoreFault>;
}

/// A keyring of this run's memory, for tests and for those who want none.
#[derive(Default)]
pub struct MemorySecrets(BTreeMap<EntryName, SecretBytes>);

impl SecretStore for MemorySecrets {
    fn state(&mut self) -> Result<(), StoreFault> {
        Ok(())
    }

    fn unlock(&mut self) -> Result<(), StoreFault> {
        Ok(())
    }

    fn get(&mut self, entry: &EntryName) -> Result<Option<SecretBytes>, StoreFault> {
        Ok(self.0.get(entry).cloned())
    }

    fn set(&mut self, entry: &EntryName, value: &[u8]) -> Result<(), StoreFault> {
        if value.len() > Self::LONGEST_BYTES {
            return Err(StoreFault::NotAnswering);
        }
        self.0.insert(entry.clone(), Zeroizing::new(value.to_vec()));
        Ok(())
    }

    fn delete(&mut self, entry: &EntryName) -> Result<(), StoreFault> {
        self.0.remove(entry);
        Ok(())
    }
}
