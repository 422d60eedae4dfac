//! A task: a future that is run by itself, and later its output, in one block of memory.
//!
//! A block has two owners: the executor's table, which has a [`Task`], and the handle, which has an
//! [`Output`]. Both are one pointer. What is in the block is told by one byte, its stage, and each
//! function here looks at that byte before it touches the rest:
//!
//! | stage | in the body | who may touch it |
//! |---|---|---|
//! | `Waiting` | the future | `poll`, `cancel` |
//! | `Busy` | the future, or half of it | the `poll`, `cancel` or `end_by_panic` that is running |
//! | `Done` | the output | the handle; `settle`, if there is no handle |
//! | `Failed` | an error | the same |
//! | `Taken` | nothing | |
//!
//! Neither owner is `Send`, so all this happens on one thread, and plain cells do.
#![allow(
    unsafe_code,
    reason = "the future and its output share a block, and two owners share the block"
)]

use std::any::Any;
use std::cell::{Cell, UnsafeCell};
use std::marker::PhantomData;
use std::mem::{self, ManuallyDrop};
use std::panic::{AssertUnwindSafe, catch_unwind};
use std::pin::Pin;
use std::ptr::NonNull;
use std::task::{Context, Poll};

use step2_round_robin::TaskId;

use crate::blocks::{BlockLayout, Blocks};
use crate::join_error::JoinError;
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

/// How a poll of a task went.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub(crate) enum PollOutcome {
    Pending,
    /// Pending, and to be cancelled: it was aborted meanwhile.
    Aborted,
    Ready,
    /// The future was ready, and has panicked as it was dropped.
    Panicked,
}

/// The block: what is known of every task, and then what its type decides.
#[repr(C)]
struct Block<F: Future> {
    header: Header,
    body: UnsafeCell<Body<F>>,
}

struct Header {
    functions: &'static Functions,
    id: TaskId,
    /// The waiter for the output: a key that the executor gave.
    joiner: Cell<TaskKey>,
    /// Its place in the executor's table, as long as it is there.
    slot: u32,
    stage: Cell<Stage>,
    /// How many owners there are: the table, the handle, or both.
    owners: Cell<u8>,
    /// Whether it was aborted while it was being polled.
    is_aborted: Cell<bool>,
}

/// See the table above.
#[derive(Clone, Copy, Debug, PartialEq, Eq, PartialOrd, Ord)]
enum Stage {
    Waiting,
    Busy,
    Done,
    Failed,
    Taken,
}

/// What is in a block, one after the other: the stage says which. All begin at the same place, and
/// are found there by a pointer, because a handle does not know `F`.
#[repr(C)]
union Body<F: Future> {
    future: ManuallyDrop<F>,
    output: ManuallyDrop<F::Output>,
    error: ManuallyDrop<JoinError>,
}

/// What depends on the future's type, for those who do not know it.
struct Functions {
    layout: BlockLayout,
    /// Where the body is in the block.
    body: usize,
    /// Polls the future. If it is ready, its output, or an error, is in its place afterwards.
    ///
    /// # Safety
    ///
    /// The block is one of these functions', and `Busy`, and has the future in it.
    poll: unsafe fn(NonNull<Header>, &mut Context<'_>) -> PollOutcome,
    /// Drops the future.
    ///
    /// # Safety
    ///
    /// As for `poll`. Afterwards there is no future, even if this panics.
    drop_future: unsafe fn(NonNull<Header>),
    /// Drops the output; `None` if there is nothing to drop in an output.
    ///
    /// # Safety
    ///
    /// The block is one of these functions', and has the output in it. Afterwards there is none.
    drop_output: Option<unsafe fn(NonNull<Header>)>,
}

impl<F: Future> Block<F> {
    const FUNCTIONS: Functions = Functions {
        layout: BlockLayout::of::<Block<F>>(),
        body: mem::offset_of!(Block<F>, body),
        poll: Block::<F>::poll,
        drop_future: Block::<F>::drop_future,
        drop_output: if mem::needs_drop::<F::Output>() {
            Some(Block::<F>::drop_output)
        } else {
            None
        },
    };

    unsafe fn poll(block: NonNull<Header>, cx: &mut Context<'_>) -> PollOutcome {
        // SAFETY: the future is there, and as the block is `Busy` there is no other reference to
        // it.
        let future = unsafe { &mut *body::<F>(block) };
        // SAFETY: it stays in its place until it is dropped there.
        let future = unsafe { Pin::new_unchecked(future) };
        let Poll::Ready(output) = future.poll(cx) else {
            return PollOutcome::Pending;
        };
        // Most futures have nothing left to drop then: the compiler knows, and removes all this.
        // SAFETY: the future is there.
        let drop_future = || unsafe { Self::drop_future(block) };
        match catch_unwind(AssertUnwindSafe(drop_future)) {
            Ok(()) => {
                // SAFETY: the body is empty now, and belongs to this call.
                unsafe { body::<F::Output>(block).write(output) };
                header(&block).stage.set(Stage::Done);
                PollOutcome::Ready
            }
            Err(payload) => {
                drop_quietly(output);
                put_error(block, JoinError::panicked(payload));
                PollOutcome::Panicked
            }
        }
    }

