// Hint: keep a list of joiners for each task. When it ends, they are ready.

use std::collections::VecDeque;

use step2_round_robin::{Generator, GeneratorState};

type Body = Box<dyn Generator<Yield = Request, Return = ()>>;

/// What a task may ask for. A task is known by its index in the list that `run` is given.
enum Request {
    /// Another turn.
    Turn,
    /// To continue after the end of this task. If that has ended, the caller continues in the same
    /// turn.
    Join(usize),
}

/// Runs tasks to their end, and returns how many turns were taken: how often a task was taken from
/// the queue.
fn run(bodies: Vec<Body>) -> u32 {
    let mut turns = 0;
    let mut ready: VecDeque<usize> = (0..bodies.len()).collect();
    let mut joiners: Vec<Vec<usize>> = bodies.iter().map(|_| Vec::new()).collect();
    let mut bodies: Vec<Option<Body>> = bodies.into_iter().map(Some).collect();
    while let Some(task) = ready.pop_front() {
        turns += 1;
        loop {
            let body = bodies[task]
                .as_mut()
                .expect("a task in the queue has not ended");
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
