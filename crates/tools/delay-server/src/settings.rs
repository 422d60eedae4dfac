//! The settings of a server.

use std::io;
use std::time::Duration;

/// Says how a [`DelayServer`](crate::DelayServer) behaves.
///
/// The default is the demos' server: a delay of 1 s, two workers, no end.
///
/// ```
/// use delay_server::Settings;
/// use std::time::Duration;
///
/// let settings = Settings::default().workers(3).requests(10);
/// assert_eq!(settings.delay, Duration::from_secs(1));
/// assert_eq!(settings.workers, 3);
/// assert_eq!(settings.requests, Some(10));
/// ```
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub struct Settings {
    /// How long a worker waits between a request and its answer; zero answers at once.
    pub delay: Duration,
    /// How many requests are worked on at the same time, from 1 to
    /// [`MAX_WORKERS`](Settings::MAX_WORKERS).
    pub workers: usize,
    /// How many requests are answered before the server ends; `None` never ends by itself, zero
    /// ends at once.
    pub requests: Option<u64>,
}

impl Settings {
    /// The greatest number of workers.
    ///
    /// Each worker is a thread, so a typing error in this number should not bring the machine to
    /// its knees.
    pub const MAX_WORKERS: usize = 1024;

    /// Sets how long a worker waits between a request and its answer.
    ///
    /// Zero answers at once.
    #[must_use]
    pub const fn delay(mut self, delay: Duration) -> Settings {
        self.delay = delay;
        self
    }

    /// Sets how many requests are worked on at the same time.
    ///
    /// A number outside 1 to [`MAX_WORKERS`](Settings::MAX_WORKERS) is refused when the server
    /// starts.
    #[must_use]
    pub const fn workers(mut self, workers: usize) -> Settings {
        self.workers = workers;
        self
    }

    /// Sets how many requests are answered before the server ends.
    ///
    /// Zero ends at once.
    #[must_use]
    pub const fn requests(mut self, requests: u64) -> Settings {
        self.requests = Some(requests);
        self
    }

    pub(crate) fn check(&self) -> io::Result<()> {
        if (1..=Settings::MAX_WORKERS).contains(&self.workers) {
            return Ok(());
        }
        let problem = format!(
            "workers is {}, and must be from 1 to {}",
            self.workers,
            Settings::MAX_WORKERS
        );
        Err(io::Error::new(io::ErrorKind::InvalidInput, problem))
    }
}

impl Default for Settings {
    fn default() -> Settings {
        Settings {
            delay: Duration::from_secs(1),
            workers: 2,
            requests: None,
        }
    }
}
