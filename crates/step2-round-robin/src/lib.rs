//! **Step 2: generators with a return value; tasks; spawn, join, cancel.**
//!
//! Step 1 ran iterators in turn. But an iterator returns nothing at its end, and all that it can
//! ask for is another turn. This step mends both.
//!
//! - A [`Generator`] yields to its caller, and returns a value at its end. By hand it is an `enum`;
//!   with [`Generated`] you write it as an `async` closure.
//! - A *task* is a generator that a [`Scheduler`] runs, and what it yields are *requests*. Through
//!   its [`Co`] it asks for another turn, to spawn a task, to join one (wait for its end and get
//!   its value), or to cancel one (drop it where it stands).
//!
//! The scheduler is a table of tasks, a queue of those that are ready, and one `match` on what a
//! task asks for: see `src/scheduler.rs`. Everything goes through `yield`, even spawning, so the
//! scheduler owns everything, as plain fields. Steps 3 and 4 add one arm each to that `match`.
//!
//! ```
//! use step2_round_robin::{Co, Scheduler};
//!
//! /// Adds up the numbers to `n`, and lets the other tasks have a turn after each.
//! async fn sum(co: &Co, n: u32) -> u32 {
//!     let mut sum = 0;
//!     for i in 1..=n {
//!         sum += i;
//!         co.turn().await;
//!     }
//!     sum
//! }
//!
//! let sums = Scheduler::new().run(async |co| {
//!     let three = co.spawn(async |co| sum(&co, 3).await).await;
//!     let four = co.spawn(async |co| sum(&co, 4).await).await;
//!     (three.join(&co).await, four.join(&co).await)
//! });
//! assert_eq!(sums, Ok((Some(6), Some(10))));
//! ```
//!
//! Run the demo with `cargo run -p step2-round-robin`. For a generator by hand, and the same one as
//! a function, see `cargo run -p book --example generators`.
//!
//! **What is missing:** time. A task that wants to wait for a second can only ask for turns until
//! the second is over, which keeps a processor busy. Step 3 mends that.
//!
//! **Its chapters** are [`docs/generators.md`](../../../docs/generators.md) and
//! [`docs/step2-round-robin.md`](../../../docs/step2-round-robin.md).
//! **The next step** is [step3-sleeping-heap](../step3_sleeping_heap/index.html).

mod co;
mod deadlock;
pub mod demo;
mod generated;
mod generator;
mod scheduler;
mod task;

pub use co::Co;
pub use deadlock::Deadlock;
pub use generated::{Generated, Yielder};
pub use generator::{Generator, GeneratorState};
pub use scheduler::Scheduler;
pub use task::{Task, TaskId};
