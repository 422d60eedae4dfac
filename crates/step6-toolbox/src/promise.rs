//! How is a result handed over by hand?

use std::error::Error;
use std::fmt;
use std::mem;
use std::pin::Pin;
use std::sync::{Arc, Mutex, MutexGuard, PoisonError};
use std::task::{Context, Poll, Waker, ready};

/// Makes a promise, and the future that is ready when it is kept.
///
/// Both ends are `Send` if the value is, and the promise may be kept by another thread. They need
/// nothing but wakers, so they work on any executor.
///
/// Under a virtual clock, let a thread that owes the result hold the clock
/// (`step5_executor::hold_clock`), or time moves on meanwhile.
///
/// # Examples
///
/// ```
/// use step6_toolbox::promise;
///
/// let (promise, mut promised) = promise();
/// assert!(!promised.is_complete());
/// std::thread::spawn(move || promise.complete(42));
/// let value = step5_executor::block_on(&mut promised);
/// assert_eq!(value, Ok(42));
/// assert!(promised.is_complete());
/// ```
///
/// A thread that owes a result while the clock is virtual:
///
/// ```
/// use std::time::Duration;
/// use step5_executor::{Executor, hold_clock, timeout};
/// use step6_toolbox::promise;
///
/// Executor::with_virtual_time()?.block_on(async {
///     let (promise, promised) = promise();
///     let hold = hold_clock();
///     std::thread::spawn(move || {
///         promise.complete("in time").unwrap();
///         drop(hold);
///     });
///     assert_eq!(timeout(Duration::from_secs(1), promised).await, Ok(Ok("in time")));
/// });
/// # std::io::Result::Ok(())
/// ```
pub fn promise<T>() -> (Promise<T>, Promised<T>) {
    let shared = Arc::new(Shared(Mutex::new(Inside {
        state: State::Pending,
        promisee: None,
        promiser: None,
    })));
    (
        Promise {
            shared: shared.clone(),
        },
        Promised { shared },
    )
}

/// The end of a [`promise`] that gives the result. Dropping it without one breaks the promise,
/// which is an error at the other end.
#[must_use = "dropping it breaks the promise"]
pub struct Promise<T> {
    shared: Arc<Shared<T>>,
}

/// The end of a [`promise`] that gets the result: a future of `Result<T, BrokenPromise>`.
///
/// # Cancel safety
///
/// Dropping it cancels: the promise learns of it, and a result that was there is dropped. Dropping
/// a `&mut` to it, say in a `timeout`, loses nothing.
///
/// # Panics
///
/// Panics if it is polled after it has returned its result.
#[must_use = "dropping it cancels the promise"]
pub struct Promised<T> {
    shared: Arc<Shared<T>>,
}

/// A promise was dropped without a result.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub struct BrokenPromise;

/// No user code runs under the lock: wakers are cloned, woken and dropped, and values dropped
/// and shown, outside.
struct Shared<T>(Mutex<Inside<T>>);

struct Inside<T> {
    state: State<T>,
    /// Who awaits the result. `None` unless pending.
    promisee: Option<Waker>,
    /// Who waits to learn that it is no longer awaited. `None` unless pending.
    promiser: Option<Waker>,
}

enum State<T> {
    Pending,
    /// `None` while it is being shown.
    Complete(Option<T>),
    /// The promise was dropped.
    Broken,
    /// The future was dropped.
    Cancelled,
    /// The result, or the error, has been given.
    Given,
}

impl<T> Shared<T> {
    fn lock(&self) -> MutexGuard<'_, Inside<T>> {
        // Nothing panics under the lock.
        self.0.lock().unwrap_or_else(PoisonError::into_inner)
    }

    /// Ends the wait, if there is one. Returns the new state, if it does not.
    fn settle(&self, state: State<T>) -> Result<(), State<T>> {
        let mut inside = self.lock();
        if !inside.state.is_pending() {
            return Err(state);
        }
        inside.state = state;
        let (promisee, promiser) = (inside.promisee.take(), inside.promiser.take());
        drop(inside);
        // One of the two settles it just now, or is gone: there may be no waker of it, or the
        // wake is spurious.
        promisee.into_iter().chain(promiser).for_each(Waker::wake);
        Ok(())
    }

    /// Waits while it is pending, with the waker in the slot that `slot` finds. Returns the lock
    /// once it is not.
    fn poll_settled(
        &self,
        cx: &mut Context<'_>,
        slot: fn(&mut Inside<T>) -> &mut Option<Waker>,
    ) -> Poll<MutexGuard<'_, Inside<T>>> {
        let mut inside = self.lock();
        if !inside.state.is_pending() {
            return Poll::Ready(inside);
        }
        if slot(&mut inside)
            .as_ref()
            .is_some_and(|known| known.will_wake(cx.waker()))
        {
            return Poll::Pending;
        }
        drop(inside);
        let waker = cx.waker().clone();
        let mut inside = self.lock();
        if !inside.state.is_pending() {
            // It was settled meanwhile. The new waker is not needed, and is dropped outside of the
            // lock.
            drop(inside);
            drop(waker);
            return Poll::Ready(self.lock());
        }
        let old = slot(&mut inside).replace(waker);
        drop(inside);
        drop(old);
        Poll::Pending
    }
}

impl<T> State<T> {
    fn is_pending(&self) -> bool {
        matches!(self, State::Pending)
    }

