//! What the worker asks of the vault. A trait, so that any store can stand behind it: the keyring, or a test's memory.

use crate::domain::Secret;
use crate::settings::Connection;
use crate::settings::ConnectionId;
use crate::settings::SecretSlot;
use crate::settings::secrets::{Kept, SecretStore, StoreFault, Vault, VaultStatus};

/// Keeps the secrets of connections. Calls but [`Secrets::status`] may block for seconds.
pub trait Secrets: Send + Sync {
    /// How it stood when it was last asked. Never blocks.
    fn status(&self) -> VaultStatus;

    /// Asks how it stands, without unlocking.
    fn probe(&self) -> VaultStatus;

    /// Puts all kept secrets into a connection; the answer is what could not be had.
    fn fill(&self, connection: &mut Connection) -> Vec<(SecretSlot, StoreFault)>;

    /// Keeps all secrets of a connection and deletes those of `dropped`; the answer says where each went.
    fn keep(&self, connection: &mut Connection, dropped: &[SecretSlot]) -> Vec<(SecretSlot, Kept)>;

    /// Reads a secret; `None` when it is not kept.
    ///
    /// # Errors
    /// What is in the way.
    fn get(&self, id: &ConnectionId, slot: &SecretSlot) -> Result<Option<Secret>, StoreFault>;

    /// Deletes a secret.
    ///
    /// # Errors
    /// What is in the way.
    fn delete(&self, id: &ConnectionId, slot: &SecretSlot) -> Result<(), StoreFault>;

    /// True while there is something that the keyring did not take.
    fn waiting(&self) -> bool;

    /// Offers the keyring again what it did not take; the answer is the secrets that it keeps now.
    fn flush(&self) -> Vec<(ConnectionId, SecretSlot)>;
}

impl<S: SecretStore + 'static> Secrets for Vault<S> {
    fn status(&self) -> VaultStatus {
        Self::status(self)
    }

    fn probe(&self) -> VaultStatus {
        Self::probe(self)
    }

    fn fill(&self, connection: &mut Connection) -> Vec<(SecretSlot, StoreFault)> {
        Self::fill(self, connection)
    }

    fn keep(&self, connection: &mut Connection, dropped: &[SecretSlot]) -> Vec<(SecretSlot, Kept)> {
        Self::keep(self, connection, dropped)
    }

    fn get(&self, id: &ConnectionId, slot: &SecretSlot) -> Result<Option<Secret>, StoreFault> {
        Self::get(self, id, slot)
    }

    fn delete(&self, id: &ConnectionId, slot: &SecretSlot) -> Result<(), StoreFault> {
        Self::delete(self, id, slot)
    }

    fn waiting(&self) -> bool {
        Self::waiting(self)
    }

    fn flush(&self) -> Vec<(ConnectionId, SecretSlot)> {
        Self::flush(self)
    }
}
