//! The tests of step 7.
#![cfg(target_os = "linux")]

mod conformance;
mod demo;
mod epoll;
mod old_kernel;
mod scheduler;
