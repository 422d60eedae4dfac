//! **Step 8: the same executor, fast.**
//!
//! It has the public names of step 5. Each of its tricks replaces a plain part of steps 3 to 5, and
//! stands in a file or two of its own, from the bottom up:
//!
//! | files | the trick | in place of |
//! |---|---|---|
//! | `task_key`, `waker` | a waker is a number, which is looked up when it wakes | an `Arc` a task |
//! | `block`, `task`, `pool` | future, then output, in one block, used again | a box, a cell |
//! | `ready_ring` | the ready queue is a ring of small numbers | a queue of `Arc`s |
//! | `table`, `tasks` | a key and its place in the queue are one comparison | a row, an id, a flag |
//! | `inbox`, `registry` | a wake on the own thread takes no lock | one queue with a lock |
//! | `waker_slab` | sleepers and joiners are keys; foreign wakers get one | a `Waker` each |
//! | `young_timers` | a limit that is soon taken back never comes into the heap | always the heap |
//! | `timer_heap`, `timer_key` | a second heap of cancelled keys | a heap and a map |
//! | `epoll`, `reactor`, `source` | try first; arming again is free | arm, then try |
//! | `park` | timers that are due one after the other share a wake-up | a wake-up each |
//!
//! The rest is where the hardening is: `core`, `end` and `join_handle` run no user code under a
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
//! Several threads: an executor is one thread's, and a task never moves to another.
//!
//! Some costs and limits stay. A task is polled through a pointer to a function, and a socket's
//! operation looks its executor up in a thread-local. An executor has room for 16,777,214 tasks,
//! and a process for 32,768 executors. A waker that is kept while 16,777,216 more tasks are spawned
//! may wake another task, once and for nothing; an abort never hits another one.

mod abort_handle;
mod block;
mod clock_hold;
mod core;
mod ctrl_c;
pub mod demo;
mod end;
mod entered;
#[cfg(target_os = "linux")]
mod epoll;
mod executor;
mod inbox;
mod interval;
mod join_error;
mod join_handle;
pub mod net;
mod notifier;
mod park;
mod pool;
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
mod timeout;
mod timer_heap;
mod timer_key;
mod unwind;
mod waker;
mod waker_slab;
mod yield_now;
mod young_timers;

pub use abort_handle::AbortHandle;
pub use clock_hold::{ClockHold, hold_clock, try_hold_clock};
pub use ctrl_c::{CtrlC, ctrl_c};
#[cfg(target_os = "linux")]
pub use epoll::Epoll;
pub use executor::{Executor, block_on, spawn, spawn_named};
pub use interval::{Interval, interval};
pub use join_error::JoinError;
pub use join_handle::JoinHandle;
pub use step2_round_robin::TaskId;
pub use time::{Sleep, now, sleep, sleep_until};
pub use timeout::{Elapsed, timeout};
pub use timer_heap::TimerHeap;
pub use timer_key::TimerKey;
pub use yield_now::{YieldNow, yield_now};
