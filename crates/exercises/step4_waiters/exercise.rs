// Exercise: many tasks wait for one socket, and one datagram comes.
//
// All of them are woken here. One gets the datagram; for all others it was a spurious wake-up, and
// they queue anew. With a hundred tasks that is a hundred tries for each datagram. Wake the first
// one only. But who wakes the second?

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
