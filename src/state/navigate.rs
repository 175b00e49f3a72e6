//! Going places: connections, buckets, folders, history.

use crate::domain::{Key, Location, Prefix, nearest};
use crate::settings::ConnectionId;
use crate::worker::messages::Command;

use super::connections::Origin;
use super::dialogs::{Dialog, NameDialog};
use super::inspector::Answer;
use super::listing::Progress;
use super::{Effect, Go, Screen, State, ToastKind};

impl State {
    pub(super) fn navigate(&mut self, go: Go) -> Vec<Effect> {
        match go {
            Go::Connection(id) => self.open_connection(&id, None),
            Go::ConnectionNumber(number) => {
                match self
                    .connections
                    .numbered(number)
                    .map(|one| one.id().clone())
                {
                    Some(id) => self.open_connection(&id, None),
                    None => Vec::new(),
                }
            }
            Go::To(location) => self.go_to(location, None),
            Go::Bucket(bucket) => self.go_to(Location::new(bucket, Prefix::root()), None),
            Go::Open(position) => self.open_row(position),
            Go::Up => match self.browser.location.prefix.parent() {
                Some(parent) => {
                    let from =
                        self.browser.location.prefix.as_str()[parent.as_str().len()..].to_owned();
                    let location = Location::new(self.browser.location.bucket.clone(), parent);
                    self.go_to(location, Some(from))
                }
                None => Vec::new(),
            },
            Go::Back => self.step(false),
            Go::Forward => self.step(true),
            Go::Refresh => self.list(true),
            Go::RefreshBuckets => self.list_buckets(),
            Go::CancelListing => self.stop_waiting(),
            Go::AskPath => {
                let text = self.browser.location.to_string();
                self.show(Dialog::GoTo(NameDialog {
                    text,
                    ..NameDialog::default()
                }))
            }
            Go::AskBucket => self.show(Dialog::AddBucket(NameDialog::default())),
            Go::Welcome => {
                self.screen = Screen::Welcome;
                self.welcome.problem = None;
                Vec::new()
            }
            Go::ToggleBookmark => self.toggle_bookmark(),
        }
    }

    /// Opens a connection at its own place, or at another.
    pub(super) fn open_connection(
        &mut self,
        id: &ConnectionId,
        then: Option<Location>,
    ) -> Vec<Effect> {
        let Some(entry) = self.connections.find(id) else {
            return Vec::new();
        };
        let connection = Box::new(self.connections.for_this_run(entry));
        self.part_with_visitor(Some(id));
        let ticket = self.tickets.draw();
        let effect = Effect::Run(Command::OpenConnection {
            ticket,
            connection,
            others: self.connections.all(),
        });
        let stop = self.browser.incoming().ticket;
        self.connections.current = Some(id.clone());
        self.connections.opened = None;
        let before = self.connections.opening.replace(ticket);
        self.wait_anew();
        self.connections.failure = None;
        self.connections.then = then;
        self.browser.start(Location::default());
        self.browser.relist(self.tickets.draw(), false);
        self.inspect(None);
        self.screen = Screen::Browser;
        let mut effects = self.stop_examining();
        let stops = before.into_iter().chain([stop]);
        effects.extend(stops.map(|ticket| Effect::Run(Command::Cancel(ticket))));
        effects.push(effect);
        effects
    }

    /// Goes to a place of the open connection, with the cursor on a name when it is listed.
    pub(super) fn go_to(&mut self, location: Location, seek: Option<String>) -> Vec<Effect> {
        self.screen = Screen::Browser;
        self.browser.go(location, seek);
        self.list(false)
    }

    /// Goes to the folder of an object and puts the cursor on it.
    pub(super) fn go_to_key(&mut self, bucket: String, key: &Key) -> Vec<Effect> {
        let location = Location::new(bucket, key.folder());
        let mut effects = self.go_to(location, Some(key.name().to_owned()));
        // Where listing is denied the object itself may still be read.
        effects.extend(self.inspect(Some(key.clone())));
        self.inspector.by_key = true;
        effects
    }

    fn open_row(&mut self, position: u64) -> Vec<Effect> {
        let Some(row) = self.browser.listing.row_at(position) else {
            return Vec::new();
        };
        let Some(folder) = self
            .browser
            .listing
            .catalog
            .row(row)
            .and_then(crate::catalog::RowRef::folder)
        else {
            // A file: show it in the inspector.
            self.window.right.open = true;
            return self.inspect(self.browser.focused_object());
        };
        self.go_to(
            Location::new(self.browser.location.bucket.clone(), folder),
            None,
        )
    }

    fn step(&mut self, forward: bool) -> Vec<Effect> {
        self.screen = Screen::Browser;
        if self.browser.step(forward) {
            self.list(false)
        } else {
            Vec::new()
        }
    }

