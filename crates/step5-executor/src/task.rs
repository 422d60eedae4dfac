//! What is a task? A future that is run by itself, and later the output of that, in one allocation.
//!
//! The allocation has two owners, and each sees it through a trait of its own: the executor's table polls the future
//! without knowing its type, and the handle takes the output.
#![allow(unsafe_code, reason = "the future is pinned inside of the task's one allocation")]

use std::cell::{Cell, RefCell};
use std::mem;
use std::panic::{AssertUnwindSafe, catch_unwind};
use std::pin::Pin;
use std::rc::Rc;
use std::task::{Context, Poll, Waker};

use crate::number::TaskNumber;
use crate::{JoinError, TaskId};

/// The allocation: what is known of every task, and then the stage that it has reached.
pub(crate) struct Task<S: ?Sized> {
    pub(crate) number: TaskNumber,
    pub(crate) id: TaskId,
    /// Whether it is in the ready queue, so that it never is there twice.
    pub(crate) is_ready: Cell<bool>,
    /// Whether it is being polled, or has ended and not left the table yet, so that nobody drops it meanwhile.
    pub(crate) is_polled: Cell<bool>,
    /// Whether it was aborted while it was being polled.
    pub(crate) is_aborted: Cell<bool>,
    /// Whether the future is gone. From then on only the handle looks at the stage.
    is_finished: Cell<bool>,
    joiner: Cell<Option<Waker>>,
    /// Never borrowed while code of others runs that could reach it, except that of the future itself: that finds
    /// `is_finished` false, and then nobody looks in here.
    stage: RefCell<S>,
}

/// A task as its executor sees it.
pub(crate) type AnyTask = Task<dyn Run>;

/// The stages of a task with the future `F`.
pub(crate) enum Stage<F: Future> {
    Running(F),
    Finished(Result<F::Output, JoinError>),
    /// The output was taken, or is on its way.
    Empty,
}

/// A stage as the executor sees it.
pub(crate) trait Run {
    /// Polls the future. When it is ready, its output has taken its place.
    fn poll(&mut self, cx: &mut Context<'_>) -> Poll<()>;

    /// Drops the future, and puts an error in its place.
    fn fail(&mut self, error: JoinError);
}

/// A stage as the handle sees it.
pub(crate) trait Join<T> {
    /// Takes the output. `None` when it was taken before.
    fn take(&mut self) -> Option<Result<T, JoinError>>;
}

impl<F: Future> Task<Stage<F>> {
    /// Makes a task that is in the ready queue, and has not been polled yet.
    pub(crate) fn new(future: F, number: TaskNumber, id: TaskId) -> Rc<Task<Stage<F>>> {
        Rc::new(Task {
            number,
            id,
            is_ready: Cell::new(true),
            is_polled: Cell::new(false),
            is_aborted: Cell::new(false),
            is_finished: Cell::new(false),
            joiner: Cell::new(None),
            stage: RefCell::new(Stage::Running(future)),
        })
    }
}

impl AnyTask {
    /// Polls the future. When it is ready, or has panicked, it is gone, and the output is there.
    ///
    /// Returns whether it has panicked. Nobody is told yet: see [`tell`](Self::tell).
    pub(crate) fn poll(&self, cx: &mut Context<'_>) -> Poll<Ended> {
        let polled = catch_unwind(AssertUnwindSafe(|| self.stage.borrow_mut().poll(cx)));
        let ended = match polled {
            Ok(Poll::Pending) => {
                self.is_polled.set(false);
                return Poll::Pending;
            }
            Ok(Poll::Ready(())) => Ended::Ready,
            Err(payload) => {
                self.fail(JoinError::panicked(payload));
                Ended::Panicked
            }
        };
        self.is_finished.set(true);
        Poll::Ready(ended)
    }

    /// Drops the future where it stands; whoever joins the task learns that it was cancelled.
    pub(crate) fn cancel(&self) {
        self.fail(JoinError::cancelled());
        self.is_finished.set(true);
    }

