use std::cell::RefCell;
use std::rc::Rc;

use step2_round_robin::{Co, Generated};

use super::{Body, Request, run};

type Log = Rc<RefCell<String>>;

/// Joins these tasks, takes some turns, and then writes its name.
fn task(log: &Log, name: char, joins: &'static [usize], turns: u32) -> Body {
    let log = log.clone();
    Box::new(Generated::new(async move |co: &Co<Request>| {
        for &other in joins {
            co.yield_(Request::Join(other)).await;
        }
        for _ in 0..turns {
            co.yield_(Request::Turn).await;
        }
        log.borrow_mut().push(name);
    }))
}

/// Passes when the exercise is solved.
pub(crate) fn check() {
    let log = Log::default();
    let count = run(vec![task(&log, 'p', &[1], 0), task(&log, 'c', &[], 100)]);
    assert_eq!(log.take(), "cp", "the parent goes on after the child's end");
    assert_eq!(
        count,
        101 + 2,
        "100 turns of the child and one more for its end; two of the parent"
    );

    let count = run(vec![task(&log, 'c', &[], 0), task(&log, 'p', &[0], 0)]);
    assert_eq!(
        (log.take().as_str(), count),
        ("cp", 2),
        "who joins what has ended goes on in the same turn"
    );

    let count = run(vec![
        task(&log, 'a', &[2], 0),
        task(&log, 'b', &[2], 0),
        task(&log, 'c', &[], 5),
    ]);
    assert_eq!(
        (log.take().as_str(), count),
        ("cab", 2 + 2 + 6),
        "two may join one, and go on in order"
    );

    let count = run(vec![
        task(&log, 'a', &[1, 2], 0),
        task(&log, 'b', &[2], 0),
        task(&log, 'c', &[], 5),
    ]);
    assert_eq!(
        (log.take().as_str(), count),
        ("cba", 2 + 2 + 6),
        "one may join two, and be joined itself"
    );
}
