//! Is the heap of timers right, compared with a sorted list, and does it stay small?

use std::collections::BTreeMap;
use std::rc::Rc;
use std::time::{Duration, Instant};

use step8_fast_executor::{TimerHeap, TimerKey};

/// A pseudo-random number (Marsaglia's xorshift, 64 bits).
fn random(state: &mut u64) -> u64 {
    *state ^= *state << 13;
    *state ^= *state >> 7;
    *state ^= *state << 17;
    *state
}

/// The heap's model, as simple as can be: timers in order of arrival, all of them searched each
/// time.
#[derive(Default)]
struct Model {
    /// Deadline, number, value.
    timers: Vec<(u64, usize, u64)>,
    /// The deadline of the one that was taken last.
    passed: u64,
}

impl Model {
    fn first(&self) -> Option<usize> {
        (0..self.timers.len()).min_by_key(|&i| self.timers[i].0)
    }

    fn find(&self, number: usize) -> Option<usize> {
        self.timers.iter().position(|timer| timer.1 == number)
    }

    fn values(&self) -> impl Iterator<Item = u64> {
        self.timers.iter().map(|timer| timer.2)
    }

    fn pop_due(&mut self, now: u64) -> Option<u64> {
        let due = self.first().filter(|&i| self.timers[i].0 <= now)?;
        let (deadline, _, value) = self.timers.remove(due);
        self.passed = deadline;
        Some(value)
    }
}

#[test]
fn it_does_what_a_list_does() {
    for seed in 1..=500 {
        let mut state = seed;
        let start = Instant::now();
        let at = |deadline| start + Duration::from_nanos(deadline);
        let (mut heap, mut model, mut keys) = (
            TimerHeap::new(start),
            Model::default(),
            Vec::<Option<TimerKey>>::new(),
        );
        for value in 0..200 {
            let deadline = random(&mut state) % 50;
            let number = random(&mut state) as usize % (keys.len() + 1);
            let found = model.find(number);
            match (random(&mut state) % 8, keys.get_mut(number)) {
                (0..4, _) => {
                    model
                        .timers
                        .push((deadline.max(model.passed), keys.len(), value));
                    keys.push(Some(heap.push(Some(at(deadline)), value)));
                }
                (4, Some(key @ Some(_))) => {
                    let cancelled = key.take().is_some_and(|key| heap.cancel(key));
                    assert_eq!(
                        cancelled,
                        found.map(|i| model.timers.remove(i)).is_some(),
                        "seed {seed}"
                    );
                }
                (5, Some(Some(key))) => {
                    found.into_iter().for_each(|i| model.timers[i].2 = value);
                    assert_eq!(heap.replace(key, value), found.is_some(), "seed {seed}");
                }
                _ => assert_eq!(
                    heap.pop_due(at(deadline)),
                    model.pop_due(deadline),
                    "seed {seed}"
                ),
            }
            let next = model.first().map(|i| at(model.timers[i].0));
            for (number, key) in keys.iter().enumerate() {
                let contains = key.as_ref().is_some_and(|key| heap.contains(key));
                assert_eq!(contains, model.find(number).is_some(), "seed {seed}");
            }
            assert_eq!(
                (heap.next_deadline(), heap.len()),
                (next, model.timers.len()),
                "seed {seed}"
            );
        }
        let (mut left, mut expected) = (
            heap.values().copied().collect::<Vec<_>>(),
            Vec::from_iter(model.values()),
        );
        left.sort_unstable();
        expected.sort_unstable();
        assert_eq!(left, expected, "seed {seed}");
    }
}

