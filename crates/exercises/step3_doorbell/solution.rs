// Hint: `wait_for_bell` takes a deadline, too, so it can do all the waiting, as long as there is a
// task to answer the door.

use std::collections::{BTreeSet, VecDeque};

use step2_round_robin::{Generator, GeneratorState};

type Body = Box<dyn Generator<Yield = Request, Return = ()>>;

/// What a task may ask for.
enum Request {
    /// To be woken so much later.
    Sleep(u64),
    /// To be woken when the bell rings. The task that has waited longest answers the door.
    Bell,
}

/// A door with a bell, and a clock beside it.
trait Door {
    /// Returns the time.
    fn now(&self) -> u64;

    /// Sleeps until this time. A visitor who rings meanwhile waits at the door.
    fn sleep_until(&mut self, deadline: u64);

    /// Waits until the bell rings, or until this time, and returns whether it has rung. `None`
    /// waits for the bell alone.
    fn wait_for_bell(&mut self, deadline: Option<u64>) -> bool;
}

/// Runs tasks to their end.
fn run(mut bodies: Vec<Body>, door: &mut impl Door) {
    let mut ready: VecDeque<usize> = (0..bodies.len()).collect();
    let mut sleepers: BTreeSet<(u64, usize)> = BTreeSet::new();
    let mut at_the_door: VecDeque<usize> = VecDeque::new();
    loop {
        while let Some(task) = ready.pop_front() {
            match bodies[task].resume() {
                GeneratorState::Yielded(Request::Sleep(duration)) => {
                    sleepers.insert((door.now() + duration, task));
                }
                GeneratorState::Yielded(Request::Bell) => at_the_door.push_back(task),
                GeneratorState::Complete(()) => {}
            }
        }
        let deadline = sleepers.first().map(|&(deadline, _)| deadline);
        match deadline {
            None if at_the_door.is_empty() => return,
            // No task waits for a visitor.
            Some(deadline) if at_the_door.is_empty() => door.sleep_until(deadline),
            _ if door.wait_for_bell(deadline) => ready.extend(at_the_door.pop_front()),
            _ => {}
        }

        while let Some(&(deadline, task)) = sleepers.first()
            && deadline <= door.now()
        {
            sleepers.pop_first();
            ready.push_back(task);
        }
    }
}
