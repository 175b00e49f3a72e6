//! The keyring of this computer: Secret Service on Linux and its kin, Keychain on macOS, Credential Manager on Windows.
//!
//! On Linux the Secret Service is spoken to directly, with the attributes that the `keyring` crate uses: only so
//! can the program tell a locked keyring from a missing one without a password window popping up, and go on after
//! the service was restarted. The kernel's own keyring is never used; it forgets at shutdown.

#[cfg(all(unix, not(target_os = "macos")))]
pub use linux::SystemSecrets;
#[cfg(not(all(unix, not(target_os = "macos"))))]
pub use other::SystemSecrets;

/// Under which service name all entries stand.
const SERVICE: &str = "cooperage";

#[cfg(all(unix, not(target_os = "macos")))]
mod linux {
    use std::collections::HashMap;

    use secret_service::blocking::{Collection, Item, SecretService};
    use secret_service::{EncryptionType, Error};
    use zeroize::Zeroizing;

    use super::super::{EntryName, SecretBytes, SecretStore, StoreFault};
    use super::SERVICE;

    /// The Secret Service on the session bus.
    #[derive(Default)]
    pub struct SystemSecrets {
        service: Option<SecretService<'static>>,
    }

    /// What a call inside the service found.
    enum Found {
        Fault(StoreFault),
        /// The service itself failed, perhaps because it was restarted since.
        Failed,
    }

    impl From<Error> for Found {
        fn from(error: Error) -> Self {
            match error {
                Error::Locked | Error::Prompt => Self::Fault(StoreFault::Locked),
                Error::Unavailable => Self::Fault(StoreFault::Absent),
                _ => Self::Failed,
            }
        }
    }

    impl SystemSecrets {
        /// Runs a call, once more with a new connection when an old one failed.
        fn with<T>(
            &mut self,
            call: impl Fn(&SecretService<'static>) -> Result<T, Found>,
        ) -> Result<T, StoreFault> {
            let was_connected = self.service.is_some();
            match self.once(&call) {
                Err(Found::Failed) if was_connected => self.once(&call),
                result => result,
            }
            .map_err(|found| match found {
                Found::Fault(fault) => fault,
                Found::Failed => StoreFault::NotAnswering,
            })
        }

        fn once<T>(
            &mut self,
            call: impl Fn(&SecretService<'static>) -> Result<T, Found>,
        ) -> Result<T, Found> {
            let service = match self.service.take() {
                Some(service) => service,
                // No bus, or nobody on it who keeps secrets.
                None => SecretService::connect(EncryptionType::Dh)
                    .map_err(|_| Found::Fault(StoreFault::Absent))?,
            };
            let result = call(&service);
            if !matches!(result, Err(Found::Failed)) {
                self.service = Some(service);
            }
            result
        }
    }

    fn attributes(entry: &EntryName) -> HashMap<&str, &str> {
        HashMap::from([("service", SERVICE), ("username", entry.as_str())])
    }

    /// The default collection; `None` before the first one was made.
    fn collection<'a>(
        service: &'a SecretService<'static>,
    ) -> Result<Option<Collection<'a>>, Found> {
        match service.get_default_collection() {
            Ok(collection) => Ok(Some(collection)),
            Err(Error::NoResult) => Ok(None),
            Err(error) => Err(error.into()),
        }
    }

