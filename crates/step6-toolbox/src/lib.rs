//! **Step 6: the rest of asyncio, as plain futures.**
//!
//! Step 5 ended with an executor that knows nothing of what its tasks wait for. So the rest of
//! asyncio needs no help from the executor: it is futures and wakers, and most of this crate runs
//! on any executor. What spawns, blocks or keeps time needs step 5's, and says so.
//!
//! `docs/from-python.md` has a table of all names of asyncio, and of what takes their place here.
//!
//! ```
//! use std::time::Duration;
//! use step5_executor::{Executor, sleep};
//! use step6_toolbox::{as_completed, join_all};
//!
//! async fn nap(seconds: u64) -> u64 {
//!     sleep(Duration::from_secs(seconds)).await;
//!     seconds
//! }
//!
//! Executor::with_virtual_time()?.block_on(async {
//!     assert_eq!(join_all([3, 1, 2].map(nap)).await, [3, 1, 2]);
//!
//!     let mut naps = as_completed([3, 1, 2].map(nap));
//!     assert_eq!(naps.next().await, Some(1));
//! });
//! # std::io::Result::Ok(())
//! ```
//!
//! # The order of reading
//!
//! Two ideas carry the crate, each in one file: a waker of its own for each child
//! (`futures_unordered.rs`), and a line of waiters in which a waiter that is dropped after its wake
//! passes on what it was woken for (`waiters.rs`). All other files are short. Read them in any
//! order, after those that they build on.
//!
//! | file | question | builds on |
//! |---|---|---|
//! | `race`, `join` | how do two futures run in one task? | |
//! | `async_iterator` | what is a `for` that waits? | |
//! | `futures_unordered` | how do many, if only the woken ones are polled? | `async_iterator` |
//! | `join_all`, `race_all`, `wait` | what is done with the outputs? | `futures_unordered` |
//! | `map_bounded`, `join_set` | and if more futures come? | `futures_unordered` |
//! | `waiters` | how do many tasks wait for one thing, so that no wake is lost? | |
//! | `permits` | how many may continue? | `waiters` |
//! | `lock` | how are tasks kept out? | `permits` |
//! | `semaphore` | and if a number of them may go in? | `permits`, `lock` |
//! | `event`, `barrier` | how do tasks wait for something to happen? | `waiters` |
//! | `condition` | and for another task to change something? | `waiters`, `lock` |
//! | `shared` | how do several tasks await one output? | `lock` |
//! | `queue_order`, `queue_error`, `queue` | how do items go from task to task? | `permits` |
//! | `oneshot` | how does a value go from thread to thread? | |
//! | `sync_permits`, `channel`, `mpmc` | how do many values? | `queue_error` |
//! | `spawner` | how does a task get onto a loop from another thread? | `mpmc`, `oneshot` |
//! | `blocking_pool`, `blocking` | where does blocking work run? | `oneshot` |
//! | `async_generator` | how is an iterator written whose items take time? | `async_iterator` |
//! | `blocking_iter` | how does plain code get the items? | `race`, `mpmc`, `oneshot` |
//! | `task_group` | how does no task outlive its block? | `join_set`, `oneshot` |
//! | `shield` | and how does a task outlive its waiter? | |
//! | `time` | how are deadlines and rhythms kept? | `race` |
//! | `task_list`, `task_local` | what else does asyncio have? | |
//! | `stream`, `buf_reader`, `copy` | how are lines read from a stream? | |
//!
//! # One task or many
//!
//! [`join_all`], [`race`], [`as_completed`] and [`map_bounded`](map_bounded()) run their futures
//! inside the task that awaits them. The futures may borrow what that task owns, continue only
//! while it awaits, and are dropped with it. Spawn what should continue by itself; its handle is a
//! future, too, and any of these takes it.
//!
//! # What holds for all
//!
//! - **Nothing is lost when a future is dropped**, at any place and any time: no item, permit or
//!   wake. What it was waiting for goes to the next waiter. What it had already, and loses, is
//!   written at each future under "Cancel safety".
//! - **First come, first served.** No newcomer overtakes a waiter.
//! - **A panic loses at most its own output.** The permits of the one that panics come back; the
//!   others continue.
//! - **User code runs outside of borrows and locks**: that is where wakers are woken and dropped,
//!   and items and outputs dropped. Some user code is trusted: `Clone` and the comparisons of items
//!   and outputs, and `clone`, `wake` and `will_wake` of wakers. None of it may panic (if a `wake`
//!   does, the wakes, permits or items that it stands before may be lost), and none of it but
//!   `wake` may use the tool that calls it.
//! - **A future that is polled after its end panics**, as every `async fn` does.
//!
//! **Its chapter** is [`docs/step6-toolbox.md`](../../../docs/step6-toolbox.md).
//! **The next step** is [step7-epoll](../step7_epoll/index.html).
#![forbid(unsafe_code)]

mod async_generator;
mod async_iterator;
mod barrier;
mod blocking;
mod blocking_iter;
mod blocking_pool;
mod buf_reader;
mod channel;
mod condition;
mod copy;
pub mod demo;
mod event;
mod futures_unordered;
mod join;
mod join_all;
mod join_set;
mod lock;
mod map_bounded;
pub mod mpmc;
pub mod oneshot;
mod permits;
mod queue;
mod queue_error;
mod queue_order;
mod race;
mod race_all;
mod semaphore;
mod shared;
mod shield;
mod spawner;
mod stream;
mod sync_permits;
mod task_group;
mod task_list;
mod task_local;
mod time;
mod wait;
mod waiters;

pub use async_generator::{AsyncGenerator, Yielder, async_generator};
pub use async_iterator::AsyncIterator;
pub use barrier::{Barrier, BrokenBarrier};
pub use blocking::{SpawnBlocking, spawn_blocking};
pub use blocking_iter::{BlockingIter, into_blocking_iter};
pub use blocking_pool::BlockingPool;
pub use buf_reader::BufReader;
pub use condition::Condition;
pub use copy::copy;
pub use event::Event;
pub use futures_unordered::{FuturesUnordered, as_completed};
pub use join::join;
pub use join_all::{join_all, try_join_all};
pub use join_set::JoinSet;
pub use lock::{Guard, Lock, LockGuard, OwnedLockGuard};
pub use map_bounded::{MapBounded, map_bounded, map_bounded_ordered};
pub use queue::{LifoQueue, OrderedQueue, PriorityQueue, Queue};
pub use queue_error::{Closed, TryGetError, TryPutError};
pub use queue_order::{QueueOrder, SmallestFirst};
pub use race::{Either, race};
pub use race_all::race_all;
pub use semaphore::{Permit, Semaphore};
pub use shared::{Shared, shared};
pub use shield::shield;
pub use spawner::Spawner;
pub use stream::{AsyncRead, AsyncWrite};
pub use task_group::{GroupTask, TaskGroup, task_group};
pub use task_list::{TaskList, list_tasks};
pub use task_local::scope;
pub use time::{IntervalAt, MissedTick, interval_at, timeout_at};
pub use wait::{Until, wait};