/// So many are cancelled at once that the heap is compacted, again and again.
#[test]
fn it_does_what_a_sorted_map_does() {
    let start = Instant::now();
    let at = |deadline| start + Duration::from_nanos(deadline);
    let mut compacted = 0;
    for seed in 1..=5 {
        let mut state = seed;
        let mut heap = TimerHeap::new(start);
        // By deadline, `u64::MAX` for none, and then by number.
        let mut model = BTreeMap::<(u64, u64), u64>::new();
        let mut keys = BTreeMap::<u64, (TimerKey, (u64, u64))>::new();
        let (mut now, mut passed, mut entries) = (0, 0, 0);
        for number in 0..20_000 {
            let picked = random(&mut state) % (number + 1);
            let picked = keys.range(picked..).next().map(|(&picked, _)| picked);
            match (random(&mut state) % 16, picked) {
                (0..7, _) => {
                    let deadline = now + random(&mut state) % 5_000;
                    let deadline = Some(deadline).filter(|deadline| deadline % 8 > 0);
                    let key = heap.push(deadline.map(at), number);
                    let place = (
                        deadline.map_or(u64::MAX, |deadline| deadline.max(passed)),
                        number,
                    );
                    model.insert(place, number);
                    keys.insert(number, (key, place));
                }
                (7..13, Some(picked)) => {
                    let (key, place) = keys.remove(&picked).unwrap();
                    assert_eq!(
                        heap.cancel(key),
                        model.remove(&place).is_some(),
                        "seed {seed}"
                    );
                }
                (13, Some(picked)) => {
                    let (key, place) = &keys[&picked];
                    let waits = model.get_mut(place).map(|value| *value = number).is_some();
                    assert_eq!(heap.replace(key, number), waits, "seed {seed}");
                }
                _ => {
                    now += random(&mut state) % 20;
                    let due = model.first_entry().filter(|first| first.key().0 <= now);
                    passed = due.as_ref().map_or(passed, |due| due.key().0);
                    assert_eq!(
                        heap.pop_due(at(now)),
                        due.map(|due| due.remove()),
                        "seed {seed}"
                    );
                }
            }
            assert_eq!(heap.len(), model.len(), "seed {seed}");
            assert!(
                heap.entries() <= 2 * heap.len() + 257,
                "{} entries for {}",
                heap.entries(),
                heap.len()
            );
            compacted += u32::from(heap.entries() + 100 < entries);
            entries = heap.entries();
        }
        let (mut left, mut expected) = (
            heap.values().copied().collect::<Vec<_>>(),
            Vec::from_iter(model.into_values()),
        );
        left.sort_unstable();
        expected.sort_unstable();
        assert_eq!(left, expected, "seed {seed}");
    }
    assert!(compacted > 5, "compacted {compacted} times");
}

/// Promise (resources): Cancelled timers do not pile up.
///
/// Classic bug: Cancelled timers stay in the heap
#[test]
fn cancelled_timers_leave_the_heap() {
    let start = Instant::now();
    let mut heap = TimerHeap::new(start);
    let lasting = heap.push(Some(start + Duration::from_secs(1)), 0);
    for i in 1..=1_000_000 {
        let key = heap.push(Some(start + Duration::from_secs(30)), i);
        assert!(heap.cancel(key));
        assert!(
            heap.entries() <= 300,
            "{} entries for one timer",
            heap.entries()
        );
    }
    assert!(heap.cancel(lasting));
    assert!(heap.is_empty());
}

/// Compacting costs time in proportion to the timers, so it waits until as many were cancelled.
#[test]
fn a_few_cancelled_among_many_stay_for_a_while() {
    let start = Instant::now();
    let mut heap = TimerHeap::new(start);
    let mut keys: Vec<_> = (0..10_000).map(|i| heap.push(Some(start), i)).collect();
    keys.drain(..4_000)
        .for_each(|key| assert!(heap.cancel(key)));
    assert_eq!((heap.len(), heap.entries()), (6_000, 10_000));
}

/// The timers that are left are taken one by one, and the cancelled ones do not outnumber them.
#[test]
fn cancelled_timers_go_as_the_others_do() {
    let start = Instant::now();
    let mut heap = TimerHeap::new(start);
    let late: Vec<_> = (0..10_000)
        .map(|i| heap.push(Some(start + Duration::from_secs(9)), i))
        .collect();
    for i in 0..10_001 {
        heap.push(Some(start), i);
    }
    for key in late {
        heap.cancel(key);
    }
    while heap.pop_due(start).is_some() {
        assert!(
            heap.entries() <= 2 * heap.len() + 256,
            "{} entries for {}",
            heap.entries(),
            heap.len()
        );
    }
}

/// Classic bug: A waker pushed again at each poll
#[test]
fn replacing_a_value_adds_no_entry() {
    let start = Instant::now();
    let mut heap = TimerHeap::new(start);
    let keys: Vec<_> = (0..1660).map(|i| heap.push(Some(start), i)).collect();
    for key in &keys {
        heap.replace(key, 7);
    }
    assert_eq!((heap.len(), heap.entries()), (1660, 1660));
}

