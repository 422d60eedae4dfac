//! What can a task ask for, now that there is time?

use std::time::Duration;

use step2_round_robin::{Cancel, Join, Spawn, TaskId, Turn};

/// Asks to sleep for a duration, never less.
///
/// `Duration::ZERO` is one turn. What no clock can show, such as `Duration::MAX`, is for ever.
///
/// # Examples
///
/// ```
/// use std::time::Duration;
/// use step3_sleeping_heap::{Clock, Co, Generated, Scheduler, Sleep};
///
/// let clock = Clock::virtual_time();
/// let start = clock.now();
/// let main = Generated::new(async |co: &Co| co.yield_(Sleep(Duration::from_millis(1))).await);
/// Scheduler::new().with_clock(clock.clone()).run(main).unwrap();
/// assert_eq!(clock.now() - start, Duration::from_millis(1));
/// ```
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub struct Sleep(pub Duration);

/// All that a task of this step can ask for.
#[derive(Debug)]
pub enum Request {
    /// See [`Turn`].
    Turn,
    /// See [`Spawn`].
    Spawn(Spawn<Request>),
    /// See [`Join`].
    Join(TaskId),
    /// See [`Cancel`].
    Cancel(TaskId),
    /// See [`Sleep`].
    Sleep(Duration),
}

/// The end through which a task's body hands out the requests of this step.
pub type Co = step2_round_robin::Co<Request>;

impl From<Turn> for Request {
    fn from(_: Turn) -> Request {
        Request::Turn
    }
}

impl From<Spawn<Request>> for Request {
    fn from(spawn: Spawn<Request>) -> Request {
        Request::Spawn(spawn)
    }
}

impl From<Join> for Request {
    fn from(Join(task): Join) -> Request {
        Request::Join(task)
    }
}

impl From<Cancel> for Request {
    fn from(Cancel(task): Cancel) -> Request {
        Request::Cancel(task)
    }
}

impl From<Sleep> for Request {
    fn from(Sleep(duration): Sleep) -> Request {
        Request::Sleep(duration)
    }
}
