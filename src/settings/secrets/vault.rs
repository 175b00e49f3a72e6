//! The keyring as the program uses it: every call bounded, one after the other, with memory to fall back on.
//!
//! One plain thread holds the store and does one call at a time. A caller waits for its answer up to the deadline; a
//! call that takes longer goes on alone, and until it ends further calls are answered at once with what is known.
//! A secret that the keyring did not take stays in memory for this run and is offered again by [`Vault::flush`].
//!
//! Callers block up to the deadline, so they are threads that may block; only [`Vault::status`] may be asked from
//! anywhere. Dropping the vault waits for nothing.

use std::collections::BTreeMap;
use std::sync::{Mutex, MutexGuard, PoisonError};
use std::time::Duration;

use super::keeper::{DEADLINE, GIVE_UP, Keeper};
use super::status::{Kept, VaultStatus};
use super::{
    EntryName, MemorySecrets, SecretBytes, SecretStore, StoreFault, SystemSecrets, chunks,
};
use crate::domain::Secret;
use crate::settings::connection::{Connection, ConnectionId};
use crate::settings::slot::SecretSlot;

struct Inner<S> {
    keeper: Keeper<S>,
    /// Secrets that the keyring did not take; `None` is a deletion that it did not do.
    memory: BTreeMap<EntryName, (ConnectionId, SecretSlot, Option<Secret>)>,
}

/// Keeps secrets; see the module.
pub struct Vault<S: SecretStore + 'static = SystemSecrets> {
    inner: Mutex<Inner<S>>,
    status: Mutex<VaultStatus>,
}

impl Vault<SystemSecrets> {
    /// The vault on this computer's keyring. Nothing is asked before the first call.
    #[must_use]
    pub fn system() -> Self {
        Self::new(SystemSecrets::default)
    }
}

impl Vault<MemorySecrets> {
    /// A vault without a keyring.
    #[must_use]
    pub fn in_memory() -> Self {
        let vault = Self::new(MemorySecrets::default);
        vault.tell(VaultStatus::MemoryOnly);
        vault
    }
}

fn locked<T>(mutex: &Mutex<T>) -> MutexGuard<'_, T> {
    // Nothing behind these locks is left half done by a panic.
    mutex.lock().unwrap_or_else(PoisonError::into_inner)
}

