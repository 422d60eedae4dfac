//! The tests of the server and the client. They run on the real clock, as all that waits for
//! sockets does.

mod client;
mod hostile;
mod server;
mod streams;

use std::time::Duration;

use http::Live;
use step5_executor::{Executor, sleep};
use testing::watchdog::within_a_minute;

const MS: Duration = Duration::from_millis(1);
const MINUTE: Duration = Duration::from_secs(60);

/// Runs `main` in a new executor; fails if it is not over within a minute.
fn run(main: impl AsyncFnOnce() + Send + 'static) {
    within_a_minute(move || Executor::new().unwrap().block_on(main()));
}

/// Waits until there are only so many connections.
async fn wait_for(live: &Live, count: usize) {
    while live.count() != count {
        sleep(MS).await;
    }
}
