use std::cell::{Cell, RefCell};
use std::collections::VecDeque;
use std::rc::Rc;

use step2_round_robin::Generated;

use super::{Body, Door, Request, run};

/// A door whose time passes only while the scheduler waits, and whose rings are known before.
struct Scripted {
    now: Rc<Cell<u64>>,
    rings: VecDeque<u64>,
    waits: u32,
}

impl Scripted {
    fn move_to(&mut self, time: u64) {
        self.waits += 1;
        assert!(
            self.waits < 100,
            "it looks again and again instead of waiting"
        );
        self.now.set(time.max(self.now.get()));
    }
}

impl Door for Scripted {
    fn now(&self) -> u64 {
        self.now.get()
    }

    fn sleep_until(&mut self, deadline: u64) {
        self.move_to(deadline);
    }

    fn wait_for_bell(&mut self, deadline: Option<u64>) -> bool {
        let is_in_time = |ring: &u64| deadline.is_none_or(|deadline| *ring <= deadline);
        let ring = self.rings.front().copied().filter(is_in_time);
        self.move_to(ring.or(deadline).expect("no visitor comes any more"));
        if ring.is_some() {
            self.rings.pop_front();
        }
        ring.is_some()
    }
}

/// Runs tasks that each sleep for so long, if at all, and then wait for so many rings. Returns when
/// each was done, in order.
fn done(rings: &[u64], tasks: &'static [(u64, u32)]) -> Vec<(u64, usize)> {
    let (now, log) = (Rc::new(Cell::new(0)), Rc::new(RefCell::new(Vec::new())));
    let mut bodies: Vec<Body> = Vec::new();
    for (task, &(duration, rings)) in tasks.iter().enumerate() {
        let (now, log) = (Rc::clone(&now), Rc::clone(&log));
        bodies.push(Box::new(Generated::new(async move |yielder| {
            if duration > 0 {
                yielder.yield_(Request::Sleep(duration)).await;
            }
            for _ in 0..rings {
                yielder.yield_(Request::Bell).await;
            }
            log.borrow_mut().push((now.get(), task));
        })));
    }
    let rings = rings.iter().copied().collect();
    run(
        bodies,
        &mut Scripted {
            now,
            rings,
            waits: 0,
        },
    );
    log.take()
}

#[test]
fn one_thing_at_a_time_works() {
    let done_at = done(&[30], &[(0, 1)]);
    assert_eq!(done_at, [(30, 0)], "(time, task): the bell rings at 30");
    let done_at = done(&[], &[(20, 0), (10, 0)]);
    assert_eq!(
        done_at,
        [(10, 1), (20, 0)],
        "(time, task): the shorter sleep ends first"
    );
}

#[test]
fn no_task_sleeps_through_the_bell() {
    let done_at = done(&[30], &[(0, 1), (100, 0)]);
    assert_eq!(
        done_at,
        [(30, 0), (100, 1)],
        "(time, task): the bell at 30 is heard while task 1 sleeps until 100"
    );
}

#[test]
fn no_task_oversleeps() {
    let done_at = done(&[200], &[(0, 1), (100, 0)]);
    assert_eq!(
        done_at,
        [(100, 1), (200, 0)],
        "(time, task): task 1 wakes up at 100, though the bell rings only at 200"
    );
}

#[test]
fn the_longest_waiter_answers_the_door() {
    let all = done(&[10, 40, 60], &[(0, 2), (0, 1), (50, 0), (70, 0)]);
    let expected = [(40, 1), (50, 2), (60, 0), (70, 3)];
    assert_eq!(
        all, expected,
        "(time, task): a ring is for who has waited longest: the second one is for task 1"
    );
}

#[test]
fn an_early_visitor_is_still_there() {
    let done_at = done(&[30], &[(50, 1)]);
    assert_eq!(
        done_at,
        [(50, 0)],
        "(time, task): who rang at 30 still stands there at 50"
    );
}
