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
    assert!(poll(&mut read).is_pending());
    ring.complete(read.slot, b"hello");
    assert_eq!(poll(&mut read), Poll::Ready(b"hello".to_vec()));
}

#[test]
fn what_was_read_for_one_is_not_for_the_next() {
    let ring = Ring::default();
    let mut given_up = ring.read(vec![0; 5]);
    assert!(poll(&mut given_up).is_pending());
    let old = given_up.slot;
    drop(given_up);
    let mut next = ring.read(vec![0; 5]);
    ring.complete(old, b"late!");
    assert!(poll(&mut next).is_pending());
    ring.complete(next.slot, b"world");
    assert_eq!(poll(&mut next), Poll::Ready(b"world".to_vec()));
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
    assert_eq!(ring.slots(), 1);
}

#[test]
fn a_result_that_is_not_taken_frees_its_slot() {
    let ring = Ring::default();
    for _ in 0..100 {
        let done = ring.read(vec![0; 5]);
        ring.complete(done.slot, b"x");
        drop(done);
    }
    assert_eq!(ring.slots(), 1);
}
