//! How do you write a suspended function that returns something? By hand, or as a function: both do
//! the same.
//!
//! Run it: `cargo run -p book --example generators`

use step2_round_robin::{Generated, Generator, GeneratorState, Yielder};

/// Adds up the numbers to `n`, and yields each of them.
async fn sum(yielder: &Yielder<u32>, n: u32) -> u32 {
    let mut sum = 0;
    for i in 1..=n {
        sum += i;
        yielder.yield_(i).await;
    }
    sum
}

/// The same function, by hand.
enum Sum {
    /// At its start: nothing has run yet.
    Start { n: u32 },
    /// Inside the loop, just after `yield i`.
    Yielded { n: u32, i: u32, sum: u32 },
    /// Returned.
    Returned,
}

impl Generator for Sum {
    type Yield = u32;
    type Return = u32;

    fn resume(&mut self) -> GeneratorState<u32, u32> {
        // Continue from where it stood, up to the head of the loop.
        let (n, i, sum) = match *self {
            Sum::Start { n } => (n, 1, 0),
            Sum::Yielded { n, i, sum } => (n, i + 1, sum),
            Sum::Returned => panic!("resumed after its end"),
        };
        if i <= n {
            *self = Sum::Yielded { n, i, sum: sum + i };
            GeneratorState::Yielded(i)
        } else {
            *self = Sum::Returned;
            GeneratorState::Complete(sum)
        }
    }
}

/// Suspended wherever one of the two sums is.
async fn two_sums(yielder: &Yielder<u32>) -> u32 {
    let small = sum(yielder, 2).await;
    let large = sum(yielder, 3).await;
    small + large
}

/// Resumes a generator until its end, and prints what comes out of it.
fn show(title: &str, mut generator: impl Generator<Yield = u32, Return = u32>) {
    print!("{title:<14}");
    loop {
        match generator.resume() {
            GeneratorState::Yielded(i) => print!(" {i}"),
            GeneratorState::Complete(sum) => return println!(" and returns {sum}"),
        }
    }
}

fn main() {
    show("by hand:", Sum::Start { n: 3 });
    show(
        "as a function:",
        Generated::new(async |yielder| sum(&yielder, 3).await),
    );
    show(
        "two sums:",
        Generated::new(async |yielder| two_sums(&yielder).await),
    );
}
