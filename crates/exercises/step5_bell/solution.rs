// Hint: the waker of the last poll is the one that counts.

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
        let listener = state.listener.take();
        // To wake is to run user code, so let go of the bell first.
        drop(state);
        if let Some(listener) = listener {
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
        state.listener = Some(cx.waker().clone());
        Poll::Pending
    }
}
