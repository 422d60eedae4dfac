//! The tests of step 4.

mod conformance;
mod demo;
mod idle;
mod model;
mod order;
mod select;
mod socket;
mod starvation;
mod tasks;
mod udp_model;
mod waiters;
