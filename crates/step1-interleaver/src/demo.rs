//! Two tasks print three letters each: one after the other, then in turns.

use crate::interleave;

/// A task of three prints: it is suspended after each.
fn letters(letters: &'static str) -> impl Iterator<Item = ()> {
    letters.chars().map(|letter| println!("{letter}"))
}

/// Runs both tasks one after the other, then both of them interleaved.
pub fn demo() {
    println!("one after the other:");
    for () in letters("ABC").chain(letters("XYZ")) {}

    println!("interleaved:");
    for () in interleave([letters("ABC"), letters("XYZ")]) {}
}
