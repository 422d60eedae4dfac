//! A generator that is written like a function.
//!
//! The compiler turns an `async` block into a state machine, which is what a generator is. Only, it
//! says `poll` for `resume`, and has no way to yield a value. So a body leaves the value in a slot,
//! and then awaits something that is pending once. `poll` also wants a *waker*, which is what step
//! 5 is about. Until then, one that does nothing will do.

use std::cell::Cell;
use std::future::poll_fn;
use std::mem;
use std::pin::Pin;
use std::rc::Rc;
use std::task::{Context, Poll, Waker};

use crate::{Generator, GeneratorState};

/// A generator whose body is an `async` closure.
///
/// The body may await its [`Yielder`], and `async` functions that await nothing else. Awaiting
/// anything else that is not ready is a panic.
pub struct Generated<Y, R> {
    body: Pin<Box<dyn Future<Output = R>>>,
    /// Where the body leaves what it yields.
    slot: Rc<Cell<Option<Y>>>,
}

impl<Y: 'static, R: 'static> Generated<Y, R> {
    /// Makes a generator from a body, which does not start until the generator is resumed.
    pub fn new(body: impl AsyncFnOnce(Yielder<Y>) -> R + 'static) -> Generated<Y, R> {
        let slot = Rc::new(Cell::new(None));
        let yielder = Yielder { slot: slot.clone() };
        // In an `async` block, so that nothing of `body` runs yet, even if it is a
        // plain closure that returns a future.
        let body = Box::pin(async move { body(yielder).await });
        Generated { body, slot }
    }
}

impl<Y, R> Generator for Generated<Y, R> {
    type Yield = Y;
    type Return = R;

    /// Runs the body up to its next `yield_`, or to its end.
    ///
    /// # Panics
    ///
    /// Panics if the body does, if it is pending without having yielded, and if it has returned
    /// already.
    fn resume(&mut self) -> GeneratorState<Y, R> {
        use GeneratorState::{Complete, Yielded};
        let mut context = Context::from_waker(Waker::noop());
        match self.body.as_mut().poll(&mut context) {
            // Only `yield_` should be pending, and it has left a value.
            Poll::Pending => Yielded(self.slot.take().expect("a body awaits only what yields")),
            Poll::Ready(value) => Complete(value),
        }
    }
}

/// The body's end of a [`Generated`]: what it yields goes through here.
pub struct Yielder<Y> {
    slot: Rc<Cell<Option<Y>>>,
}

impl<Y> Yielder<Y> {
    /// Hands out a value and suspends the body, until the generator is resumed.
    ///
    /// # Panics
    ///
    /// Panics if the body has yielded another value since it was resumed: one is all that fits.
    ///
    /// # Examples
    ///
    /// ```
    /// use step2_round_robin::{Generated, Generator, GeneratorState};
    ///
    /// let mut generator = Generated::new(async |yielder| {
    ///     yielder.yield_(1).await;
    ///     yielder.yield_(2).await;
    ///     "end"
    /// });
    /// assert_eq!(generator.resume(), GeneratorState::Yielded(1));
    /// assert_eq!(generator.resume(), GeneratorState::Yielded(2));
    /// assert_eq!(generator.resume(), GeneratorState::Complete("end"));
    /// ```
    pub async fn yield_(&self, value: Y) {
        trace::here(); // For pictures of the run.
        let previous = self.slot.replace(Some(value));
        assert!(previous.is_none(), "a body yields one value at a time");
        // Pending the first time, which suspends the body; ready when the body is resumed.
        let mut answer = Poll::Pending;
        poll_fn(|_| mem::replace(&mut answer, Poll::Ready(()))).await;
    }
}
