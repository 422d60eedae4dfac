//! A task: a future that is run by itself, and later its output, in one allocation.
//!
//! The allocation has two owners, and each sees it through a trait of its own: the executor's table
//! polls the future without knowing its type, and the handle takes the output.
#![allow(
    unsafe_code,
    reason = "the future is pinned inside of the task's allocation, and borrowed by a flag"
)]

use std::any::Any;
use std::cell::{Cell, UnsafeCell};
use std::panic::{AssertUnwindSafe, catch_unwind};
use std::pin::Pin;
use std::rc::Rc;
use std::task::{Context, Poll};

use step2_round_robin::TaskId;

use crate::join_error::JoinError;
use crate::task_key::TaskKey;
use crate::unwind::drop_quietly;
use crate::waker_slab::WakerSlab;

/// The allocation: what is known of every task, and then the stage that it has reached.
pub(crate) struct Task<F: Future> {
    id: TaskId,
    /// Its place in the executor's table, as long as it is there.
    slot: u32,
    /// Whether it was aborted while it was being polled.
    is_aborted: Cell<bool>,
    /// Whether the future is gone. From then on only the handle, or `settle` if that is gone too,
    /// looks at the stage.
    is_finished: Cell<bool>,
    /// Whether the handle is gone.
    is_detached: Cell<bool>,
    /// Whether there is a reference to the stage.
    is_borrowed: Cell<bool>,
    /// The waiter for the output: a key that the executor gave.
    joiner: Cell<TaskKey>,
    /// Used by [`with_stage`](Task::with_stage) alone. Together with `is_borrowed` it is a
    /// `RefCell`, whose flag would take 8 bytes more.
    stage: UnsafeCell<Stage<F>>,
}

/// The stages of a task.
enum Stage<F: Future> {
    Running(F),
    /// With the output, until it is taken.
    Finished(Option<Result<F::Output, JoinError>>),
}

/// A task as its executor sees it.
pub(crate) trait Run: Any {
    fn id(&self) -> TaskId;

    /// Polls the future. When it is ready, or has panicked, it is gone, and the output is there;
    /// the joiner is not woken yet.
    fn poll(&self, cx: &mut Context<'_>) -> PollOutcome;

    /// Notes that the task is to be cancelled after the poll that is running.
    fn abort_later(&self);

    /// Drops the future where it stands, and puts an error in the place of its output.
    fn cancel(&self);

    /// Ends the task, whose future is gone: drops the output if there is no handle, and returns the
    /// joiner. That is [`TaskKey::NONE`], or a key that the executor gave.
    fn settle(&self) -> TaskKey;
}

/// A task as its handle sees it.
pub(crate) trait Join<T> {
    fn id(&self) -> TaskId;

    /// Returns its place in the executor's table, where another task may be by now.
    fn slot(&self) -> u32;

    /// Returns whether the future is gone.
    fn is_finished(&self) -> bool;

    /// Takes the output, if there is one, or else remembers whom to wake.
    ///
    /// # Panics
    ///
    /// Panics if the output was taken before.
    fn poll_output(&self, wakers: &WakerSlab, cx: &Context<'_>) -> Poll<Result<T, JoinError>>;

    /// Gives the output up, and drops it if it is there. Returns whether it was waited for.
    fn detach(&self, wakers: &WakerSlab) -> bool;
}

/// How a poll of a task went.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub(crate) enum PollOutcome {
    Pending,
    /// Pending, and to be cancelled: it was aborted meanwhile.
    Aborted,
    Ready,
    Panicked,
}

impl<F: Future> Task<F> {
    /// Makes a task that has not been polled yet, in the allocation of one that has ended, if
    /// `recycled` is of the same type and has no other owner.
    pub(crate) fn new(
        future: F,
        slot: u32,
        id: TaskId,
        recycled: Option<Rc<dyn Run>>,
    ) -> Rc<Task<F>>
    where
        F: 'static,
    {
        let task = || Task {
            id,
            slot,
            is_aborted: Cell::new(false),
            is_finished: Cell::new(false),
            is_detached: Cell::new(false),
            is_borrowed: Cell::new(false),
            joiner: Cell::new(TaskKey::NONE),
            stage: UnsafeCell::new(Stage::Running(future)),
        };
        if let Some(recycled) = recycled
            && let Ok(mut recycled) = (recycled as Rc<dyn Any>).downcast::<Task<F>>()
            && let Some(place) = Rc::get_mut(&mut recycled)
        {
            *place = task();
            return recycled;
        }
        Rc::new(task())
    }

