//! A task's block of memory: a header, and a body that holds first the future, then its output.
//!
//! One byte, the stage, says what is in the body. The functions in `task.rs` check it before
//! anything touches the body, and the unsafe functions here rely on that:
//!
//! | stage | in the body | who may touch it |
//! |---|---|---|
//! | `Waiting` | the future | `poll`, `cancel` |
//! | `Busy` | the future, or half of it | the `poll` or `cancel` that is running |
//! | `Done` | the output | the handle; `settle`, if there is no handle |
//! | `Failed` | an error | the same |
//! | `Taken` | nothing | |
#![allow(
    unsafe_code,
    reason = "a future and its output share memory, and its type is forgotten"
)]

use std::cell::{Cell, UnsafeCell};
use std::mem::{self, ManuallyDrop};
use std::panic::{AssertUnwindSafe, catch_unwind};
use std::pin::Pin;
use std::ptr::NonNull;
use std::task::{Context, Poll};

use step2_round_robin::TaskId;

use crate::join_error::JoinError;
use crate::pool::{BlockLayout, Pool};
use crate::task_key::TaskKey;
use crate::unwind::drop_quietly;

/// The header is the same for every task. The body depends on the future's type.
#[repr(C)]
pub(crate) struct Block<F: Future> {
    header: Header,
    body: UnsafeCell<Body<F>>,
}

pub(crate) struct Header {
    pub(crate) functions: &'static Functions,
    pub(crate) id: TaskId,
    /// The waiter for the output, by a key that the executor gave.
    pub(crate) joiner: Cell<TaskKey>,
    /// Its slot in the executor's table, as long as it is there.
    pub(crate) slot: u32,
    pub(crate) stage: Cell<Stage>,
    /// How many owners there are: the table, the handle, or both.
    pub(crate) owners: Cell<u8>,
    /// Whether it was aborted while it was being polled.
    pub(crate) is_aborted: Cell<bool>,
}

/// What is in the body: see the table above.
#[derive(Clone, Copy, Debug, PartialEq, Eq, PartialOrd, Ord)]
pub(crate) enum Stage {
    Waiting,
    Busy,
    Done,
    Failed,
    Taken,
}

/// How a poll of a task went.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub(crate) enum PollOutcome {
    Pending,
    /// Pending, and to be cancelled: it was aborted during the poll.
    Aborted,
    Ready,
    /// The future has panicked, in its poll or in its drop.
    Panicked,
}

/// The future, and later its output or an error: the stage says which. All three begin at the same
/// address, where a handle finds its output without knowing `F`.
#[repr(C)]
union Body<F: Future> {
    future: ManuallyDrop<F>,
    output: ManuallyDrop<F::Output>,
    error: ManuallyDrop<JoinError>,
}

/// What depends on the future's type, for callers that do not know the type.
pub(crate) struct Functions {
    layout: BlockLayout,
    /// Where the body is in the block.
    body: usize,
    /// Polls the future. Once it is ready or has panicked, its output or an error is in its place.
    ///
    /// # Safety
    ///
    /// The block was made with these functions, is `Busy`, and has the future in it.
    pub(crate) poll: unsafe fn(NonNull<Header>, &mut Context<'_>) -> PollOutcome,
    /// Drops the future.
    ///
    /// # Safety
    ///
    /// As for `poll`. Afterwards there is no future, even if this panics.
    pub(crate) drop_future: unsafe fn(NonNull<Header>),
    /// Drops the output; `None` if an output needs no drop.
    ///
    /// # Safety
    ///
    /// The block was made with these functions, and has the output in it. Afterwards there is none.
    pub(crate) drop_output: Option<unsafe fn(NonNull<Header>)>,
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

    /// Makes a block with a future that has not been polled yet, and two owners.
    #[inline]
    pub(crate) fn allocate(pool: &Pool, future: F, slot: u32, id: TaskId) -> NonNull<Header> {
        let block = pool.allocate(Self::FUNCTIONS.layout).cast();
        let content = Block {
            header: Header {
                functions: &Self::FUNCTIONS,
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
        // SAFETY: the block is as large and aligned as its layout says, and there is no other
        // pointer to it.
        unsafe { block.write(content) };
        block.cast()
    }

    unsafe fn poll(block: NonNull<Header>, cx: &mut Context<'_>) -> PollOutcome {
        // SAFETY: the future is there, and as the block is `Busy` there is no other reference to
        // it.
        let future = unsafe { &mut *body::<F>(block) };
        // SAFETY: it stays in its place until it is dropped there.
        let future = unsafe { Pin::new_unchecked(future) };
        let output = match catch_unwind(AssertUnwindSafe(|| future.poll(cx))) {
            Ok(Poll::Pending) => return PollOutcome::Pending,
            Ok(Poll::Ready(output)) => output,
            Err(payload) => {
                // SAFETY: the poll has left the future there, and does not use it any more.
                unsafe { fail(block, JoinError::panicked(payload)) };
                return PollOutcome::Panicked;
            }
        };
        // A future that is ready mostly has nothing left to drop. The compiler sees that, and
        // removes all this.
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

#[inline(always)]
pub(crate) fn header(block: &NonNull<Header>) -> &Header {
    // SAFETY: the pointer is that of a `Task` or an `Output`, so its owner keeps the block alive;
    // references to a header are only shared, and only the last owner frees it.
    unsafe { block.as_ref() }
}

/// Returns the address of the future, the output or the error.
#[inline(always)]
pub(crate) fn body<T>(block: NonNull<Header>) -> *mut T {
    let offset = header(&block).functions.body;
    block.as_ptr().wrapping_byte_add(offset).cast()
}

/// Drops the future of a block, and puts an error in its place: this one or, if the task is being
/// cancelled and the drop panics, that panic.
///
/// # Safety
///
/// The block is `Busy`, and has the future in it, which is not being polled.
#[cold]
pub(crate) unsafe fn fail(block: NonNull<Header>, error: JoinError) {
    let drop_future = header(&block).functions.drop_future;
    // SAFETY: the functions are the block's own; the caller says the rest.
    let dropped = catch_unwind(AssertUnwindSafe(|| unsafe { drop_future(block) }));
    let error = match dropped {
        Err(payload) if error.is_cancelled() => JoinError::panicked(payload),
        Err(payload) => {
            drop_quietly(payload);
            error
        }
        Ok(()) => error,
    };
    put_error(block, error);
}

/// Puts an error into the body of a `Busy` block whose future is gone.
fn put_error(block: NonNull<Header>, error: JoinError) {
    // SAFETY: the body is empty, and has room for an error.
    unsafe { body::<JoinError>(block).write(error) };
    header(&block).stage.set(Stage::Failed);
}

/// Gives up one owner's half, after which its pointer must not be used. The last owner frees the
/// block.
#[inline]
pub(crate) fn release(block: NonNull<Header>, pool: &Pool) {
    let owners = &header(&block).owners;
    owners.set(owners.get() - 1);
    if owners.get() == 0 {
        let layout = header(&block).functions.layout;
        // SAFETY: it was allocated with this layout, and this was the last owner.
        unsafe { pool.free(block.cast(), layout) };
    }
}
