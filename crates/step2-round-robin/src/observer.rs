//! How does one see what a scheduler does, without paying for it when nobody looks?

use crate::{TaskId, TaskName};

/// Is told what happens to the tasks of a scheduler, as it happens.
///
/// Each method does nothing unless you implement it. The default observer is `()`, for which the compiler leaves all of
/// this out. A scheduler that is dropped with tasks in it tells nothing about them.
///
/// # Examples
///
/// ```
/// use step2_round_robin::{Co, Generated, Observer, Scheduler, TaskId, Turn};
///
/// #[derive(Default)]
/// struct Resumes(u32);
///
/// impl<Q> Observer<Q> for Resumes {
///     fn resumed(&mut self, _: TaskId) {
///         self.0 += 1;
///     }
/// }
///
/// let mut resumes = Resumes::default();
/// let main = Generated::new(async |co: &Co| co.yield_(Turn).await);
/// Scheduler::new().with_observer(&mut resumes).run(main).unwrap();
/// assert_eq!(resumes.0, 2);
/// ```
#[expect(
    unused_variables,
    reason = "the names are for those who implement the methods"
)]
pub trait Observer<Q> {
    /// A task was spawned, by another one or, if that is `None`, by the scheduler itself.
    fn spawned(&mut self, task: TaskId, name: &TaskName, by: Option<TaskId>) {}

    /// A task went to the back of the ready queue.
    fn ready(&mut self, task: TaskId) {}

    /// A task is about to be resumed: it begins its turn, or goes on after a request that was answered at once.
    fn resumed(&mut self, task: TaskId) {}

    /// A task was suspended with a request.
    fn yielded(&mut self, task: TaskId, request: &Q) {}

    /// A task has returned.
    fn finished(&mut self, task: TaskId) {}

    /// A task is about to be dropped where it stands.
    fn cancelled(&mut self, task: TaskId) {}
}

impl<Q> Observer<Q> for () {}

impl<Q, O: Observer<Q> + ?Sized> Observer<Q> for &mut O {
    fn spawned(&mut self, task: TaskId, name: &TaskName, by: Option<TaskId>) {
        (**self).spawned(task, name, by);
    }

    fn ready(&mut self, task: TaskId) {
        (**self).ready(task);
    }

    fn resumed(&mut self, task: TaskId) {
        (**self).resumed(task);
    }

    fn yielded(&mut self, task: TaskId, request: &Q) {
        (**self).yielded(task, request);
    }

    fn finished(&mut self, task: TaskId) {
        (**self).finished(task);
    }

    fn cancelled(&mut self, task: TaskId) {
        (**self).cancelled(task);
    }
}
