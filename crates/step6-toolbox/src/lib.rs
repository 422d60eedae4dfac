//! **Step 6: the rest of asyncio, as plain futures.**
#![forbid(unsafe_code)]

mod as_completed;
mod barrier;
mod blocking;
mod blocking_iter;
mod children;
mod condition;
mod event;
mod join;
mod join_all;
mod lock;
mod map_bounded;
mod priority_queue;
mod promise;
mod queue;
mod race;
mod semaphore;
mod sequence;
mod shield;
mod task_group;
mod wait;
mod waiters;
