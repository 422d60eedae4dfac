//! What steps 5 and 8 both promise, a module a question.

mod abort;
mod block_on;
mod drop_executor;
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
