//! The futures that wait for a time.

use std::fmt;
use std::mem;
use std::pin::Pin;
use std::rc::Rc;
use std::task::{Context, Poll};
use std::time::{Duration, Instant};

use trace::Reason;

use crate::core::Core;
use crate::entered::{self, expect_entered};
use crate::task_key::TaskKey;
use crate::timer_key::TimerKey;

/// Returns the time of the executor's clock, which may be virtual. Outside of an executor it is the
/// system's.
pub fn now() -> Instant {
    entered::with_entered(|core| core.clock.now()).unwrap_or_else(Instant::now)
}

/// Waits for a duration from now on, and never less.
///
/// `Duration::ZERO` is one turn. A sleep whose end no clock can show, such as one of
/// `Duration::MAX`, is forever, and so is one that ends more than 584 years (2^64 nanoseconds)
/// after the executor's start.
///
/// # Cancel safety
///
/// Dropping it takes the timer back.
///
/// # Panics
///
/// Panics outside of an executor: because a sleep is made before it is awaited, write
/// `block_on(async { sleep(second).await })`. The sleep belongs to the executor in which it is
/// made, and only that executor's clock ends it; if the executor is dropped first, polling panics.
///
/// # Examples
///
/// ```
/// use std::time::Duration;
/// use step8_fast_executor::{Executor, now, sleep};
///
/// Executor::with_virtual_time()?.block_on(async {
///     let start = now();
///     sleep(Duration::from_secs(3600)).await;
///     assert_eq!(now() - start, Duration::from_secs(3600));
/// });
/// # std::io::Result::Ok(())
/// ```
pub fn sleep(duration: Duration) -> Sleep {
    let core = expect_entered(entered::entered(), "a sleep");
    if duration.is_zero() {
        core.hurry_timers();
    }
    let now = core.clock.now();
    let deadline = core.timers.borrow().deadline_after(now, duration);
    Sleep::new(core, deadline)
}

/// Waits until a point in time, and never less; one in the past is one turn.
///
/// The time is that of [`now`]. A virtual clock runs ahead of `Instant::now()`, so what is counted
/// from there may be long past.
///
/// # Panics
///
/// Panics outside of an executor.
pub fn sleep_until(deadline: Instant) -> Sleep {
    let core = expect_entered(entered::entered(), "a sleep");
    if deadline <= core.clock.now() {
        core.hurry_timers();
    }
    let deadline = core.timers.borrow().nanoseconds(deadline);
    Sleep::new(core, deadline)
}

/// The future returned by [`sleep`] and [`sleep_until`].
#[must_use = "futures do nothing unless awaited"]
pub struct Sleep {
    core: Rc<Core>,
    state: State,
}

enum State {
    /// Not polled yet. The deadline is in nanoseconds since the start of the timers.
    New(u64),
    /// In the heap, or fired.
    Waiting { timer: TimerKey, sleeper: TaskKey },
}

impl Sleep {
    fn new(core: Rc<Core>, deadline: u64) -> Sleep {
        let state = State::New(deadline);
        Sleep { core, state }
    }

    /// Takes another waker than before. Returns whether the sleep still waits.
    #[cold]
    fn wait_with_another_waker(&mut self, cx: &Context<'_>) -> bool {
        let Sleep { core, state } = self;
        let newer = key(core, cx);
        // Cloning a waker runs user code, and the timer may be over by now.
        if let State::Waiting { timer, sleeper } = state
            && core.timers.borrow_mut().replace(timer, newer)
        {
            core.wakers.forget(mem::replace(sleeper, newer));
            return true;
        }
        core.wakers.forget(newer);
        false
    }
}

impl Future for Sleep {
    type Output = ();

