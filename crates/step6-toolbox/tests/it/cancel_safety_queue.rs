//! Does a queue lose, double or hold up an item, whatever is dropped, and whenever? It is compared
//! with a plain model.

use step6_toolbox::{PriorityQueue, Queue};

use crate::by_hand::ByHand;
use crate::queue_model;

/// Promise (toolbox): No permit and no item is lost, whatever future is dropped at whatever moment:
/// both are passed on.
///
/// Classic bug: A wake is lost with the future that it was for
#[test]
fn a_queue_does_as_its_model() {
    queue_model::compare(Queue::new);
}

#[test]
fn a_priority_queue_does_as_its_model() {
    queue_model::compare(PriorityQueue::new);
}

/// Each way to be dropped: never polled, while it waits, after it was woken.
///
/// Promise (toolbox): No permit and no item is lost, whatever future is dropped at whatever moment:
/// both are passed on.
#[test]
fn a_get_that_is_dropped_takes_no_item() {
    for stage in 0..3 {
        let queue = Queue::new(1);
        let mut dropped = ByHand::new(queue.get());
        if stage > 0 {
            assert!(dropped.poll().is_pending());
        }
        let mut next = (stage > 0).then(|| ByHand::waiting(queue.get()));
        if stage == 2 {
            queue.try_put('a').unwrap();
            assert!(dropped.is_woken());
        }
        drop(dropped);
        if stage < 2 {
            queue.try_put('a').unwrap();
        }
        match &mut next {
            Some(next) => {
                assert_eq!(next.wakes(), 1);
                assert_eq!(next.ready(), Some('a'));
            }
            None => assert_eq!(queue.try_get(), Ok('a')),
        }
    }
}

#[test]
fn a_put_that_is_dropped_puts_no_item() {
    for stage in 0..3 {
        let queue = Queue::new(1);
        queue.try_put('x').unwrap();
        let mut dropped = ByHand::new(queue.put('a'));
        if stage > 0 {
            assert!(dropped.poll().is_pending());
        }
        let mut next = ByHand::waiting(queue.put('b'));
        if stage == 2 {
            assert_eq!(queue.try_get(), Ok('x'));
            assert!(dropped.is_woken() && !next.is_woken());
        }
        drop(dropped);
        if stage < 2 {
            assert_eq!(queue.try_get(), Ok('x'));
        }
        assert_eq!(next.wakes(), 1);
        assert_eq!(next.ready(), Ok(()));
        assert_eq!(queue.try_get(), Ok('b'));
        assert!(queue.is_empty());
    }
}

/// The one item that is left is reserved, so the others cannot know yet that there is none for
/// them.
#[test]
fn a_closed_queue_passes_a_reserved_item_on() {
    let queue = Queue::new(1);
    let mut first = ByHand::waiting(queue.get());
    let mut second = ByHand::waiting(queue.get());
    let mut third = ByHand::waiting(queue.get());
    queue.try_put('a').unwrap();
    queue.close();
    assert!(first.is_woken() && !second.is_woken() && !third.is_woken());
    assert_eq!(first.ready(), Some('a'));
    assert!(second.is_woken() && third.is_woken());
    assert_eq!((second.ready(), third.ready()), (None, None));

    let queue = Queue::new(1);
    let first = ByHand::waiting(queue.get());
    let mut second = ByHand::waiting(queue.get());
    let mut third = ByHand::waiting(queue.get());
    queue.try_put('a').unwrap();
    queue.close();
    drop(first);
    assert!(second.is_woken() && !third.is_woken());
    assert_eq!(second.ready(), Some('a'));
    assert_eq!(third.ready(), None);
}

/// It is in the middle of 100,000 waiters: searching all of them each time would take minutes.
#[test]
fn cancelling_a_waiter_visits_no_others() {
    let queue = Queue::new(1);
    let mut waiting: Vec<_> = (0..100_000)
        .map(|_| Some(ByHand::waiting(queue.get())))
        .collect();
    for i in (0..100_000).filter(|i| i % 10 != 0) {
        waiting[(i * 7919) % 100_000].take();
    }
    for (i, left) in waiting.iter_mut().flatten().enumerate() {
        queue.try_put(i).unwrap();
        assert_eq!(left.ready(), Some(i));
    }
}
