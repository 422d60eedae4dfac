//! Can a busy task keep the others asleep, or a sleeping one keep the processor busy?

use std::cell::Cell;
use std::rc::Rc;
use std::time::{Duration, Instant};

use step3_sleeping_heap::{Clock, Co, Scheduler};
use testing::{lines, resumes};

fn waits(lines: &[String]) -> usize {
    let is_wait = |line: &&String| line.starts_with("waited");
    lines.iter().filter(is_wait).count()
}

/// Promise (order): A task that is always ready starves no timer, no socket and no wake from
/// another thread.
///
/// Classic bug: A task that is always ready starves timers and sockets
#[test]
fn a_busy_task_does_not_starve_sleepers() {
    let start = Instant::now();
    let delay = Duration::from_millis(10);
    let main = async move |co: Co| {
        let awake = Rc::new(Cell::new(false));
        let seen = awake.clone();
        co.spawn(async move |co: Co| {
            co.sleep(delay).await;
            awake.set(true);
        })
        .await;
        while !seen.get() {
            let elapsed = start.elapsed();
            assert!(elapsed < Duration::from_secs(30), "it is kept asleep");
            co.turn().await;
        }
    };
    Scheduler::new().run(main).unwrap();
    assert!(start.elapsed() >= delay);
}

/// Classic bug: Spins while idle
#[test]
fn an_idle_scheduler_does_not_spin() {
    let happened = lines(|| {
        let main = async |co: Co| co.sleep(Duration::from_millis(100)).await;
        Scheduler::new().run(main).unwrap();
    });
    assert_eq!((waits(&happened), resumes(&happened, "main")), (1, 2));
}

/// Classic bug: One event wakes every task
#[test]
fn a_deadline_wakes_its_own_task_only() {
    let happened = lines(|| {
        let main = async |co: Co| {
            for i in 1..=1_000 {
                let body = async move |co: Co| co.sleep(Duration::from_millis(i)).await;
                co.spawn_named("sleeper", body).await;
            }
        };
        let scheduler = Scheduler::with_clock(Clock::virtual_time());
        scheduler.run(main).unwrap();
    });
    assert_eq!(resumes(&happened, "sleeper"), 2 * 1_000);
    assert_eq!(waits(&happened), 1_000);
}
