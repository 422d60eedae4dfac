//! **Step 5: futures and wakers, and an executor by hand.**
//!
//! Step 4 ended at a wall: its scheduler must know every reason to wait, and no two reasons
//! compose. This step turns it inside out. A task that waits has given a
//! [`Waker`](std::task::Waker) to what can end the wait: a timer, a socket, a thread, another task.
//! That wakes the task when the time comes. The executor polls whatever was woken, and does not ask
//! what the tasks wait for. (It keeps the wakers of timers and sockets, because these end its own
//! sleep, too.) So the list of reasons is open, and "this socket, but for two seconds at most" is a
//! plain function: [`timeout`].
//!
//! The files, in the order of reading:
//!
//! | file | what is in it |
//! |---|---|
//! | `ready.rs` | what a waker does: it puts its task into the ready queue, from any thread |
//! | `tasks.rs`, `core.rs` | the table of tasks; the parts of an executor, and its loop |
//! | `current.rs`, `executor.rs` | which executor runs on this thread; `block_on` and `spawn` |
//! | `join_handle.rs`, `join_error.rs` | how a task is spawned, joined and aborted |
//! | `time.rs` | how a future waits for a time, and `timeout` |
//! | `net/` | how a future waits for a socket: `readiness.rs`, and the sockets |
//! | `interval.rs`, `ctrl_c.rs`, `clock_hold.rs`, `yield_now.rs` | extras, for later |
//!
//! ```
//! use std::time::Duration;
//! use step5_executor::{Executor, now, sleep, spawn};
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
//! Run the demo with `cargo run -p step5-executor`, or with `-- ADDRESS [REQUEST]...` to ask a
//! server of your own. The example `leaf_future` shows the least there is: one future and one
//! `block_on`, both by hand.
//!
//! **What cancels what:** dropping a future cancels it, which takes back what it waits for and
//! drops its locals. [`JoinHandle::abort`] does that to a task. Dropping a [`JoinHandle`] does not:
//! the task continues. Dropping an [`Executor`] drops its tasks.
//!
//! **What is missing:** there are no queues, no locks, no groups of tasks. All of these need only
//! wakers, and are step 6. `select(2)` ends at descriptor 1,023, which step 7 mends. The executor
//! trusts wakers and destructors of user code not to panic, and it spends an allocation here and a
//! lock there that step 8 spares.
//!
//! **Its chapters** are [`docs/step5-executor.md`](../../../docs/step5-executor.md), about wakers,
//! and [`docs/step5-inside.md`](../../../docs/step5-inside.md), about the files above.
//! **The next step** is [step6-toolbox](../step6_toolbox/index.html).

mod clock_hold;
mod core;
mod ctrl_c;
mod current;
pub mod demo;
mod executor;
mod interval;
mod join_error;
mod join_handle;
pub mod net;
mod ready;
mod tasks;
mod time;
mod yield_now;

pub use clock_hold::{ClockHold, hold_clock, try_hold_clock};
pub use ctrl_c::{CtrlC, ctrl_c};
pub use executor::{Executor, block_on, spawn, spawn_named};
pub use interval::{Interval, interval};
pub use join_error::JoinError;
pub use join_handle::{AbortHandle, JoinHandle};
pub use step2_round_robin::TaskId;
pub use time::{Elapsed, Sleep, now, sleep, sleep_until, timeout};
pub use yield_now::yield_now;
