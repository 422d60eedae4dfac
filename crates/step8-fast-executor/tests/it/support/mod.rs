//! What the tests of this crate have in common, beside the crate `testing`.

pub(crate) mod sleep_protocol;

use std::time::Duration;

use step4_select::{Select, Selector};
use step8_fast_executor::net::UdpSocket;
use step8_fast_executor::{Executor, TaskId};
use testing::recorder::Recorder;
use testing::selectors::{Counting, Counts};
use testing::watchdog::within_a_minute;

pub(crate) const MAIN: TaskId = TaskId(0);
pub(crate) const SECOND: Duration = Duration::from_secs(1);
pub(crate) const MS: Duration = Duration::from_millis(1);

/// Makes the executor that this crate comes with.
pub(crate) fn executor() -> Executor {
    Executor::new().unwrap()
}

/// Makes an executor on `select(2)`.
pub(crate) fn on_select() -> Executor {
    Executor::with_selector(Select::new().unwrap()).unwrap()
}

/// Makes an executor whose waits are counted, on `select(2)`.
///
/// What it has armed for itself, for other threads, is counted too: [`OWN`].
pub(crate) fn counted() -> (Executor, Counts) {
    counted_on(Select::new().unwrap())
}

/// Makes an executor whose waits are counted.
pub(crate) fn counted_on(selector: impl Selector + 'static) -> (Executor, Counts) {
    let (selector, counts) = Counting::new(selector);
    (Executor::with_selector(selector).unwrap(), counts)
}

/// How many directions an executor has armed for itself.
pub(crate) const OWN: usize = 1;

/// Makes an executor on the virtual clock, so that a program without an end is a panic; and what
/// records its events.
pub(crate) fn recorded() -> (Executor, Recorder) {
    let recorder = Recorder::new();
    (Executor::with_virtual_time().unwrap(), recorder)
}

/// Makes an executor on the real clock, as sockets need it, and what records its events.
pub(crate) fn recorded_on_real_clock() -> (Executor, Recorder) {
    let recorder = Recorder::new();
    (executor(), recorder)
}

/// Runs `main` in a new executor on each selector; fails if one is not over within a minute.
pub(crate) fn run<F: AsyncFn() + Clone + Send + 'static>(main: F) {
    for executor in [executor, on_select] {
        let main = main.clone();
        within_a_minute(move || executor().block_on(main()));
    }
}

/// Runs `main` in a new executor on the virtual clock.
pub(crate) fn run_virtually(main: impl AsyncFnOnce() + Send + 'static) {
    within_a_minute(move || Executor::with_virtual_time().unwrap().block_on(main()));
}

/// Makes a UDP socket at a free port.
pub(crate) fn udp() -> UdpSocket {
    UdpSocket::bind("127.0.0.1:0".parse().unwrap()).unwrap()
}

/// Makes a std socket that is connected to `to`. What it sends has arrived when `send` returns.
pub(crate) fn sender(to: &UdpSocket) -> std::net::UdpSocket {
    let sender = std::net::UdpSocket::bind("127.0.0.1:0").unwrap();
    sender.connect(to.local_addr().unwrap()).unwrap();
    sender
}
