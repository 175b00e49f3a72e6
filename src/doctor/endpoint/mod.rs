//! What a server is and how it differs from Amazon's.
//!
//! `product` names it by its host and by what its answers show; `reads` learns from requests that change nothing, `writes`
//! from the object of a write test; [`meet`] is the first contact of a connection with its server. An answer that could mean several things (a denial, a time-out) tells nothing, so what
//! is kept with a connection is only what was seen.

mod product;
mod reads;
mod writes;

pub use self::product::product_of;
pub(super) use self::reads::{look, offered, unseen};
pub use self::reads::{meet, seen_by_the_way};
pub(super) use self::writes::{Written, first_write, try_batch, try_upload_forms};
