//! Test support for all crates: a dev-dependency only.

pub mod conformance;
pub mod files;
pub mod model;
pub mod played;
pub mod selectors;
pub mod signals;
mod transcript;
pub mod watchdog;

pub use transcript::{Guard, Transcript, events, lines, resumes};
