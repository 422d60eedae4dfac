//! The tests of `trace`.

mod events;
mod listening;
