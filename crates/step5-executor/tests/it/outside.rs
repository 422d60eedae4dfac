//! If there is no executor, or one already, does the panic say so, and name the caller's line?

use std::time::{Duration, Instant};

use step5_executor::{
    Executor, block_on, hold_clock, interval, sleep, sleep_until, spawn, spawn_named, timeout,
};
use testing::panic_message;

use crate::support::SECOND;

#[test]
fn the_panic_says_what_to_do() {
    let message = panic_message::of(|| spawn(async {}));
    let expected = "there is no executor here: use this inside of `block_on(async { .. })`";
    assert_eq!(message, expected);
    let message = block_on(async { panic_message::of(|| block_on(async {})) });
    assert_eq!(message, "nested block_on: await the future");
}

/// Asserts that the panic of `run` names the line on which `run` is written.
#[track_caller]
fn assert_own_line<T>(run: impl FnOnce() -> T) {
    let here = std::panic::Location::caller();
    let (file, line) = panic_message::place_of(run);
    assert_eq!((&file[..], line), (here.file(), here.line()));
}

#[test]
fn the_panic_names_the_callers_line() {
    let soon = Instant::now();
    assert_own_line(|| spawn(async {}));
    assert_own_line(|| spawn_named("a", async {}));
    assert_own_line(|| sleep(SECOND));
    assert_own_line(|| sleep_until(soon));
    assert_own_line(|| timeout(SECOND, async {}));
    assert_own_line(|| interval(SECOND));
    assert_own_line(|| interval(Duration::ZERO));
    assert_own_line(|| hold_clock());
}

#[test]
fn a_nested_block_on_names_the_callers_line() {
    let executor = Executor::new().unwrap();
    executor.block_on(async {
        assert_own_line(|| block_on(async {}));
        assert_own_line(|| executor.block_on(async {}));
    });
}
