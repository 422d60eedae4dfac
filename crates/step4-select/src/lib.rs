//! **Step 4: `select(2)` waits for sockets.**
//!
//! In step 3 a task that wants a datagram has to look, sleep a little, and look again. Here it asks
//! to be woken when its socket is readable. When no task is ready, the scheduler waits for all
//! sockets and for the first deadline, in one system call.
//!
//! - [`Selector`] is what a scheduler needs of the operating system, and [`Select`] provides it
//!   with `select(2)`, called by hand. Step 5 uses both; step 7 keeps the first and replaces the
//!   second.
//! - [`Socket`] lets a task's body read well: `socket.recv_from(&co, &mut buffer).await`.
//! - [`Waiters`] keeps a line of waiters for each socket: first come, first served.
//! - [`Scheduler`] is that of step 3, written out again, with one more arm in its `match`, and one
//!   place to wait.
//!
//! Run the demo with `cargo run -p step4-select`: a client asks a server two things that take a
//! second each, and has both answers after one second, on one thread. With `-- ADDRESS
//! [REQUEST]...` it asks a server of your own.
//!
//! **The wall.** A datagram may be lost, and then its task waits forever. What the task wants to
//! say is "this socket, but for two seconds at most". There is no such request, because a task
//! waits in one place: in a line or in the heap. You could add an arm for it, and one for "this
//! socket or that task", and one for each other pair of reasons. The demo gets by with a second
//! task, which sleeps, and then cancels those that still wait. Step 5 turns the whole thing inside
//! out.
//!
//! **Its chapter** is [`docs/step4-select.md`](../../../docs/step4-select.md).
//! **The next step** is [step5-executor](../step5_executor/index.html).

#[cfg(not(all(
    any(target_os = "linux", target_os = "macos"),
    target_pointer_width = "64"
)))]
compile_error!("step4-select runs on 64-bit Linux and macOS: its C declarations are for these");

mod co;
pub mod demo;
mod scheduler;
mod select;
mod selector;
mod socket;
mod sys;
mod waiters;

pub use co::{Co, Task};
pub use scheduler::Scheduler;
pub use select::Select;
pub use selector::{Direction, Event, Selector};
pub use socket::Socket;
pub use step2_round_robin::{Deadlock, TaskId};
pub use step3_sleeping_heap::Clock;
pub use sys::interrupts;
pub use waiters::{Place, Waiters};