impl<S: SecretStore + 'static> Vault<S> {
    /// A vault on any store, which is made on the vault's own thread.
    pub fn new(make: fn() -> S) -> Self {
        Self::with_deadlines(make, DEADLINE, GIVE_UP)
    }

    /// The same with other patience: how long a call may keep its caller, and when a hanging call is given up.
    pub fn with_deadlines(make: fn() -> S, deadline: Duration, give_up: Duration) -> Self {
        let keeper = Keeper::new(make, deadline, give_up);
        Self {
            inner: Mutex::new(Inner {
                keeper,
                memory: BTreeMap::new(),
            }),
            status: Mutex::new(VaultStatus::NotAsked),
        }
    }

    /// How it stood when it was last asked. Never blocks for longer than a copy takes.
    #[must_use]
    pub fn status(&self) -> VaultStatus {
        *locked(&self.status)
    }

    fn tell(&self, status: VaultStatus) {
        let mut known = locked(&self.status);
        if *known != VaultStatus::MemoryOnly {
            *known = status;
        }
    }

    /// Asks how it stands, without unlocking.
    pub fn probe(&self) -> VaultStatus {
        let mut inner = locked(&self.inner);
        match self.call(&mut inner, S::state) {
            // The call itself tells the status.
            Ok(()) | Err(_) => self.status(),
        }
    }

    /// Asks the keyring to unlock, which may show a window for the password. When the person takes longer than the
    /// deadline, the window stays and the status says locked until it is answered.
    pub fn unlock(&self) -> VaultStatus {
        let mut inner = locked(&self.inner);
        match self.call_unlock(&mut inner) {
            Ok(()) | Err(_) => self.status(),
        }
    }

    /// A secret; `None` when nobody keeps one. A locked keyring is asked to unlock.
    ///
    /// # Errors
    /// What is in the way.
    pub fn get(&self, id: &ConnectionId, slot: &SecretSlot) -> Result<Option<Secret>, StoreFault> {
        let entry = EntryName::new(id, slot);
        let mut inner = locked(&self.inner);
        if let Some((_, _, secret)) = inner.memory.get(&entry) {
            return Ok(secret.clone());
        }
        let found = self.call_unlocked(&mut inner, move |store| chunks::get(store, &entry))?;
        found.as_ref().map(to_secret).transpose()
    }

    /// Keeps a secret: in the keyring, else in memory.
    pub fn set(&self, id: &ConnectionId, slot: &SecretSlot, secret: &Secret) -> Kept {
        let entry = EntryName::new(id, slot);
        let mut inner = locked(&self.inner);
        match self.store(&mut inner, &entry, secret) {
            Ok(()) => {
                inner.memory.remove(&entry);
                Kept::Keyring
            }
            Err(fault) => {
                inner
                    .memory
                    .insert(entry, (id.clone(), slot.clone(), Some(secret.clone())));
                Kept::Memory(fault)
            }
        }
    }

    /// Deletes a secret. What the keyring refuses to delete is gone for this run and offered again by
    /// [`Vault::flush`].
    ///
    /// # Errors
    /// What is in the way.
    pub fn delete(&self, id: &ConnectionId, slot: &SecretSlot) -> Result<(), StoreFault> {
        let entry = EntryName::new(id, slot);
        let mut inner = locked(&self.inner);
        let name = entry.clone();
        let result = self.call_unlocked(&mut inner, move |store| chunks::delete(store, &name));
        match result {
            Ok(()) => {
                inner.memory.remove(&entry);
            }
            Err(_) => {
                inner.memory.insert(entry, (id.clone(), slot.clone(), None));
            }
        }
        result
    }

    /// True while there is something that the keyring did not take and that [`Vault::flush`] would offer.
    pub fn waiting(&self) -> bool {
        !locked(&self.inner).memory.is_empty()
    }

    /// Offers the keyring again what it did not take. Returns the secrets that it keeps now, so that the saved file
    /// can say so.
    pub fn flush(&self) -> Vec<(ConnectionId, SecretSlot)> {
        let mut inner = locked(&self.inner);
        let mut kept = Vec::new();
        for (entry, (id, slot, secret)) in inner.memory.clone() {
            let done = match &secret {
                Some(secret) => self.store(&mut inner, &entry, secret),
                None => {
                    let name = entry.clone();
                    self.call_unlocked(&mut inner, move |store| chunks::delete(store, &name))
                }
            };
            if done.is_err() {
                break;
            }
            inner.memory.remove(&entry);
            if secret.is_some() {
                kept.push((id, slot));
            }
        }
        kept
    }

    /// Fetches all secrets that are kept for a connection and puts them where they belong. Returns those that could
    /// not be had.
    pub fn fill(&self, connection: &mut Connection) -> Vec<(SecretSlot, StoreFault)> {
        let mut missed = Vec::new();
        for slot in connection.kept_secrets.clone() {
            match self.get(&connection.id, &slot) {
                Ok(Some(secret)) => connection.put_secret(&slot, secret),
                Ok(None) => {
                    connection.kept_secrets.remove(&slot);
                }
                Err(fault) => missed.push((slot, fault)),
            }
        }
        missed
    }

    /// Keeps all secrets of a connection and deletes those of `dropped`. Afterwards its list of kept secrets says
    /// what the keyring holds. Returns where each secret went.
    pub fn keep(
        &self,
        connection: &mut Connection,
        dropped: &[SecretSlot],
    ) -> Vec<(SecretSlot, Kept)> {
        for slot in dropped {
            if self.delete(&connection.id, slot).is_ok() {
                connection.kept_secrets.remove(slot);
            }
        }
        let secrets = connection.clone().take_secrets();
        secrets
            .into_iter()
            .map(|(slot, secret)| {
                let kept = self.set(&connection.id, &slot, &secret);
                if kept == Kept::Keyring {
                    connection.kept_secrets.insert(slot.clone());
                } else {
                    connection.kept_secrets.remove(&slot);
                }
                (slot, kept)
            })
            .collect()
    }

    fn store(
        &self,
        inner: &mut Inner<S>,
        entry: &EntryName,
        secret: &Secret,
    ) -> Result<(), StoreFault> {
        let entry = entry.clone();
        let secret = secret.clone();
        self.call_unlocked(inner, move |store| {
            chunks::set(store, &entry, secret.reveal().as_bytes())
        })
    }

    /// A call that is made again after unlocking.
    fn call_unlocked<T: Send + 'static>(
        &self,
        inner: &mut Inner<S>,
        call: impl Fn(&mut S) -> Result<T, StoreFault> + Clone + Send + 'static,
    ) -> Result<T, StoreFault> {
        match self.call(inner, call.clone()) {
            Err(StoreFault::Locked) => {
                self.call_unlock(inner)?;
                self.call(inner, call)
            }
            result => result,
        }
    }

    fn call_unlock(&self, inner: &mut Inner<S>) -> Result<(), StoreFault> {
        let result = self.call(inner, S::unlock);
        if result == Err(StoreFault::NotAnswering) {
            // Most likely the window for the password is still open.
            self.tell(VaultStatus::Locked);
            return Err(StoreFault::Locked);
        }
        result
    }

    /// Runs a call on the keeper's thread and waits for it up to the deadline.
    fn call<T: Send + 'static>(
        &self,
        inner: &mut Inner<S>,
        call: impl FnOnce(&mut S) -> Result<T, StoreFault> + Send + 'static,
    ) -> Result<T, StoreFault> {
        let waits_for_password = self.status() == VaultStatus::Locked;
        let result = inner.keeper.run(waits_for_password, call);
        match &result {
            Ok(_) | Err(StoreFault::Damaged) => self.tell(VaultStatus::Unlocked),
            Err(StoreFault::Absent) => self.tell(VaultStatus::Absent),
            Err(StoreFault::Locked) => self.tell(VaultStatus::Locked),
            Err(StoreFault::NotAnswering) => self.tell(VaultStatus::NotAnswering),
        }
        result
    }
}

/// Secrets are texts; bytes that are none were not stored by this program.
fn to_secret(bytes: &SecretBytes) -> Result<Secret, StoreFault> {
    std::str::from_utf8(bytes)
        .map(Secret::new)
        .map_err(|_| StoreFault::Damaged)
}

#[cfg(test)]
#[path = "vault_tests.rs"]
mod tests;
