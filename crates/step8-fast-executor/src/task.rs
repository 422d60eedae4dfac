//! A task: a future that runs by itself, and later its output, in a block with two owners.
//!
//! The executor's table has a [`Task`], and the handle has an [`Output`]. Each is a pointer to the
//! block, and touches the block only as its stage allows: see `block.rs`. Neither is `Send`, so all
//! of this happens on one thread, and plain cells will do.
#![allow(unsafe_code, reason = "the stage of a block says what is in it")]

use std::marker::PhantomData;
use std::mem::ManuallyDrop;
use std::ptr::NonNull;
use std::task::Context;

use step2_round_robin::TaskId;

use crate::block::{Block, Header, PollOutcome, Stage, body, fail, header, release};
use crate::join_error::JoinError;
use crate::pool::Pool;
use crate::task_key::TaskKey;
use crate::unwind::{drop_quietly, quietly};

/// A task as the executor's table owns it: the future's type is forgotten.
///
/// It is given up by [`settle`](Task::settle). If it is dropped instead, the block leaks.
pub(crate) struct Task {
    block: NonNull<Header>,
}

/// A task as its handle owns it: the type of the output is known.
///
/// It is given up by [`detach`](Output::detach). If it is dropped instead, the block leaks.
pub(crate) struct Output<T> {
    block: NonNull<Header>,
    output: PhantomData<T>,
}

impl Task {
    /// Makes a task that has not been polled yet, and its handle's half.
    #[inline]
    pub(crate) fn new<F>(pool: &Pool, future: F, slot: u32, id: TaskId) -> (Task, Output<F::Output>)
    where
        F: Future + 'static,
    {
        let block = Block::allocate(pool, future, slot, id);
        let output = PhantomData;
        (Task { block }, Output { block, output })
    }

    #[inline]
    pub(crate) fn id(&self) -> TaskId {
        header(&self.block).id
    }

    /// Returns another pointer to the task, for the time of a poll.
    ///
    /// # Safety
    ///
    /// It is not used after the task was settled.
    #[inline]
    pub(crate) unsafe fn alias(&self) -> ManuallyDrop<Task> {
        ManuallyDrop::new(Task { block: self.block })
    }

    /// Polls the future. Once it is ready, the output has taken its place, and the joiner is still
    /// to be woken.
    ///
    /// # Panics
    ///
    /// Panics if the future is being polled already, and if it is gone.
    #[inline]
    pub(crate) fn poll(&self, cx: &mut Context<'_>) -> PollOutcome {
        let header = header(&self.block);
        assert!(header.stage.get() == Stage::Waiting, "there is no future");
        header.stage.set(Stage::Busy);
        // SAFETY: the functions are the block's own, and it was `Waiting`: the future is there.
        let outcome = unsafe { (header.functions.poll)(self.block, cx) };
        if outcome == PollOutcome::Pending {
            header.stage.set(Stage::Waiting);
            if header.is_aborted.get() {
                return PollOutcome::Aborted;
            }
        }
        outcome
    }

    /// Notes that the task is to be cancelled after the poll that is running.
    pub(crate) fn abort_later(&self) {
        header(&self.block).is_aborted.set(true);
    }

    /// Drops the future where it stands, and puts an error in the place of its output.
    ///
    /// # Panics
    ///
    /// Panics if the future is being polled, and if it is gone.
    pub(crate) fn cancel(&self) {
        let stage = &header(&self.block).stage;
        assert!(stage.get() == Stage::Waiting, "there is no future");
        stage.set(Stage::Busy);
        // SAFETY: it was `Waiting`: the future is there, and not in use.
        unsafe { fail(self.block, JoinError::cancelled()) };
    }

    /// Gives up the table's half of a task whose future is gone. Drops the output if there is no
    /// handle. Returns the joiner: a key that the executor gave, or [`TaskKey::NONE`].
    #[inline]
    pub(crate) fn settle(self, pool: &Pool) -> TaskKey {
        let header = header(&self.block);
        if header.owners.get() == 1 {
            match (header.stage.get(), header.functions.drop_output) {
                (Stage::Done, None) => {}
                (Stage::Done | Stage::Failed, _) => self.drop_unwanted(),
                _ => {}
            }
        }
        let joiner = header.joiner.get();
        release(self.block, pool);
        joiner
    }

    /// Drops the output, or the error, for which there is no handle.
    #[inline(never)]
    fn drop_unwanted(&self) {
        let header = header(&self.block);
        match (header.stage.get(), header.functions.drop_output) {
            (Stage::Done, Some(drop_output)) => {
                header.stage.set(Stage::Taken);
                // SAFETY: it was `Done`, so the output is there, and it is dropped once.
                quietly(|| unsafe { drop_output(self.block) });
            }
            (Stage::Failed, _) => {
                header.stage.set(Stage::Taken);
                // SAFETY: it was `Failed`, so the error is there, and it is read once.
                drop_quietly(unsafe { body::<JoinError>(self.block).read() });
            }
            _ => {}
        }
    }
}

impl<T> Output<T> {
    #[inline]
    pub(crate) fn id(&self) -> TaskId {
        header(&self.block).id
    }

    /// Returns its place in the executor's table, where another task may be by now.
    pub(crate) fn slot(&self) -> u32 {
        header(&self.block).slot
    }

    /// Returns whether the output was taken.
    #[inline]
    pub(crate) fn is_taken(&self) -> bool {
        header(&self.block).stage.get() == Stage::Taken
    }

    /// Returns whether the future is gone.
    #[inline]
    pub(crate) fn is_finished(&self) -> bool {
        header(&self.block).stage.get() > Stage::Busy
    }

    /// Returns the waiter for the output: a key that the executor gave, or [`TaskKey::NONE`].
    pub(crate) fn joiner(&self) -> TaskKey {
        header(&self.block).joiner.get()
    }

    /// Stores whom to wake. Returns the one before.
    pub(crate) fn set_joiner(&self, joiner: TaskKey) -> TaskKey {
        header(&self.block).joiner.replace(joiner)
    }

    /// Takes the output out. `None` if there is none: not yet, or not any more.
    #[inline]
    pub(crate) fn take(&self) -> Option<Result<T, JoinError>> {
        let stage = &header(&self.block).stage;
        if stage.get() == Stage::Done {
            stage.set(Stage::Taken);
            // SAFETY: it was `Done`, so the output is there, and it is read once. `T` is its type:
            // `Task::new` made this and the block together.
            return Some(Ok(unsafe { body::<T>(self.block).read() }));
        }
        if stage.get() == Stage::Failed {
            stage.set(Stage::Taken);
            // SAFETY: it was `Failed`, so the error is there, and it is read once.
            return Some(Err(unsafe { body::<JoinError>(self.block).read() }));
        }
        None
    }

    /// Gives up the handle's half, after the output was [taken](Self::take).
    #[inline]
    pub(crate) fn detach(self, pool: &Pool) {
        release(self.block, pool);
    }
}
