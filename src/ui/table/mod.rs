//! A table of any number of rows, drawn by itself: sharp, exact to scroll, and the same effort for a hundred rows or a
//! hundred million.
//!
//! [`table_ui`] draws what a [`RowSource`] tells of the rows that are seen and answers with what was done to it. It changes
//! nothing: the caller keeps the [`ScrollAnchor`], the selection and the widths, and passes them in again.
//! Laid-out texts are kept between frames, so that a frame in which nothing moved lays out nothing.
//!
//! For assistive technology the table is one node that tells its real number of rows; rows that are seen are its
//! children, each with its index. The keyboard is the caller's: the table only takes the focus and shows it.

mod access;
mod handle;
mod head;
mod layout;
mod pointer;
mod rows;
mod spec;
mod text;
mod widget;

#[cfg(test)]
mod tests;

pub use crate::catalog::{Extent, ScrollAnchor};
pub use spec::{
    Band, Cell, Column, ColumnId, HoveredCell, Ink, RowMarks, RowSource, TableResponse, TableSpec,
    TableStyle,
};
pub use widget::table_ui;