    /// Puts an error in the place of what is there. If that panics on its way out, this is the error, unless there was a
    /// panic before.
    fn fail(&self, error: JoinError) {
        let is_first_panic = error.is_cancelled();
        let failed = catch_unwind(AssertUnwindSafe(|| self.stage.borrow_mut().fail(error)));
        match failed {
            Err(payload) if is_first_panic => self.stage.borrow_mut().fail(JoinError::panicked(payload)),
            Err(payload) => drop_quietly(payload),
            Ok(()) => {}
        }
    }

    /// Wakes whoever waits for the output.
    pub(crate) fn tell(&self) {
        if let Some(joiner) = self.joiner.take() {
            wake_quietly(joiner);
        }
    }
}

impl<S: ?Sized> Task<S> {
    /// Returns whether the future is gone.
    pub(crate) fn is_finished(&self) -> bool {
        self.is_finished.get()
    }
}

impl<T> Task<dyn Join<T>> {
    /// Takes the output, if there is one, or else remembers whom to wake.
    ///
    /// # Panics
    ///
    /// When the output was taken before.
    pub(crate) fn poll_output(&self, cx: &Context<'_>) -> Poll<Result<T, JoinError>> {
        if !self.is_finished() {
            let known = self.joiner.take().filter(|joiner| joiner.will_wake(cx.waker()));
            let joiner = known.unwrap_or_else(|| cx.waker().clone());
            // To drop the old waker and clone the new one is code of others, which may have ended this very task.
            if !self.is_finished() {
                self.joiner.set(Some(joiner));
                return Poll::Pending;
            }
        }
        let output = self.stage.borrow_mut().take();
        Poll::Ready(output.expect("a join handle was polled after it had given its output"))
    }

    /// Says that nobody will ask for the output, and drops it if it is there.
    pub(crate) fn detach(&self) {
        drop(self.joiner.take());
        if self.is_finished() {
            let output = self.stage.borrow_mut().take();
            drop(output);
        }
    }
}

/// How a future ended.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub(crate) enum Ended {
    Ready,
    Panicked,
}

impl<F: Future> Run for Stage<F> {
    fn poll(&mut self, cx: &mut Context<'_>) -> Poll<()> {
        let Stage::Running(future) = self else {
            unreachable!("only a task that is in the table is polled, and it leaves that when it ends")
        };
        // SAFETY: `Task::new` alone makes a running stage, inside of an allocation behind an `Rc`, out of which it is never
        // moved. The future is dropped in its place, by an assignment here or in `fail` or with the allocation, and `take`
        // moves only what is no future.
        let polled = unsafe { Pin::new_unchecked(future) }.poll(cx);
        polled.map(|output| {
            // The future is dropped first. If that panics, the output is there all the same.
            *self = Stage::Finished(Ok(output));
        })
    }

    fn fail(&mut self, error: JoinError) {
        *self = Stage::Finished(Err(error));
    }
}

impl<F: Future> Join<F::Output> for Stage<F> {
    fn take(&mut self) -> Option<Result<F::Output, JoinError>> {
        match self {
            Stage::Running(_) => unreachable!("a handle asks only once the future is gone"),
            Stage::Finished(_) | Stage::Empty => match mem::replace(self, Stage::Empty) {
                Stage::Finished(output) => Some(output),
                Stage::Empty | Stage::Running(_) => None,
            },
        }
    }
}

/// Wakes a waker that may be of another executor. If it panics, that is not to stop this one.
pub(crate) fn wake_quietly(waker: Waker) {
    quietly(|| waker.wake());
}

/// Drops a value that nobody waits for. If it panics on its way out, nobody is to suffer.
pub(crate) fn drop_quietly<T>(value: T) {
    quietly(|| drop(value));
}

fn quietly(run: impl FnOnce()) {
    if let Err(payload) = catch_unwind(AssertUnwindSafe(run)) {
        // To drop what it carries might panic again, with something that does the same.
        if let Err(another) = catch_unwind(AssertUnwindSafe(|| drop(payload))) {
            mem::forget(another);
        }
    }
}
