//! **Step 5: futures and wakers, and an executor by hand.**
//!
//! Step 4 ended at a wall: its scheduler must know every reason to wait, and no two reasons compose. This step turns it
//! round. A task that waits is *nowhere*: it has handed a [`Waker`](std::task::Waker) to whoever can end the wait and
//! will wake it then. The executor knows tasks and a ready queue, and nothing of what the tasks wait for. So the list
//! of reasons is open, and "this socket, but at most two seconds" is a plain function: [`timeout`].
//!
//! What a scheduler was up to step 4 is now in several places, each of which can be read by itself:
//!
//! | file | question |
//! |---|---|
//! | `waker.rs`, `number.rs` | What is a waker? Four functions and a number. |
//! | `task.rs` | What is a task? A future, later its output, in one allocation. |
//! | `tasks.rs` | Which tasks are there, and who runs next? |
//! | `core.rs` | What happens in one turn? |
//! | `waiting.rs` | What happens between two turns? |
//! | `time.rs` | How does a future wait for a time? |
//! | `reactor.rs`, `source.rs` | How does a future wait for a socket? |
//! | `foreign.rs` | How does a waker from elsewhere fit where a number is kept? |
//! | `inbox.rs`, `registry.rs` | How does a waker reach its executor from another thread? |
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
//! Run the demo with `cargo run -p step8-fast-executor`, with `-- --virtual` for the sleeping examples alone, or with
//! `-- ADDRESS [REQUEST]...` to ask a server elsewhere. The example `leaf_future` shows the least there is: one future and
//! one `block_on`, both written by hand.
//!
//! # What cancels what
//!
//! Dropping a future cancels it: what it waits for is taken back, and its locals are dropped. [`JoinHandle::abort`] drops
//! a task's future. Dropping a [`JoinHandle`] does not: the task runs on. Dropping an [`Executor`] drops its tasks.
//!
//! # What is missing
//!
//! Queues, locks, groups of tasks and the rest of asyncio: they need nothing from an executor but wakers, and are not
//! here. And `select(2)` ends at descriptor 1,023.

mod core;
mod ctrl_c;
pub mod demo;
mod executor;
mod foreign;
mod inbox;
mod join_handle;
pub mod net;
mod number;
mod observer;
mod options;
mod reactor;
mod registry;
mod source;
mod task;
mod tasks;
mod time;
mod waiting;
mod waker;
mod yield_now;

pub use ctrl_c::{CtrlC, ctrl_c};
pub use executor::{ClockHold, Executor, block_on, hold_clock, spawn, try_hold_clock};
pub use join_handle::{AbortHandle, JoinError, JoinHandle};
pub use observer::{Observer, TaskId, Wait};
pub use options::Options;
pub use time::{Elapsed, Interval, Sleep, interval, now, sleep, sleep_until, timeout};
pub use yield_now::{YieldNow, yield_now};
