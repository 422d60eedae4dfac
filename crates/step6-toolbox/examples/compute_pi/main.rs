//! A blocking function made async: digits of pi, while the loop continues.
//!
//! A function that computes never waits, so as a task it would stop all others until it is done.
//! Given to `spawn_blocking` it runs in another thread, and its output is awaited like anything
//! else. It is Python's `loop.run_in_executor` and `asyncio.to_thread`, and `force_async` in the
//! program that this one follows. A heart that beats each millisecond shows the difference. In
//! Python it would also show the global lock, for which the threads fight; there is none here, so
//! with a core to spare the loop does not notice.
//!
//! Run it: `cargo run -p step6-toolbox --example compute_pi`
#![forbid(unsafe_code)]

#[cfg(test)]
mod machin;
mod spigot;

use std::cell::Cell;
use std::rc::Rc;
use std::time::Duration;

use step5_executor::{JoinError, block_on, now, sleep, spawn, yield_now};
use step6_toolbox::{join_all, spawn_blocking};

use spigot::compute_pi;

/// How many digits after the point. Twice as many take four times as long.
const DIGITS: usize = 800;

/// How many digits a line has.
const WIDTH: usize = 70;

fn main() -> Result<(), JoinError> {
    block_on(async {
        println!("Now, compute_pi will be executed");
        let tasks = [
            spawn(print_pi()),
            spawn(greet("Another function gets calleeeeeeed")),
            spawn(greet("Another function gets called")),
        ];
        for outcome in join_all(tasks).await {
            // Either the task has failed, or what it waited for.
            outcome??;
        }

        let in_the_pool = spawn_blocking(|| compute_pi(DIGITS));
        compare("in the blocking pool", in_the_pool).await?;
        let in_the_loop = async { Ok(compute_pi(DIGITS)) };
        compare("in the loop's own thread", in_the_loop).await
    })
}

async fn greet(message: &str) -> Result<(), JoinError> {
    println!("{message}");
    Ok(())
}

async fn print_pi() -> Result<(), JoinError> {
    let pi = spawn_blocking(|| compute_pi(DIGITS)).await?;
    let (whole, mut rest) = pi.split_at(2);
    let mut margin = whole;
    while !rest.is_empty() {
        let (line, below) = rest.split_at(rest.len().min(WIDTH));
        println!("{margin}{line}");
        (margin, rest) = ("  ", below);
    }
    Ok(())
}

async fn compare(
    place: &str,
    work: impl Future<Output = Result<String, JoinError>>,
) -> Result<(), JoinError> {
    let start = now();
    let (outcome, beats, longest_pause) = beside(work).await;
    outcome?;
    let (took, pause) = ((now() - start).as_secs_f64(), longest_pause.as_secs_f64());
    println!("{place} it took {took:.3} s");
    println!("  the heart beat {beats} times meanwhile, its longest pause {pause:.3} s");
    Ok(())
}

/// Awaits some work while a heart beats each millisecond in another task.
///
/// Returns the output, the number of beats, and the longest time without one.
async fn beside<T>(work: impl Future<Output = T>) -> (T, u32, Duration) {
    let pulse = Rc::new(Cell::new((0, Duration::ZERO, now())));
    let beating = pulse.clone();
    let heart = spawn(async move {
        loop {
            sleep(Duration::from_millis(1)).await;
            let (beats, longest, last) = beating.get();
            let beat = now();
            beating.set((beats + 1, longest.max(beat - last), beat));
        }
    });
    // The heart starts first.
    yield_now().await;
    let output = work.await;
    heart.abort();
    let (beats, longest, last) = pulse.get();
    (output, beats, longest.max(now() - last))
}

#[cfg(test)]
mod tests {
    use std::thread;

    use step5_executor::Executor;

    use super::*;
    use machin::machin;

    #[test]
    fn another_formula_gives_the_same_digits() {
        let pi = machin(2_000);
        // Some end within a run of nines: the 762nd to the 767th digit are 9.
        for digits in (1..=60).chain(755..=775).chain([800, 1_000, 2_000]) {
            assert_eq!(compute_pi(digits), pi[..digits + 2], "{digits} digits");
        }
    }

    #[test]
    fn the_digits_are_the_well_known_ones() {
        let pi = compute_pi(1_000);
        assert!(
            pi.starts_with("3.14159265358979323846264338327950288419716939937510"),
            "{pi}"
        );
        assert_eq!(&pi[2 + 761..2 + 767], "999999");
        assert!(pi.ends_with("64201989"), "{pi}");
    }

    #[test]
    fn the_heart_beats_while_others_wait() {
        let executor = Executor::with_virtual_time().unwrap();
        let ((), beats, longest) = executor.block_on(beside(async {
            sleep(Duration::from_micros(100_500)).await;
        }));
        assert_eq!((beats, longest), (100, Duration::from_millis(1)));
    }

    #[test]
    fn the_heart_stands_still_within_a_poll() {
        let time = Duration::from_millis(30);
        let work = async { thread::sleep(time) };
        let ((), beats, longest) = block_on(beside(work));
        assert!(beats == 0 && longest >= time, "{longest:?}");
    }
}
