use std::cell::RefCell;
use std::rc::Rc;

use step2_round_robin::{Co, Scheduler};

use super::all_at_once;

type Log = Rc<RefCell<String>>;

/// Makes a body that writes its letters, one a turn, and returns how many there were.
fn letters(log: &Log, letters: &'static str) -> impl AsyncFnOnce(Co) -> usize + 'static {
    let log = Rc::clone(log);
    async move |co| {
        for letter in letters.chars() {
            log.borrow_mut().push(letter);
            co.turn().await;
        }
        letters.len()
    }
}

/// Runs these words all at once, and returns what they wrote and what they returned.
fn run(words: &'static [&'static str]) -> (String, Vec<Option<usize>>) {
    let log = Log::default();
    let written = Rc::clone(&log);
    let values = Scheduler::new().run(async move |co| {
        let bodies = words.iter().map(|word| letters(&log, word)).collect();
        all_at_once(&co, bodies).await
    });
    (written.take(), values.expect("every task can continue"))
}

#[test]
fn they_take_turns() {
    let (written, _) = run(&["abc", "XYZ"]);
    assert_eq!(
        written, "aXbYcZ",
        "both tasks are there from the beginning, and alternate"
    );
}

#[test]
fn the_values_are_in_order() {
    let (written, values) = run(&["abcd", "", "XY"]);
    assert_eq!(
        written, "aXbYcd",
        "the tasks alternate until the shorter one has ended"
    );
    let lengths = [Some(4), Some(0), Some(2)];
    assert_eq!(
        values, lengths,
        "values are in the order of the bodies, and not of their ends"
    );
}

#[test]
fn no_bodies_have_no_values() {
    assert_eq!(
        run(&[]),
        (String::new(), vec![]),
        "without bodies there are no values"
    );
}
