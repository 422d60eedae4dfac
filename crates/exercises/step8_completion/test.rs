use std::pin::Pin;
use std::task::{Context, Poll, Waker};

use super::{Read, Ring};

fn poll(read: &mut Read) -> Poll<Vec<u8>> {
    Pin::new(read).poll(&mut Context::from_waker(Waker::noop()))
}

/// Passes when the exercise is solved.
pub(crate) fn check() {
    let ring = Ring::default();
    let mut read = ring.read(vec![0; 5]);
    assert!(poll(&mut read).is_pending());
    ring.complete(read.place, b"hello");
    assert_eq!(poll(&mut read), Poll::Ready(b"hello".to_vec()));
    drop(read);

    // One is given up, and the next one starts. Then the kernel is done with the first.
    let mut given_up = ring.read(vec![0; 5]);
    assert!(poll(&mut given_up).is_pending());
    let old = given_up.place;
    drop(given_up);
    let mut next = ring.read(vec![0; 5]);
    ring.complete(old, b"late!");
    assert!(
        poll(&mut next).is_pending(),
        "what was read for the first one is not for the next one"
    );
    ring.complete(next.place, b"world");
    assert_eq!(poll(&mut next), Poll::Ready(b"world".to_vec()));
    drop(next);

    for _ in 0..100 {
        let given_up = ring.read(vec![0; 5]);
        let place = given_up.place;
        drop(given_up);
        ring.complete(place, b"x");
    }
    assert!(
        ring.places() <= 2,
        "a place is free again once the kernel is done: there are {}",
        ring.places()
    );

    let done = ring.read(vec![0; 5]);
    ring.complete(done.place, b"there");
    drop(done);
    assert!(ring.places() <= 2, "also when nobody took the result");
}
