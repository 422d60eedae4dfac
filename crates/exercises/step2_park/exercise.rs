// Exercise: park the joiner.
//
// Here a joiner stays in the ready queue, beside the number of the task that it joins. Each time
// that it is in front, `run` looks whether that task has ended. Keep the joiner out of the queue,
// and put it back when the task that it joins has ended. If that has ended before, the joiner
// continues in the same turn. Several may join one task: wake them in the order in which they asked.

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
    let mut ready: VecDeque<(usize, Option<usize>)> =
        (0..bodies.len()).map(|task| (task, None)).collect();
    let mut bodies: Vec<Option<Body>> = bodies.into_iter().map(Some).collect();
    while let Some((task, joined)) = ready.pop_front() {
        turns += 1;
        if let Some(other) = joined
            && bodies[other].is_some()
        {
            ready.push_back((task, joined));
            continue;
        }
        let body = bodies[task]
            .as_mut()
            .expect("a task in the queue has not ended");
        match body.resume() {
            GeneratorState::Yielded(Request::Turn) => ready.push_back((task, None)),
            GeneratorState::Yielded(Request::Join(other)) => ready.push_back((task, Some(other))),
            GeneratorState::Complete(()) => bodies[task] = None,
        }
    }
    turns
}
