//! What the compiler writes: one generator twice, as an `enum` by hand and as a function, side by
//! side.
//!
//! Run it: `cargo run -p step2-round-robin --example by_hand`

use step2_round_robin::{Generated, Generator, GeneratorState, Yielder};

/// Yields the letters from `letter` to `last`, and returns how many there were.
async fn as_a_function(yielder: Yielder<char>, mut letter: char, last: char) -> u32 {
    let mut yielded = 0;
    while letter <= last {
        yielder.yield_(letter).await;
        yielded += 1;
        letter = next(letter);
    }
    yielded
}

/// The same function. A variant is a point at which it can stand, with the locals that it needs to
/// continue.
enum ByHand {
    Start {
        letter: char,
        last: char,
    },
    AtYield {
        letter: char,
        last: char,
        yielded: u32,
    },
    Returned,
}

impl Generator for ByHand {
    type Yield = char;
    type Return = u32;

    fn resume(&mut self) -> GeneratorState<char, u32> {
        // Continue from where it stood, up to the head of the loop.
        let (letter, last, yielded) = match *self {
            ByHand::Start { letter, last } => (letter, last, 0),
            ByHand::AtYield {
                letter,
                last,
                yielded,
            } => (next(letter), last, yielded + 1),
            ByHand::Returned => panic!("resumed after its end"),
        };
        if letter > last {
            *self = ByHand::Returned;
            return GeneratorState::Complete(yielded);
        }
        *self = ByHand::AtYield {
            letter,
            last,
            yielded,
        };
        GeneratorState::Yielded(letter)
    }
}

fn next(letter: char) -> char {
    char::from_u32(letter as u32 + 1).expect("a letter has a next one")
}

fn main() {
    let (letter, last) = ('A', 'C');
    let mut by_hand = ByHand::Start { letter, last };
    let mut written =
        Generated::new(async move |yielder| as_a_function(yielder, letter, last).await);
    loop {
        let (left, right) = (by_hand.resume(), written.resume());
        println!("by hand: {left:?}, as a function: {right:?}");
        if let GeneratorState::Complete(_) = left {
            break;
        }
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn both_yield_and_return_the_same() {
        let mut by_hand = ByHand::Start {
            letter: 'a',
            last: 'e',
        };
        let mut written = Generated::new(async |yielder| as_a_function(yielder, 'a', 'e').await);
        for letter in 'a'..='e' {
            assert_eq!(by_hand.resume(), GeneratorState::Yielded(letter));
            assert_eq!(written.resume(), GeneratorState::Yielded(letter));
        }
        assert_eq!(by_hand.resume(), GeneratorState::Complete(5));
        assert_eq!(written.resume(), GeneratorState::Complete(5));
    }

    #[test]
    fn both_return_at_once_without_letters() {
        let (letter, last) = ('b', 'a');
        let mut by_hand = ByHand::Start { letter, last };
        let mut written = Generated::new(async |yielder| as_a_function(yielder, 'b', 'a').await);
        assert_eq!(by_hand.resume(), GeneratorState::Complete(0));
        assert_eq!(written.resume(), GeneratorState::Complete(0));
    }
}