    /// Takes the result out. `None` while there is none, or when it has been given.
    fn take(&mut self) -> Option<Result<T, BrokenPromise>> {
        match self {
            State::Complete(value) => {
                let value = value
                    .take()
                    .expect("who shows it borrows the future, and who takes it has it to itself");
                *self = State::Given;
                Some(Ok(value))
            }
            State::Broken => {
                *self = State::Given;
                Some(Err(BrokenPromise))
            }
            State::Pending | State::Cancelled | State::Given => None,
        }
    }
}

impl<T> Promise<T> {
    /// Keeps the promise: the other end is ready with this value.
    ///
    /// # Errors
    ///
    /// Returns the value if it is no longer awaited.
    pub fn complete(self, value: T) -> Result<(), T> {
        self.shared
            .settle(State::Complete(Some(value)))
            .map_err(|state| match state {
                State::Complete(Some(value)) => value,
                _ => unreachable!("what is not needed comes back as it was"),
            })
    }

    /// Returns whether the result is no longer awaited: the other end was dropped.
    pub fn is_cancelled(&self) -> bool {
        matches!(self.shared.lock().state, State::Cancelled)
    }

    /// Waits until the result is no longer awaited. Then work on it may stop.
    ///
    /// # Cancel safety
    ///
    /// Dropping it changes nothing.
    ///
    /// # Examples
    ///
    /// ```
    /// step5_executor::block_on(async {
    ///     let (mut promise, promised) = step6_toolbox::promise::<u32>();
    ///     drop(promised);
    ///     promise.cancelled().await;
    ///     assert!(promise.is_cancelled());
    ///     assert_eq!(promise.complete(42), Err(42));
    /// });
    /// ```
    pub fn cancelled(&mut self) -> PromiseCancelled<'_, T> {
        PromiseCancelled { promise: self }
    }
}

impl<T> Promised<T> {
    /// Returns whether the promise was kept or broken, so that this does not wait: even after it
    /// has given the result.
    pub fn is_complete(&self) -> bool {
        !self.shared.lock().state.is_pending()
    }

    /// Takes the result, if there is one. `None` while there is none, or when it has been given.
    pub fn try_take(&mut self) -> Option<Result<T, BrokenPromise>> {
        self.shared.lock().state.take()
    }
}

impl<T> Future for Promised<T> {
    type Output = Result<T, BrokenPromise>;

    fn poll(self: Pin<&mut Self>, cx: &mut Context<'_>) -> Poll<Result<T, BrokenPromise>> {
        let result = ready!(self.shared.poll_settled(cx, |inside| &mut inside.promisee))
            .state
            .take();
        Poll::Ready(result.expect("a promised result was asked for after it had been given"))
    }
}

/// The future of [`Promise::cancelled`].
#[must_use = "futures do nothing unless awaited"]
pub struct PromiseCancelled<'a, T> {
    /// For itself: there is one slot for its waker.
    promise: &'a mut Promise<T>,
}

impl<T> Future for PromiseCancelled<'_, T> {
    type Output = ();

    fn poll(self: Pin<&mut Self>, cx: &mut Context<'_>) -> Poll<()> {
        // Only the promise completes or breaks, and this has it: so what is settled is cancelled.
        self.promise
            .shared
            .poll_settled(cx, |inside| &mut inside.promiser)
            .map(drop)
    }
}

impl<T> Drop for PromiseCancelled<'_, T> {
    fn drop(&mut self) {
        let waker = self.promise.shared.lock().promiser.take();
        drop(waker);
    }
}

impl<T> Drop for Promise<T> {
    fn drop(&mut self) {
        // After `complete` there is nothing to break.
        _ = self.shared.settle(State::Broken);
    }
}

impl<T> Drop for Promised<T> {
    fn drop(&mut self) {
        let mut inside = self.shared.lock();
        let promisee = inside.promisee.take();
        drop(inside);
        drop(promisee);
        if self.shared.settle(State::Cancelled).is_err() {
            let result = mem::replace(&mut self.shared.lock().state, State::Given);
            drop(result);
        }
    }
}

impl<T> fmt::Debug for Promise<T> {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        f.debug_tuple("Promise")
            .field(&format_args!("{}", self.shared.lock().state.name()))
            .finish()
    }
}

/// Pending, finished with what, or broken.
impl<T: fmt::Debug> fmt::Debug for Promised<T> {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        /// Puts the value back, even if it panics when it is shown.
        struct Shown<'a, T> {
            shared: &'a Shared<T>,
            value: Option<T>,
        }
        impl<T> Drop for Shown<'_, T> {
            fn drop(&mut self) {
                self.shared.lock().state = State::Complete(self.value.take());
            }
        }

        let mut inside = self.shared.lock();
        let taken = match &mut inside.state {
            State::Complete(value) => value.take(),
            _ => None,
        };
        let name = inside.state.name();
        drop(inside);
        let mut tuple = f.debug_tuple("Promised");
        match taken {
            Some(value) => {
                let shown = Shown {
                    shared: &self.shared,
                    value: Some(value),
                };
                tuple.field(&format_args!(
                    "finished: {:?}",
                    shown.value.as_ref().expect("it was just put in")
                ));
            }
            None => {
                tuple.field(&format_args!("{name}"));
            }
        }
        tuple.finish()
    }
}

impl<T> fmt::Debug for PromiseCancelled<'_, T> {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        f.debug_struct("PromiseCancelled")
            .field("promise", &self.promise)
            .finish()
    }
}

impl<T> State<T> {
    fn name(&self) -> &'static str {
        match self {
            State::Pending => "pending",
            State::Complete(_) | State::Given => "finished",
            State::Broken => "broken",
            State::Cancelled => "cancelled",
        }
    }
}

impl fmt::Display for BrokenPromise {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        f.write_str("the promise was dropped without a result")
    }
}

impl Error for BrokenPromise {}
