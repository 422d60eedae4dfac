//! **Step 3: sleepers in a heap, a real and a virtual clock.**
//!
//! In step 2 a task that wants to wait for a second can only ask for turns until the second is
//! over. Here it asks to sleep, and has no turns meanwhile: its deadline is in a [`TimerHeap`].
//! When no task is ready, the scheduler sleeps too, until the first deadline in the heap.
//!
//! - [`TimerHeap`] knows which deadline is next. It knows nothing of tasks, and serves steps 4 and
//!   5 as it is.
//! - [`Clock`] tells the time, and waits. The virtual one jumps instead of waiting, so a program
//!   that sleeps for three seconds is done at once, and has taken exactly three seconds by its own
//!   clock. That is how it is tested.
//! - [`Scheduler`] is that of step 2, written out again, with one more arm in its `match` and a
//!   wait in its loop.
//!
//! ```
//! use std::time::Duration;
//! use step3_sleeping_heap::{Clock, Scheduler};
//!
//! let clock = Clock::virtual_time();
//! let start = clock.now();
//! let second = Duration::from_secs(1);
//! let slept = Scheduler::with_clock(clock.clone()).run(async move |co| {
//!     let one = co.spawn(async move |co| co.sleep(second).await).await;
//!     let two = co.spawn(async move |co| co.sleep(2 * second).await).await;
//!     one.join(&co).await.and(two.join(&co).await)
//! });
//! assert_eq!(slept, Ok(Some(())));
//! assert_eq!(clock.now() - start, 2 * second);
//! ```
//!
//! It is tempting to look at the sleepers only when no task is ready. Then one task that is always
//! ready keeps them asleep forever. This scheduler looks after each round of turns.
//!
//! Run the demo with `cargo run -p step3-sleeping-heap`; `cargo run -- 3 --virtual` runs it on the
//! virtual clock. The example `sort_by_sleeping` does what it says: `cargo run -p
//! step3-sleeping-heap --example sort_by_sleeping`.
//!
//! **What is missing:** the world outside. A task that waits for a datagram can only look whether
//! it is there, sleep a little, and look again, either too late or too often. Step 4 mends that.
//!
//! **Its chapter** is [`docs/step3-sleeping-heap.md`](../../../docs/step3-sleeping-heap.md).
//! **The next step** is [step4-select](../step4_select/index.html).

mod clock;
mod co;
pub mod demo;
mod scheduler;
mod timer_heap;

pub use clock::Clock;
pub use co::{Co, Task};
pub use scheduler::Scheduler;
pub use step2_round_robin::{Deadlock, TaskId};
pub use timer_heap::{TimerHeap, TimerKey};
