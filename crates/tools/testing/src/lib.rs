//! Test support for all crates: a dev-dependency only.

pub mod allocator;
pub mod backlog;
pub mod clone_hook;
pub mod conformance;
mod example;
pub mod explorer;
pub mod files;
pub mod foreign;
pub mod gate;
pub mod log;
pub mod model;
#[cfg(target_os = "linux")]
pub mod old_kernel;
pub mod panic_message;
pub mod panic_on_drop;
pub mod played;
pub mod process;
pub mod promise;
pub mod random;
pub mod recorder;
pub mod selectors;
pub mod signals;
mod transcript;
pub mod watchdog;

pub use example::example;
pub use transcript::{Guard, Transcript, events, lines, resumes};
