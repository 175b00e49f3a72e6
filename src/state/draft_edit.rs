//! What can be changed in the settings being edited.

use crate::domain::ParameterRule;
use crate::settings::{
    Access, Connection, ConnectionId, CredentialMode, OptionId, Section, StorageKind, Value,
};

use super::settings::{Shown, Spot};

/// One change of the edited settings.
#[derive(Clone, Debug)]
pub enum DraftEdit {
    /// The connection's name.
    Name(String),
    /// Its colour.
    Colour(u8),
    /// What may be done with it.
    Access(Access),
    /// The band along the top.
    Production(bool),
    /// Where credentials are looked for.
    Credentials(CredentialMode),
    /// Which storage class it stands for.
    Kind(StorageKind),
    /// Several fields at once: where credentials come from, and what they are.
    Whole(Box<Connection>),
    /// The connection it is based on.
    BasedOn(Option<ConnectionId>),
    /// A text field of an option.
    Text {
        /// Which.
        option: OptionId,
        /// What is typed.
        text: String,
    },
    /// Another editor of an option.
    Set {
        /// Which.
        option: OptionId,
        /// Its value.
        value: Value,
    },
    /// Upload parameters by pattern.
    Rules(Vec<ParameterRule>),
    /// What is searched for.
    Search(String),
    /// Which options the list shows.
    Show(Shown),
    /// Go to a section or an option.
    Jump(Spot),
    /// The list shows this section.
    Seen(Section),
    /// The list went where it was sent.
    Arrived,
    /// The sample name of the preview.
    Sample(String),
}

impl DraftEdit {
    /// True when it changes what is saved, or what the preview shows.
    #[must_use]
    pub const fn matters(&self) -> bool {
        !matches!(
            self,
            Self::Search(_) | Self::Show(_) | Self::Jump(_) | Self::Seen(_) | Self::Arrived
        )
    }
}
