//! **Step 1: iterators are suspended functions; run several in turn.**
//!
//! All of async is built on one thing: a function that can stop in the middle and continue later.
//! Rust has had such functions from its first day: iterators. Between two calls of `next` an
//! iterator is suspended, with its local state in its fields, and its caller decides when it
//! continues.
//!
//! So if each of several iterators does a little work at each `next`, then calling `next` on each
//! of them in turn makes them take turns. That is a scheduler already, and it fits in ten lines:
//! see `src/interleave.rs`.
//!
//! ```
//! use step1_interleaver::interleave;
//!
//! let turns = interleave(["ABC".chars(), "XYZ".chars()]);
//!
//! assert_eq!(turns.collect::<String>(), "AXBYCZ");
//! ```
//!
//! Run the demo with `cargo run -p step1-interleaver`, and the example that writes one generator in
//! three ways with `cargo run -p step1-interleaver --example three_ways`.
//!
//! **What is missing:** an iterator that ends returns nothing, and it can ask for nothing but
//! another turn. It cannot start another iterator, or wait for one to end. Step 2 mends that.

pub mod demo;
mod interleave;

pub use interleave::{Interleave, interleave};
