//! **Step 3: sleepers in a heap, a real and a virtual clock.**
//!
//! In step 2 a task that has to wait for a second can only ask for turns until the second is over. Here it asks to
//! [`Sleep`], and is in nobody's way: it waits in a [`TimerHeap`], by its deadline. When nothing else is ready, the
//! scheduler sleeps too, until the first deadline in the heap.
//!
//! - [`TimerHeap`] knows whose deadline is next. It knows nothing of tasks, and serves step 5 as it is.
//! - [`Clock`] tells the time, and waits. The virtual one does not wait but jumps, so that a program that "takes
//!   three seconds" is done at once, and takes exactly three seconds by its own clock: that is how it is tested.
//! - [`Scheduler`] has one more arm than that of step 2.
//!
//! ```
//! use std::time::Duration;
//! use step3_sleeping_heap::{Clock, Co, Generated, Scheduler, Sleep};
//!
//! let clock = Clock::virtual_time();
//! let start = clock.now();
//! let main = Generated::new(async |co: &Co| {
//!     let second = Duration::from_secs(1);
//!     let one = co.spawn(Generated::new(async move |co: &Co| co.yield_(Sleep(second)).await)).await;
//!     let two = co.spawn(Generated::new(async move |co: &Co| co.yield_(Sleep(2 * second)).await)).await;
//!     one.join(co).await.and(two.join(co).await)
//! });
//!
//! assert_eq!(Scheduler::new().with_clock(clock.clone()).run(main), Ok(Ok(())));
//! assert_eq!(clock.now() - start, Duration::from_secs(2));
//! ```
//!
//! The tutorial's own scheduler looks at its sleepers only when nothing is ready, so one task that is always ready
//! keeps them asleep for ever. This one looks after each round of turns: see `tests/starvation.rs`.
//!
//! Run the demo with `cargo run -p step3-sleeping-heap`, or with `-- --virtual` on the virtual clock. The example
//! `sort_by_sleeping` does what it says: `cargo run -p step3-sleeping-heap --example sort_by_sleeping`.
//!
//! **What is missing:** the world outside. A task that waits for a datagram can only look whether it is there, sleep
//! a little, and look again: either too late or too often. Step 4 mends that.
#![forbid(unsafe_code)]

mod clock;
pub mod demo;
mod options;
mod request;
mod scheduler;
mod timer_heap;

pub use clock::Clock;
pub use options::Options;
pub use request::{Co, Request, Sleep};
pub use scheduler::Scheduler;
pub use step2_round_robin::{
    Cancel, Cancelled, Deadlock, Generated, Generator, GeneratorState, Join, Observer, Spawn, Task,
    TaskId, TaskName, Turn,
};
pub use timer_heap::{TimerHeap, TimerKey};
