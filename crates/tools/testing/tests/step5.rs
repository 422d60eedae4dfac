//! The suites, on step 5.

mod suites;

use step5_executor as executor;

use executor::Executor;

/// Makes the executor on each selector that it is to run on.
const EXECUTORS: &[fn() -> Executor] = &[
    || Executor::new().unwrap(),
    #[cfg(target_os = "linux")]
    || Executor::with_selector(step7_epoll::Epoll::new().unwrap()).unwrap(),
];

/// Whether a listener on the executor's thread hears of wakes by other threads.
const HEARS_WAKES_OF_THREADS: bool = false;
