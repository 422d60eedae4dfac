//! **Step 8: the same executor, fast.**
//!
//! It has the public names of step 5. Each of its tricks replaces a plain part of steps 3 to 5:
//!
//! | file | the trick | in place of |
//! |---|---|---|
//! | `task_key`, `waker` | a waker is a number, which is looked up when it wakes | an `Arc` a task |
//! | `task` | future, output and flags in one allocation, which is recycled | three |
//! | `tasks` | slots are used again; a generation tells their tasks apart | ids as keys |
//! | `inbox`, `registry` | a wake on the own thread takes no lock | one queue with a lock |
//! | `timer_heap` | a second heap of cancelled keys; 16 bytes a timer | a heap and a map |
//! | `waker_slab` | sleepers and joiners are numbers; foreign wakers get one | a `Waker` each |
//! | `waiting` | timers that are due one after the other share a wake-up | a wake-up each |
//! | `epoll`, `reactor`, `source` | try first; arming again is free | arm, then try |
//!
//! The rest is where the hardening is: `core`, `run` and `join_handle` run no user code under a
//! borrow, so that hostile wakers, drops and panics find everything in order. `entered` finds the
//! executor of a thread, and `notifier` and `sys` call the system.
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
//! Run the demo with `cargo run -p step8-fast-executor`: the programs of step 5, with the same
//! output.
//!
//! # What cancels what
//!
//! Dropping a future cancels it: what it waits for is taken back, and its locals are dropped.
//! [`JoinHandle::abort`] drops a task's future. Dropping a [`JoinHandle`] does not: the task
//! continues. Dropping an [`Executor`] drops its tasks.
//!
//! # What is reported
//!
//! The executor reports what it does to `trace`. A listener is for tests and pictures: it may use
//! the executor, but it must not panic.
//!
//! # What it lacks
//!
//! Several threads: an executor is one thread's, and a task never moves to another. A cost that no
//! trick hides: a task is polled through a `dyn` call, and a socket's operation looks its executor
//! up in a thread-local.

mod blocks;
mod core;
mod ctrl_c;
pub mod demo;
mod entered;
#[cfg(target_os = "linux")]
mod epoll;
mod executor;
mod inbox;
mod join_error;
mod join_handle;
pub mod net;
mod notifier;
mod reactor;
mod ready_ring;
mod registry;
mod run;
mod source;
mod sys;
mod table;
mod task;
mod task_key;
mod tasks;
mod time;
mod timer_heap;
mod timer_key;
mod unwind;
mod waiting;
mod waker;
mod waker_slab;
mod yield_now;
mod young_timers;

pub use ctrl_c::{CtrlC, ctrl_c};
#[cfg(target_os = "linux")]
pub use epoll::Epoll;
pub use executor::{ClockHold, Executor, block_on, hold_clock, spawn, spawn_named, try_hold_clock};
pub use join_error::JoinError;
pub use join_handle::{AbortHandle, JoinHandle};
pub use step2_round_robin::TaskId;
pub use time::{Elapsed, Interval, Sleep, interval, now, sleep, sleep_until, timeout};
pub use timer_heap::TimerHeap;
pub use timer_key::TimerKey;
pub use yield_now::{YieldNow, yield_now};
