// Hint: keep the tasks in a map, by the round in which each has its next turn. A `BTreeMap` knows
// its first key.

use std::collections::BTreeMap;

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
    let first: Vec<(usize, Body)> = bodies.into_iter().enumerate().collect();
    let mut waiting = BTreeMap::from([(0, first)]);
    while let Some((round, tasks)) = waiting.pop_first() {
        for (task, mut body) in tasks {
            ran.looks += 1;
            ran.resumed.push((round, task));
            let skips = match body.resume() {
                GeneratorState::Yielded(Request::Turn) => 0,
                GeneratorState::Yielded(Request::Skip(rounds)) => rounds,
                GeneratorState::Complete(()) => continue,
            };
            let next = waiting.entry(round + 1 + skips).or_default();
            next.push((task, body));
        }
    }
    ran
}
