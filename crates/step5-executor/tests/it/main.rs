//! The tests of what step 5 alone promises. What it promises together with step 8 is tested by the
//! suites of the crate `testing`: `cargo test -p testing --test step5`.

mod demo;
mod events;
mod interleavings;
mod model;
mod outside;
mod sleep_protocol;
mod sockets;
mod support;
mod tasks;
