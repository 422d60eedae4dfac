//! What is left of sleep sort without the sleep? Heap sort.

use std::iter;
use std::time::{Duration, Instant};

use step3_sleeping_heap::TimerHeap;
use step6_toolbox::PriorityQueue;

/// Sorts by what `asyncio` and this crate call a priority queue. It is a heap.
pub(crate) fn sort_by_priority_queue<T: Copy + Ord>(numbers: &[T]) -> Vec<T> {
    let queue = PriorityQueue::unbounded();
    for number in numbers {
        assert!(
            queue.try_put(*number).is_ok(),
            "it has no limit, and nobody closes it"
        );
    }
    iter::from_fn(|| queue.try_get().ok()).collect()
}

/// Sorts by the very heap in which the loop keeps its timers, without waiting for one of them.
pub(crate) fn sort_by_timers(numbers: &[Duration]) -> Vec<Duration> {
    let start = Instant::now();
    let mut heap = TimerHeap::new(start);
    let mut end = start;
    for number in numbers {
        let deadline = start + *number;
        heap.push(Some(deadline), *number);
        end = end.max(deadline);
    }
    iter::from_fn(|| heap.pop_due(end)).collect()
}
