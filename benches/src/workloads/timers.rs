//! What a deadline costs: one that comes, one that is taken back, one among many.
//!
//! A timer that comes is one of a nanosecond, on the real clock. So it is due at once, and what is
//! measured is the way to the heap, through the wait for events, and back.

use std::io;
use std::time::{Duration, Instant};

use timeline::units::integer;

use super::switch::{take_turns, take_turns_with};
use crate::asyncio;
use crate::steps::{Futures, Sleeps};
use crate::workload::{Contender, Count, Growth, Section, Timed, Workload};

const NANOSECOND: Duration = Duration::from_nanos(1);
const HOUR: Duration = Duration::from_secs(3_600);

/// A timer that fires, in the same round as `others`.
pub(super) fn fires(others: u64) -> Workload {
    let tasks = 1 + others;
    let name = match others {
        0 => "a timer fires alone".to_owned(),
        _ => format!("a timer fires beside {others} others"),
    };
    Workload {
        name,
        section: Section::Timers,
        batch: tasks,
        count: Some(Count::SystemCalls),
        growth: None,
        is_charted: others == 0,
        contenders: vec![
            Contender::new("step 3", move |timers| {
                type C = step3_sleeping_heap::Co;
                take_turns::<C>(tasks, timers, async |co| co.sleep(NANOSECOND).await)
            }),
            Contender::new("step 4", move |timers| {
                type C = step4_select::Co;
                take_turns::<C>(tasks, timers, async |co| co.sleep(NANOSECOND).await)
            }),
            Contender::new("step 5", move |timers| {
                type E = step5_executor::Executor;
                take_turns_with(&E::new()?, tasks, timers, || E::sleep(NANOSECOND))
            }),
            Contender::new("step 8", move |timers| {
                type E = step8_fast_executor::Executor;
                take_turns_with(&exact()?, tasks, timers, || E::sleep(NANOSECOND))
            }),
            asyncio::contender("asyncio", "timers", tasks),
        ],
    }
}

/// Step 8's executor, but it puts off no wake-up so that timers can share it: a wait is not work.
fn exact() -> io::Result<step8_fast_executor::Executor> {
    Ok(step8_fast_executor::Executor::new()?.with_timer_resolution(Duration::ZERO))
}

/// A timer that fires while `others` wait for a later one.
pub(super) fn fires_among(others: u64) -> Workload {
    let mut contenders = vec![
        Contender::new("step 3", move |timers| {
            fire_among::<step3_sleeping_heap::Co>(others, timers)
        }),
        Contender::new("step 4", move |timers| {
            fire_among::<step4_select::Co>(others, timers)
        }),
        Contender::new("step 5", move |timers| {
            fire_among_with(&step5_executor::Executor::new()?, others, timers)
        }),
        Contender::new("step 8", move |timers| {
            fire_among_with(&exact()?, others, timers)
        }),
    ];
    // asyncio takes a minute to make so many.
    if others < 100_000 {
        contenders.push(asyncio::contender("asyncio", "timers_among", others));
    }
    Workload {
        name: format!("a timer fires while {} wait", integer(others)),
        section: Section::Growth,
        batch: 1_000,
        count: None,
        growth: Some(Growth {
            of: "timers",
            n: others,
        }),
        is_charted: false,
        contenders,
    }
}

fn fire_among<C: Sleeps>(others: u64, timers: u64) -> io::Result<Timed> {
    C::run(async move |co| {
        let mut sleepers = Vec::new();
        for _ in 0..others {
            sleepers.push(co.spawn(async |co| co.sleep(HOUR).await).await);
        }
        co.turn().await;
        let start = Instant::now();
        let mut done = 0;
        while done < timers {
            co.sleep(NANOSECOND).await;
            done += 1;
        }
        let elapsed = start.elapsed();
        for sleeper in sleepers {
            co.cancel(&sleeper).await;
        }
        Timed { done, elapsed }
    })
}

fn fire_among_with<E: Futures>(executor: &E, others: u64, timers: u64) -> io::Result<Timed> {
    executor.block_on(async {
        (0..others).for_each(|_| drop(E::spawn(E::sleep(HOUR))));
        E::yield_now().await;
        let start = Instant::now();
        let mut done = 0;
        while done < timers {
            E::sleep(NANOSECOND).await;
            done += 1;
        }
        let elapsed = start.elapsed();
        Ok(Timed { done, elapsed })
    })
}

/// A task that is spawned, begins to sleep, is cancelled, and is joined.
pub(super) fn is_cancelled() -> Workload {
    Workload {
        name: "spawn, sleep, cancel, join".into(),
        section: Section::Timers,
        batch: 100,
        count: Some(Count::SystemCalls),
        growth: None,
        is_charted: false,
        contenders: vec![
            Contender::new("step 3", cancel_sleepers::<step3_sleeping_heap::Co>),
            Contender::new("step 4", cancel_sleepers::<step4_select::Co>),
            Contender::new("step 5", abort_sleepers::<step5_executor::Executor>),
            Contender::new("step 8", abort_sleepers::<step8_fast_executor::Executor>),
            asyncio::contender("asyncio", "cancel", 0),
        ],
    }
}

fn cancel_sleepers<C: Sleeps>(tasks: u64) -> io::Result<Timed> {
    C::run(async move |co| {
        let start = Instant::now();
        let mut done = 0;
        for _ in 0..tasks {
            let sleeper = co.spawn(async |co| co.sleep(HOUR).await).await;
            co.turn().await;
            co.cancel(&sleeper).await;
            done += u64::from(co.join(sleeper).await.is_none());
        }
        let elapsed = start.elapsed();
        Timed { done, elapsed }
    })
}

fn abort_sleepers<E: Futures>(tasks: u64) -> io::Result<Timed> {
    E::new()?.block_on(async {
        let start = Instant::now();
        let mut done = 0;
        for _ in 0..tasks {
            // In a block, because a sleep belongs to the moment in which it is made.
            let sleeper = E::spawn(async { E::sleep(HOUR).await });
            E::yield_now().await;
            E::abort(&sleeper);
            done += u64::from(sleeper.await.is_err());
        }
        let elapsed = start.elapsed();
        Ok(Timed { done, elapsed })
    })
}

/// A timeout of an hour around what takes one turn.
pub(super) fn is_not_reached() -> Workload {
    Workload {
        name: "a timeout is not reached".into(),
        section: Section::Timers,
        batch: 100,
        count: Some(Count::SystemCalls),
        growth: None,
        is_charted: true,
        contenders: vec![
            Contender::new("step 5", within_an_hour::<step5_executor::Executor>),
            Contender::new("step 8", within_an_hour::<step8_fast_executor::Executor>),
            asyncio::contender("asyncio", "timeout", 0),
        ],
    }
}

fn within_an_hour<E: Futures>(timeouts: u64) -> io::Result<Timed> {
    E::new()?.block_on(async {
        let start = Instant::now();
        let mut done = 0;
        for _ in 0..timeouts {
            done += u64::from(E::timeout(HOUR, E::yield_now()).await.is_ok());
        }
        let elapsed = start.elapsed();
        Ok(Timed { done, elapsed })
    })
}
