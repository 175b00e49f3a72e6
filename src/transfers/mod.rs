//! Transfers: from what was dropped or chosen to files and objects that are there.
//!
//! `plan` turns paths and keys into a list of work, `names` finds local names that meet on this disk, `conflict` what
//! is there already and what the user decides about it. `engine` carries the work out: `queue` knows each job and its state,
//! `schedule` how much runs at once, `progress` is what the world gets to see. Everything runs on the runtime whose handle the engine is
//! given; nothing here opens a window or reads a setting.

pub mod conflict;
pub mod engine;
mod names;
pub mod plan;
pub mod progress;
mod queue;
mod schedule;
mod work;

pub use self::engine::{Engine, EngineHandle};
pub use self::progress::{Direction, JobId, JobInfo, JobSnapshot, JobState, Totals, Update};
pub use self::work::Work;
