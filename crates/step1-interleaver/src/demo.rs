//! What does it look like? Two tasks print three letters each: one after the other, then in turns.

use std::io;

use crate::interleave;

/// A task of three prints: it is suspended after each.
fn letters(letters: &'static str) -> impl Iterator<Item = ()> {
    letters.chars().map(|letter| println!("{letter}"))
}

/// Runs both tasks one after the other, then both of them interleaved.
///
/// Each letter is printed on a line of its own, below a heading.
///
/// # Errors
///
/// None today: the result is there because the demos of all steps have the same form.
pub fn demo() -> io::Result<()> {
    println!("one after the other:");
    for () in letters("ABC").chain(letters("XYZ")) {}

    println!("interleaved:");
    for () in interleave([letters("ABC"), letters("XYZ")]) {}
    Ok(())
}
