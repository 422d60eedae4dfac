//! Do the tests of step 5's executor pass on `Epoll` too? They are the same files, with another `executor`.
#![cfg(target_os = "linux")]
#![allow(clippy::duplicate_mod, reason = "each file brings its helpers along")]
#![allow(
    unused_imports,
    reason = "each file brings step 5's `executor` along, which is not the one here"
)]

use step5_executor::Executor;
use step7_epoll::Epoll;

fn executor() -> Executor {
    Executor::with_selector(Epoll::new().unwrap()).unwrap()
}

#[path = "../../step5-executor/tests/foreign_wakers_of_sockets.rs"]
mod foreign_wakers_of_sockets;
#[path = "../../step5-executor/tests/interval.rs"]
mod interval;
#[path = "../../step5-executor/tests/moved_sockets.rs"]
mod moved_sockets;
#[path = "../../step5-executor/tests/sleep.rs"]
mod sleep;
#[path = "../../step5-executor/tests/starvation.rs"]
mod starvation;
#[path = "../../step5-executor/tests/tcp.rs"]
mod tcp;
#[path = "../../step5-executor/tests/threads.rs"]
mod threads;
#[path = "../../step5-executor/tests/timeout.rs"]
mod timeout;
#[path = "../../step5-executor/tests/udp.rs"]
mod udp;
#[path = "../../step5-executor/tests/waiters.rs"]
mod waiters;
