//! Does the heap do what a plain list does? (That it stays small is a unit test.)

use std::iter;
use std::rc::Rc;
use std::time::{Duration, Instant};

use step3_sleeping_heap::{TimerHeap, TimerKey};

/// Returns a pseudo-random number (Marsaglia's xorshift, 64 bits).
fn random(state: &mut u64) -> u64 {
    *state ^= *state << 13;
    *state ^= *state >> 7;
    *state ^= *state << 17;
    *state
}

/// The list: timers in order of arrival.
#[derive(Default)]
struct Model {
    /// Deadline, number, value.
    timers: Vec<(u64, usize, u64)>,
}

impl Model {
    /// Returns the first of those with the least deadline.
    fn first(&self) -> Option<usize> {
        (0..self.timers.len()).min_by_key(|&i| self.timers[i].0)
    }

    fn find(&self, number: usize) -> Option<usize> {
        self.timers.iter().position(|timer| timer.1 == number)
    }

    fn pop_due(&mut self, now: u64) -> Option<u64> {
        let due = self.first().filter(|&i| self.timers[i].0 <= now)?;
        Some(self.timers.remove(due).2)
    }
}

#[test]
fn random_programs_do_what_a_list_does() {
    for seed in 1..=300 {
        let mut state = seed;
        let start = Instant::now();
        let at = |deadline| start + Duration::from_nanos(deadline);
        let (mut heap, mut model) = (TimerHeap::new(), Model::default());
        let mut keys = Vec::<TimerKey>::new();
        for value in 0..300 {
            let deadline = random(&mut state) % 50;
            let number = random(&mut state) as usize % (keys.len() + 1);
            let found = model.find(number);
            match (random(&mut state) % 8, keys.get(number)) {
                (0..3, _) => {
                    model.timers.push((deadline, keys.len(), value));
                    keys.push(heap.push(at(deadline), value));
                }
                (3..6, Some(key)) => {
                    let expected = found.map(|i| model.timers.remove(i).2);
                    assert_eq!(heap.cancel(*key), expected, "seed {seed}");
                }
                (6, Some(key)) => {
                    let expected = found.map(|i| &mut model.timers[i].2);
                    let (was, is) = (expected, heap.get_mut(*key));
                    assert_eq!(was, is, "seed {seed}");
                    was.into_iter().chain(is).for_each(|place| *place = value);
                }
                _ => {
                    let popped = heap.pop_due(at(deadline));
                    assert_eq!(popped, model.pop_due(deadline), "seed {seed}");
                }
            }
            let next = model.first().map(|i| at(model.timers[i].0));
            assert_eq!(heap.next_deadline(), next, "seed {seed}");
            assert_eq!(heap.is_empty(), model.timers.is_empty(), "seed {seed}");
        }
    }
}

#[test]
fn equal_deadlines_come_in_order_of_arrival() {
    let start = Instant::now();
    let mut heap = TimerHeap::new();
    for i in 0..100_000 {
        heap.push(start, i);
    }
    let popped = iter::from_fn(|| heap.pop_due(start));
    assert!(popped.eq(0..100_000));
}

#[test]
fn nothing_is_due_a_nanosecond_early() {
    let start = Instant::now();
    let mut heap = TimerHeap::new();
    heap.push(start + Duration::from_nanos(2), "late");
    assert_eq!(heap.pop_due(start + Duration::from_nanos(1)), None);
    assert_eq!(heap.pop_due(start + Duration::from_nanos(2)), Some("late"));
}

#[test]
fn a_key_never_means_a_later_timer() {
    let start = Instant::now();
    let mut heap = TimerHeap::new();
    let fired = heap.push(start, "fired");
    assert_eq!(heap.pop_due(start), Some("fired"));
    heap.push(start, "later");
    assert_eq!(heap.get_mut(fired), None);
    assert_eq!(heap.cancel(fired), None);
    assert_eq!(heap.pop_due(start), Some("later"));
}

/// Classic bug: A waker pushed again at each poll
#[test]
fn a_replaced_value_keeps_its_place() {
    let start = Instant::now();
    let mut heap = TimerHeap::new();
    let [a, b] = ["a", "b"].map(|value| heap.push(start, value));
    *heap.get_mut(b).unwrap() = "B";
    *heap.get_mut(a).unwrap() = "A";
    let popped: Vec<_> = iter::from_fn(|| heap.pop_due(start)).collect();
    assert_eq!(popped, ["A", "B"]);
}

#[test]
fn a_cancelled_value_is_dropped() {
    let (value, start) = (Rc::new(()), Instant::now());
    let mut heap = TimerHeap::new();
    let key = heap.push(start, value.clone());
    assert_eq!(Rc::strong_count(&value), 2);
    drop(heap.cancel(key));
    assert_eq!(Rc::strong_count(&value), 1);
}
