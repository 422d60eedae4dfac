//! A generator that is written like a function.
//!
//! The compiler turns an `async` block into just the state machine that a generator is, and calls
//! its `resume` `poll`. `.await` is where it can be suspended. So a body yields by leaving a value
//! in a slot and then awaiting something that is pending once. `poll` also hands the body a
//! *waker*, which is what step 5 is about. Until then, one that does nothing will do.

use std::cell::Cell;
use std::future::poll_fn;
use std::mem;
use std::pin::Pin;
use std::rc::Rc;
use std::task::{Context, Poll, Waker};

use crate::{Generator, GeneratorState};

/// A generator whose body is an `async` closure.
///
/// The body can wait for nothing but its [`Yielder`], and for `async` functions that do the same.
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
        // In a block of its own, so that not even the call happens before the first `resume`.
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
    /// Panics if the body does, if it awaits anything but its yielder, and if it has returned
    /// already.
    fn resume(&mut self) -> GeneratorState<Y, R> {
        use GeneratorState::{Complete, Yielded};
        let mut context = Context::from_waker(Waker::noop());
        match self.body.as_mut().poll(&mut context) {
            // `yield_` has left a value: nothing else that a body may await is ever pending.
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
    /// Panics if another value of the same body is on its way out: a body yields one at a time.
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
        trace::here();
        let previous = self.slot.replace(Some(value));
        assert!(previous.is_none(), "a body yields one value at a time");
        // Pending the first time, which suspends the body; ready the second time, when it is
        // resumed.
        let mut answer = Poll::Pending;
        poll_fn(|_| mem::replace(&mut answer, Poll::Ready(()))).await;
    }
}