#[test]
fn values_of_all_waiting_timers_can_be_had() {
    let start = Instant::now();
    let mut heap = TimerHeap::new(start);
    let cancelled = heap.push(Some(start), 1);
    heap.push(Some(start), 2);
    heap.push(None, 3);
    heap.push(Some(start), 4);
    heap.cancel(cancelled);
    assert_eq!(heap.pop_due(start), Some(2));
    let mut left: Vec<_> = heap.values().copied().collect();
    left.sort_unstable();
    assert_eq!(left, [3, 4]);
}

#[test]
fn a_key_never_means_a_later_timer() {
    let start = Instant::now();
    let mut heap = TimerHeap::new(start);
    let fired = heap.push(Some(start), "fired");
    assert_eq!(heap.pop_due(start), Some("fired"));
    heap.push(Some(start), "later");
    assert!(!heap.contains(&fired));
    assert!(!heap.replace(&fired, "x"));
    assert!(!heap.cancel(fired));
    assert_eq!(heap.pop_due(start), Some("later"));
}

#[test]
fn replaced_value_keeps_its_place() {
    let start = Instant::now();
    let mut heap = TimerHeap::new(start);
    let keys = ["a", "b", "c", "d"].map(|value| heap.push(Some(start), value));
    let [a, b, c, _] = &keys;
    assert!(
        heap.replace(b, "B")
            && heap.replace(a, "A")
            && heap.replace(b, "BB")
            && heap.replace(c, "C")
    );
    let [_, _, c, d] = keys;
    assert!(heap.cancel(c) && heap.cancel(d));
    assert_eq!(
        [
            heap.pop_due(start),
            heap.pop_due(start),
            heap.pop_due(start)
        ],
        [Some("A"), Some("BB"), None]
    );
}

#[test]
fn replaced_value_is_dropped_at_a_cancel() {
    let mut heap = TimerHeap::new(Instant::now());
    let (lasting, value) = (heap.push(None, Rc::new(0)), Rc::new(1));
    let key = heap.push(None, Rc::new(0));
    heap.replace(&key, value.clone());
    assert!(heap.cancel(key));
    assert_eq!(Rc::strong_count(&value), 1);
    assert!(heap.cancel(lasting));
}

#[test]
fn a_past_deadline_follows_the_last_taken() {
    let start = Instant::now();
    let at = |nanoseconds| start + Duration::from_nanos(nanoseconds);
    let mut heap = TimerHeap::new(start);
    heap.push(Some(at(10)), "first");
    heap.push(Some(at(10)), "second");
    assert_eq!(heap.pop_due(at(12)), Some("first"));
    heap.push(Some(at(11)), "fourth");
    let late = heap.push(Some(at(5)), "third");
    assert!(heap.contains(&late));
    assert_eq!(heap.next_deadline(), Some(at(10)));
    let rest: Vec<_> = std::iter::from_fn(|| heap.pop_due(at(12))).collect();
    assert_eq!(rest, ["second", "third", "fourth"]);
    assert!(!heap.contains(&late));
}

#[test]
fn too_early_is_due_at_once_and_too_late_never() {
    let start = Instant::now() + Duration::from_secs(1);
    let mut heap = TimerHeap::new(start);
    let never = heap.push(None, "never");
    heap.push(
        start.checked_add(Duration::from_secs(585 * 366 * 86_400)),
        "in 585 years",
    );
    assert_eq!(heap.next_deadline(), None);
    let past = heap.push(Some(start - Duration::from_secs(1)), "past");
    assert_eq!(
        [heap.deadline(&never), heap.deadline(&past)],
        [None, Some(start)]
    );
    assert_eq!(heap.next_deadline(), Some(start));
    assert_eq!(heap.pop_due(start), Some("past"));
    assert_eq!(
        heap.pop_due(start + Duration::from_secs(500 * 365 * 86_400)),
        None
    );
    // Later than the heap can count, if the clock can show that.
    let end = start.checked_add(Duration::from_secs(600 * 366 * 86_400));
    assert_eq!(end.and_then(|end| heap.pop_due(end)), None);
    assert_eq!(heap.len(), 2);
}

#[test]
fn equal_deadlines_come_in_order_of_arrival() {
    let start = Instant::now();
    let mut heap = TimerHeap::new(start);
    for i in 0..100_000 {
        heap.push(Some(start), i);
    }
    let popped: Vec<_> = std::iter::from_fn(|| heap.pop_due(start)).collect();
    assert!(popped.iter().copied().eq(0..100_000));
}
