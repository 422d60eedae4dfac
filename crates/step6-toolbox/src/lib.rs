//! **Step 6: the rest of asyncio, as plain futures.**
//!
//! Step 5 ended with an executor that knows nothing of what its tasks wait for. So whatever else
//! asyncio has needs no help from the executor: it is all futures and wakers, and most of this
//! crate runs on any executor. What spawns, blocks or keeps time needs step 5's, and says so.
//!
//! | asyncio | here |
//! |---|---|
//! | `gather` | [`join_all`], [`try_join_all`], and [`join`] for two |
//! | `wait` | [`wait`], [`Until`] |
//! | `as_completed` | [`as_completed`] |
//! | the first of two, `wait_for` | [`race`], and step 5's [`timeout`](step5_executor::timeout) |
//! | `Future.set_result` | [`oneshot::channel`] |
//! | `Queue`, `PriorityQueue` | [`Queue`], [`PriorityQueue`] |
//! | `Lock`, `Semaphore`, `Event` | [`Lock`], [`Semaphore`], [`Event`] |
//! | `Barrier`, `Condition` | [`Barrier`], [`Condition`] |
//! | `TaskGroup` | [`task_group`] |
//! | a pool of coroutines | [`map_bounded`], [`map_bounded_ordered`] |
//! | `run_in_executor`, `to_thread` | [`spawn_blocking`], [`BlockingPool`] |
//! | `shield` | [`shield`] |
//! | an async generator, `async for` | [`async_generator`], [`AsyncIterator`] |
//! | and back into the blocking world | [`into_blocking_iter`] |
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
//! # One task or many
//!
//! [`join_all`], [`race`], [`as_completed`] and [`map_bounded`] run their futures inside the task
//! that awaits them. The futures may borrow what it owns, continue only while it awaits, and are
//! dropped with it. In all but `race` each future has its own waker, so that one that is woken is
//! polled alone: `children.rs` shows how, and is worth reading first. Spawn what is to continue by
//! itself; its handle is a future, and can be given to any of these.
//!
//! # Cancel safety
//!
//! Dropping a future cancels it. What is lost then, and what is not, is written at each.
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
mod task_group;
mod task_list;
mod task_local;
mod time;
mod wait;
mod waiters;

pub use async_generator::{AsyncGenerator, Yielder, async_generator};
pub use async_iterator::AsyncIterator;
pub use barrier::{Barrier, BarrierWaitResult, BrokenBarrier};
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
pub use map_bounded::{MapBounded, MapBoundedOrdered, map_bounded, map_bounded_ordered};
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