    /// Runs `f` with the stage. The only user code that runs meanwhile is the future's, and what
    /// that does with this task finds `is_finished` false and does not come here.
    ///
    /// # Panics
    ///
    /// Panics if it is called from within itself.
    fn with_stage<R>(&self, f: impl FnOnce(&mut Stage<F>) -> R) -> R {
        struct Return<'a>(&'a Cell<bool>);
        impl Drop for Return<'_> {
            fn drop(&mut self) {
                self.0.set(false);
            }
        }
        assert!(
            !self.is_borrowed.replace(true),
            "the stage of a task is borrowed twice"
        );
        let _return = Return(&self.is_borrowed);
        // SAFETY: a task never leaves its thread, and the flag was false: so there is no other
        // reference to the stage, and none comes before this one is gone, which is when the flag is
        // false again.
        f(unsafe { &mut *self.stage.get() })
    }

    /// Puts an error in the place of what is there. If what is there panics as it is dropped, that
    /// panic becomes the error, unless the error is a panic already.
    #[cold]
    fn fail(&self, error: JoinError) {
        let is_first_panic = error.is_cancelled();
        let put = |error| {
            catch_unwind(AssertUnwindSafe(|| {
                self.with_stage(|stage| *stage = Stage::Finished(Some(Err(error))))
            }))
        };
        match put(error) {
            Err(payload) if is_first_panic => _ = put(JoinError::panicked(payload)),
            Err(payload) => drop_quietly(payload),
            Ok(()) => {}
        }
        self.is_finished.set(true);
    }

    /// Takes the output out. `None` when it was taken before.
    fn take(&self) -> Option<Result<F::Output, JoinError>> {
        self.with_stage(|stage| match stage {
            Stage::Finished(output) => output.take(),
            Stage::Running(_) => unreachable!("a handle asks only once the future is gone"),
        })
    }
}

impl<F: Future + 'static> Run for Task<F> {
    fn id(&self) -> TaskId {
        self.id
    }

    fn poll(&self, cx: &mut Context<'_>) -> PollOutcome {
        let polled = catch_unwind(AssertUnwindSafe(|| self.with_stage(|stage| stage.poll(cx))));
        match polled {
            Ok(Poll::Pending) if self.is_aborted.get() => PollOutcome::Aborted,
            Ok(Poll::Pending) => PollOutcome::Pending,
            Ok(Poll::Ready(())) => {
                self.is_finished.set(true);
                PollOutcome::Ready
            }
            Err(payload) => {
                self.fail(JoinError::panicked(payload));
                PollOutcome::Panicked
            }
        }
    }

    fn abort_later(&self) {
        self.is_aborted.set(true);
    }

    fn cancel(&self) {
        self.fail(JoinError::cancelled());
    }

    fn settle(&self) -> TaskKey {
        if self.is_detached.get() {
            drop_quietly(self.take());
        }
        self.joiner.replace(TaskKey::NONE)
    }
}

impl<F: Future> Join<F::Output> for Task<F> {
    fn id(&self) -> TaskId {
        self.id
    }

    fn slot(&self) -> u32 {
        self.slot
    }

    fn is_finished(&self) -> bool {
        self.is_finished.get()
    }

    fn poll_output(
        &self,
        wakers: &WakerSlab,
        cx: &Context<'_>,
    ) -> Poll<Result<F::Output, JoinError>> {
        if !self.is_finished.get() {
            if wakers.is(self.joiner.get(), cx.waker()) {
                return Poll::Pending;
            }
            let joiner = wakers.key(cx.waker());
            // Cloning a waker runs user code, which may have ended this very task.
            if !self.is_finished.get() {
                wakers.forget(self.joiner.replace(joiner));
                return Poll::Pending;
            }
            wakers.forget(joiner);
        }
        Poll::Ready(
            self.take()
                .expect("a join handle was polled after it had given its output"),
        )
    }

    fn detach(&self, wakers: &WakerSlab) -> bool {
        if self.is_finished.get() {
            drop(self.take());
        } else {
            self.is_detached.set(true);
            let joiner = self.joiner.replace(TaskKey::NONE);
            wakers.forget(joiner);
            return joiner != TaskKey::NONE;
        }
        false
    }
}

impl<F: Future> Stage<F> {
    /// Polls the future. When it is ready, its output has taken its place.
    fn poll(&mut self, cx: &mut Context<'_>) -> Poll<()> {
        let Stage::Running(future) = self else {
            unreachable!(
                "only a task that is in the table is polled, and it leaves that when it ends"
            )
        };
        // SAFETY: `Task::new` alone makes a running stage, inside of an allocation behind an `Rc`,
        // out of which it is never moved. The future is dropped in its place, by an assignment here
        // or in `fail` or with the allocation, and `take` moves only what is no future. When
        // another future moves in, it has not been polled yet.
        let polled = unsafe { Pin::new_unchecked(future) }.poll(cx);
        polled.map(|output| {
            // The future is dropped first. If that panics, the output is in its place all the same,
            // until `fail` puts the panic there: what is half dropped is never seen again.
            *self = Stage::Finished(Some(Ok(output)));
        })
    }
}
