//! How is a generator written like a function, on stable Rust and without `unsafe`?
//!
//! The compiler turns the body of an `async` block into exactly the state machine that a generator is: `.await` is
//! where it is suspended. So a body "yields" by awaiting something that stores a request in a slot and is pending
//! exactly once; resuming is polling, and taking the request out of the slot. What polling and its `Waker` are all
//! about is the subject of step 5. Until then, a waker that does nothing will do.

use std::cell::Cell;
use std::fmt;
use std::future::poll_fn;
use std::pin::Pin;
use std::rc::Rc;
use std::task::{Context, Poll, Waker};

use crate::{Cancel, Generator, GeneratorState, Join, Request, Spawn, Task};

/// The body's end of a generator: through it, the body hands out its requests.
///
/// Every body gets one, and passes it on by reference to what it awaits (that is Python's `yield from`). The steps
/// differ in the requests `Q` that their schedulers understand.
pub struct Co<Q = Request> {
    /// Where a request is put on its way out. Full only between the body's `yield_` and the end of `resume`.
    slot: Rc<Cell<Option<Q>>>,
}

impl<Q> Co<Q> {
    /// Suspends the body and hands out a request; goes on once the generator is resumed.
    ///
    /// Whether other tasks run meanwhile depends on the request.
    ///
    /// # Panics
    ///
    /// When another request of the same body is still on its way out: a body makes one at a time.
    ///
    /// # Examples
    ///
    /// ```
    /// use step2_round_robin::{Co, Generated, Generator, GeneratorState};
    ///
    /// let mut generator = Generated::new(async |co: &Co<u32>| {
    ///     co.yield_(1_u32).await;
    ///     co.yield_(2_u32).await;
    ///     "end"
    /// });
    /// assert_eq!(generator.resume(), GeneratorState::Yielded(1));
    /// assert_eq!(generator.resume(), GeneratorState::Yielded(2));
    /// assert_eq!(generator.resume(), GeneratorState::Complete("end"));
    /// ```
    pub async fn yield_(&self, request: impl Into<Q>) {
        let unanswered = self.slot.replace(Some(request.into()));
        assert!(
            unanswered.is_none(),
            "a generator yielded twice at once: await one request before the next"
        );
        let mut suspended = false;
        poll_fn(|_| {
            if std::mem::replace(&mut suspended, true) {
                Poll::Ready(())
            } else {
                Poll::Pending
            }
        })
        .await;
    }

    /// Spawns a task, which goes to the back of the ready queue; the spawning one goes on at once.
    ///
    /// In messages the task goes by its number: the third one spawned is "task 3".
    ///
    /// # Examples
    ///
    /// ```
    /// use step2_round_robin::{Co, Generated, Scheduler};
    ///
    /// let main = Generated::new(async |co: &Co| {
    ///     let child = co.spawn(Generated::new(async |_: &Co| 6 * 7)).await;
    ///     child.join(co).await
    /// });
    /// assert_eq!(Scheduler::new().run(main), Ok(Ok(42)));
    /// ```
    pub async fn spawn<T: 'static>(
        &self,
        body: impl Generator<Yield = Q, Return = T> + 'static,
    ) -> Task<T>
    where
        Q: From<Spawn<Q>> + 'static,
    {
        let (spawn, task) = Spawn::new(body);
        self.yield_(spawn).await;
        task()
    }

    /// Spawns a task under a name, by which messages and pictures call it.
    pub async fn spawn_named<T: 'static>(
        &self,
        name: impl Into<String>,
        body: impl Generator<Yield = Q, Return = T> + 'static,
    ) -> Task<T>
    where
        Q: From<Spawn<Q>> + 'static,
    {
        let (spawn, task) = Spawn::new(body);
        self.yield_(spawn.named(name)).await;
        task()
    }

    /// Waits for the end of a task, whatever its type: [`Task::join`] also gives its value.
    pub async fn join(&self, task: crate::TaskId)
    where
        Q: From<Join>,
    {
        self.yield_(Join(task)).await;
    }

    /// Cancels a task, whatever its type: like [`Task::cancel`].
    pub async fn cancel(&self, task: crate::TaskId)
    where
        Q: From<Cancel>,
    {
        self.yield_(Cancel(task)).await;
    }
}

impl<Q> fmt::Debug for Co<Q> {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        f.write_str("Co")
    }
}

/// A generator whose body is written as an `async` closure.
///
/// The body may await only what hands out requests through its [`Co`].
pub struct Generated<Q, R> {
    /// The body, which holds the other end of the slot; `None` once it has returned.
    body: Option<Pin<Box<dyn Future<Output = R>>>>,
    slot: Rc<Cell<Option<Q>>>,
}

impl<Q: 'static, R: 'static> Generated<Q, R> {
    /// Makes a generator from a body, which does not start until the generator is resumed.
    pub fn new(body: impl AsyncFnOnce(&Co<Q>) -> R + 'static) -> Generated<Q, R> {
        let slot = Rc::new(Cell::new(None));
        let co = Co { slot: slot.clone() };
        Generated {
            body: Some(Box::pin(async move { body(&co).await })),
            slot,
        }
    }
}

impl<Q, R> Generator for Generated<Q, R> {
    type Yield = Q;
    type Return = R;

    /// Runs the body up to its next request, or to its end.
    ///
    /// # Panics
    ///
    /// When the body panics, when it awaits something that is not a request, and when it has already returned.
    fn resume(&mut self) -> GeneratorState<Q, R> {
        let body = self
            .body
            .as_mut()
            .expect("a generator was resumed after its end");
        let polled = body.as_mut().poll(&mut Context::from_waker(Waker::noop()));
        match (polled, self.slot.take()) {
            (Poll::Pending, Some(request)) => GeneratorState::Yielded(request),
            (Poll::Ready(value), None) => {
                self.body = None;
                GeneratorState::Complete(value)
            }
            (Poll::Pending, None) => {
                panic!("a generator awaited something that is no request: await only `co`")
            }
            (Poll::Ready(_), Some(_)) => {
                panic!("a generator dropped a request that it had begun to await")
            }
        }
    }
}

impl<Q, R> fmt::Debug for Generated<Q, R> {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        f.debug_struct("Generated")
            .field("ended", &self.body.is_none())
            .finish()
    }
}
