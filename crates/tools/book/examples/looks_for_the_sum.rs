//! What is wrong with step 1, when one task waits for another? All it can do is look again, each
//! time it has a turn.
//!
//! `cargo run -p book --example looks_for_the_sum`

use std::cell::Cell;
use std::iter;
use std::rc::Rc;

use step1_interleaver::interleave;

/// Adds up the numbers to 1,000, one a turn, and leaves the sum where the parent finds it.
fn child(found: Rc<Cell<Option<u64>>>) -> Box<dyn Iterator<Item = ()>> {
    let mut sum = 0;
    let mut numbers = 1..=1_000;
    Box::new(iter::from_fn(move || match numbers.next() {
        Some(i) => {
            sum += i;
            Some(())
        }
        None => {
            found.set(Some(sum));
            None
        }
    }))
}

/// Wants the sum.
fn parent(found: Rc<Cell<Option<u64>>>) -> Box<dyn Iterator<Item = ()>> {
    let mut turns = 0;
    Box::new(iter::from_fn(move || {
        turns += 1;
        if let Some(sum) = found.get() {
            println!("the sum is {sum}");
            println!("the parent took {turns} turns");
            return None;
        }
        Some(())
    }))
}

fn main() {
    let found = Rc::new(Cell::new(None));
    for () in interleave([parent(found.clone()), child(found)]) {}
}
