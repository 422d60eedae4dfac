//! Two iterators print three letters each: one after the other, then in turns.

use crate::interleave;

/// Prints a letter at each step, and is suspended in between.
fn letters(letters: &'static str) -> impl Iterator<Item = ()> {
    letters.chars().map(|letter| println!("{letter}"))
}

/// Runs both to the end, one after the other, and then both of them interleaved.
pub fn demo() {
    println!("one after the other:");
    for () in letters("ABC").chain(letters("XYZ")) {}

    println!("interleaved:");
    for () in interleave([letters("ABC"), letters("XYZ")]) {}
}
