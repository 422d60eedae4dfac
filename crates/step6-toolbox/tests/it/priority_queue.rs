//! Does the smallest leave first, and is the queue whole when items do not compare as they should?

use std::cell::{Cell, RefCell};
use std::cmp::{Ordering, Reverse};
use std::panic::{AssertUnwindSafe, catch_unwind};
use std::rc::Rc;

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
    assert_eq!(
        format!("{queue:?}"),
        "PriorityQueue { len: 0, capacity: Some(1), is_closed: true, .. }"
    );
}

#[test]
fn capacity_zero_is_refused() {
    let message = *catch_unwind(|| PriorityQueue::<u8>::new(0))
        .unwrap_err()
        .downcast::<&str>()
        .unwrap();
    assert!(message.contains("capacity 0"), "{message}");
}

// --- Comparing is user code ---

thread_local! {
    /// What comparing does.
    static COMPARING: RefCell<Option<Rc<dyn Fn()>>> = RefCell::default();
}

#[derive(Debug, PartialEq, Eq)]
struct Odd(u8);

impl Ord for Odd {
    fn cmp(&self, other: &Odd) -> Ordering {
        let action = COMPARING.with_borrow(Clone::clone);
        if let Some(action) = action {
            action();
        }
        self.0.cmp(&other.0)
    }
}

impl PartialOrd for Odd {
    fn partial_cmp(&self, other: &Odd) -> Option<Ordering> {
        Some(self.cmp(other))
    }
}

/// Runs this while comparing does that. Returns whether it panicked.
fn panics(run: impl FnOnce(), comparing: impl Fn() + 'static) -> bool {
    COMPARING.set(Some(Rc::new(comparing)));
    let ran = catch_unwind(AssertUnwindSafe(run));
    COMPARING.set(None);
    ran.is_err()
}

/// As many places and items as there are, neither more nor fewer, can be used afterwards.
fn assert_whole(queue: &PriorityQueue<Odd>) {
    let mut left = queue.capacity().unwrap() - queue.len();
    while queue.try_put(Odd(9)).is_ok() {
        left = left.checked_sub(1).expect("there is more room than places");
    }
    assert_eq!(left, 0, "places are lost");
    let mut items = queue.len();
    while queue.try_get().is_ok() {
        items -= 1;
    }
    assert_eq!(items, 0, "items are stuck");
}

#[test]
fn a_panic_in_a_comparison_loses_nothing() {
    let queue = PriorityQueue::new(4);
    for item in [1, 3, 2] {
        queue.try_put(Odd(item)).unwrap();
    }
    assert!(panics(
        || _ = queue.try_put(Odd(0)),
        || panic!("cannot compare")
    ));
    assert_eq!(queue.len(), 4);
    let mut putter = ByHand::waiting(queue.put(Odd(5)));
    assert!(panics(|| _ = queue.try_get(), || panic!("cannot compare")));
    assert_eq!(queue.len(), 3);
    assert_eq!(putter.ready(), Ok(()));
    assert_whole(&queue);
}

#[test]
fn a_panic_in_a_comparison_wakes_the_getter() {
    let queue = PriorityQueue::new(4);
    let getters: Vec<_> = (0..2).map(|_| ByHand::waiting(queue.get())).collect();
    queue.try_put(Odd(1)).unwrap();
    assert!(panics(
        || _ = queue.try_put(Odd(0)),
        || panic!("cannot compare")
    ));
    assert!(getters.iter().all(ByHand::is_woken));
    drop(getters);
    assert_whole(&queue);
}

#[test]
fn comparing_must_not_use_the_queue() {
    let queue = PriorityQueue::new(4);
    queue.try_put(Odd(1)).unwrap();
    let (inner, tries) = (queue.clone(), Rc::new(Cell::new(0)));
    let count = tries.clone();
    let using = move || {
        count.set(count.get() + 1);
        _ = inner.try_get();
    };
    assert!(panics(|| _ = queue.try_put(Odd(0)), using));
    assert_eq!(tries.get(), 1);
    assert_whole(&queue);
}
