//! Writes a text and keeps its secrets apart, so that it can be shown without them.

use std::collections::BTreeSet;

use crate::domain::Secret;

use super::omission::{Omission, OmissionReason};

/// A part of a written text.
#[derive(Clone, Debug, PartialEq, Eq)]
pub enum Piece {
    /// Anybody may see it.
    Plain(String),
    /// A secret as it stands in the text, escapes included.
    Secret(Secret),
}

impl Piece {
    pub(super) fn revealed(&self) -> &str {
        match self {
            Self::Plain(text) => text,
            Self::Secret(secret) => secret.reveal(),
        }
    }

    pub(super) fn masked(&self) -> &str {
        match self {
            Self::Plain(text) => text,
            // As long for every secret: its length tells nothing.
            Self::Secret(_) => "••••••••",
        }
    }
}

/// A text being written.
pub(super) struct Pen {
    /// Secrets are written in clear.
    pub with_secrets: bool,
    pieces: Vec<Piece>,
    omissions: Vec<Omission>,
    /// What the head of the text must bring in.
    pub needs: BTreeSet<&'static str>,
}

impl Pen {
    pub(super) const fn new(with_secrets: bool) -> Self {
        Self {
            with_secrets,
            pieces: Vec::new(),
            omissions: Vec::new(),
            needs: BTreeSet::new(),
        }
    }

    pub(super) fn plain(&mut self, text: &str) {
        if let Some(Piece::Plain(last)) = self.pieces.last_mut() {
            last.push_str(text);
        } else {
            self.pieces.push(Piece::Plain(text.to_owned()));
        }
    }

    pub(super) fn secret(&mut self, text: String) {
        self.pieces.push(Piece::Secret(Secret::new(text)));
    }

    pub(super) fn omit(&mut self, name: &str, reason: OmissionReason) {
        let omission = Omission {
            name: name.to_owned(),
            reason,
        };
        if !self.omissions.contains(&omission) {
            self.omissions.push(omission);
        }
    }

    /// Puts a head in front of all.
    pub(super) fn head(&mut self, text: &str) {
        let body = std::mem::take(&mut self.pieces);
        self.plain(text);
        for piece in body {
            match piece {
                Piece::Plain(text) => self.plain(&text),
                secret @ Piece::Secret(_) => self.pieces.push(secret),
            }
        }
    }

    pub(super) fn done(self) -> (Vec<Piece>, Vec<Omission>) {
        (self.pieces, self.omissions)
    }
}
