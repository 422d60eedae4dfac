// Hint: the waker of the last poll is the one that counts.

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
        let old = inside.listener.replace(waker);
        drop(inside);
        // Dropping it runs code of others, too.
        drop(old);
        Poll::Pending
    }
}