    unsafe fn drop_future(block: NonNull<Header>) {
        // SAFETY: the caller says that the future is there; it is dropped where it was pinned.
        unsafe { body::<F>(block).drop_in_place() }
    }

    unsafe fn drop_output(block: NonNull<Header>) {
        // SAFETY: the caller says that the output is there.
        unsafe { body::<F::Output>(block).drop_in_place() }
    }
}

impl Task {
    /// Makes a task that has not been polled yet, and its handle's half.
    #[inline]
    pub(crate) fn new<F>(
        blocks: &Blocks,
        future: F,
        slot: u32,
        id: TaskId,
    ) -> (Task, Output<F::Output>)
    where
        F: Future + 'static,
    {
        let block = blocks.allocate(BlockLayout::of::<Block<F>>()).cast();
        let content = Block {
            header: Header {
                functions: &Block::<F>::FUNCTIONS,
                id,
                joiner: Cell::new(TaskKey::NONE),
                slot,
                stage: Cell::new(Stage::Waiting),
                owners: Cell::new(2),
                is_aborted: Cell::new(false),
            },
            body: UnsafeCell::new(Body {
                future: ManuallyDrop::new(future),
            }),
        };
        // SAFETY: the block is as large and aligned as its layout says, and nobody else has it.
        unsafe { block.write(content) };
        let block = block.cast();
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

    /// Polls the future. When it is ready, it is gone, and the output is there; the joiner is not
    /// woken yet. If it panics, so does this: then [`end_by_panic`](Self::end_by_panic) is next.
    ///
    /// # Panics
    ///
    /// Panics if the future does, if it is being polled already, and if it is gone.
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

    /// Ends a task whose poll has panicked: drops the future, and puts an error in the place of its
    /// output.
    ///
    /// # Panics
    ///
    /// Panics if the future is gone.
    ///
    /// # Safety
    ///
    /// No [`poll`](Self::poll) or [`cancel`](Self::cancel) of the task is running: the one that has
    /// panicked is not on the stack any more.
    #[cold]
    pub(crate) unsafe fn end_by_panic(&self, payload: Box<dyn Any + Send>) {
        let stage = &header(&self.block).stage;
        assert!(stage.get() <= Stage::Busy, "there is no future");
        stage.set(Stage::Busy);
        // SAFETY: the poll has left the future there, and does not use it any more.
        unsafe { self.fail(JoinError::panicked(payload)) };
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
        // SAFETY: it was `Waiting`: the future is there, and nobody uses it.
        unsafe { self.fail(JoinError::cancelled()) };
    }

    /// Drops the future, and puts an error in the place of its output: this one, or the panic of
    /// that drop if it is the task's first.
    ///
    /// # Safety
    ///
    /// The block is `Busy`, and has the future in it, which is not being polled.
    unsafe fn fail(&self, error: JoinError) {
        let drop_future = header(&self.block).functions.drop_future;
        // SAFETY: the functions are the block's own; the caller says the rest.
        let dropped = catch_unwind(AssertUnwindSafe(|| unsafe { drop_future(self.block) }));
        let error = match dropped {
            Err(payload) if error.is_cancelled() => JoinError::panicked(payload),
            Err(payload) => {
                drop_quietly(payload);
                error
            }
            Ok(()) => error,
        };
        put_error(self.block, error);
    }

    /// Gives up the table's half of a task whose future is gone: drops the output if there is no
    /// handle, and returns the joiner. That is [`TaskKey::NONE`], or a key that the executor gave.
    #[inline]
    pub(crate) fn settle(self, blocks: &Blocks) -> TaskKey {
        let header = header(&self.block);
        if header.owners.get() == 1 {
            match (header.stage.get(), header.functions.drop_output) {
                (Stage::Done, None) => {}
                (Stage::Done | Stage::Failed, _) => self.drop_unwanted(),
                _ => {}
            }
        }
        let joiner = header.joiner.get();
        release(self.block, blocks);
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

    /// Remembers whom to wake. Returns the one before.
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
    pub(crate) fn detach(self, blocks: &Blocks) {
        release(self.block, blocks);
    }
}

#[inline(always)]
fn header(block: &NonNull<Header>) -> &Header {
    // SAFETY: a `Task` or an `Output` has this pointer, and so owns the block; it is only shared,
    // and the one that would free it is the last owner.
    unsafe { block.as_ref() }
}

/// Returns where the future, the output or the error is.
#[inline(always)]
fn body<T>(block: NonNull<Header>) -> *mut T {
    let offset = header(&block).functions.body;
    block.as_ptr().wrapping_byte_add(offset).cast()
}

/// Puts an error into the body of a `Busy` block, from which the future is gone.
fn put_error(block: NonNull<Header>, error: JoinError) {
    // SAFETY: the body is empty, and has room for an error.
    unsafe { body::<JoinError>(block).write(error) };
    header(&block).stage.set(Stage::Failed);
}

/// Gives up one owner's half, whose pointer is not used any more. The last one frees the block.
#[inline]
fn release(block: NonNull<Header>, blocks: &Blocks) {
    let owners = &header(&block).owners;
    owners.set(owners.get() - 1);
    if owners.get() == 0 {
        let layout = header(&block).functions.layout;
        // SAFETY: it was allocated with this layout, and this was the last owner.
        unsafe { blocks.free(block.cast(), layout) };
    }
}
