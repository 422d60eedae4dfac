// Exercise: many wait for one socket, and one datagram comes.
//
// All of them are woken here. One gets the datagram; all others were woken for nothing, and queue anew. With a
// hundred tasks that is a hundred tries for each datagram. Wake the first one only. But who wakes the second, if two
// datagrams came? And what becomes of the place in the queue of a task that was woken for nothing?

use std::collections::VecDeque;

/// The tasks that wait for one socket.
#[derive(Default)]
struct Waiters {
    queue: VecDeque<usize>,
}

impl Waiters {
    /// Lets a task wait whose try has failed. Was it woken for this try, or has it come only now?
    fn wait(&mut self, task: usize, _was_woken: bool) {
        self.queue.push_back(task);
    }

    /// The socket has something to read. Gives the tasks to wake, in order.
    fn event(&mut self) -> Vec<usize> {
        self.queue.drain(..).collect()
    }

    /// A task that was woken has read something. There may be more: gives the task to wake next.
    fn succeeded(&mut self) -> Option<usize> {
        None
    }
}
