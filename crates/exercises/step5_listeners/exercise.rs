// Exercise: a bell for many listeners.
//
// There is room for one waker here, so of several listeners only the last is woken. Keep one for
// each: the first to listen is woken first, one that is polled again stays one, and one that is
// dropped is forgotten.

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
        if let Some(listener) = state.listener.take() {
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