    #[inline]
    fn poll(mut self: Pin<&mut Self>, cx: &mut Context<'_>) -> Poll<()> {
        let Sleep { core, state } = &mut *self;
        match state {
            State::New(deadline) => {
                assert_open(core);
                let sleeper = key(core, cx);
                let timer = core.timers.borrow_mut().push_at(*deadline, sleeper);
                *state = State::Waiting { timer, sleeper };
            }
            State::Waiting { timer, sleeper } => {
                if !core.timers.borrow().contains(timer) {
                    return Poll::Ready(());
                }
                assert_open(core);
                if !core.is_key_of(*sleeper, cx.waker()) && !self.wait_with_another_waker(cx) {
                    return Poll::Ready(());
                }
            }
        }
        if trace::has_listener() {
            self.trace_wait(trace::waits);
        }
        Poll::Pending
    }
}

impl Sleep {
    /// Reports what it waits for.
    #[cold]
    fn trace_wait(&self, report: fn(Reason)) {
        if let State::Waiting { timer, .. } = &self.state {
            let deadline = || Reason::Sleep(self.core.timers.borrow().deadline(timer));
            self.core.trace_wait(report, deadline);
        }
    }
}

impl Drop for Sleep {
    #[inline]
    fn drop(&mut self) {
        let State::Waiting { timer, .. } = &self.state else {
            return;
        };
        if self.core.is_closed() || !self.core.timers.borrow().contains(timer) {
            return;
        }
        if trace::has_listener() {
            self.trace_wait(trace::gave_up);
        }
        // The state that stays behind is never looked at again.
        let state = mem::replace(&mut self.state, State::New(0));
        if let State::Waiting { timer, sleeper } = state {
            self.core.timers.borrow_mut().cancel(timer);
            self.core.wakers.forget(sleeper);
        }
    }
}

/// Panics if the executor of a sleep is gone.
#[inline]
fn assert_open(core: &Core) {
    assert!(
        !core.is_closed(),
        "the executor of a sleep was dropped, so nothing would ever end it"
    );
}

/// Returns a key for the waker that a sleep is to wake. Cloning that waker runs user code, which
/// may even have dropped the executor.
#[inline]
fn key(core: &Core, cx: &Context<'_>) -> TaskKey {
    let sleeper = core.key_of(cx.waker());
    assert_open(core);
    sleeper
}

impl fmt::Debug for Sleep {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        f.write_str(match &self.state {
            State::New(_) => "Sleep(not polled yet)",
            State::Waiting { timer, .. } if self.core.timers.borrow().contains(timer) => {
                "Sleep(waiting)"
            }
            State::Waiting { .. } => "Sleep(over)",
        })
    }
}

#[cfg(test)]
mod tests {
    use std::future::pending;
    use std::pin::pin;
    use std::task::Waker;

    use super::*;
    use crate::{Executor, timeout};

    /// Returns how many timers wait, and how many entries there are, in the heap of the executor
    /// that runs.
    fn heap() -> (usize, usize) {
        entered::with_entered(|core| (core.timers.borrow().len(), core.timers.borrow().entries()))
            .unwrap()
    }

    /// Classic bug: Cancelled timers stay in the heap
    #[test]
    fn cancelled_timers_leave_the_heap() {
        Executor::with_virtual_time().unwrap().block_on(async {
            for _ in 0..1_000_000 {
                let mut limited = pin!(timeout(Duration::from_secs(30), pending::<()>()));
                assert!(
                    limited
                        .as_mut()
                        .poll(&mut Context::from_waker(Waker::noop()))
                        .is_pending()
                );
            }
            let (timers, entries) = heap();
            assert_eq!(timers, 0);
            assert!(entries < 300, "{entries} entries");
        });
    }

    /// Classic bug: A waker pushed again at each poll
    #[test]
    fn polling_again_adds_no_timer() {
        Executor::with_virtual_time().unwrap().block_on(async {
            let mut sleeps: Vec<_> = (1..=10)
                .map(|i| Box::pin(sleep(Duration::from_secs(i))))
                .collect();
            for _ in 0..100 {
                for sleep in &mut sleeps {
                    assert!(
                        sleep
                            .as_mut()
                            .poll(&mut Context::from_waker(Waker::noop()))
                            .is_pending()
                    );
                }
            }
            assert_eq!(heap(), (10, 10));
            sleep(Duration::from_secs(5)).await;
            assert_eq!(heap().0, 5);
            drop(sleeps);
            assert_eq!(heap().0, 0);
        });
    }
}
