//! A program that does a bit of everything for long.

use std::cell::Cell;
use std::future::pending;
use std::rc::Rc;
use std::time::{Duration, Instant};

use step8_fast_executor::{Executor, JoinError, interval, now, sleep, spawn, timeout};

use crate::loads::Figures;

/// What was done so far.
#[derive(Default)]
struct Done {
    ticks: Cell<u64>,
    timeouts: Cell<u64>,
    in_time: Cell<u64>,
    aborted: Cell<u64>,
    panicked: Cell<u64>,
}

fn count(cell: &Cell<u64>) {
    cell.set(cell.get() + 1);
}

/// Runs tickers, timeouts, aborts and panics for some minutes of the
/// virtual clock.
pub(crate) fn of_work(minutes: u64) -> Figures {
    let (done, begin) = (Rc::new(Done::default()), Instant::now());
    let executor = Executor::with_virtual_time().expect("a few descriptors are left");
    executor.block_on(async {
        let end = now() + Duration::from_secs(60 * minutes);
        for number in 1..=5 {
            drop(spawn(tick(
                Duration::from_millis(100 * number),
                done.clone(),
            )));
        }
        let mut seconds = interval(Duration::from_secs(1));
        while seconds.tick().await < end {
            one_second(&done).await;
        }
    });
    drop(executor);
    vec![
        (done.ticks.get(), "ticks"),
        (done.timeouts.get(), "timeouts that were over"),
        (done.in_time.get(), "that were not"),
        (done.aborted.get(), "tasks aborted"),
        (done.panicked.get(), "tasks that panicked"),
        (Rc::strong_count(&done) as u64 - 1, "tasks left"),
        (begin.elapsed().as_millis() as u64, "ms in all"),
    ]
}

async fn tick(period: Duration, done: Rc<Done>) {
    let mut interval = interval(period);
    loop {
        interval.tick().await;
        count(&done.ticks);
    }
}

/// A bit of everything.
async fn one_second(done: &Done) {
    match timeout(Duration::from_millis(10), pending::<()>()).await {
        Ok(()) => unreachable!("it never ends"),
        Err(_) => count(&done.timeouts),
    }
    if timeout(Duration::from_secs(30), sleep(Duration::from_millis(10)))
        .await
        .is_ok()
    {
        count(&done.in_time);
    }
    let sleeper = spawn(sleep(Duration::from_secs(3600)));
    sleep(Duration::from_millis(1)).await;
    sleeper.abort();
    if sleeper.await.is_err_and(|error| error.is_cancelled()) {
        count(&done.aborted);
    }
    // The panic hook is not called, so nothing is printed.
    let panicking = spawn(async { std::panic::resume_unwind(Box::new("as it was told")) });
    if panicking
        .await
        .is_err_and(|error: JoinError| error.is_panic())
    {
        count(&done.panicked);
    }
}
