//! The tests of step 5.

mod abort;
mod block_on;
mod demo;
mod drop_executor;
mod events;
mod fairness;
mod foreign_executor;
mod foreign_wakers;
mod idle;
mod interval;
mod join;
mod outside;
mod panics;
mod pinned;
mod sleep;
mod starvation;
mod stress;
mod support;
mod tcp;
mod threads;
mod timeout;
mod udp;
mod virtual_time;
mod waiters;
mod wake_counts;
mod wakers;
