// Exercise: a leaf future by hand, which may be polled by one task and then by another.
//
// Whoever listens to the bell goes on once it has rung. The future keeps the waker of its first poll, and that is not
// enough: when the future moves to another task, the bell wakes the first task, and the second waits for ever. Which
// waker must be kept?

use std::cell::RefCell;
use std::pin::Pin;
use std::rc::Rc;
use std::task::{Context, Poll, Waker};

/// A bell that rings once, for one listener.
#[derive(Clone, Default)]
struct Bell(Rc<RefCell<Inside>>);

#[derive(Default)]
struct Inside {
    has_rung: bool,
    listener: Option<Waker>,
}

impl Bell {
    fn ring(&self) {
        let mut inside = self.0.borrow_mut();
        inside.has_rung = true;
        let listener = inside.listener.take();
        // Waking runs code of others, which may look at the bell.
        drop(inside);
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
        let waker = cx.waker().clone();
        let mut inside = self.0.0.borrow_mut();
        if inside.has_rung {
            return Poll::Ready(());
        }
        if inside.listener.is_none() {
            inside.listener = Some(waker);
        }
        Poll::Pending
    }
}
