// Hint: place and buffer are the kernel's until it is done, whether anybody waits for it or not.

use std::cell::RefCell;
use std::pin::Pin;
use std::rc::Rc;
use std::task::{Context, Poll, Waker};

/// The operations that the kernel works on.
#[derive(Clone, Default)]
struct Ring(Rc<RefCell<Vec<Place>>>);

enum Place {
    Free,
    /// The kernel has the buffer.
    Running(Vec<u8>, Option<Waker>),
    /// The kernel still has the buffer, and nobody waits for it any more.
    Abandoned(#[expect(dead_code, reason = "it is only kept")] Vec<u8>),
    Done(Vec<u8>),
}

impl Ring {
    /// Starts to read into a buffer. The future gives it back, filled.
    fn read(&self, buffer: Vec<u8>) -> Read {
        let mut places = self.0.borrow_mut();
        let place = places
            .iter()
            .position(|place| matches!(place, Place::Free))
            .unwrap_or(places.len());
        if place == places.len() {
            places.push(Place::Free);
        }
        places[place] = Place::Running(buffer, None);
        Read {
            ring: self.clone(),
            place,
        }
    }

    /// What the kernel does, at some time: it fills the buffer of the operation that was started in a place.
    fn complete(&self, place: usize, bytes: &[u8]) {
        let mut places = self.0.borrow_mut();
        match &mut places[place] {
            Place::Running(buffer, waker) => {
                buffer.clear();
                buffer.extend_from_slice(bytes);
                let (buffer, waker) = (std::mem::take(buffer), waker.take());
                places[place] = Place::Done(buffer);
                drop(places);
                waker.into_iter().for_each(Waker::wake);
            }
            Place::Abandoned(_) => places[place] = Place::Free,
            Place::Free | Place::Done(_) => unreachable!("the kernel completes what it was given"),
        }
    }

    /// Returns how many places there are, free ones too.
    fn places(&self) -> usize {
        self.0.borrow().len()
    }
}

/// The future of an operation.
struct Read {
    ring: Ring,
    place: usize,
}

impl Future for Read {
    type Output = Vec<u8>;

    fn poll(self: Pin<&mut Self>, cx: &mut Context<'_>) -> Poll<Vec<u8>> {
        let new = cx.waker().clone();
        let mut places = self.ring.0.borrow_mut();
        match &mut places[self.place] {
            Place::Running(_, waker) => {
                let old = waker.replace(new);
                drop(places);
                drop(old);
                Poll::Pending
            }
            Place::Done(buffer) => Poll::Ready(std::mem::take(buffer)),
            Place::Free | Place::Abandoned(_) => unreachable!("its future is dropped by then"),
        }
    }
}

impl Drop for Read {
    fn drop(&mut self) {
        let mut places = self.ring.0.borrow_mut();
        let (next, waker) = match &mut places[self.place] {
            Place::Running(buffer, waker) => {
                (Place::Abandoned(std::mem::take(buffer)), waker.take())
            }
            _ => (Place::Free, None),
        };
        places[self.place] = next;
        drop(places);
        drop(waker);
    }
}
