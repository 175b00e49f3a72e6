//! Why an expression could not be worked out, and where.

/// Why an expression could not be worked out.
#[derive(Clone, Debug, PartialEq, Eq)]
pub(super) struct Stop {
    pub line: usize,
    pub why: Why,
}

/// The reason.
#[derive(Clone, Debug, PartialEq, Eq)]
pub(super) enum Why {
    /// A variable of the environment that is not set here.
    Unset(String),
    /// A name that is not assigned in this text.
    UnknownName(String),
    /// Python that would have to run.
    NeedsPython,
    /// No Python at all.
    Syntax,
}
