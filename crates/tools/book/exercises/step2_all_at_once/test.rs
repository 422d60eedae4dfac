use std::cell::RefCell;
use std::rc::Rc;

use step2_round_robin::{Co, Generated, Request, Scheduler, Turn};

use super::all_at_once;

type Log = Rc<RefCell<String>>;

/// Writes its letters, one a turn, and returns how many there were.
fn letters(log: &Log, letters: &'static str) -> Generated<Request, usize> {
    let log = log.clone();
    Generated::new(async move |co: &Co| {
        for letter in letters.chars() {
            log.borrow_mut().push(letter);
            co.yield_(Turn).await;
        }
        letters.len()
    })
}

/// Runs these letters all at once, and gives what they wrote and what they returned.
fn run(words: &'static [&'static str]) -> (String, Vec<usize>) {
    let log = Log::default();
    let written = log.clone();
    let main = Generated::new(async move |co: &Co| {
        let bodies = words.iter().map(|word| letters(&log, word)).collect();
        all_at_once(co, bodies).await
    });
    let values = Scheduler::new()
        .run(main)
        .expect("nobody waits for ever")
        .expect("nobody is cancelled");
    (written.take(), values)
}

/// Passes when the exercise is solved.
pub(crate) fn check() {
    assert_eq!(run(&["abc", "XYZ"]).0, "aXbYcZ", "they take turns");
    assert_eq!(
        run(&["abcd", "", "XY"]),
        ("aXbYcd".to_owned(), vec![4, 0, 2]),
        "the values are in order"
    );
    assert_eq!(run(&[]), (String::new(), vec![]));
}
