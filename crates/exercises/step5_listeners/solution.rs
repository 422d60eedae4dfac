// Hint: each listener takes a number at its first poll. Keep its waker under that number, until the
// listener is dropped.

use std::cell::RefCell;
use std::collections::BTreeMap;
use std::mem;
use std::pin::Pin;
use std::rc::Rc;
use std::task::{Context, Poll, Waker};

/// A bell that rings once, for all its listeners.
#[derive(Clone, Default)]
struct Bell(Rc<RefCell<State>>);

#[derive(Default)]
struct State {
    has_rung: bool,
    listeners: BTreeMap<u64, Waker>,
    /// How many listeners there have been.
    arrived: u64,
}

impl Bell {
    fn ring(&self) {
        let mut state = self.0.borrow_mut();
        state.has_rung = true;
        let listeners = mem::take(&mut state.listeners);
        // To wake is to run user code, so let go of the bell first.
        drop(state);
        listeners.into_values().for_each(Waker::wake);
    }

    /// Returns a future that is ready once the bell has rung.
    fn heard(&self) -> Heard {
        Heard {
            bell: self.clone(),
            place: None,
        }
    }

    /// Returns how many wakers are kept.
    fn listeners(&self) -> usize {
        self.0.borrow().listeners.len()
    }
}

/// Ready once the bell has rung.
struct Heard {
    bell: Bell,
    /// `None` before the first poll.
    place: Option<u64>,
}

impl Future for Heard {
    type Output = ();

    fn poll(mut self: Pin<&mut Self>, cx: &mut Context<'_>) -> Poll<()> {
        let Heard { bell, place } = &mut *self;
        let mut state = bell.0.borrow_mut();
        if state.has_rung {
            return Poll::Ready(());
        }
        let place = *place.get_or_insert_with(|| {
            state.arrived += 1;
            state.arrived
        });
        state.listeners.insert(place, cx.waker().clone());
        Poll::Pending
    }
}

impl Drop for Heard {
    fn drop(&mut self) {
        if let Some(place) = self.place {
            self.bell.0.borrow_mut().listeners.remove(&place);
        }
    }
}
