//! What credentials may do with one bucket and prefix, as far as it was tried.
//!
//! A [`PermissionMatrix`] has one row an action, always all of them and in one order. What was not tried says why. A
//! denial says as much as the store told.

use super::denied::missing;
use super::verdict::{Untested, Verdict};

/// One row of the matrix.
#[derive(Clone, Copy, Debug, PartialEq, Eq, PartialOrd, Ord, Hash)]
pub enum Permission {
    /// List what is below the prefix.
    ListPrefix,
    /// Read an object.
    Read,
    /// Read the headers of an object.
    Head,
    /// Read the tags of an object.
    Tags,
    /// Read the ACL of an object.
    Acl,
    /// List versions.
    Versions,
    /// Ask where the bucket is.
    BucketLocation,
    /// Ask whether the bucket keeps versions.
    Versioning,
    /// Read the bucket's policy.
    Policy,
    /// Read the bucket's rules for other origins.
    Cors,
    /// Read the bucket's lifecycle rules.
    Lifecycle,
    /// Write an object.
    Write,
    /// Begin an upload in parts and abort it.
    Multipart,
    /// Write an object where one is.
    Overwrite,
    /// Delete an object.
    Delete,
}

impl Permission {
    /// Those that only read.
    pub const READS: [Self; 11] = [
        Self::ListPrefix,
        Self::Read,
        Self::Head,
        Self::Tags,
        Self::Acl,
        Self::Versions,
        Self::BucketLocation,
        Self::Versioning,
        Self::Policy,
        Self::Cors,
        Self::Lifecycle,
    ];

    /// Those that write.
    pub const WRITES: [Self; 4] = [Self::Write, Self::Multipart, Self::Overwrite, Self::Delete];

    /// The action that a policy must allow for it.
    #[must_use]
    pub const fn action(self) -> &'static str {
        match self {
            Self::ListPrefix => "s3:ListBucket",
            Self::Read | Self::Head => "s3:GetObject",
            Self::Tags => "s3:GetObjectTagging",
            Self::Acl => "s3:GetObjectAcl",
            Self::Versions => "s3:ListBucketVersions",
            Self::BucketLocation => "s3:GetBucketLocation",
            Self::Versioning => "s3:GetBucketVersioning",
            Self::Policy => "s3:GetBucketPolicy",
            Self::Cors => "s3:GetBucketCORS",
            Self::Lifecycle => "s3:GetLifecycleConfiguration",
            Self::Write | Self::Overwrite => "s3:PutObject",
            Self::Multipart => "s3:AbortMultipartUpload",
            Self::Delete => "s3:DeleteObject",
        }
    }

    /// Its name for programs.
    #[must_use]
    pub const fn word(self) -> &'static str {
        match self {
            Self::ListPrefix => "list_prefix",
            Self::Read => "read",
            Self::Head => "head",
            Self::Tags => "tags",
            Self::Acl => "acl",
            Self::Versions => "versions",
            Self::BucketLocation => "bucket_location",
            Self::Versioning => "versioning",
            Self::Policy => "policy",
            Self::Cors => "cors",
            Self::Lifecycle => "lifecycle",
            Self::Write => "write",
            Self::Multipart => "multipart",
            Self::Overwrite => "overwrite",
            Self::Delete => "delete",
        }
    }

    /// True when trying it changes something.
    #[must_use]
    pub fn writes(self) -> bool {
        Self::WRITES.contains(&self)
    }
}

/// One row.
#[derive(Clone, Debug, PartialEq, Eq)]
pub struct PermissionRow {
    /// What was tried.
    pub permission: Permission,
    /// How it ended.
    pub verdict: Verdict,
    /// The action the store named in its refusal; see [`PermissionRow::missing_action`].
    pub action: Option<String>,
    /// The KMS key it named there.
    pub kms_key: Option<String>,
    /// HTTP status and error code of the refusal, or of the answer that there is nothing to be read.
    pub told: Option<(u16, String)>,
}

impl PermissionRow {
    /// A row about which nothing is known.
    #[must_use]
    pub const fn untested(permission: Permission, why: Untested) -> Self {
        Self {
            permission,
            verdict: Verdict::NotTested(why),
            action: None,
            kms_key: None,
            told: None,
        }
    }

    /// True when uploads need it: deleting they do not, nor the end of an upload that was begun.
    #[must_use]
    pub fn is_for_uploads(&self) -> bool {
        match self.permission {
            Permission::Write | Permission::Overwrite => true,
            Permission::Multipart => self.missing_action() != Permission::Multipart.action(),
            _ => false,
        }
    }

    /// The action that is missing: the one the store named, else the one that such a request needs.
    #[must_use]
    pub fn missing_action(&self) -> &str {
        let how = match self.verdict {
            Verdict::Denied(how) => Some(how),
            _ => None,
        };
        missing(self.action.as_deref(), how, self.permission)
    }
}

/// What a write test is asked for.
#[derive(Clone, Copy, Debug, Default, PartialEq, Eq)]
pub struct WriteTest {
    /// Also try the reads that need an object, on its own.
    pub also_reads: bool,
    /// Write also where an earlier test's object could not be removed, so that there may be another one.
    pub may_leave_another: bool,
}

