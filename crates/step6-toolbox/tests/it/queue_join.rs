//! Is the last item in the first one out of a `LifoQueue`, and what does `join` wait for?

use crate::by_hand::ByHand;
use std::panic::catch_unwind;
use step6_toolbox::{LifoQueue, Queue, TryPutError};

#[test]
fn the_last_in_is_the_first_out() {
    let queue = LifoQueue::new(3);
    for item in 1..=3 {
        queue.try_put(item).unwrap();
    }
    assert_eq!(queue.try_put(4), Err(TryPutError::Full(4)));
    assert_eq!([(); 3].map(|()| queue.try_get().unwrap()), [3, 2, 1]);
}

#[test]
fn join_waits_until_all_is_done() {
    let queue = Queue::unbounded();
    ByHand::new(queue.join()).ready();
    queue.try_put('a').unwrap();
    queue.try_put('b').unwrap();
    let mut joiners = [(); 2].map(|()| ByHand::waiting(queue.join()));
    _ = (queue.try_get(), queue.try_get());
    queue.task_done();
    assert!(joiners.iter().all(|joiner| !joiner.is_woken()));
    queue.task_done();
    joiners.iter_mut().for_each(ByHand::ready);
}

#[test]
fn more_done_than_put_is_refused() {
    let queue = Queue::<u8>::unbounded();
    assert!(catch_unwind(std::panic::AssertUnwindSafe(|| queue.task_done())).is_err());
}
