//! What does the recorder see of the executor of step 5?

use step5_executor::{Observer, TaskId, Wait};

use crate::recorder::{Book, ReasonAt};
use crate::{Reason, Recorder, What};

/// A recorder is for one executor. Each `block_on` has a `main` of its own.
impl Observer for Recorder {
    fn spawned(&self, task: TaskId, by: Option<TaskId>) {
        self.write(|book| {
            let by = by.map(|by| known(book, by));
            let number = book.spawned(format!("task {}", task.number()), by);
            book.known.insert(task, number);
        });
    }

    fn woken(&self, task: TaskId) {
        self.write(|book| {
            let task = known(book, task);
            book.ready(task);
        });
    }

    fn polled(&self, task: TaskId) {
        self.write(|book| {
            let task = known(book, task);
            book.runs(task);
        });
    }

    fn waits(&self, task: TaskId, reason: &Wait) {
        self.write(|book| {
            let (task, reason) = (known(book, task), reason_of(book, reason));
            if let Some(reason) = reason {
                book.told(task, reason);
            }
        });
    }

    fn gave_up(&self, task: TaskId, reason: &Wait) {
        self.write(|book| {
            let (task, reason) = (known(book, task), reason_of(book, reason));
            if let Some(reason) = reason {
                book.took_back(task, reason);
            }
        });
    }

    fn pending(&self, task: TaskId) {
        self.write(|book| {
            let task = known(book, task);
            book.suspended(task);
        });
    }

    fn finished(&self, task: TaskId) {
        self.end(task, What::Finished);
    }

    fn aborted(&self, task: TaskId) {
        self.end(task, What::Cancelled);
    }

    fn panicked(&self, task: TaskId) {
        self.end(task, What::Panicked);
    }
}

impl Recorder {
    fn end(&self, task: TaskId, how: What) {
        self.write(|book| {
            let task = known(book, task);
            book.ended(task, how);
        });
    }
}

/// Returns the number of a task. Nobody is told when the main future comes, so it is known from its first event on.
fn known(book: &mut Book, task: TaskId) -> usize {
    if let Some(number) = book
        .known
        .get(&task)
        .filter(|number| task != TaskId::MAIN || !book.has_ended(**number))
    {
        return *number;
    }
    let name = if task == TaskId::MAIN {
        "main".to_owned()
    } else {
        format!("task {}", task.number())
    };
    let number = book.spawned(name, None);
    book.known.insert(task, number);
    number
}

/// Returns what is waited for in the terms of the book. `None` for a reason that was added after this was written.
fn reason_of(book: &mut Book, reason: &Wait) -> Option<ReasonAt> {
    Some(match reason {
        Wait::Sleep(deadline) => ReasonAt::Sleep(*deadline),
        Wait::Readable(descriptor) => ReasonAt::Other(Reason::Readable(book.socket(*descriptor))),
        Wait::Writable(descriptor) => ReasonAt::Other(Reason::Writable(book.socket(*descriptor))),
        Wait::Join(task) => ReasonAt::Other(Reason::Join(book.known.get(task).copied())),
        _ => return None,
    })
}
