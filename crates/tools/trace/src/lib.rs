//! What happens to tasks, as events, and a listener for them.
//!
//! The schedulers of all steps, and the futures that wait for something themselves, report what they do with one line
//! each. As long as there is no listener, such a line costs a look at a flag. (The crates `log` and `tracing` work in
//! the same way.) A listener hears its own thread only: it is for tests, and for pictures.
//!
//! ```
//! use std::{cell::RefCell, rc::Rc};
//! use trace::Event;
//!
//! let heard = Rc::new(RefCell::new(Vec::new()));
//! let log = heard.clone();
//! let listening = trace::listen(move |event| log.borrow_mut().push(event));
//! trace::resumed(1);
//! drop(listening);
//! trace::resumed(2);
//! assert_eq!(*heard.borrow(), [Event::Resumed { task: 1 }]);
//! ```
#![forbid(unsafe_code)]

mod event;
mod listener;

pub use event::{Event, Reason};
pub use listener::{Listening, has_listener, listen};

use listener::emit;
use std::time::Instant;

/// Reports that a scheduler begins a run, and what its clock shows; `None` if it has no clock.
pub fn started(now: Option<Instant>, is_virtual: bool) {
    emit(|| Event::Started { now, is_virtual });
}

/// Reports the title of what runs next.
pub fn title(title: &str) {
    emit(|| Event::Title(title.to_owned()));
}

/// Reports a new task: its place in the order of spawning, its name, and the task that spawned it.
///
/// Without a name it is called `task` and its number. `by` is `None` if no task spawned it.
pub fn spawned(task: u64, name: Option<&str>, by: Option<u64>) {
    emit(|| {
        let name = name.map_or_else(|| format!("task {task}"), str::to_owned);
        Event::Spawned { task, name, by }
    });
}

/// Reports that a task went to the back of the ready queue.
pub fn woken(task: u64) {
    emit(|| Event::Woken { task });
}

/// Reports that a task is about to be resumed, or polled.
pub fn resumed(task: u64) {
    emit(|| Event::Resumed { task });
}

/// Reports what the task that runs waits for; call it before [`suspended`].
pub fn waits(reason: Reason) {
    emit(|| Event::Waits(reason));
}

/// Reports that a future of the task that runs was dropped, and takes back its [`waits`].
pub fn gave_up(reason: Reason) {
    emit(|| Event::GaveUp(reason));
}

/// Reports that a task was suspended, and why; `None` if the futures in it have reported what they [wait](waits) for.
pub fn suspended(task: u64, reason: Option<Reason>) {
    if let Some(reason) = reason {
        waits(reason);
    }
    emit(|| Event::Suspended { task });
}

/// Reports that a task has come to its end.
pub fn finished(task: u64) {
    emit(|| Event::Finished { task });
}

/// Reports that a task is about to be dropped where it stands.
pub fn cancelled(task: u64) {
    emit(|| Event::Cancelled { task });
}

/// Reports that a task has panicked.
pub fn panicked(task: u64) {
    emit(|| Event::Panicked { task });
}

/// Reports that no task was ready, that the scheduler has waited, and what its clock shows now.
pub fn waited(now: Instant) {
    emit(|| Event::Waited { now });
}
