// Exercise: sleep, but not through the bell.
//
// A task may ask to sleep, or to be woken when the doorbell rings. This scheduler can't do both:
// while any task sleeps, it sleeps too, and the visitor stands outside. Let it wait for the first
// deadline *or* the bell, whichever comes first.

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
        if let Some(deadline) = deadline {
            door.sleep_until(deadline);
        } else if at_the_door.is_empty() {
            return;
        } else if door.wait_for_bell(None) {
            ready.extend(at_the_door.pop_front());
        }

        while let Some(&(deadline, task)) = sleepers.first()
            && deadline <= door.now()
        {
            sleepers.pop_first();
            ready.push_back(task);
        }
    }
}
