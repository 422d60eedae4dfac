//! **Step 8: the same executor, fast.**
//!
//! It has the public names of step 5, and each of its tricks replaces a plain part of steps 3 to 5:
//!
//! | file | the trick | what it replaces |
//! |---|---|---|
//! | `task_key.rs`, `waker.rs` | A waker is a number: clone and drop do nothing, and a wake looks the task up. | an `Arc` a task |
//! | `task.rs` | Future, output and flags are one allocation, and the next task of the same type takes it over. | a box, and a cell for the output |
//! | `tasks.rs` | Slots are used again; a generation tells their tasks apart. | ids that are never used again |
//! | `inbox.rs`, `registry.rs` | A wake on the executor's own thread takes no lock; other threads use the inbox. | one queue behind a lock |
//! | `timer_heap.rs` | A second heap of cancelled keys: 16 bytes a timer, and no map. | step 3's heap |
//! | `waker_slab.rs` | Sleepers and joiners are kept as numbers; wakers of other executors are in a table. | a `Waker` in each future |
//! | `waiting.rs` | Timers that are due one after the other share a wake-up. | a wake-up each |
//! | `epoll/`, `reactor.rs`, `source.rs` | Edge-triggered: an operation is tried first, and arming again is no system call. | level-triggered, armed before each try |
//!
//! The rest is where the hardening is: `core.rs` and `join_handle.rs` run no user code under a borrow, so that hostile
//! wakers, drops and panics find everything in order. `notifier.rs` and `sys.rs` call the system.
//!
//! ```
//! use std::time::Duration;
//! use step8_fast_executor::{Executor, now, sleep, spawn};
//!
//! async fn say_after(delay: Duration, what: &str) -> &str {
//!     sleep(delay).await;
//!     what
//! }
//!
//! Executor::with_virtual_time()?.block_on(async {
//!     let start = now();
//!     let hello = spawn(say_after(Duration::from_secs(1), "hello"));
//!     let goodbye = spawn(say_after(Duration::from_secs(2), "goodbye"));
//!     assert_eq!((hello.await.unwrap(), goodbye.await.unwrap()), ("hello", "goodbye"));
//!     assert_eq!(now() - start, Duration::from_secs(2));
//! });
//! # std::io::Result::Ok(())
//! ```
//!
//! Run the demo with `cargo run -p step8-fast-executor`: the programs of step 5, with the same output.
//!
//! # What cancels what
//!
//! Dropping a future cancels it: what it waits for is taken back, and its locals are dropped. [`JoinHandle::abort`] drops
//! a task's future. Dropping a [`JoinHandle`] does not: the task continues. Dropping an [`Executor`] drops its tasks.
//!
//! # What it lacks
//!
//! Several threads: an executor is one thread's, and a task never moves to another. A cost that no trick hides: a task is
//! polled through a `dyn` call, and a socket's operation looks its executor up in a thread-local.

mod core;
mod ctrl_c;
pub mod demo;
#[cfg(target_os = "linux")]
mod epoll;
mod executor;
mod inbox;
mod join_handle;
pub mod net;
mod notifier;
mod reactor;
mod registry;
mod source;
mod sys;
mod task;
mod task_key;
mod tasks;
mod time;
mod timer_heap;
mod waiting;
mod waker;
mod waker_slab;
mod yield_now;

pub use ctrl_c::{CtrlC, ctrl_c};
#[cfg(target_os = "linux")]
pub use epoll::Epoll;
pub use executor::{ClockHold, Executor, block_on, hold_clock, spawn, spawn_named, try_hold_clock};
pub use join_handle::{AbortHandle, JoinError, JoinHandle};
pub use step2_round_robin::TaskId;
pub use time::{Elapsed, Interval, Sleep, interval, now, sleep, sleep_until, timeout};
pub use timer_heap::{TimerHeap, TimerKey};
pub use yield_now::{YieldNow, yield_now};
