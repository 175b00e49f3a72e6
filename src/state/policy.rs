//! The policy being written: what is ticked, for whom, and the text that follows from it.

use crate::domain::diagnosis::{
    PolicyForm, PolicyRefusal, PolicyScope, PolicyUse, PolicyWish, WrittenPolicy,
};
use crate::domain::{Prefix, Secret};
use crate::settings::{Access, Values, inspect};
use crate::worker::messages::{SavedText, policy_wish, write_policy};

use super::dialogs::Dialog;
use super::{Effect, Screen, State, ToastKind};

/// A change of the policy being written.
#[derive(Clone, Debug)]
pub enum PolicyEdit {
    /// The documented actions, or the least.
    Documented(bool),
    /// Tick a use, or not.
    Use(PolicyUse, bool),
    /// For the bucket, or for an identity.
    ForBucket(bool),
    /// Who a bucket policy is for.
    Principal(String),
    /// On whose behalf a service may come.
    Source(String),
    /// Choose a place to save it.
    Save,
}

/// The policy being written.
#[derive(Clone, Debug)]
pub struct PolicyDialog {
    /// Where, and what the settings need.
    wish: PolicyWish,
    /// The uses ticked.
    pub uses: Vec<PolicyUse>,
    /// The documented actions instead of the least.
    pub documented: bool,
    /// For the bucket instead of an identity.
    pub for_bucket: bool,
    /// Who a bucket policy is for, as typed.
    pub principal: String,
    /// On whose behalf a service may come, as typed.
    pub source: String,
    /// The policy, or why there is none.
    pub written: Result<WrittenPolicy, PolicyRefusal>,
}

impl PolicyDialog {
    /// Opens with what the connection suggests.
    fn new(wish: PolicyWish, uses: Vec<PolicyUse>) -> Self {
        let mut dialog = Self {
            wish,
            uses,
            documented: false,
            for_bucket: false,
            principal: String::new(),
            source: String::new(),
            written: Err(PolicyRefusal::NoUse),
        };
        dialog.write();
        dialog
    }

    /// True when the principal is a service, which comes on somebody's behalf.
    #[must_use]
    pub fn is_for_service(&self) -> bool {
        PolicyForm::is_service(&self.principal)
    }

    /// The bucket.
    #[must_use]
    pub fn bucket(&self) -> &str {
        &self.wish.bucket
    }

    /// What keys begin with.
    #[must_use]
    pub fn prefix(&self) -> &str {
        &self.wish.prefix
    }

    fn write(&mut self) {
        self.wish.scope = if self.documented {
            PolicyScope::DjangoStorages
        } else {
            PolicyScope::Least(self.uses.clone())
        };
        self.wish.form = if self.for_bucket {
            PolicyForm::Bucket {
                principal: self.principal.clone(),
                source: if self.is_for_service() {
                    self.source.clone()
                } else {
                    String::new()
                },
            }
        } else {
            PolicyForm::Identity
        };
        self.written = write_policy(&self.wish);
    }

    /// The name of a file for it.
    fn file_name(&self) -> String {
        let name = self.wish.bucket.rsplit([':', '/']).next();
        let form = if self.for_bucket {
            "bucket-policy"
        } else {
            "policy"
        };
        format!("{form}-{}.json", name.unwrap_or_default())
    }
}

impl State {
    pub(super) fn show_policy(&mut self) -> Vec<Effect> {
        let on_page = self.screen == Screen::Doctor;
        let connection = if on_page {
            self.doctor.patient.as_deref().cloned()
        } else {
            let entry = self.connections.current.as_ref();
            let entry = entry.and_then(|id| self.connections.find(id));
            entry.map(|entry| self.connections.for_this_run(entry))
        };
        let Some(connection) = connection else {
            return self.refuse("Open a connection first.");
        };
        let all = self.connections.all();
        let parents = connection.parents(&all).unwrap_or_default();
        let found = inspect(&connection, &parents, &Values::default(), &self.environment);
        let config = found.resolved.config;
        let home = Prefix::new(config.location.trim_start_matches('/'));
        let here = &self.browser.location;
        let (bucket, prefix) = if on_page || here.bucket.is_empty() {
            (config.bucket.clone().unwrap_or_default(), home)
        } else {
            (here.bucket.clone(), here.prefix.clone())
        };
        let uses: &[PolicyUse] = match connection.access {
            Access::ReadOnly => &[PolicyUse::Browse, PolicyUse::Share],
            Access::NoDelete => &[PolicyUse::Browse, PolicyUse::Upload, PolicyUse::Share],
            Access::Full => &[
                PolicyUse::Browse,
                PolicyUse::Upload,
                PolicyUse::Delete,
                PolicyUse::Share,
            ],
        };
        let wish = policy_wish(&config, &bucket, prefix.as_str());
        let dialog = PolicyDialog::new(wish, uses.to_vec());
        self.show(Dialog::Policy(Box::new(dialog)))
    }

    pub(super) fn edit_policy(&mut self, edit: PolicyEdit) -> Vec<Effect> {
        let Some(Dialog::Policy(dialog)) = &mut self.dialog else {
            return Vec::new();
        };
        match edit {
            PolicyEdit::Documented(on) => dialog.documented = on,
            PolicyEdit::Use(one, on) => {
                dialog.uses.retain(|known| *known != one);
                if on {
                    dialog.uses.push(one);
                    dialog.uses.sort_unstable();
                }
            }
            PolicyEdit::ForBucket(on) => dialog.for_bucket = on,
            PolicyEdit::Principal(text) => dialog.principal = text,
            PolicyEdit::Source(text) => dialog.source = text,
            PolicyEdit::Save => {
                let Ok(written) = &dialog.written else {
                    return Vec::new();
                };
                let (name, text) = (dialog.file_name(), Secret::new(written.json.clone()));
                let title = "Save the policy".to_owned();
                return self.ask_where_to_save(SavedText::Policy, text, title, name);
            }
        }
        dialog.write();
        Vec::new()
    }

    /// The policy onto the clipboard.
    pub(super) fn copy_policy(&mut self, dialog: Box<PolicyDialog>) -> Vec<Effect> {
        let text = match &dialog.written {
            Ok(written) => written.json.clone(),
            Err(_) => return self.show(Dialog::Policy(dialog)),
        };
        self.toasts.show(ToastKind::Good, "Policy copied");
        self.dialog = Some(Dialog::Policy(dialog));
        vec![Effect::CopyText(text)]
    }
}
