//! **Step 8: the same executor, fast.**
//!
//! It has the public names of step 5. Each of its tricks replaces a plain part of steps 3 to 7, and
//! stands in a few files of its own. They are the rungs of the ladder in `docs`, in its order:
//!
//! | rung | files | the trick | in place of |
//! |---|---|---|---|
//! | 1 | `task_key`, `waker`, `registry` | a waker is a number, to be looked up | step 5 `ready` |
//! | 1 | `waker_slab` | a foreign waker gets a number too | step 5 `ready` |
//! | 2 | `inbox` | a wake on the own thread takes no lock | step 5 `ready`, `core` |
//! | 3 | `block`, `task` | future, then output, in one block | step 5 `join_handle` |
//! | 4 | `pool` | a block is used again | the allocator |
//! | 5 | `table`, `ready_ring` | one comparison, and a ring of slots | step 5 `tasks`, `ready` |
//! | 6 | `tasks` | borrowed without a flag | step 5 `RefCell<Tasks>` in `core` |
//! | 7 | `young_timers` | a limit that is soon cancelled is in no heap | step 3 `timer_heap` |
//! | 7 | `timer_heap`, `timer_key` | a second heap, of cancelled keys | step 3 `timer_heap` |
//! | 7 | `park` | timers that are due close together share a wake-up | a wake-up each |
//! | 8 | `epoll` | edge-triggered: to arm is free | step 7 `epoll` |
//! | 8 | `reactor` | the waiters of a socket take turns to try | step 4 `waiters` |
//! | 8 | `source` | try first, and wait only then | step 5 `net/readiness` |
//! | 8 | `run`, `source` | a budget: a flooded socket starves no task | a wait a receive |
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
//! operation looks its executor up in a thread-local. The crate is for 64-bit systems only. An
//! executor has room for 16,777,214 tasks and 16,777,215 foreign wakers, and a process for 32,768
//! executors. A waker that is kept while 16,777,216 more tasks are spawned, or whose executor is
//! gone and its number used again, may wake another task. Each time, this is a spurious wake-up; an
//! abort never hits another task.
//!
//! **Its chapter** is [`docs/step8-fast-executor.md`](../../../docs/step8-fast-executor.md).
//! **The next step** is [step9-simulation](../step9_simulation/index.html).

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
