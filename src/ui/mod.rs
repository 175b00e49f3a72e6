//! Drawing: reads the state, answers with what the user did.
//!
//! [`theme`], [`fonts`] and [`icons`] are the look; [`kit`] is every control in that look and knows nothing of buckets. [`table`]
//! draws rows without number.

pub mod fonts;
pub mod icons;
pub mod kit;
pub mod table;
pub mod theme;
