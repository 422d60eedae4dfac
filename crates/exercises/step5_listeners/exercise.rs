// Exercise: a bell for many listeners.
//
// This bell has room for one waker, so of several listeners only the last is woken. Keep a waker for
// each: the first to listen is woken first, a listener that is polled again still has one waker, and
// a listener that is dropped has none.

use std::cell::RefCell;
use std::pin::Pin;
use std::rc::Rc;
use std::task::{Context, Poll, Waker};

/// A bell that rings once, for all its listeners.
#[derive(Clone, Default)]
struct Bell(Rc<RefCell<State>>);

#[derive(Default)]
struct State {
    has_rung: bool,
    listener: Option<Waker>,
}

impl Bell {
    fn ring(&self) {
        let mut state = self.0.borrow_mut();
        state.has_rung = true;
        let listener = state.listener.take();
        // To wake is to run user code, so let go of the bell first.
        drop(state);
        if let Some(listener) = listener {
            listener.wake();
        }
    }

    /// Returns a future that is ready once the bell has rung.
    fn heard(&self) -> Heard {
        Heard { bell: self.clone() }
    }

    /// Returns how many wakers are kept.
    fn listeners(&self) -> usize {
        self.0.borrow().listener.iter().count()
    }
}

/// Ready once the bell has rung.
struct Heard {
    bell: Bell,
}

impl Future for Heard {
    type Output = ();

    fn poll(self: Pin<&mut Self>, cx: &mut Context<'_>) -> Poll<()> {
        let mut state = self.bell.0.borrow_mut();
        if state.has_rung {
            return Poll::Ready(());
        }
        state.listener = Some(cx.waker().clone());
        Poll::Pending
    }
}
