//! What is left of sleep sort without the sleep: heap sort.

use std::iter;
use std::time::{Duration, Instant};

use step3_sleeping_heap::TimerHeap;
use step6_toolbox::PriorityQueue;

/// Sorts by what `asyncio` and this crate call a priority queue. It is a heap.
pub(crate) fn sort_by_priority_queue<T: Copy + Ord>(numbers: &[T]) -> Vec<T> {
    let queue = PriorityQueue::unbounded();
    for number in numbers {
        let put = queue.try_put(*number);
        assert!(put.is_ok(), "it has no limit, and is never closed");
    }
    iter::from_fn(|| queue.try_get().ok()).collect()
}

/// Sorts by the very heap in which the loop keeps its timers, without waiting for one of them.
pub(crate) fn sort_by_timers(numbers: &[Duration]) -> Vec<Duration> {
    let start = Instant::now();
    let mut heap = TimerHeap::new();
    let mut end = start;
    for number in numbers {
        let deadline = start + *number;
        heap.push(deadline, *number);
        end = end.max(deadline);
    }
    iter::from_fn(|| heap.pop_due(end)).collect()
}

#[cfg(test)]
mod tests {
    use super::*;
    use crate::random::Random;

    #[test]
    fn both_heaps_sort() {
        let hour = Duration::from_secs(3_600);
        let mut random = Random::new(7);
        let numbers: Vec<_> = (0..10_000).map(|_| random.time_below(hour)).collect();
        assert!(numbers.iter().all(|number| *number < hour));
        let mut sorted = numbers.clone();
        sorted.sort();
        assert!(numbers != sorted);
        assert_eq!(sort_by_timers(&numbers), sorted);
        assert_eq!(sort_by_priority_queue(&numbers), sorted);
        let twice = sort_by_priority_queue(&[3, 2, 5, 4, 1, 2]);
        assert_eq!(twice, [1, 2, 2, 3, 4, 5]);
        assert_eq!(sort_by_timers(&[]), []);
    }
}
