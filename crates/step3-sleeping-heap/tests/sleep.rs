//! When does a sleeper wake up? Under the virtual clock, to the nanosecond.

use std::cell::RefCell;
use std::rc::Rc;
use std::time::{Duration, Instant};

use step3_sleeping_heap::{Cancelled, Clock, Co, Generated, Scheduler, Sleep, Turn};

const SECOND: Duration = Duration::from_secs(1);

/// What tasks noted, with the time on the clock since the start.
#[derive(Clone)]
struct Notes(Rc<RefCell<Vec<(&'static str, Duration)>>>, Clock, Instant);

impl Notes {
    fn new() -> Notes {
        let clock = Clock::virtual_time();
        Notes(Rc::default(), clock.clone(), clock.now())
    }

    fn add(&self, what: &'static str) {
        self.0.borrow_mut().push((what, self.1.now() - self.2));
    }

    /// A body that sleeps and then notes its name.
    fn sleeper(
        &self,
        what: &'static str,
        duration: Duration,
    ) -> Generated<step3_sleeping_heap::Request, ()> {
        let notes = self.clone();
        Generated::new(async move |co: &Co| {
            co.yield_(Sleep(duration)).await;
            notes.add(what);
        })
    }

    fn run(&self, main: impl AsyncFnOnce(&Co) + 'static) -> Vec<(&'static str, Duration)> {
        Scheduler::new()
            .with_clock(self.1.clone())
            .run(Generated::new(main))
            .unwrap();
        self.0.take()
    }
}

#[test]
fn by_deadline_and_at_equal_deadlines_in_order_of_arrival() {
    let notes = Notes::new();
    let inner = notes.clone();
    let noted = notes.run(async move |co: &Co| {
        for (what, seconds) in [("c", 3), ("a", 1), ("b", 2), ("a again", 1), ("c again", 3)] {
            co.spawn(inner.sleeper(what, seconds * SECOND)).await;
        }
    });
    let expected = [
        ("a", SECOND),
        ("a again", SECOND),
        ("b", 2 * SECOND),
        ("c", 3 * SECOND),
        ("c again", 3 * SECOND),
    ];
    assert_eq!(noted, expected);
}

#[test]
fn zero_is_one_turn() {
    let notes = Notes::new();
    let inner = notes.clone();
    let noted = notes.run(async move |co: &Co| {
        co.spawn(inner.sleeper("zero", Duration::ZERO)).await;
        let turns = inner.clone();
        co.spawn(Generated::new(async move |co: &Co| {
            for what in ["turn 1", "turn 2", "turn 3"] {
                turns.add(what);
                co.yield_(Turn).await;
            }
        }))
        .await;
    });
    assert_eq!(
        noted.iter().map(|note| note.0).collect::<Vec<_>>(),
        ["turn 1", "turn 2", "zero", "turn 3"]
    );
    assert!(noted.iter().all(|note| note.1.is_zero()));
    assert_eq!(notes.1.waits(), 0);
}

#[test]
fn for_ever_is_for_ever_and_is_told_as_a_deadlock() {
    for duration in [Duration::MAX, Duration::from_secs(600 * 365 * 86_400)] {
        for clock in [Clock::virtual_time(), Clock::real_time()] {
            let main = Generated::new(async move |co: &Co| co.yield_(Sleep(duration)).await);
            let error = Scheduler::new().with_clock(clock).run(main).unwrap_err();
            assert_eq!(error.to_string(), r#"deadlock: "main" sleeps for ever"#);
        }
    }
}

#[test]
fn centuries_do_not_overflow() {
    let century = Duration::from_secs(100 * 365 * 86_400);
    let notes = Notes::new();
    let sleeper = notes.sleeper("a century", century);
    let noted = notes.run(async move |co: &Co| drop(co.spawn(sleeper).await));
    assert_eq!(noted, [("a century", century)]);
}

#[test]
fn never_early_on_the_real_clock() {
    for micros in [1, 100, 999, 1_500, 10_900] {
        let duration = Duration::from_micros(micros);
        let start = Instant::now();
        let main = Generated::new(async move |co: &Co| co.yield_(Sleep(duration)).await);
        Scheduler::new().run(main).unwrap();
        assert!(start.elapsed() >= duration);
        assert!(start.elapsed() < duration + 5 * SECOND);
    }
}

#[test]
fn one_that_is_cancelled_holds_nobody_up() {
    let notes = Notes::new();
    let inner = notes.clone();
    let noted = notes.run(async move |co: &Co| {
        let long = co.spawn(inner.sleeper("an hour", 3600 * SECOND)).await;
        co.yield_(Sleep(SECOND)).await;
        long.cancel(co).await;
        assert_eq!(long.join(co).await, Err(Cancelled));
        inner.add("cancelled");
    });
    assert_eq!(noted, [("cancelled", SECOND)]);
    assert_eq!(notes.1.now() - notes.2, SECOND);
}
