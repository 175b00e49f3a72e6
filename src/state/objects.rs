//! What is done with objects: links, copies of names, new folders, renaming, and the start of uploads and downloads.

use crate::domain::diagnosis::Permission;
use crate::domain::{Key, SignedLink, StorageError, Ticket};
use crate::settings::Access;
use crate::worker::messages::{Command, PickPurpose};

use super::dialogs::{Dialog, NameDialog};
use super::plans::Place;
use super::{CopyWhat, Effect, ObjectAction, Pick, State, ToastKind};

/// Links that are being made.
#[derive(Clone, Copy, Debug)]
pub(super) struct Signing {
    ticket: Ticket,
    count: usize,
}

/// Most links that are made at once.
const MOST_LINKS: usize = 1000;

/// A reason, as it stands beside what is refused, as a sentence of its own.
#[must_use]
pub fn sentence(reason: &str) -> String {
    let mut letters = reason.chars();
    match letters.next() {
        Some(first) => format!(
            "{}{}.",
            first.to_uppercase(),
            letters.as_str().trim_end_matches('.')
        ),
        None => String::new(),
    }
}

impl State {
    pub(super) fn work_on_objects(&mut self, action: ObjectAction) -> Vec<Effect> {
        match action {
            ObjectAction::PickUpload { target } => self.pick_upload(target, false),
            ObjectAction::PickUploadFolder => self.pick_upload(None, true),
            ObjectAction::Hover(paths) => self.hover(paths),
            ObjectAction::Upload { paths, target } => self.plan_upload(paths, target),
            ObjectAction::Download => self.ask_download(),
            ObjectAction::DownloadTo(folder) => self.plan_download(folder),
            ObjectAction::CopyLink { expires_secs } => self.copy_links(expires_secs),
            ObjectAction::ChooseLifetime(secs) => {
                self.link_secs = secs.max(1);
                Vec::new()
            }
            ObjectAction::Copy(what) => self.copy_text(what),
            ObjectAction::Delete => self.ask_delete(),
            ObjectAction::StopDeletion(ticket) => self.stop_deletion(ticket),
            ObjectAction::NewFolder => match self.write_refusal() {
                Some(reason) => self.refuse(reason),
                None => self.show(Dialog::NewFolder(NameDialog::default())),
            },
            ObjectAction::Rename => self.ask_rename(),
            ObjectAction::InspectStep(step) => self.step_selected(step),
            ObjectAction::GoToKey(key) => {
                self.go_to_key(self.browser.location.bucket.clone(), &key)
            }
        }
    }

