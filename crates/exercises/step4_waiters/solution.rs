// Hint: a task that succeeds has the next one woken, and one that fails goes back to the front.

use std::collections::VecDeque;

/// The tasks that wait for one socket.
#[derive(Default)]
struct Waiters {
    queue: VecDeque<usize>,
}

impl Waiters {
    /// Lets a task wait whose try has failed. Was it woken for this try, or has it come only now?
    fn wait(&mut self, task: usize, was_woken: bool) {
        if was_woken {
            self.queue.push_front(task);
        } else {
            self.queue.push_back(task);
        }
    }

    /// The socket has something to read. Gives the tasks to wake, in order.
    fn event(&mut self) -> Vec<usize> {
        self.queue.pop_front().into_iter().collect()
    }

    /// A task that was woken has read something. There may be more: gives the task to wake next.
    fn succeeded(&mut self) -> Option<usize> {
        self.queue.pop_front()
    }
}
