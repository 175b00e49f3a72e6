//! The row store of one listing: columns, order, filter, selection. Pure values, no I/O, no clock.
//!
//! A [`PageBuilder`] takes one page from the listing, [`Catalog::append`] takes the page in. Rows are numbered in the
//! order of arrival and never move, so a row number stays valid for the life of the catalog. A clone of a catalog is a
//! cheap snapshot for another thread; there [`arrange`] makes an [`Order`] (sorted, filtered row numbers) and
//! [`Order::extended`] takes later rows in without sorting all of them again. [`RowSet`] and [`Selection`] speak of rows,
//! not of places in an order, and so survive sorting, filtering and growth.
//!
//! The rule others rely on: names are exact. Folding happens only inside comparisons and searches.

mod anchor;
mod arrange;
mod collate;
mod columns;
mod etag;
mod filter;
mod glob;
mod needle;
mod order;
mod packed;
mod page;
mod radix;
mod row;
mod scan;
mod selection;
mod store;

pub use anchor::{Extent, ScrollAnchor};
pub use arrange::{Arrangement, SortBy, arrange};
pub use etag::Etag;
pub use filter::Filter;
pub use order::Order;
pub use page::PageBuilder;
pub use row::{RowKind, RowRef};
pub use selection::{RowSet, Selection};
pub use store::{Catalog, Totals};
