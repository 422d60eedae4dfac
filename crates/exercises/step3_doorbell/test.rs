use std::cell::RefCell;
use std::collections::VecDeque;
use std::rc::Rc;

use step3_sleeping_heap::Generated;

use super::{Body, Door, Request, run};

type Co = step2_round_robin::Co<Request>;

/// A door whose time passes only while somebody waits at it, and whose rings are known before.
struct Scripted {
    now: Rc<RefCell<u64>>,
    rings: VecDeque<u64>,
    waits: u32,
}

impl Scripted {
    fn move_to(&mut self, time: u64) {
        self.waits += 1;
        assert!(
            self.waits < 100,
            "it looks again and again rather than to wait"
        );
        let mut now = self.now.borrow_mut();
        *now = time.max(*now);
    }
}

impl Door for Scripted {
    fn now(&self) -> u64 {
        *self.now.borrow()
    }

    fn sleep_until(&mut self, deadline: u64) {
        self.move_to(deadline);
    }

    fn wait_for_bell(&mut self, deadline: Option<u64>) -> bool {
        let ring = self
            .rings
            .front()
            .copied()
            .filter(|ring| deadline.is_none_or(|deadline| *ring <= deadline));
        self.move_to(
            ring.or(deadline)
                .expect("it waits for a bell that nobody will ring"),
        );
        if ring.is_some() {
            self.rings.pop_front();
        }
        ring.is_some()
    }
}

/// Runs tasks that each sleep for so long, if at all, and then wait for so many rings. Gives when each was done, in
/// order.
fn done(rings: &[u64], tasks: &'static [(u64, u32)]) -> Vec<(u64, usize)> {
    let (now, log) = (Rc::new(RefCell::new(0)), Rc::new(RefCell::new(Vec::new())));
    let mut bodies: Vec<Body> = Vec::new();
    for (i, &(duration, rings)) in tasks.iter().enumerate() {
        let (now, log) = (now.clone(), log.clone());
        bodies.push(Box::new(Generated::new(async move |co: &Co| {
            if duration > 0 {
                co.yield_(Request::Sleep(duration)).await;
            }
            for _ in 0..rings {
                co.yield_(Request::Bell).await;
            }
            log.borrow_mut().push((*now.borrow(), i));
        })));
    }
    run(
        bodies,
        &mut Scripted {
            now,
            rings: rings.iter().copied().collect(),
            waits: 0,
        },
    );
    log.take()
}

/// Passes when the exercise is solved.
pub(crate) fn check() {
    assert_eq!(done(&[30], &[(0, 1)]), [(30, 0)]);
    assert_eq!(done(&[], &[(20, 0), (10, 0)]), [(10, 1), (20, 0)]);
    assert_eq!(
        done(&[30], &[(0, 1), (100, 0)]),
        [(30, 0), (100, 1)],
        "nobody sleeps through the bell"
    );
    assert_eq!(
        done(&[200], &[(0, 1), (100, 0)]),
        [(100, 1), (200, 0)],
        "nobody oversleeps"
    );
    let all = done(&[10, 40, 60], &[(0, 2), (0, 1), (50, 0), (70, 0)]);
    assert_eq!(
        all,
        [(40, 1), (50, 2), (60, 0), (70, 3)],
        "who has waited longest answers the door"
    );
    assert_eq!(
        done(&[30], &[(50, 1)]),
        [(50, 0)],
        "who rings before anybody listens still stands there"
    );
}
