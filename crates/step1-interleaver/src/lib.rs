//! **Step 1: iterators are suspended functions; run several in turn.**
//!
//! All of async rests on one thing: a function that can stop in the middle and continue later. Rust
//! has had such functions from its first day. Between two calls of `next`, an iterator is
//! suspended, with its local variables in its fields, and its caller decides when it continues.
//!
//! So let several iterators each do a little work at each `next`, and call `next` on one after the
//! other. That is a scheduler already, and it fits in ten lines: see `src/interleave.rs`.
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
//! **What is missing:** an iterator returns nothing at its end, and all that it can ask for is
//! another turn. It cannot start another one, or wait for its end. Step 2 mends that.
//!
//! **Its chapter** is [`docs/step1-interleaver.md`](../../../docs/step1-interleaver.md).
//! **The next step** is [step2-round-robin](../step2_round_robin/index.html).

pub mod demo;
mod interleave;

pub use interleave::{Interleave, interleave};
