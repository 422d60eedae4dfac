//! When does a sleeper wake up? On the virtual clock, to the nanosecond.

use std::cell::RefCell;
use std::rc::Rc;
use std::time::{Duration, Instant};

use step3_sleeping_heap::{Clock, Co, Scheduler};
use testing::lines;

const SECOND: Duration = Duration::from_secs(1);

/// What tasks noted, with the time on a virtual clock since the start.
#[derive(Clone)]
struct Notes {
    notes: Rc<RefCell<Vec<(&'static str, Duration)>>>,
    clock: Clock,
    start: Instant,
}

impl Notes {
    fn new() -> Notes {
        let (notes, clock) = (Rc::default(), Clock::virtual_time());
        let start = clock.now();
        Notes {
            notes,
            clock,
            start,
        }
    }

    fn add(&self, what: &'static str) {
        let now = self.clock.now() - self.start;
        self.notes.borrow_mut().push((what, now));
    }

    /// Spawns a task that sleeps and then notes its name.
    async fn sleeper(&self, co: &Co, what: &'static str, duration: Duration) {
        let notes = self.clone();
        let body = async move |co: Co| {
            co.sleep(duration).await;
            notes.add(what);
        };
        co.spawn(body).await;
    }

    fn run(&self, main: impl AsyncFnOnce(Co) + 'static) -> Vec<(&'static str, Duration)> {
        Scheduler::with_clock(self.clock.clone()).run(main).unwrap();
        self.notes.take()
    }
}

/// Promise (time): Sleepers continue by deadline, and at equal deadlines in the order of arrival; a
/// sleep of zero is one turn.
#[test]
fn sleepers_wake_by_deadline_and_ties_in_order() {
    let notes = Notes::new();
    let inner = notes.clone();
    let noted = notes.run(async move |co| {
        for (what, seconds) in [("c", 3), ("a", 1), ("b", 2), ("a again", 1), ("c again", 3)] {
            inner.sleeper(&co, what, seconds * SECOND).await;
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

/// Promise (time): Sleepers continue by deadline, and at equal deadlines in the order of arrival; a
/// sleep of zero is one turn.
#[test]
fn zero_is_one_turn() {
    let notes = Notes::new();
    let inner = notes.clone();
    let noted = notes.run(async move |co| {
        inner.sleeper(&co, "zero", Duration::ZERO).await;
        co.spawn(async move |co: Co| {
            for what in ["turn 1", "turn 2", "turn 3"] {
                inner.add(what);
                co.turn().await;
            }
        })
        .await;
    });
    let order: Vec<_> = noted.iter().map(|note| note.0).collect();
    assert_eq!(order, ["turn 1", "turn 2", "zero", "turn 3"]);
    assert!(noted.iter().all(|note| note.1.is_zero()));
}

#[test]
fn an_endless_sleep_alone_is_a_deadlock() {
    for clock in [Clock::virtual_time(), Clock::real_time()] {
        let main = async |co: Co| co.sleep(Duration::MAX).await;
        let error = Scheduler::with_clock(clock).run(main).unwrap_err();
        assert_eq!(error.to_string(), "deadlock: nothing can wake main");
    }
}

#[test]
fn an_endless_sleep_holds_up_no_other_task() {
    let notes = Notes::new();
    let inner = notes.clone();
    let noted = notes.run(async move |co| {
        inner.sleeper(&co, "a second", SECOND).await;
        let forever = co.spawn(async |co| co.sleep(Duration::MAX).await).await;
        co.sleep(2 * SECOND).await;
        forever.cancel(&co).await;
        inner.add("end");
    });
    assert_eq!(noted, [("a second", SECOND), ("end", 2 * SECOND)]);
}

#[test]
fn centuries_do_not_overflow() {
    let century = Duration::from_secs(100 * 365 * 86_400);
    let notes = Notes::new();
    let inner = notes.clone();
    let noted = notes.run(async move |co| inner.sleeper(&co, "a century", century).await);
    assert_eq!(noted, [("a century", century)]);
}

/// Promise (time): A sleep is never early.
#[test]
fn a_sleeper_is_never_early_on_the_real_clock() {
    for micros in [1, 100, 999, 1_500, 10_900] {
        let duration = Duration::from_micros(micros);
        let start = Instant::now();
        Scheduler::new()
            .run(async move |co| co.sleep(duration).await)
            .unwrap();
        assert!(start.elapsed() >= duration);
        assert!(start.elapsed() < duration + 20 * SECOND);
    }
}

/// Promise (time): A cancelled sleeper is not waited for.
#[test]
fn a_cancelled_sleeper_is_not_waited_for() {
    let notes = Notes::new();
    let inner = notes.clone();
    let noted = notes.run(async move |co| {
        let hour = 3_600 * SECOND;
        let sleeper = co.spawn(async move |co| co.sleep(hour).await).await;
        co.sleep(SECOND).await;
        sleeper.cancel(&co).await;
        assert_eq!(sleeper.join(&co).await, None);
        inner.add("cancelled");
    });
    assert_eq!(noted, [("cancelled", SECOND)]);
    assert_eq!(notes.clock.now() - notes.start, SECOND);
}

#[test]
fn an_hour_alone_is_one_wait() {
    let happened = lines(|| {
        let main = async |co: Co| co.sleep(3_600 * SECOND).await;
        let scheduler = Scheduler::with_clock(Clock::virtual_time());
        scheduler.run(main).unwrap();
    });
    let expected = [
        "started",
        "main spawned",
        "main woken",
        "main resumed",
        "main waits until 3600s",
        "main suspended",
        "waited until 3600s",
        "main woken",
        "main resumed",
        "main finished",
    ];
    assert_eq!(happened, expected);
}
