//! Two sleeps at once, of which only the first to end is needed: the other is cancelled.
//!
//! `wait` returns two lists: the outputs of the tasks that are done, and the handles of those that
//! continue until they are aborted. Aborting a task drops its future where it stands: it never says
//! "Stop sleep", its guards run, and its timer is taken back.
//!
//! Python's `asyncio.wait(tasks, return_when=FIRST_COMPLETED)` is `wait` with
//! `Until::FirstCompleted`, and `task.cancel()` is `abort`. Python throws an exception into the
//! task, which may catch it and continue; here there is nothing to catch: an aborted task is gone.
//!
//! Run it: `cargo run -p step6-toolbox --example first_completed`
#![forbid(unsafe_code)]

use std::mem;
use std::time::Duration;

use step5_executor::{JoinError, JoinHandle, block_on, now, sleep, spawn};
use step6_toolbox::{Until, wait};

const SLEEPS: [Duration; 2] = [Duration::from_millis(800), Duration::from_millis(900)];

/// Says so if a sleep is dropped before its end.
struct Unfinished(Duration);

impl Drop for Unfinished {
    fn drop(&mut self) {
        let seconds = self.0.as_secs_f64();
        println!("Dropped in its sleep: the one of {seconds} s");
    }
}

async fn sleep_for(time: Duration) -> Duration {
    println!("Start sleep");
    let unfinished = Unfinished(time);
    sleep(time).await;
    // This is its end, so there is nothing to say.
    mem::forget(unfinished);
    println!("Stop sleep");
    time
}

/// Returns how long the first one slept, and the handles of the others.
async fn first(sleeps: &[Duration]) -> Result<(Duration, Vec<JoinHandle<Duration>>), JoinError> {
    let tasks = sleeps.iter().map(|time| spawn(sleep_for(*time)));
    let (mut done, pending) = wait(tasks, Until::FirstCompleted, None).await;
    // Several may be done at once: those that sleep for the same time.
    let (_, slept) = done.swap_remove(0);
    Ok((slept?, pending))
}

/// Cancels tasks, and returns how many of them had not ended.
async fn cancel(tasks: Vec<JoinHandle<Duration>>) -> usize {
    tasks.iter().for_each(JoinHandle::abort);
    let (ended, _) = wait(tasks, Until::AllCompleted, None).await;
    let outcomes = ended.into_iter().map(|(_, outcome)| outcome);
    outcomes
        .filter(|outcome| outcome.as_ref().is_err_and(JoinError::is_cancelled))
        .count()
}

fn main() -> Result<(), JoinError> {
    block_on(async {
        let start = now();
        let (slept, pending) = first(&SLEEPS).await?;
        let took = (now() - start).as_secs_f64();
        println!("First took {took:.2} s: the one of {slept:?}");

        let start = now();
        let cancelled = cancel(pending).await;
        let took = (now() - start).as_secs_f64();
        println!("Cancelled: {cancelled}, in {took:.2} s more");
        Ok(())
    })
}

#[cfg(test)]
mod tests {
    use step5_executor::Executor;

    use super::*;

    /// Returns how long the first of these took, and how many were cancelled then.
    fn run(sleeps: &[u64]) -> (u64, usize) {
        let sleeps: Vec<_> = sleeps.iter().copied().map(Duration::from_secs).collect();
        let executor = Executor::with_virtual_time().unwrap();
        executor.block_on(async {
            let start = now();
            let (slept, pending) = first(&sleeps).await.unwrap();
            assert_eq!(now() - start, slept);
            let cancelled = cancel(pending).await;
            assert_eq!(now() - start, slept);
            (slept.as_secs(), cancelled)
        })
    }

    #[test]
    fn the_first_ends_the_others() {
        assert_eq!(run(&[8, 9]), (8, 1));
        assert_eq!(run(&[3_600, 1, 1_800]), (1, 2));
    }

    #[test]
    fn after_a_tie_there_is_nothing_to_cancel() {
        assert_eq!(run(&[2, 2]), (2, 0));
        assert_eq!(run(&[2]), (2, 0));
    }
}
