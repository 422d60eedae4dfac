//! **Step 2: generators with a return value; tasks; spawn, join, cancel.**
//!
//! Step 1 ran iterators in turn, and hit two walls: an iterator returns nothing at its end, and all that it can ask
//! for is another turn. This step mends both.
//!
//! - A [`Generator`] yields *requests* to whoever runs it, and returns a value. Written by hand it is an `enum`; with
//!   [`Generated`] and [`Co`] it is written like a function.
//! - A *task* is a generator that a [`Scheduler`] runs. It may ask for a [`Turn`], to [`Spawn`] another task, to
//!   [`Join`] one (wait for its end and get its value), and to [`Cancel`] one (drop it where it stands).
//!
//! The scheduler is one `match` on what a task asks for, in `src/scheduler.rs`. Everything goes through `yield`, even
//! spawning, so the scheduler owns everything, as plain fields. Steps 3 and 4 add an arm or two to that `match`, and
//! reuse the rest of this crate as it stands.
//!
//! ```
//! use step2_round_robin::{Co, Generated, Scheduler, Turn};
//!
//! /// Adds up to `n`, and lets others have a turn after each addition.
//! async fn sum(co: &Co, n: u32) -> u32 {
//!     let mut sum = 0;
//!     for i in 1..=n {
//!         sum += i;
//!         co.yield_(Turn).await;
//!     }
//!     sum
//! }
//!
//! let main = Generated::new(async |co: &Co| {
//!     let three = co.spawn(Generated::new(async |co: &Co| sum(co, 3).await)).await;
//!     let four = co.spawn(Generated::new(async |co: &Co| sum(co, 4).await)).await;
//!     (three.join(co).await, four.join(co).await)
//! });
//!
//! assert_eq!(Scheduler::new().run(main), Ok((Ok(6), Ok(10))));
//! ```
//!
//! Run the demo with `cargo run -p step2-round-robin`, and the example that writes one task twice, by hand and as a
//! function, with `cargo run -p step2-round-robin --example by_hand`.
//!
//! **What is missing:** time. A task that has to wait for a second can only ask for turns until the second is over,
//! and burns a processor meanwhile. Step 3 mends that.
#![forbid(unsafe_code)]

mod deadlock;
pub mod demo;
mod generated;
mod generator;
mod observer;
mod request;
mod scheduler;
mod task;
mod tasks;
mod waiters;

pub use deadlock::Deadlock;
pub use generated::{Co, Generated};
pub use generator::{Generator, GeneratorState};
pub use observer::Observer;
pub use request::{Cancel, Join, Request, Spawn, Turn};
pub use scheduler::Scheduler;
pub use task::{Cancelled, Task, TaskId, TaskName};
pub use tasks::Tasks;
pub use waiters::{Ticket, Waiters};
