// Hint: each listener takes a number at its first poll, and its waker is kept under that until it is dropped.

use std::cell::RefCell;
use std::collections::BTreeMap;
use std::mem;
use std::pin::Pin;
use std::rc::Rc;
use std::task::{Context, Poll, Waker};

/// A bell that rings once, for all who listen.
#[derive(Clone, Default)]
struct Bell(Rc<RefCell<Inside>>);

#[derive(Default)]
struct Inside {
    has_rung: bool,
    listeners: BTreeMap<u64, Waker>,
    /// How many listeners there ever were.
    came: u64,
}

impl Bell {
    fn ring(&self) {
        let mut inside = self.0.borrow_mut();
        inside.has_rung = true;
        let listeners = mem::take(&mut inside.listeners);
        drop(inside);
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
        let waker = cx.waker().clone();
        let Heard { bell, place } = &mut *self;
        let mut inside = bell.0.borrow_mut();
        if inside.has_rung {
            return Poll::Ready(());
        }
        let place = *place.get_or_insert_with(|| {
            inside.came += 1;
            inside.came
        });
        let old = inside.listeners.insert(place, waker);
        drop(inside);
        drop(old);
        Poll::Pending
    }
}

impl Drop for Heard {
    fn drop(&mut self) {
        let waker = self
            .place
            .and_then(|place| self.bell.0.borrow_mut().listeners.remove(&place));
        drop(waker);
    }
}
