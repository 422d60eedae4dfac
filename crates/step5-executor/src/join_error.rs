//! The error of a task that has no output.

use std::any::Any;
use std::error::Error;
use std::sync::Mutex;
use std::{fmt, panic};

/// Why a task has no output: it panicked, or was cancelled.
#[derive(Debug)]
pub struct JoinError {
    /// What the panic carried; `None` if the task was cancelled. The lock makes the error `Sync`,
    /// which most code that passes errors on asks for. The box keeps a task's `Output` small.
    payload: Option<Box<Mutex<Box<dyn Any + Send>>>>,
}

impl JoinError {
    /// Makes the error of a task that was cancelled.
    pub fn cancelled() -> JoinError {
        JoinError { payload: None }
    }

    /// Makes the error of a task that panicked, from what its panic carries.
    pub fn panicked(payload: Box<dyn Any + Send>) -> JoinError {
        let payload = Some(Box::new(Mutex::new(payload)));
        JoinError { payload }
    }

    /// Returns whether the task was cancelled: aborted, or dropped with its executor.
    pub fn is_cancelled(&self) -> bool {
        self.payload.is_none()
    }

    /// Returns whether the task panicked.
    pub fn is_panic(&self) -> bool {
        self.payload.is_some()
    }

    /// Continues the task's panic on this thread.
    ///
    /// # Panics
    ///
    /// Always panics: with what the task's panic carried, or, if the task was cancelled, with a
    /// message that says so.
    ///
    /// # Examples
    ///
    /// ```
    /// let outcome = std::panic::catch_unwind(|| step5_executor::block_on(async {
    ///     let task = step5_executor::spawn(async { panic!("oh") });
    ///     task.await.unwrap_or_else(|error| error.resume_unwind())
    /// }));
    /// assert_eq!(*outcome.unwrap_err().downcast_ref::<&str>().unwrap(), "oh");
    /// ```
    pub fn resume_unwind(self) -> ! {
        let payload = self.try_into_panic();
        panic::resume_unwind(payload.expect("there is no panic to continue"))
    }

    /// Returns what the panic carried.
    ///
    /// # Errors
    ///
    /// Returns the error itself if the task was cancelled.
    pub fn try_into_panic(self) -> Result<Box<dyn Any + Send>, JoinError> {
        let payload = self.payload.ok_or(JoinError::cancelled())?;
        Ok(payload.into_inner().unwrap())
    }
}

impl fmt::Display for JoinError {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        let Some(payload) = &self.payload else {
            return f.write_str("the task was cancelled");
        };
        let payload = payload.lock().unwrap();
        let text = payload.downcast_ref::<&str>().copied();
        match text.or(payload.downcast_ref::<String>().map(String::as_str)) {
            Some(text) => write!(f, "the task panicked: {text}"),
            None => f.write_str("the task panicked"),
        }
    }
}

impl Error for JoinError {}
