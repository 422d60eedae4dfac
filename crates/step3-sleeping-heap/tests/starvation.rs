//! Does anybody keep the sleepers asleep, or the processor busy?

use std::cell::Cell;
use std::rc::Rc;
use std::time::{Duration, Instant};

use step3_sleeping_heap::{
    Clock, Co, Generated, Observer, Request, Scheduler, Sleep, TaskId, Turn,
};

#[derive(Default)]
struct Resumes(u64);

impl Observer<Request> for Resumes {
    fn resumed(&mut self, _: TaskId) {
        self.0 += 1;
    }
}

/// Classic bug: "a task that is always ready starves timers and sockets". The tutorial's scheduler does this.
#[test]
fn a_task_that_is_always_ready_starves_timers_and_sockets() {
    let start = Instant::now();
    let delay = Duration::from_millis(10);
    let main = Generated::new(async move |co: &Co| {
        let awake = Rc::new(Cell::new(false));
        let seen = awake.clone();
        co.spawn(Generated::new(async move |co: &Co| {
            co.yield_(Sleep(delay)).await;
            awake.set(true);
        }))
        .await;
        while !seen.get() {
            assert!(
                start.elapsed() < Duration::from_secs(30),
                "the sleeper is kept asleep"
            );
            co.yield_(Turn).await;
        }
    });
    Scheduler::new().run(main).unwrap();
    assert!(start.elapsed() >= delay);
}

/// Classic bug: "spins while idle".
#[test]
fn spins_while_idle() {
    let mut resumes = Resumes::default();
    let clock = Clock::real_time();
    let main = Generated::new(async |co: &Co| co.yield_(Sleep(Duration::from_millis(100))).await);
    Scheduler::new()
        .with_clock(clock.clone())
        .with_observer(&mut resumes)
        .run(main)
        .unwrap();
    assert_eq!((clock.waits(), resumes.0), (1, 2));
}

/// Classic bug: "one event wakes every task".
#[test]
fn one_event_wakes_every_task() {
    let mut resumes = Resumes::default();
    let clock = Clock::virtual_time();
    let main = Generated::new(async |co: &Co| {
        for i in 0..1000 {
            co.spawn(Generated::new(async move |co: &Co| {
                co.yield_(Sleep(Duration::from_millis(i))).await
            }))
            .await;
        }
    });
    Scheduler::new()
        .with_clock(clock.clone())
        .with_observer(&mut resumes)
        .run(main)
        .unwrap();
    assert_eq!(
        resumes.0,
        1001 + 2 * 1000,
        "two for each sleeper, and one for each spawn"
    );
    assert_eq!(clock.waits(), 999);
}

/// Classic bug: "cancelled timers stay in the heap"; a cancelled sleeper does not wake the scheduler either.
#[test]
fn a_cancelled_sleeper_is_not_waited_for() {
    let clock = Clock::virtual_time();
    let start = clock.now();
    let main = Generated::new(async |co: &Co| {
        let sleeper = async |co: &Co| co.yield_(Sleep(Duration::from_secs(1))).await;
        let task = co.spawn(Generated::new(sleeper)).await;
        co.yield_(Turn).await;
        task.cancel(co).await;
        co.yield_(Sleep(Duration::from_secs(2))).await;
    });
    Scheduler::new()
        .with_clock(clock.clone())
        .run(main)
        .unwrap();
    assert_eq!(clock.waits(), 1);
    assert_eq!(clock.now() - start, Duration::from_secs(2));
}
