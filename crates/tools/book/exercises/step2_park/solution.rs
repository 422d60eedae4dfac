//! A solution: each task has a list of those who joined it, and its end makes them ready.

use std::collections::VecDeque;

use step2_round_robin::{Generator, GeneratorState};

pub(crate) type Body = Box<dyn Generator<Yield = Request, Return = ()>>;

/// What a task may ask for. Tasks are known by their place in the list that they are started from.
pub(crate) enum Request {
    /// Another turn.
    Turn,
    /// To go on after the end of this task. If that has ended, the asker goes on in the same turn.
    Join(usize),
}

/// Runs tasks to their end, and gives how many turns were taken: how often somebody was taken from the queue.
pub(crate) fn run(bodies: Vec<Body>) -> u32 {
    let mut turns = 0;
    let mut ready: VecDeque<usize> = (0..bodies.len()).collect();
    let mut joiners: Vec<Vec<usize>> = bodies.iter().map(|_| Vec::new()).collect();
    let mut bodies: Vec<Option<Body>> = bodies.into_iter().map(Some).collect();
    while let Some(task) = ready.pop_front() {
        turns += 1;
        loop {
            let body = bodies[task]
                .as_mut()
                .expect("who has ended is not in the queue");
            match body.resume() {
                GeneratorState::Yielded(Request::Turn) => ready.push_back(task),
                GeneratorState::Yielded(Request::Join(other)) => {
                    if bodies[other].is_none() {
                        continue;
                    }
                    joiners[other].push(task);
                }
                GeneratorState::Complete(()) => {
                    bodies[task] = None;
                    ready.extend(joiners[task].drain(..));
                }
            }
            break;
        }
    }
    turns
}

#[path = "test.rs"]
pub(crate) mod test;
