//! The tests of what step 8 alone promises. What step 5 promises too is in the suites of the crate
//! `testing`: `cargo test -p testing --test step8`.

mod backlog;
mod budget;
mod demo;
mod epoll;
mod examples;
mod foreign_wakers;
mod foreign_wakers_of_sockets;
mod interleavings;
mod model;
mod moved_sockets;
mod outside;
mod panics;
mod reentrancy;
mod support;
mod tasks;
mod timer_heap;
mod timer_resolution;
mod trace;
mod waiters;
mod wakers;
