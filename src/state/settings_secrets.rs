//! What changes beside the editing of settings: secrets (which the keyring keeps, which are here, which were taken out),
//! and what is known of the server.

use crate::domain::Secret;
use crate::domain::diagnosis::ServerTraits;
use crate::settings::{Connection, ConnectionId, SecretSlot};

use super::SettingsDraft;

impl SettingsDraft {
    /// The other connections with the secrets that were fetched for them.
    #[must_use]
    pub fn with_secrets(&self, others: &[Connection]) -> Vec<Connection> {
        let mut others = others.to_vec();
        for (id, slot, secret) in &self.fetched {
            for one in others.iter_mut().filter(|one| one.id == *id) {
                if !one.has_at_hand(slot) {
                    one.put_secret(slot, secret.clone());
                }
            }
        }
        others
    }

    /// True once for each set of connections whose secrets were not asked for yet.
    pub(in crate::state) fn must_fetch(&mut self, others: &[Connection]) -> bool {
        let parents = self.connection.parents(others).unwrap_or_default();
        let wanted: Vec<ConnectionId> = std::iter::once(&self.connection)
            .chain(parents)
            .filter(|one| !one.kept_secrets.is_empty())
            .map(|one| one.id.clone())
            .collect();
        let mut is_new = false;
        for id in wanted {
            is_new |= self.asked.insert(id);
        }
        is_new
    }

    /// The keyring keeps a secret of the connection from now on; that is no change of whoever edits it.
    pub(in crate::state) fn secret_kept(&mut self, slot: &SecretSlot) {
        let saved = self.original.iter_mut();
        for connection in saved.chain([&mut self.connection, &mut self.begun]) {
            connection.kept_secrets.insert(slot.clone());
        }
    }

    /// More is known of the server; that is no change of whoever edits the connection.
    pub(in crate::state) fn each_server(&mut self, change: impl Fn(&mut ServerTraits)) {
        let saved = self.original.iter_mut();
        for connection in saved.chain([&mut self.connection, &mut self.begun]) {
            change(&mut connection.server);
        }
    }

    /// Secrets came from the keyring. They are no change: the connection had them all the time.
    pub(in crate::state) fn take_secrets(
        &mut self,
        secrets: Vec<(ConnectionId, SecretSlot, Secret)>,
    ) {
        self.keyring_answered = true;
        for (id, slot, secret) in secrets {
            let own = [
                Some(&mut self.begun),
                self.original.as_mut(),
                Some(&mut self.connection),
            ];
            for one in own.into_iter().flatten().filter(|one| one.id == id) {
                // What was typed or taken out meanwhile stays so.
                if one.kept_secrets.contains(&slot) && !one.has_at_hand(&slot) {
                    one.put_secret(&slot, secret.clone());
                }
            }
            if id != self.connection.id {
                self.fetched.push((id, slot, secret));
            }
        }
    }

    /// The secrets that the keyring keeps and that are here too.
    pub(super) fn kept_at_hand(&self) -> Vec<SecretSlot> {
        let kept = self.connection.kept_secrets.iter();
        kept.filter(|slot| self.connection.has_at_hand(slot))
            .cloned()
            .collect()
    }

    /// A secret that was here before and is no more was taken out, and is not to come back from the keyring; nor is one
    /// that has nothing left to belong to.
    pub(super) fn forget_gone(&mut self, had: &[SecretSlot]) {
        let mut kept = std::mem::take(&mut self.connection.kept_secrets);
        kept.retain(|slot| {
            let taken_out = had.contains(slot) && !self.connection.has_at_hand(slot);
            !taken_out && self.connection.has_place_for(slot)
        });
        self.connection.kept_secrets = kept;
    }
}
