//! The error of a task without an output.

use std::any::Any;
use std::error::Error;
use std::fmt;
use std::panic;
use std::sync::{Mutex, PoisonError};

/// Why a task has no output: it panicked, or was cancelled.
#[derive(Debug)]
pub struct JoinError(Reason);

enum Reason {
    Cancelled,
    /// Behind a lock, because most code that passes errors on asks for `Sync`; in a box, to be
    /// small.
    Panicked(Box<Mutex<Box<dyn Any + Send>>>),
}

impl JoinError {
    /// Makes the error of a task that was cancelled.
    pub fn cancelled() -> JoinError {
        JoinError(Reason::Cancelled)
    }

    /// Makes the error of a task that panicked, from the payload of its panic.
    pub fn panicked(payload: Box<dyn Any + Send>) -> JoinError {
        JoinError(Reason::Panicked(Box::new(Mutex::new(payload))))
    }

    /// Returns whether the task was cancelled: aborted, or dropped with its executor.
    pub fn is_cancelled(&self) -> bool {
        matches!(self.0, Reason::Cancelled)
    }

    /// Returns whether the task panicked.
    pub fn is_panic(&self) -> bool {
        matches!(self.0, Reason::Panicked(_))
    }

    /// Resumes the task's panic on this thread.
    ///
    /// # Panics
    ///
    /// Always panics: with the payload of the task's panic or, if the task was cancelled, with a
    /// message that says so.
    ///
    /// # Examples
    ///
    /// ```
    /// let outcome = std::panic::catch_unwind(|| step8_fast_executor::block_on(async {
    ///     let task = step8_fast_executor::spawn(async { panic!("oh") });
    ///     task.await.unwrap_or_else(|error| error.resume_unwind())
    /// }));
    /// assert_eq!(*outcome.unwrap_err().downcast_ref::<&str>().unwrap(), "oh");
    /// ```
    pub fn resume_unwind(self) -> ! {
        match self.0 {
            Reason::Panicked(payload) => panic::resume_unwind(unlocked(*payload)),
            Reason::Cancelled => {
                panic!("the task was cancelled, so there is no panic to resume")
            }
        }
    }

    /// Returns the payload of the panic.
    ///
    /// # Errors
    ///
    /// Returns the error itself if the task was cancelled.
    pub fn try_into_panic(self) -> Result<Box<dyn Any + Send>, JoinError> {
        match self.0 {
            Reason::Panicked(payload) => Ok(unlocked(*payload)),
            Reason::Cancelled => Err(self),
        }
    }
}

fn unlocked(payload: Mutex<Box<dyn Any + Send>>) -> Box<dyn Any + Send> {
    payload.into_inner().unwrap_or_else(PoisonError::into_inner)
}

impl fmt::Display for JoinError {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        let Reason::Panicked(payload) = &self.0 else {
            return f.write_str("the task was cancelled");
        };
        let payload = payload.lock().unwrap_or_else(PoisonError::into_inner);
        let text = payload.downcast_ref::<&str>().copied();
        match text.or_else(|| payload.downcast_ref::<String>().map(String::as_str)) {
            Some(text) => write!(f, "the task panicked: {text}"),
            None => f.write_str("the task panicked"),
        }
    }
}

impl fmt::Debug for Reason {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        f.write_str(match self {
            Reason::Cancelled => "Cancelled",
            Reason::Panicked(_) => "Panicked",
        })
    }
}

impl Error for JoinError {}
