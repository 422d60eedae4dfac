//! What happens to tasks, as events, and a listener for them.
//!
//! The schedulers of all steps, and the futures that wait for something themselves, report what
//! they do with one line each. As long as there is no listener, such a line costs a look at a flag.
//! (The crates `log` and `tracing` work in the same way.) A listener hears its own thread only: it
//! is for tests, and for pictures.
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
mod print;
mod within;

pub use event::{Event, Fate, Message, Reason};
pub use listener::{Listening, has_listener, listen};
pub use print::printed;
pub use within::{started_in, within};

#[doc(hidden)]
pub use print::print;

use listener::{RUNNING, emit};
use std::time::Instant;

/// Reports that a scheduler begins a run, and what its clock shows; `None` if it has no clock.
///
/// A scheduler that runs several times, or in turns with others, reports all it does
/// [`within`] something of its own.
pub fn started(now: Option<Instant>, is_virtual: bool) {
    emit(|| {
        RUNNING.set(None);
        Event::Started { now, is_virtual }
    });
}

/// Reports the title of what runs next.
pub fn title(title: &str) {
    emit(|| Event::Title(title.to_owned()));
}

/// Reports a new task: its place in the order of spawning, and its name.
///
/// If the name is empty, it is called `task` and its number.
pub fn spawned(task: u64, name: &str) {
    emit(|| {
        let name = match name {
            "" => format!("task {task}"),
            _ => name.to_owned(),
        };
        let by = RUNNING.get();
        Event::Spawned { task, name, by }
    });
}

/// Reports that a task went to the back of the ready queue.
pub fn woken(task: u64) {
    emit(|| Event::Woken { task });
}

/// Reports that a task is about to be resumed, or polled.
pub fn resumed(task: u64) {
    emit(|| {
        RUNNING.set(Some(task));
        Event::Resumed { task }
    });
}

/// Reports that the task that runs is about to be suspended, or to ask its scheduler for something.
///
/// A listener that wants to know where in the program that is looks at its own stack: it is called
/// from there.
#[inline]
pub fn here() {
    emit(|| Event::Here);
}

/// Reports what the task that runs waits for; call it before [`suspended`].
pub fn waits(reason: Reason) {
    emit(|| Event::Waits(reason));
}

/// Reports that a future of the task that runs was dropped, and takes back its [`waits`].
pub fn gave_up(reason: Reason) {
    emit(|| Event::GaveUp(reason));
}

/// Reports that a task was suspended, and why; `None` if the futures in it have reported what they
/// [wait](waits) for.
pub fn suspended(task: u64, reason: Option<Reason>) {
    if let Some(reason) = reason {
        waits(reason);
    }
    emit(|| {
        RUNNING.set(None);
        Event::Suspended { task }
    });
}

/// Reports that a task has come to its end.
pub fn finished(task: u64) {
    emit(|| {
        RUNNING.set(None);
        Event::Finished { task }
    });
}

/// Reports that a task is about to be dropped where it stands.
pub fn cancelled(task: u64) {
    emit(|| Event::Cancelled { task });
}

/// Reports that a task has panicked.
pub fn panicked(task: u64) {
    emit(|| {
        RUNNING.set(None);
        Event::Panicked { task }
    });
}

/// Reports that no task was ready, that the scheduler has waited, and what its clock shows now.
pub fn waited(now: Instant) {
    emit(|| Event::Waited { now });
}

/// Reports what has become of a message: now it arrives, or is lost.
pub fn message(message: Message) {
    emit(|| Event::Message(message));
}

/// Reports that a task, which was spawned just now, does nothing but carry a message: its
/// [`message`] is what pictures show.
pub fn carries(task: u64) {
    emit(|| Event::Carries { task });
}

/// Returns the task that runs, as far as the listener has heard: for a [`Message`].
pub fn running() -> Option<u64> {
    RUNNING.get().filter(|_| has_listener())
}
