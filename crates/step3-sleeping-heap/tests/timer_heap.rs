//! Is the heap right, compared with a sorted list, and does it stay small?

use std::time::{Duration, Instant};

use step3_sleeping_heap::{TimerHeap, TimerKey};

/// A pseudo-random number (Marsaglia's xorshift, 64 bits).
fn random(state: &mut u64) -> u64 {
    *state ^= *state << 13;
    *state ^= *state >> 7;
    *state ^= *state << 17;
    *state
}

/// The same, as simple as can be: timers in order of arrival, searched through each time.
#[derive(Default)]
struct Model(Vec<(u64, TimerKey, u64)>);

impl Model {
    fn first(&self) -> Option<usize> {
        (0..self.0.len()).min_by_key(|&i| self.0[i].0)
    }

    fn find(&self, key: TimerKey) -> Option<usize> {
        self.0.iter().position(|timer| timer.1 == key)
    }
}

#[test]
fn it_does_what_a_list_does_for_thousands_of_random_programs() {
    for seed in 1..=2000 {
        let mut state = seed;
        let start = Instant::now();
        let (mut heap, mut model, mut keys) = (TimerHeap::new(start), Model::default(), Vec::new());
        for value in 0..200 {
            let deadline = random(&mut state) % 50;
            let at = start + Duration::from_nanos(deadline);
            let key = keys.get(random(&mut state) as usize % (keys.len() + 1)).copied();
            match (random(&mut state) % 8, key) {
                (0..4, _) => {
                    let key = heap.push(Some(at), value);
                    keys.push(key);
                    model.0.push((deadline, key, value));
                }
                (4, Some(key)) => {
                    let expected = model.find(key).map(|i| model.0.remove(i).2);
                    assert_eq!(heap.cancel(key), expected, "seed {seed}");
                }
                (5, Some(key)) => {
                    let expected = model.find(key).map(|i| std::mem::replace(&mut model.0[i].2, value));
                    assert_eq!(heap.replace(key, value), expected, "seed {seed}");
                }
                _ => {
                    let due = model.first().filter(|&i| model.0[i].0 <= deadline);
                    assert_eq!(heap.pop_due(at), due.map(|i| model.0.remove(i).2), "seed {seed}");
                }
            }
            let next = model.first().map(|i| start + Duration::from_nanos(model.0[i].0));
            for key in &keys {
                assert_eq!(heap.contains(*key), model.find(*key).is_some(), "seed {seed}");
            }
            assert_eq!((heap.next_deadline(), heap.len()), (next, model.0.len()), "seed {seed}");
        }
    }
}

/// Classic bug: "cancelled timers stay in the heap".
#[test]
fn cancelled_timers_stay_in_the_heap() {
    let start = Instant::now();
    let mut heap = TimerHeap::new(start);
    let lasting = heap.push(Some(start + Duration::from_secs(1)), 0);
    for i in 1..=1_000_000 {
        let key = heap.push(Some(start + Duration::from_secs(30)), i);
        assert_eq!(heap.cancel(key), Some(i));
        assert!(heap.entries() <= 100, "{} entries for one timer", heap.entries());
    }
    assert_eq!(heap.cancel(lasting), Some(0));
    assert!(heap.is_empty());
}

/// The timers that are left are taken one by one, and the cancelled ones do not outnumber them.
#[test]
fn cancelled_timers_go_as_the_others_do() {
    let start = Instant::now();
    let mut heap = TimerHeap::new(start);
    let late: Vec<_> = (0..10_000).map(|i| heap.push(Some(start + Duration::from_secs(9)), i)).collect();
    for i in 0..10_001 {
        heap.push(Some(start), i);
    }
    for key in late {
        heap.cancel(key);
    }
    while heap.pop_due(start).is_some() {
        assert!(heap.entries() <= 2 * heap.len() + 64, "{} entries for {}", heap.entries(), heap.len());
    }
}

/// Classic bug: "a waker pushed again at each poll".
#[test]
fn a_waker_pushed_again_at_each_poll() {
    let start = Instant::now();
    let mut heap = TimerHeap::new(start);
    let keys: Vec<_> = (0..1660).map(|i| heap.push(Some(start), i)).collect();
    for key in &keys {
        heap.replace(*key, 7);
    }
    assert_eq!((heap.len(), heap.entries()), (1660, 1660));
}

#[test]
fn the_values_of_all_timers_that_wait_can_be_had() {
    let start = Instant::now();
    let mut heap = TimerHeap::new(start);
    let cancelled = heap.push(Some(start), 1);
    heap.push(Some(start), 2);
    heap.push(None, 3);
    heap.push(Some(start), 4);
    heap.cancel(cancelled);
    assert_eq!(heap.pop_due(start), Some(2));
    let mut left: Vec<_> = heap.into_values().collect();
    left.sort_unstable();
    assert_eq!(left, [3, 4]);
}

#[test]
fn a_key_never_means_a_later_timer() {
    let start = Instant::now();
    let mut heap = TimerHeap::new(start);
    let fired = heap.push(Some(start), "fired");
    assert_eq!(heap.pop_due(start), Some("fired"));
    let cancelled = heap.push(Some(start), "cancelled");
    assert_eq!(heap.cancel(cancelled), Some("cancelled"));
    heap.push(Some(start), "later");
    assert_eq!([heap.cancel(fired), heap.cancel(cancelled), heap.replace(fired, "x")], [None; 3]);
    assert_eq!(heap.pop_due(start), Some("later"));
}

#[test]
fn deadlines_before_the_start_are_due_at_once_and_those_past_the_end_never() {
    let start = Instant::now() + Duration::from_secs(1);
    let mut heap = TimerHeap::new(start);
    heap.push(None, "never");
    heap.push(start.checked_add(Duration::from_secs(585 * 366 * 86_400)), "in 585 years");
    assert_eq!(heap.next_deadline(), None);
    heap.push(Some(start - Duration::from_secs(1)), "past");
    assert_eq!(heap.next_deadline(), Some(start));
    assert_eq!(heap.pop_due(start), Some("past"));
    assert_eq!(heap.pop_due(start + Duration::from_secs(500 * 365 * 86_400)), None);
    assert_eq!(heap.len(), 2);
}

#[test]
fn a_hundred_thousand_in_the_same_instant_come_in_order_of_arrival() {
    let start = Instant::now();
    let mut heap = TimerHeap::new(start);
    for i in 0..100_000 {
        heap.push(Some(start), i);
    }
    let popped: Vec<_> = std::iter::from_fn(|| heap.pop_due(start)).collect();
    assert!(popped.iter().copied().eq(0..100_000));
}
