//! One generator written in three ways, and a generator that contains another.
//!
//! Python turns a function with `yield` in it into an iterator. In stable Rust you do that
//! yourself: here with an `enum` that says where the function stands, then with a closure that
//! keeps its locals, and then with what the standard library has for iterators.
//!
//! ```python
//! def countdown(n):          def blast_off(n):
//!     while n > 0:               yield from countdown(n)
//!         yield n                yield 0
//!         n -= 1
//! ```
//!
//! Run it: `cargo run -p step1-interleaver --example three_ways`

use std::iter;

/// Where the function stands, with the locals that it needs to continue.
enum Countdown {
    /// At its start: nothing has run yet.
    Start { n: u32 },
    /// Inside the loop, just after `yield n`.
    Yielded { n: u32 },
    /// Returned.
    Done,
}

impl Iterator for Countdown {
    type Item = u32;

    fn next(&mut self) -> Option<u32> {
        // Continue from where it stood, up to the next `yield` or to the end.
        let n = match *self {
            Countdown::Start { n } => n,
            Countdown::Yielded { n } => n - 1,
            Countdown::Done => return None,
        };
        if n > 0 {
            *self = Countdown::Yielded { n };
            Some(n)
        } else {
            *self = Countdown::Done;
            None
        }
    }
}

/// The first way: by hand, as a compiler would do it for `yield`.
fn by_hand(n: u32) -> Countdown {
    Countdown::Start { n }
}

/// The second way: a closure that keeps `n` between the calls.
fn from_fn(mut n: u32) -> impl Iterator<Item = u32> {
    iter::from_fn(move || {
        if n == 0 {
            return None;
        }
        let item = n;
        n -= 1;
        Some(item)
    })
}

/// The third way: with combinators.
fn combined(n: u32) -> impl Iterator<Item = u32> {
    (1..=n).rev()
}

/// A generator that contains another: for Python's `yield from` there is `chain`.
fn blast_off(n: u32) -> impl Iterator<Item = u32> {
    by_hand(n).chain([0])
}

fn main() {
    for n in [0, 1, 2, 10] {
        let items: Vec<u32> = by_hand(n).collect();
        assert_eq!(from_fn(n).collect::<Vec<_>>(), items);
        assert_eq!(combined(n).collect::<Vec<_>>(), items);
    }
    println!("by hand:      {:?}", by_hand(3).collect::<Vec<_>>());
    println!("from_fn:      {:?}", from_fn(3).collect::<Vec<_>>());
    println!("combinators:  {:?}", combined(3).collect::<Vec<_>>());
    println!("one contains: {:?}", blast_off(3).collect::<Vec<_>>());
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn all_three_ways_are_equal() {
        for n in 0..100 {
            let expected: Vec<u32> = (0..n).map(|i| n - i).collect();
            assert_eq!(by_hand(n).collect::<Vec<_>>(), expected);
            assert_eq!(from_fn(n).collect::<Vec<_>>(), expected);
            assert_eq!(combined(n).collect::<Vec<_>>(), expected);
        }
    }

    #[test]
    fn all_three_ways_stay_ended() {
        let generators: [Box<dyn Iterator<Item = u32>>; 3] = [
            Box::new(by_hand(1)),
            Box::new(from_fn(1)),
            Box::new(combined(1)),
        ];
        for mut generator in generators {
            assert_eq!(generator.next(), Some(1));
            assert_eq!(
                [generator.next(), generator.next(), generator.next()],
                [None; 3]
            );
        }
    }

    #[test]
    fn the_outer_generator_continues_after_the_inner() {
        assert_eq!(blast_off(3).collect::<Vec<_>>(), [3, 2, 1, 0]);
        assert_eq!(blast_off(0).collect::<Vec<_>>(), [0]);
    }
}
