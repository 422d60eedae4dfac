use std::pin::Pin;
use std::task::{Context, Poll, Waker};

use super::{Read, Ring};

fn poll(read: &mut Read) -> Poll<Vec<u8>> {
    Pin::new(read).poll(&mut Context::from_waker(Waker::noop()))
}

#[test]
fn a_read_gives_the_buffer_back_filled() {
    let ring = Ring::default();
    let mut read = ring.read(vec![0; 5]);
    assert!(poll(&mut read).is_pending(), "the kernel is not done yet");
    ring.complete(read.slot, b"hello");
    let buffer = poll(&mut read);
    assert_eq!(
        buffer,
        Poll::Ready(b"hello".to_vec()),
        "the buffer comes back with what was read"
    );
}

#[test]
fn what_was_read_for_one_is_not_for_the_next() {
    let ring = Ring::default();
    let mut given_up = ring.read(vec![0; 5]);
    assert!(
        poll(&mut given_up).is_pending(),
        "the kernel is not done yet"
    );
    let old = given_up.slot;
    drop(given_up);
    let mut next = ring.read(vec![0; 5]);
    ring.complete(old, b"late!");
    let other = "what the kernel did for the dropped operation is taken for the next one's";
    assert!(poll(&mut next).is_pending(), "{other}");
    ring.complete(next.slot, b"world");
    assert_eq!(poll(&mut next), Poll::Ready(b"world".to_vec()), "{other}");
}

#[test]
fn a_slot_is_free_again_once_the_kernel_is_done() {
    let ring = Ring::default();
    for _ in 0..100 {
        let given_up = ring.read(vec![0; 5]);
        let slot = given_up.slot;
        drop(given_up);
        ring.complete(slot, b"x");
    }
    let one = "one operation at a time needs one slot, once the kernel is done with it";
    assert_eq!(ring.slots(), 1, "{one}");
}

#[test]
fn a_result_that_is_not_taken_frees_its_slot() {
    let ring = Ring::default();
    for _ in 0..100 {
        let done = ring.read(vec![0; 5]);
        ring.complete(done.slot, b"x");
        drop(done);
    }
    let one = "an operation that is done, and dropped before it is polled, needs no slot";
    assert_eq!(ring.slots(), 1, "{one}");
}
