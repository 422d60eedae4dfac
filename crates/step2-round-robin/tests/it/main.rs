//! The tests of step 2.

mod cancel;
mod deadlock;
mod demo;
mod events;
mod fairness;
mod generators;
mod join;
mod model;
mod panics;