    /// Why nothing may be written with this connection, if so.
    #[must_use]
    pub fn write_refusal(&self) -> Option<&'static str> {
        let connection = self.connections.current()?;
        if connection.access == Access::ReadOnly {
            Some("this connection is read-only")
        } else if self.browser.location.bucket.is_empty() {
            Some("open a bucket first")
        } else {
            self.denied(Permission::Write)
        }
    }

    /// Why no link can be copied now, if so.
    #[must_use]
    pub fn link_refusal(&self) -> Option<&'static str> {
        let none =
            self.browser.selection.rows.totals().objects == 0 && self.inspector.object.is_none();
        if self.connections.opened.is_none() {
            Some("open a connection first")
        } else if none {
            Some("select a file first")
        } else {
            self.read_refusal()
        }
    }

    /// Why nothing may be deleted with this connection, if so.
    #[must_use]
    pub fn delete_refusal(&self) -> Option<&'static str> {
        match self.connections.current()?.access {
            Access::ReadOnly => Some("this connection is read-only"),
            Access::NoDelete => Some("this connection is no-delete"),
            Access::Full => self.denied(Permission::Delete),
        }
    }

    /// Why nothing can be renamed here, if so: a new name is a copy, which reads and writes, and the old one is deleted.
    #[must_use]
    pub fn rename_refusal(&self) -> Option<&'static str> {
        let write = self.write_refusal().or_else(|| self.delete_refusal());
        write.or_else(|| self.read_refusal())
    }

    /// Why nothing that is there may be overwritten by an upload, if so.
    pub(super) fn overwrite_refusal(&self, place: &Place) -> Option<&'static str> {
        let access = self.connections.find(&place.id)?.connection.access;
        let is_shown = self.place().as_ref() == Some(place);
        match access {
            Access::Full if is_shown => self.denied(Permission::Overwrite),
            Access::Full => None,
            Access::NoDelete | Access::ReadOnly => Some("this connection may not overwrite"),
        }
    }

    pub(super) fn refuse(&mut self, reason: &str) -> Vec<Effect> {
        self.toasts.show(ToastKind::Warn, sentence(reason));
        Vec::new()
    }

    fn pick_upload(&mut self, target: Option<crate::domain::Prefix>, folder: bool) -> Vec<Effect> {
        if let Some(reason) = self.write_refusal() {
            return self.refuse(reason);
        }
        let Some(id) = self.connections.current.clone() else {
            return self.refuse("Open a connection first, then upload into it.");
        };
        let target = self.folder(target);
        let title = format!("Upload to {target}");
        vec![Effect::Pick(Pick {
            title,
            purpose: PickPurpose::Upload { id, target },
            what: if folder {
                super::PickWhat::Folder
            } else {
                super::PickWhat::Files
            },
        })]
    }

    fn copy_links(&mut self, expires_secs: Option<i64>) -> Vec<Effect> {
        let keys = self.browser.selected_keys();
        let keys = if keys.is_empty() {
            self.inspector
                .object
                .iter()
                .map(|(_, key)| key.clone())
                .collect()
        } else {
            keys
        };
        let Some(id) = self.connections.current.clone() else {
            return Vec::new();
        };
        if keys.is_empty() {
            return self.refuse("Select a file first; a link leads to one object.");
        }
        // A link can do what its signer can.
        if let Some(reason) = self.read_refusal() {
            return self.refuse(reason);
        }
        if keys.len() > MOST_LINKS {
            return self.refuse("Select at most 1,000 files for links at once.");
        }
        let ticket = self.tickets.draw();
        self.signing = Some(Signing {
            ticket,
            count: keys.len(),
        });
        let expires_secs = expires_secs.unwrap_or(self.link_secs);
        let bucket = self.browser.location.bucket.clone();
        vec![Effect::Run(Command::SignLinks {
            ticket,
            id,
            bucket,
            keys,
            expires_secs,
        })]
    }

    /// Links came: onto the clipboard, one a line, and a word on how long they work.
    pub(super) fn take_links(
        &mut self,
        ticket: Ticket,
        result: Result<Vec<SignedLink>, StorageError>,
    ) -> Vec<Effect> {
        let Some(signing) = self.signing.take_if(|signing| signing.ticket == ticket) else {
            return Vec::new();
        };
        let links = match result {
            Ok(links) => links,
            Err(error) => {
                self.report(&error);
                return Vec::new();
            }
        };
        let what = if signing.count == 1 {
            "Link copied".to_owned()
        } else {
            format!("{} links copied", signing.count)
        };
        let text = links
            .iter()
            .map(|link| link.url.as_str())
            .collect::<Vec<_>>()
            .join("\n");
        let said = match soonest(&links) {
            Some(link) => format!(
                "{what}, {}",
                crate::words::link_end(link, self.now, &self.zone)
            ),
            None => what,
        };
        self.toasts.show(ToastKind::Good, said);
        vec![Effect::CopyText(text)]
    }

    fn copy_text(&mut self, what: CopyWhat) -> Vec<Effect> {
        let folders = self
            .browser
            .selected_folders()
            .into_iter()
            .map(|folder| Key::new(folder.as_str()));
        let keys: Vec<Key> = folders.chain(self.browser.selected_keys()).collect();
        let bucket = &self.browser.location.bucket;
        let texts: Vec<String> = match what {
            CopyWhat::Key => keys.iter().map(ToString::to_string).collect(),
            CopyWhat::Name => keys.iter().map(|key| key.name().to_owned()).collect(),
            CopyWhat::Uri => keys
                .iter()
                .map(|key| self.browser.location.uri_of(key))
                .collect(),
            CopyWhat::Arn => keys
                .iter()
                .map(|key| format!("arn:aws:s3:::{bucket}/{key}"))
                .collect(),
            CopyWhat::ETag => self
                .inspector
                .details
                .here()
                .map(|details| details.etag.clone())
                .into_iter()
                .collect(),
        };
        if texts.is_empty() {
            return self.refuse("Select something first.");
        }
        let noun = match what {
            CopyWhat::Key => "Key",
            CopyWhat::Name => "Name",
            CopyWhat::Uri => "S3 URI",
            CopyWhat::Arn => "ARN",
            CopyWhat::ETag => "ETag",
        };
        let said = if texts.len() == 1 {
            format!("{noun} copied")
        } else {
            format!("{} lines copied", texts.len())
        };
        self.toasts.show(ToastKind::Good, said);
        vec![Effect::CopyText(texts.join("\n"))]
    }

    fn ask_rename(&mut self) -> Vec<Effect> {
        if let Some(reason) = self.rename_refusal() {
            return self.refuse(reason);
        }
        let mut keys = self.browser.selected_keys();
        match (
            keys.pop(),
            keys.is_empty() && self.browser.selected_folders().is_empty(),
        ) {
            (Some(key), true) => {
                let form = NameDialog {
                    text: key.name().to_owned(),
                    ..NameDialog::default()
                };
                self.show(Dialog::Rename { key, form })
            }
            _ => self.refuse("Select exactly one file to rename."),
        }
    }

    fn step_selected(&mut self, step: i32) -> Vec<Effect> {
        let keys = self.browser.selected_keys();
        let Some((_, shown)) = &self.inspector.object else {
            return Vec::new();
        };
        let Some(at) = keys.iter().position(|key| key == shown) else {
            return Vec::new();
        };
        let next = at
            .saturating_add_signed(step as isize)
            .min(keys.len().saturating_sub(1));
        let key = keys.into_iter().nth(next);
        self.inspect(key)
    }

    /// Shows a failure that has no place of its own on screen.
    pub(super) fn report(&mut self, error: &StorageError) {
        let explained = crate::words::explain_plainly(error);
        self.toasts.show(
            ToastKind::Bad,
            format!(
                "{}. {} {}",
                explained.title, explained.cause, explained.next_step
            ),
        );
    }
}

/// The link that ends first.
fn soonest(links: &[SignedLink]) -> Option<&SignedLink> {
    links
        .iter()
        .min_by_key(|link| link.works_until.map_or(i64::MAX, |time| time.0))
}
