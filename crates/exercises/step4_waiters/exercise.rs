// Exercise: many tasks wait for one socket, and one datagram comes.
//
// Here all of them are woken. One gets the datagram. For the others it was a spurious wake-up, and
// they stand in line again. With a hundred tasks that makes a hundred tries for each datagram. Wake
// only the first. But who wakes the second?

use std::collections::VecDeque;

/// What a scheduler asks of its selector. It is level-triggered and one-shot.
trait Selector {
    /// Asks for one event as soon as there is a datagram, at once if there is one already.
    fn arm(&mut self);
}

/// The tasks that wait for one socket.
#[derive(Default)]
struct Waiters {
    queue: VecDeque<usize>,
}

impl Waiters {
    /// Lets a task wait.
    fn wait(&mut self, task: usize, selector: &mut impl Selector) {
        self.queue.push_back(task);
        selector.arm();
    }

    /// Handles the event that was asked for, and returns the tasks to wake, in order.
    fn event(&mut self, _selector: &mut impl Selector) -> Vec<usize> {
        self.queue.drain(..).collect()
    }
}
