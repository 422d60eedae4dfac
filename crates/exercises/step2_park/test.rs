use std::cell::RefCell;
use std::rc::Rc;

use step2_round_robin::Generated;

use super::{Body, Request, run};

type Log = Rc<RefCell<String>>;

/// Joins these tasks, takes some turns, and then writes its name.
fn task(log: &Log, name: char, joined: &'static [usize], turns: u32) -> Body {
    let log = Rc::clone(log);
    Box::new(Generated::new(async move |yielder| {
        for &other in joined {
            yielder.yield_(Request::Join(other)).await;
        }
        for _ in 0..turns {
            yielder.yield_(Request::Turn).await;
        }
        log.borrow_mut().push(name);
    }))
}

#[test]
fn a_joiner_is_not_looked_at_before_the_end() {
    let log = Log::default();
    let turns = run(vec![task(&log, 'p', &[1], 0), task(&log, 'c', &[], 100)]);
    assert_eq!(
        log.take(),
        "cp",
        "the child c ends before p, which joins it"
    );
    // 100 turns of the child and one more for its end; two of the parent.
    let expected = 101 + 2;
    assert_eq!(
        turns, expected,
        "p has one turn in which it asks, and one after the end of c: none to look in between"
    );
}

#[test]
fn joining_what_has_ended_costs_no_turn() {
    let log = Log::default();
    let turns = run(vec![task(&log, 'c', &[], 0), task(&log, 'p', &[0], 0)]);
    assert_eq!(log.take(), "cp", "c has ended when p joins it");
    assert_eq!(
        turns, 2,
        "c and p have one turn each: the join continues at once"
    );
}

#[test]
fn two_may_join_one_and_continue_in_order() {
    let log = Log::default();
    let joiners = [task(&log, 'a', &[2], 0), task(&log, 'b', &[2], 0)];
    let bodies = joiners.into_iter().chain([task(&log, 'c', &[], 5)]);
    let turns = run(bodies.collect());
    assert_eq!(
        log.take(),
        "cab",
        "c ends, then its joiners continue in the order in which they asked"
    );
    assert_eq!(turns, 2 + 2 + 6, "two turns for each joiner, and six of c");
}

#[test]
fn one_may_join_two_and_be_joined_itself() {
    let log = Log::default();
    let joiners = [task(&log, 'a', &[1, 2], 0), task(&log, 'b', &[2], 0)];
    let bodies = joiners.into_iter().chain([task(&log, 'c', &[], 5)]);
    let turns = run(bodies.collect());
    assert_eq!(
        log.take(),
        "cba",
        "c ends, then b which joins it, then a which joins both"
    );
    assert_eq!(turns, 2 + 2 + 6, "two turns for each joiner, and six of c");
}
