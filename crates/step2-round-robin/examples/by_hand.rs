//! What the compiler writes: one task twice, as an `enum` by hand and as a function, side by side in one scheduler.
//!
//! Run it: `cargo run -p step2-round-robin --example by_hand`

use step2_round_robin::{Co, Generated, Generator, GeneratorState, Request, Scheduler, Turn};

/// Prints the letters from `letter` on and returns how many, with a turn for the others after each.
async fn as_a_function(co: &Co, mut letter: char, last: char) -> u32 {
    let mut printed = 0;
    while letter <= last {
        println!("{letter}");
        printed += 1;
        co.yield_(Turn).await;
        letter = next(letter);
    }
    printed
}

/// The same function. Each variant is a place where it is suspended, and holds the locals that it needs to go on.
enum ByHand {
    Start {
        letter: char,
        last: char,
    },
    AtYield {
        letter: char,
        last: char,
        printed: u32,
    },
    Returned,
}

impl Generator for ByHand {
    type Yield = Request;
    type Return = u32;

    fn resume(&mut self) -> GeneratorState<Request, u32> {
        // Each arm goes on from where the function stands, up to the head of the loop.
        let (letter, last, printed) = match *self {
            ByHand::Start { letter, last } => (letter, last, 0),
            ByHand::AtYield {
                letter,
                last,
                printed,
            } => (next(letter), last, printed),
            ByHand::Returned => panic!("resumed after its end"),
        };
        if letter > last {
            *self = ByHand::Returned;
            return GeneratorState::Complete(printed);
        }
        println!("{letter}");
        *self = ByHand::AtYield {
            letter,
            last,
            printed: printed + 1,
        };
        GeneratorState::Yielded(Turn.into())
    }
}

fn next(letter: char) -> char {
    char::from_u32(letter as u32 + 1).expect("the letters of this program have a next one")
}

fn main() {
    let main = Generated::new(async |co: &Co| {
        let by_hand = co
            .spawn(ByHand::Start {
                letter: 'A',
                last: 'C',
            })
            .await;
        let written = co
            .spawn(Generated::new(async |co: &Co| {
                as_a_function(co, 'X', 'Z').await
            }))
            .await;
        (by_hand.join(co).await, written.join(co).await)
    });
    let (by_hand, written) = Scheduler::new()
        .run(main)
        .expect("neither of the two waits for the other");
    assert_eq!(by_hand, written);
    println!("by hand {by_hand:?}, as a function {written:?}");
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn both_ways_yield_and_return_the_same() {
        let mut by_hand = ByHand::Start {
            letter: 'a',
            last: 'e',
        };
        let mut written = Generated::new(async |co: &Co| as_a_function(co, 'a', 'e').await);
        loop {
            match (by_hand.resume(), written.resume()) {
                (
                    GeneratorState::Yielded(Request::Turn),
                    GeneratorState::Yielded(Request::Turn),
                ) => {}
                (GeneratorState::Complete(5), GeneratorState::Complete(5)) => return,
                different => panic!("{different:?}"),
            }
        }
    }
}