    /// Lists the place shown.
    pub(super) fn list(&mut self, keep_place: bool) -> Vec<Effect> {
        let Some(id) = self.connections.current.clone() else {
            return Vec::new();
        };
        if self.connections.opened.is_none() {
            // Refresh after a connection failed: try again from the start.
            return if self.connections.opening.is_none() {
                let then = self.connections.then.take();
                self.open_connection(&id, then)
            } else {
                Vec::new()
            };
        }
        let stop = self.browser.incoming().ticket;
        let ticket = self.tickets.draw();
        self.browser.relist(ticket, keep_place);
        self.browser.incoming_mut().progress = Progress::Running;
        self.wait_anew();
        let mut effects = vec![Effect::Run(Command::Cancel(stop))];
        if !keep_place {
            effects.extend(self.inspect(None));
        }
        if self.browser.location.bucket.is_empty() {
            // No bucket: the list of buckets is what there is to see.
            self.browser.incoming_mut().progress = Progress::Complete;
            return effects;
        }
        effects.push(Effect::Run(Command::ListPrefix {
            ticket,
            id,
            location: self.browser.location.clone(),
        }));
        effects
    }

    /// The bucket that may have been meant by the one that is shown, where the account's are known.
    #[must_use]
    pub fn nearest_bucket(&self) -> Option<&str> {
        let buckets = self.browser.buckets.here()?;
        let names = buckets.iter().map(|bucket| bucket.name.as_str());
        nearest(&self.browser.location.bucket, names)
    }

    /// Asks for the buckets of the account.
    pub(super) fn list_buckets(&mut self) -> Vec<Effect> {
        let (Some(id), true) = (
            self.connections.current.clone(),
            self.connections.opened.is_some(),
        ) else {
            return Vec::new();
        };
        let ticket = self.tickets.draw();
        self.browser.buckets = Answer::Waiting;
        self.browser.buckets_ticket = ticket;
        vec![Effect::Run(Command::ListBuckets { ticket, id })]
    }

    /// Brings an object under the inspector, or none.
    pub(super) fn inspect(&mut self, key: Option<Key>) -> Vec<Effect> {
        let ticket = self.tickets.draw();
        let object = key.map(|key| (self.browser.location.bucket.clone(), key));
        let asked = object.clone();
        self.inspector.place = asked
            .as_ref()
            .and_then(|(_, key)| self.browser.place_in_selection(key));
        if !self.inspector.turn_to(object, ticket) {
            return Vec::new();
        }
        match (asked, self.connections.current.clone()) {
            (Some((bucket, key)), Some(id)) => vec![Effect::Run(Command::Inspect {
                ticket,
                id,
                bucket,
                key,
            })],
            _ => Vec::new(),
        }
    }

    /// Asks again for the object shown when asking failed or it is another by now.
    pub(super) fn inspect_anew(&mut self) -> Vec<Effect> {
        let Some((bucket, key)) = self.inspector.object.clone() else {
            return Vec::new();
        };
        let here = &self.browser.location;
        let listed = *bucket == here.bucket && key.folder() == here.prefix;
        let catalog = &self.browser.listing.catalog;
        let row = listed.then(|| catalog.find(key.name())).flatten();
        if !self
            .inspector
            .is_outdated(row.and_then(|row| catalog.row(row)))
        {
            return Vec::new();
        }
        self.inspector.object = None;
        self.inspect(Some(key))
    }

    /// Keeps a bucket's name with the connection, for accounts whose list of buckets is denied.
    pub(super) fn keep_bucket(&mut self, bucket: &str) -> Vec<Effect> {
        let Some(id) = self.connections.current.clone() else {
            return Vec::new();
        };
        let Some(entry) = self
            .connections
            .list
            .iter_mut()
            .find(|entry| *entry.id() == id)
        else {
            return Vec::new();
        };
        if entry.connection.buckets.iter().any(|own| own == bucket) {
            return Vec::new();
        }
        entry.connection.buckets.push(bucket.to_owned());
        if entry.origin != Origin::Saved {
            return Vec::new();
        }
        let (ticket, connection) = (self.tickets.draw(), Box::new(entry.connection.clone()));
        vec![Effect::Run(Command::SaveConnection { ticket, connection })]
    }

    fn toggle_bookmark(&mut self) -> Vec<Effect> {
        let place = self.browser.location.clone();
        let Some(id) = self.connections.current.clone() else {
            return Vec::new();
        };
        let Some(entry) = self
            .connections
            .list
            .iter_mut()
            .find(|entry| *entry.id() == id)
        else {
            return Vec::new();
        };
        let bookmarks = &mut entry.connection.bookmarks;
        let had = bookmarks.contains(&place);
        if had {
            bookmarks.retain(|own| *own != place);
        } else {
            bookmarks.push(place);
        }
        let (origin, connection) = (entry.origin, entry.connection.clone());
        let said = if had {
            "Bookmark removed"
        } else {
            "Bookmark added"
        };
        if origin == Origin::Saved {
            self.toasts.show(ToastKind::Good, said);
            let ticket = self.tickets.draw();
            return vec![Effect::Run(Command::SaveConnection {
                ticket,
                connection: Box::new(connection),
            })];
        }
        self.toasts.show(
            ToastKind::Good,
            format!("{said} for this run; save the connection to keep it"),
        );
        Vec::new()
    }
}
