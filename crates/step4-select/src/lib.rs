//! **Step 4: `select(2)` waits for sockets.**
//!
//! In step 3 a task that waits for a datagram has to look, sleep a little and look again. Here it asks to be woken
//! when its socket is [`Readable`] or [`Writable`], and the scheduler, when nobody is ready, waits for all sockets and
//! the first deadline in one system call.
//!
//! - [`Selector`] is what a scheduler needs of the operating system, and [`Select`] provides it with `select(2)`,
//!   called by hand. Step 5 uses both; step 7 keeps the first and replaces the second.
//! - [`Socket`] lets a task's body read well: `socket.recv_from(co, &mut buffer).await`.
//! - [`Scheduler`] has two more arms than that of step 3.
//!
//! Run the demo with `cargo run -p step4-select`: the tutorial's client, which asks a server two things that take a
//! second each, and has both answers after one second, on one thread. With `-- ADDRESS [REQUEST]...` it asks a server
//! elsewhere.
//!
//! **The wall.** A datagram may be lost, and then its task waits for ever. What it wants to say is "this socket, but
//! at most two seconds". There is no such request: a task waits in one place, its socket or the heap. It would be one
//! more arm in the `match`; and "this socket or that task" another; and so on for every pair of reasons there is. So
//! that nobody hangs, the demo has a second task that sleeps, and then cancels whoever still waits. That helps this
//! program and teaches nothing to the next. Step 5 turns the whole thing round.

#[cfg(not(any(target_os = "linux", target_os = "macos")))]
compile_error!(
    "step4-select runs on Linux and macOS only: its C declarations are written for them"
);

#[cfg(any(target_os = "linux", target_os = "macos"))]
mod budget;
#[cfg(any(target_os = "linux", target_os = "macos"))]
pub mod demo;
#[cfg(any(target_os = "linux", target_os = "macos"))]
mod fd_set;
#[cfg(any(target_os = "linux", target_os = "macos"))]
mod options;
#[cfg(any(target_os = "linux", target_os = "macos"))]
mod request;
#[cfg(any(target_os = "linux", target_os = "macos"))]
mod scheduler;
#[cfg(any(target_os = "linux", target_os = "macos"))]
mod select;
#[cfg(any(target_os = "linux", target_os = "macos"))]
mod selector;
#[cfg(any(target_os = "linux", target_os = "macos"))]
mod socket;
#[cfg(any(target_os = "linux", target_os = "macos"))]
mod sockets;
#[cfg(any(target_os = "linux", target_os = "macos"))]
mod source;
#[cfg(any(target_os = "linux", target_os = "macos"))]
mod sys;

#[cfg(any(target_os = "linux", target_os = "macos"))]
pub use {
    options::Options,
    request::{Co, Interest, Readable, Request, Writable},
    scheduler::Scheduler,
    select::Select,
    selector::{Direction, Event, Notified, Notifier, Selector, Token, Until},
    socket::Socket,
    sys::{begin_connect, interrupts},
};

#[cfg(any(target_os = "linux", target_os = "macos"))]
pub use step2_round_robin::{
    Cancel, Cancelled, Deadlock, Generated, Generator, GeneratorState, Join, Observer, Spawn, Task,
    TaskId, TaskName, Turn,
};
#[cfg(any(target_os = "linux", target_os = "macos"))]
pub use step3_sleeping_heap::{Clock, Sleep};
