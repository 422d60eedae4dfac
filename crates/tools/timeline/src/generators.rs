//! What does the recorder see of a scheduler of steps 2 to 4?

use std::collections::HashMap;
use std::fmt;
use std::os::fd::RawFd;
use std::time::Duration;

use step2_round_robin::{Observer, Request, TaskId, TaskName};

use crate::recorder::ReasonAt;
use crate::{Reason, Recorder, What};

/// What a request asks for, as far as a picture shows it.
///
/// Steps 2, 3 and 4 have requests of different types; this is what the recorder must be told of each.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub enum Asks {
    /// Another turn, or something that is answered at once.
    Nothing,
    /// To wait for the end of a task.
    Join(TaskId),
    /// To sleep for a duration.
    Sleep(Duration),
    /// To wait to read from the socket with this descriptor.
    Readable(RawFd),
    /// To wait to write to the socket with this descriptor.
    Writable(RawFd),
}

impl From<&Request> for Asks {
    /// Says what the requests of step 2 ask for.
    fn from(request: &Request) -> Asks {
        match request {
            Request::Join(task) => Asks::Join(*task),
            Request::Turn | Request::Spawn(_) | Request::Cancel(_) => Asks::Nothing,
        }
    }
}

impl Recorder {
    /// Makes an observer for a scheduler of steps 2 to 4; `asks` tells it what a request asks for.
    ///
    /// # Examples
    ///
    /// ```
    /// use step2_round_robin::{Co, Generated, Scheduler, Turn};
    /// use timeline::{Asks, Picture, Recorder};
    ///
    /// let recorder = Recorder::without_clock();
    /// let main = Generated::new(async |co: &Co| {
    ///     let child = co.spawn_named("child", Generated::new(async |co: &Co| co.yield_(Turn).await)).await;
    ///     child.join(co).await
    /// });
    /// Scheduler::new().with_observer(recorder.generators(|request| Asks::from(request))).run(main).unwrap().unwrap();
    /// assert!(Picture::from(recorder.recording()).to_text(80).starts_with("\
    /// main   ████jjjjjjjj████
    /// child      ████████····
    /// "));
    /// ```
    pub fn generators<Q, A: Fn(&Q) -> Asks>(&self, asks: A) -> Generators<A> {
        Generators {
            recorder: self.clone(),
            asks,
            tasks: HashMap::new(),
        }
    }
}

/// An observer of a scheduler of steps 2 to 4, made by [`Recorder::generators`].
pub struct Generators<A> {
    recorder: Recorder,
    asks: A,
    tasks: HashMap<TaskId, usize>,
}

impl<Q, A: Fn(&Q) -> Asks> Observer<Q> for Generators<A> {
    fn spawned(&mut self, task: TaskId, name: &TaskName, by: Option<TaskId>) {
        let by = by.map(|by| self.tasks[&by]);
        let number = self
            .recorder
            .write(|book| book.spawned(name.to_string(), by));
        self.tasks.insert(task, number);
    }

    fn ready(&mut self, task: TaskId) {
        let task = self.tasks[&task];
        self.recorder.write(|book| {
            book.ready(task);
            // It has asked for another turn.
            if book.is_running(task) {
                book.suspended(task);
            }
        });
    }

    fn resumed(&mut self, task: TaskId) {
        self.recorder.write(|book| book.resumed(self.tasks[&task]));
    }

    fn yielded(&mut self, task: TaskId, request: &Q) {
        let task = self.tasks[&task];
        // Outside of the borrow, as it is code of others.
        let asks = (self.asks)(request);
        self.recorder.write(|book| {
            let reason = match asks {
                Asks::Nothing => return,
                Asks::Join(other) => ReasonAt::Other(Reason::Join(self.tasks.get(&other).copied())),
                Asks::Sleep(duration) => ReasonAt::Sleep(book.after(duration)),
                Asks::Readable(descriptor) => {
                    ReasonAt::Other(Reason::Readable(book.socket(descriptor)))
                }
                Asks::Writable(descriptor) => {
                    ReasonAt::Other(Reason::Writable(book.socket(descriptor)))
                }
            };
            book.told(task, reason);
            book.suspended(task);
        });
    }

    fn finished(&mut self, task: TaskId) {
        self.recorder
            .write(|book| book.ended(self.tasks[&task], What::Finished));
    }

    fn cancelled(&mut self, task: TaskId) {
        self.recorder
            .write(|book| book.ended(self.tasks[&task], What::Cancelled));
    }
}

impl<A> fmt::Debug for Generators<A> {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        f.debug_struct("Generators")
            .field("recorder", &self.recorder)
            .finish_non_exhaustive()
    }
}