/// Something of a write test that is still there.
#[derive(Clone, Debug, PartialEq, Eq)]
pub struct Leftover {
    /// Its key.
    pub key: String,
    /// An unfinished upload, not an object.
    pub is_upload: bool,
    /// It is not known to be there: its upload got no answer and may still arrive.
    pub may_arrive: bool,
}

/// All rows for one place.
#[derive(Clone, Debug, PartialEq, Eq)]
pub struct PermissionMatrix {
    /// The bucket; empty when the connection names none.
    pub bucket: String,
    /// What keys begin with.
    pub prefix: String,
    /// One row an action, reads first.
    pub rows: Vec<PermissionRow>,
    /// What tests left behind because it could not be removed; tried again with the next run.
    pub leftovers: Vec<Leftover>,
}

impl PermissionMatrix {
    /// A matrix of which nothing is known.
    #[must_use]
    pub fn new(bucket: impl Into<String>, prefix: impl Into<String>, why: Untested) -> Self {
        let reads = Permission::READS.into_iter();
        Self {
            bucket: bucket.into(),
            prefix: prefix.into(),
            rows: reads
                .chain(Permission::WRITES)
                .map(|permission| {
                    let asked = permission.writes() && why != Untested::NoBucket;
                    let why = if asked { Untested::NotAsked } else { why };
                    PermissionRow::untested(permission, why)
                })
                .collect(),
            leftovers: Vec::new(),
        }
    }

    /// One row.
    #[must_use]
    pub fn row(&self, permission: Permission) -> Option<&PermissionRow> {
        self.rows.iter().find(|row| row.permission == permission)
    }

    /// How one row ended.
    #[must_use]
    pub fn verdict(&self, permission: Permission) -> Verdict {
        self.row(permission)
            .map_or(Verdict::NotTested(Untested::NotAsked), |row| row.verdict)
    }

    /// Takes a row in.
    pub fn set(&mut self, row: PermissionRow) {
        if let Some(known) = self
            .rows
            .iter_mut()
            .find(|known| known.permission == row.permission)
        {
            *known = row;
        }
    }

    /// Says of all that nobody came to that it was stopped.
    pub fn stop(&mut self) {
        let waits = Verdict::NotTested(Untested::NotAsked);
        for row in self.rows.iter_mut().filter(|row| row.verdict == waits) {
            *row = PermissionRow::untested(row.permission, Untested::Stopped);
        }
    }

    /// True when reading could not be tried because no object is known to read: a test that writes one can.
    #[must_use]
    pub fn lacks_an_object(&self) -> bool {
        let read = self.verdict(Permission::Read);
        matches!(
            read,
            Verdict::NotTested(
                Untested::NothingThere | Untested::NoListing | Untested::ListingFailed(_)
            )
        )
    }

    /// True when nothing was written because something of an earlier test is still there.
    #[must_use]
    pub fn waits_for_removal(&self) -> bool {
        self.verdict(Permission::Write) == Verdict::NotTested(Untested::LeftBehind)
    }

    /// What was written and could not be removed.
    pub fn remains(&self) -> impl Iterator<Item = &Leftover> {
        self.leftovers.iter().filter(|one| !one.may_arrive)
    }

    /// The first write that was tried and shows that uploading does not work as it should, or that failed otherwise.
    #[must_use]
    pub fn troubled_write(&self) -> Option<&PermissionRow> {
        self.rows.iter().find(|row| {
            row.permission.writes()
                && match row.verdict {
                    Verdict::SignatureRefused { .. } | Verdict::Failed(_) => true,
                    Verdict::Denied(_) | Verdict::Unsupported => row.is_for_uploads(),
                    Verdict::Allowed | Verdict::NotTested(_) => false,
                }
        })
    }

    /// True when a row was denied, with whatever reason.
    #[must_use]
    pub fn denies(&self, permission: Permission) -> bool {
        matches!(self.verdict(permission), Verdict::Denied(_))
    }
}

#[cfg(test)]
mod tests {
    use super::super::Denial;
    use super::*;

    #[test]
    fn a_matrix_has_every_row_once() {
        let mut matrix = PermissionMatrix::new("b", "p/", Untested::NothingThere);
        assert_eq!(
            matrix.rows.len(),
            Permission::READS.len() + Permission::WRITES.len()
        );
        let unasked = Verdict::NotTested(Untested::NotAsked);
        assert_eq!(matrix.verdict(Permission::Write), unasked);
        assert_eq!(
            matrix.verdict(Permission::Read),
            Verdict::NotTested(Untested::NothingThere)
        );
        matrix.set(PermissionRow {
            verdict: Verdict::Denied(Denial::Unexplained),
            ..PermissionRow::untested(Permission::Write, Untested::NotAsked)
        });
        assert!(matrix.denies(Permission::Write) && !matrix.denies(Permission::Read));
        assert_eq!(
            matrix
                .row(Permission::Write)
                .map(PermissionRow::missing_action),
            Some("s3:PutObject")
        );
    }
}
