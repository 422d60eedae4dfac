//! The listener of a thread.

use std::any::Any;
use std::cell::{Cell, RefCell};
use std::fmt;
use std::marker::PhantomData;
use std::sync::Weak;

use crate::Event;

type Listener = Box<dyn FnMut(Event)>;

thread_local! {
    static LISTENER: RefCell<Option<Listener>> = const { RefCell::new(None) };
    /// Apart, so that a look at it is all that an event costs as long as there is no listener.
    static HAS_LISTENER: Cell<bool> = const { Cell::new(false) };
    /// The task that runs, as far as the listener has heard.
    pub(crate) static RUNNING: Cell<Option<u64>> = const { Cell::new(None) };
    /// The scheduler that was entered last, by its place in the list below.
    pub(crate) static ENTERED: Cell<Option<usize>> = const { Cell::new(None) };
    /// The schedulers that were entered. As long as they are here, no other one has their address.
    pub(crate) static SCHEDULERS: RefCell<Vec<Weak<dyn Any>>> = const { RefCell::new(vec![]) };
}

/// Hands all events of this thread to `listener`, until what is returned is dropped.
///
/// What the listener does is not reported to itself.
///
/// # Panics
///
/// Panics if the thread has a listener already.
pub fn listen(listener: impl FnMut(Event) + 'static) -> Listening {
    assert!(
        !HAS_LISTENER.replace(true),
        "a thread has one listener: drop the other first"
    );
    LISTENER.set(Some(Box::new(listener)));
    RUNNING.set(None);
    ENTERED.set(None);
    SCHEDULERS.take();
    Listening {
        of_this_thread: PhantomData,
    }
}

/// Returns whether this thread has a listener: for an event that costs something to make.
#[inline]
pub fn has_listener() -> bool {
    HAS_LISTENER.get()
}

/// Keeps a listener, made by [`listen`].
#[must_use = "dropping this ends the listening"]
pub struct Listening {
    of_this_thread: PhantomData<*const ()>,
}

impl Drop for Listening {
    fn drop(&mut self) {
        HAS_LISTENER.set(false);
        drop(LISTENER.take());
    }
}

impl fmt::Debug for Listening {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        f.write_str("Listening")
    }
}

/// Makes an event and hands it to the listener, if there is one.
#[inline]
pub(crate) fn emit(event: impl FnOnce() -> Event) {
    if HAS_LISTENER.get() {
        hand_over(event());
    }
}

#[cold]
fn hand_over(event: Event) {
    LISTENER.with(|listener| {
        // It is borrowed while it runs: what it does itself is not heard.
        if let Ok(mut listener) = listener.try_borrow_mut()
            && let Some(listener) = listener.as_mut()
        {
            listener(event);
        }
    });
}
