//! The suites, on step 8.
#![expect(
    clippy::clone_on_copy,
    reason = "an abort handle is `Copy` here, and not in step 5"
)]

mod suites;

use step8_fast_executor as executor;

use executor::Executor;
use step4_select::Select;

/// Makes the executor on each selector that it is to run on.
const EXECUTORS: &[fn() -> Executor] = &[
    || Executor::new().unwrap(),
    || Executor::with_selector(Select::new().unwrap()).unwrap(),
];

/// Whether a listener on the executor's thread hears of wakes by other threads.
const HEARS_WAKES_OF_THREADS: bool = true;