    /// The unlocked items of an entry; a locked one is a fault.
    fn items<'a>(
        service: &'a SecretService<'static>,
        entry: &EntryName,
    ) -> Result<Vec<Item<'a>>, Found> {
        let found = service.search_items(attributes(entry))?;
        if found.unlocked.is_empty() && !found.locked.is_empty() {
            return Err(Found::Fault(StoreFault::Locked));
        }
        Ok(found.unlocked)
    }

    impl SecretStore for SystemSecrets {
        fn state(&mut self) -> Result<(), StoreFault> {
            self.with(|service| match collection(service)? {
                Some(collection) if !collection.is_locked()? => Ok(()),
                _ => Err(Found::Fault(StoreFault::Locked)),
            })
        }

        fn unlock(&mut self) -> Result<(), StoreFault> {
            self.with(|service| {
                match collection(service)? {
                    Some(collection) => collection.unlock()?,
                    None => drop(service.create_collection("Default keyring", "default")?),
                }
                match collection(service)? {
                    Some(collection) if !collection.is_locked()? => Ok(()),
                    _ => Err(Found::Fault(StoreFault::Locked)),
                }
            })
        }

        fn get(&mut self, entry: &EntryName) -> Result<Option<SecretBytes>, StoreFault> {
            self.with(|service| match items(service, entry)?.first() {
                Some(item) => Ok(Some(Zeroizing::new(item.get_secret()?))),
                // A locked keyring may hide that it has the entry.
                None => match collection(service)? {
                    Some(collection) if collection.is_locked()? => {
                        Err(Found::Fault(StoreFault::Locked))
                    }
                    _ => Ok(None),
                },
            })
        }

        fn set(&mut self, entry: &EntryName, value: &[u8]) -> Result<(), StoreFault> {
            const KIND: &str = "application/octet-stream";
            self.with(|service| {
                let items = items(service, entry)?;
                if let Some((first, others)) = items.split_first() {
                    first.set_secret(value, KIND)?;
                    // Two items of one name come from two programs that wrote at the same moment.
                    others.iter().try_for_each(Item::delete)?;
                    return Ok(());
                }
                let collection = collection(service)?.ok_or(Found::Fault(StoreFault::Locked))?;
                if collection.is_locked()? {
                    return Err(Found::Fault(StoreFault::Locked));
                }
                let label = format!("Cooperage {}", entry.as_str());
                collection.create_item(&label, attributes(entry), value, true, KIND)?;
                Ok(())
            })
        }

        fn delete(&mut self, entry: &EntryName) -> Result<(), StoreFault> {
            self.with(|service| Ok(items(service, entry)?.iter().try_for_each(Item::delete)?))
        }
    }
}

#[cfg(not(all(unix, not(target_os = "macos"))))]
mod other {
    use keyring::{Entry, Error};
    use zeroize::Zeroizing;

    use super::super::{EntryName, SecretBytes, SecretStore, StoreFault};
    use super::SERVICE;

    /// Keychain or Credential Manager.
    #[derive(Default)]
    pub struct SystemSecrets;

    fn open(entry: &EntryName) -> Result<Entry, StoreFault> {
        Entry::new(SERVICE, entry.as_str()).map_err(fault)
    }

    /// By value, so that an error which carries the secret ends here.
    #[allow(
        clippy::needless_pass_by_value,
        reason = "the error may hold a secret and must not live on"
    )]
    fn fault(error: Error) -> StoreFault {
        match error {
            Error::NoDefaultStore => StoreFault::Absent,
            Error::NoStorageAccess(_) => StoreFault::Locked,
            Error::BadEncoding(_) | Error::BadDataFormat(..) | Error::Ambiguous(_) => {
                StoreFault::Damaged
            }
            _ => StoreFault::NotAnswering,
        }
    }

    impl SecretStore for SystemSecrets {
        fn state(&mut self) -> Result<(), StoreFault> {
            match Entry::store_status() {
                Ok(()) => Ok(()),
                Err(_) => Err(StoreFault::Absent),
            }
        }

        fn unlock(&mut self) -> Result<(), StoreFault> {
            // These keyrings ask by themselves when they are used.
            self.state()
        }

        fn get(&mut self, entry: &EntryName) -> Result<Option<SecretBytes>, StoreFault> {
            match open(entry)?.get_secret() {
                Ok(value) => Ok(Some(Zeroizing::new(value))),
                Err(Error::NoEntry) => Ok(None),
                Err(error) => Err(fault(error)),
            }
        }

        fn set(&mut self, entry: &EntryName, value: &[u8]) -> Result<(), StoreFault> {
            open(entry)?.set_secret(value).map_err(fault)
        }

        fn delete(&mut self, entry: &EntryName) -> Result<(), StoreFault> {
            match open(entry)?.delete_credential() {
                Ok(()) | Err(Error::NoEntry) => Ok(()),
                Err(error) => Err(fault(error)),
            }
        }
    }
}
