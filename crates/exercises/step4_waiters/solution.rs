// Hint: an event is for one task. If there are more waiters, ask for the next event.

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
    fn event(&mut self, selector: &mut impl Selector) -> Vec<usize> {
        let first = self.queue.pop_front();
        if !self.queue.is_empty() {
            selector.arm();
        }
        first.into_iter().collect()
    }
}
