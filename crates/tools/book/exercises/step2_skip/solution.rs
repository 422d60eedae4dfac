//! A solution: tasks wait by the round in which they have a turn, and that map is asked for the first one.

use std::collections::BTreeMap;

use step2_round_robin::{Generator, GeneratorState};

pub(crate) type Body = Box<dyn Generator<Yield = Request, Return = ()>>;

/// What a task may ask for.
pub(crate) enum Request {
    /// A turn in the next round.
    Turn,
    /// No turn in so many rounds, and one in the round after them.
    Skip(u64),
}

/// What has happened.
#[derive(Debug, Default)]
pub(crate) struct Ran {
    /// Who was resumed, and in which round, from 0 up.
    pub(crate) resumed: Vec<(u64, usize)>,
    /// How often somebody was taken out of where tasks wait.
    pub(crate) looks: u64,
}

/// Runs tasks to their end, in rounds.
pub(crate) fn run(bodies: Vec<Body>) -> Ran {
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
            waiting
                .entry(round + 1 + skips)
                .or_default()
                .push((task, body));
        }
    }
    ran
}

#[path = "test.rs"]
pub(crate) mod test;
