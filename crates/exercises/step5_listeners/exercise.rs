// Exercise: a bell for many listeners.
//
// There is room for one waker here, so of several listeners only the last is woken. Keep one for each: whoever listens
// first is woken first, one that is polled again stays one, and one that is dropped is forgotten.

use std::cell::RefCell;
use std::pin::Pin;
use std::rc::Rc;
use std::task::{Context, Poll, Waker};

/// A bell that rings once, for all who listen.
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
        drop(inside);
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
        let waker = cx.waker().clone();
        let mut inside = self.bell.0.borrow_mut();
        if inside.has_rung {
            return Poll::Ready(());
        }
        let old = inside.listener.replace(waker);
        drop(inside);
        drop(old);
        Poll::Pending
    }
}
