//! Which iterator is asked for an item, and when?

use std::cell::Cell;
use std::iter;
use std::rc::Rc;

use step1_interleaver::interleave;

/// Promise (generators): No item is taken from an iterator before it is asked for, and an iterator
/// that has ended is not asked again.
#[test]
fn nothing_is_taken_before_it_is_asked_for() {
    let taken = Cell::new(0);
    let counted = || iter::repeat_with(|| taken.set(taken.get() + 1));
    let mut turns = interleave([counted(), counted()]);
    assert_eq!(taken.get(), 0);
    for expected in 1..10 {
        turns.next();
        assert_eq!(taken.get(), expected);
    }
}

/// Promise (generators): No item is taken from an iterator before it is asked for, and an iterator
/// that has ended is not asked again.
#[test]
fn one_that_has_ended_is_not_asked_again() {
    let ends_once = |items: u32| {
        let mut left = Some(items);
        iter::from_fn(move || {
            let now = left.expect("asked again after its end");
            left = now.checked_sub(1);
            left
        })
    };
    let mut turns = interleave([ends_once(0), ends_once(3), ends_once(1)]);
    assert_eq!(turns.by_ref().count(), 4);
    assert_eq!([turns.next(), turns.next()], [None; 2]);
}

#[test]
fn one_that_has_ended_is_dropped_at_once() {
    let guard = Rc::new(());
    let held = guard.clone();
    let short = iter::once(0).inspect(move |_| drop(held.clone()));
    let inputs: [Box<dyn Iterator<Item = u32>>; 2] = [Box::new(short), Box::new(1..)];
    let mut turns = interleave(inputs);
    assert_eq!(turns.by_ref().take(2).collect::<Vec<_>>(), [0, 1]);
    assert_eq!(Rc::strong_count(&guard), 2);
    assert_eq!(turns.next(), Some(2));
    assert_eq!(Rc::strong_count(&guard), 1);
}

#[test]
fn a_clone_continues_from_the_same_place() {
    let mut turns = interleave(["ABC".chars(), "XYZ".chars()]);
    assert_eq!(turns.by_ref().take(3).collect::<String>(), "AXB");
    let clone = turns.clone();
    assert_eq!(turns.collect::<String>(), "YCZ");
    assert_eq!(clone.collect::<String>(), "YCZ");
}
