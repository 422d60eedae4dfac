// Exercise: a leaf future that is polled by one task, then by another.
//
// The listener to the bell continues once it has rung. The future keeps the waker of its first
// poll, and that is not enough: when the future moves to another task, the bell wakes the first
// task, and the second waits forever. Which waker must be kept?

use std::cell::RefCell;
use std::pin::Pin;
use std::rc::Rc;
use std::task::{Context, Poll, Waker};

/// A bell that rings once, for one listener.
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
}

/// Ready once the bell has rung.
struct Heard(Bell);

impl Future for Heard {
    type Output = ();

    fn poll(self: Pin<&mut Self>, cx: &mut Context<'_>) -> Poll<()> {
        let mut state = self.0.0.borrow_mut();
        if state.has_rung {
            return Poll::Ready(());
        }
        if state.listener.is_none() {
            state.listener = Some(cx.waker().clone());
        }
        Poll::Pending
    }
}
