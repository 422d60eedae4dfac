// Exercise: let a task skip some rounds.
//
// This works, but a task that skips a round is in the queue all the same, and each round looks at
// it only to put it back. Let such tasks wait somewhere else, so that none is looked at before its
// round has come. Within a round any order will do. A round without any turns need not take place
// at all.

use std::collections::VecDeque;

use step2_round_robin::{Generator, GeneratorState};

type Body = Box<dyn Generator<Yield = Request, Return = ()>>;

/// What a task may ask for.
enum Request {
    /// A turn in the next round.
    Turn,
    /// No turn in so many rounds, and one in the round after them.
    Skip(u64),
}

/// What has happened.
#[derive(Debug, Default)]
struct Ran {
    /// Which task was resumed in which round, from 0 up: round and task.
    resumed: Vec<(u64, usize)>,
    /// How often a task was taken out of where tasks wait.
    looks: u64,
}

/// Runs tasks to their end, in rounds.
fn run(bodies: Vec<Body>) -> Ran {
    let mut ran = Ran::default();
    // Each with the number of rounds that it still skips.
    let mut waiting = VecDeque::new();
    for (task, body) in bodies.into_iter().enumerate() {
        waiting.push_back((task, 0, body));
    }
    let mut round = 0;
    while !waiting.is_empty() {
        for _ in 0..waiting.len() {
            let Some((task, skips, mut body)) = waiting.pop_front() else {
                break;
            };
            ran.looks += 1;
            if skips > 0 {
                waiting.push_back((task, skips - 1, body));
                continue;
            }
            ran.resumed.push((round, task));
            match body.resume() {
                GeneratorState::Yielded(Request::Turn) => waiting.push_back((task, 0, body)),
                GeneratorState::Yielded(Request::Skip(rounds)) => {
                    waiting.push_back((task, rounds, body))
                }
                GeneratorState::Complete(()) => {}
            }
        }
        round += 1;
    }
    ran
}
