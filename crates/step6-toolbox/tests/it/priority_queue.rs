//! Does the smallest item leave first, and of equal ones the first?

use std::cmp::{Ordering, Reverse};
use std::panic::catch_unwind;

use step6_toolbox::{Closed, PriorityQueue, TryGetError, TryPutError};
use testing::foreign;
use testing::random::Random;

use crate::by_hand::ByHand;

#[test]
fn the_smallest_leaves_first() {
    foreign::block_on(async {
        let queue = PriorityQueue::unbounded();
        let mut random = Random::new(1);
        let mut expected: Vec<_> = (0..1_000).map(|_| random.below(500)).collect();
        for item in &expected {
            queue.put(*item).await.unwrap();
        }
        expected.sort_unstable();
        queue.close();
        for item in expected {
            assert_eq!(queue.get().await, Some(item));
        }
        assert_eq!(queue.get().await, None);
    });
}

#[test]
fn with_reverse_the_greatest_leaves_first() {
    let queue = PriorityQueue::unbounded();
    for item in [2, 3, 1] {
        queue.try_put(Reverse(item)).unwrap();
    }
    assert_eq!([(); 3].map(|()| queue.try_get().unwrap().0), [3, 2, 1]);
}

/// A job that compares by its priority alone.
#[derive(Debug, PartialEq, Eq)]
struct Job(u8, usize);

impl Ord for Job {
    fn cmp(&self, other: &Job) -> Ordering {
        self.0.cmp(&other.0)
    }
}

impl PartialOrd for Job {
    fn partial_cmp(&self, other: &Job) -> Option<Ordering> {
        Some(self.cmp(other))
    }
}

#[test]
fn of_equal_ones_the_first_leaves_first() {
    let queue = PriorityQueue::unbounded();
    for i in 0..300 {
        queue.try_put(Job((i % 3) as u8, i)).unwrap();
    }
    let order: Vec<_> = std::iter::from_fn(|| queue.try_get().ok())
        .map(|job| (job.0, job.1))
        .collect();
    let mut sorted = order.clone();
    sorted.sort_unstable();
    assert_eq!(order, sorted);
}

#[test]
fn a_getter_takes_the_smallest_at_its_turn() {
    let queue = PriorityQueue::unbounded();
    let mut first = ByHand::waiting(queue.get());
    let mut second = ByHand::waiting(queue.get());
    queue.try_put(2).unwrap();
    queue.try_put(1).unwrap();
    assert_eq!((first.ready(), second.ready()), (Some(1), Some(2)));
}

#[test]
fn closing_gives_waiting_items_back() {
    let queue = PriorityQueue::new(1);
    queue.try_put(3).unwrap();
    assert_eq!(queue.try_put(1), Err(TryPutError::Full(1)));
    let mut putters = [2, 1].map(|item| ByHand::waiting(queue.put(item)));
    assert_eq!(queue.try_get(), Ok(3));
    assert_eq!(putters[0].ready(), Ok(()));
    queue.close();
    assert_eq!(putters[1].ready(), Err(Closed(1)));
    assert_eq!(
        (queue.try_get(), queue.try_get()),
        (Ok(2), Err(TryGetError::Closed))
    );
}

#[test]
fn capacity_zero_is_refused() {
    let message = *catch_unwind(|| drop(PriorityQueue::<u8>::new(0)))
        .unwrap_err()
        .downcast::<&str>()
        .unwrap();
    assert!(message.contains("capacity 0"), "{message}");
}
