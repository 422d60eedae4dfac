// Exercise: a kernel that does the work, rather than telling when it can be done.
//
// `Ring` is a model of `io_uring`. You give it a buffer; at some time it fills the buffer, and then
// it says which operation is done. The future of an operation can be dropped before that. Here the
// drop frees the operation's slot, and the kernel does not know of it. When it is done, it fills
// the buffer of whatever operation has the slot by then. Who owns the slot and the buffer until the
// kernel is done?

use std::cell::RefCell;
use std::pin::Pin;
use std::rc::Rc;
use std::task::{Context, Poll, Waker};

/// The operations that the kernel works on.
#[derive(Clone, Default)]
struct Ring(Rc<RefCell<Vec<Slot>>>);

enum Slot {
    Free,
    /// The kernel has the buffer.
    Running(Vec<u8>, Option<Waker>),
    Done(Vec<u8>),
}

impl Ring {
    /// Starts to read into a buffer. The future gives it back, filled.
    fn read(&self, buffer: Vec<u8>) -> Read {
        let mut slots = self.0.borrow_mut();
        let slot = slots
            .iter()
            .position(|slot| matches!(slot, Slot::Free))
            .unwrap_or(slots.len());
        if slot == slots.len() {
            slots.push(Slot::Free);
        }
        slots[slot] = Slot::Running(buffer, None);
        Read {
            ring: self.clone(),
            slot,
        }
    }

    /// What the kernel does, at some time: it fills the buffer of the operation in a slot.
    fn complete(&self, slot: usize, bytes: &[u8]) {
        let mut slots = self.0.borrow_mut();
        if let Slot::Running(buffer, waker) = &mut slots[slot] {
            buffer.clear();
            buffer.extend_from_slice(bytes);
            let (buffer, waker) = (std::mem::take(buffer), waker.take());
            slots[slot] = Slot::Done(buffer);
            waker.into_iter().for_each(Waker::wake);
        }
    }

    /// Returns how many slots there are, free ones too.
    fn slots(&self) -> usize {
        self.0.borrow().len()
    }
}

/// The future of an operation.
struct Read {
    ring: Ring,
    slot: usize,
}

impl Future for Read {
    type Output = Vec<u8>;

    fn poll(self: Pin<&mut Self>, cx: &mut Context<'_>) -> Poll<Vec<u8>> {
        let mut slots = self.ring.0.borrow_mut();
        match &mut slots[self.slot] {
            Slot::Running(_, waker) => {
                *waker = Some(cx.waker().clone());
                Poll::Pending
            }
            Slot::Done(buffer) => Poll::Ready(std::mem::take(buffer)),
            Slot::Free => unreachable!("a slot is free once its future is dropped"),
        }
    }
}

impl Drop for Read {
    fn drop(&mut self) {
        self.ring.0.borrow_mut()[self.slot] = Slot::Free;
    }
}
