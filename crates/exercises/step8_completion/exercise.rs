// Exercise: a kernel that does the work, rather than telling when it can be done.
//
// `Ring` is a model of `io_uring`: it is given a buffer, fills it at some time, and then says which operation is done.
// The future of an operation can be dropped before that. Here this frees its place for the next operation, but the
// kernel knows nothing of it: it goes on, and when it is done, it takes the next operation for the one that it was
// asked for. Whose are the place and the buffer until then?

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
        if let Place::Running(buffer, waker) = &mut places[place] {
            buffer.clear();
            buffer.extend_from_slice(bytes);
            let (buffer, waker) = (std::mem::take(buffer), waker.take());
            places[place] = Place::Done(buffer);
            drop(places);
            waker.into_iter().for_each(Waker::wake);
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
            Place::Free => unreachable!("a place is free once its future is dropped"),
        }
    }
}

impl Drop for Read {
    fn drop(&mut self) {
        let place = std::mem::replace(&mut self.ring.0.borrow_mut()[self.place], Place::Free);
        drop(place);
    }
}
