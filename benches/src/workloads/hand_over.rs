//! Two that wait for each other: each wakes the other, and then waits to be woken.

use std::cell::Cell;
use std::future::poll_fn;
use std::io;
use std::rc::Rc;
use std::sync::atomic::{AtomicU64, Ordering};
use std::task::{Poll, Waker};
use std::thread::{self, Thread};
use std::time::Instant;

use crate::asyncio;
use crate::steps::Futures;
use crate::workload::{Contender, Count, Section, Timed, Workload};

pub(super) fn workload() -> Workload {
    Workload {
        name: "hand over between two".into(),
        section: Section::HandOver,
        batch: 1,
        count: Some(Count::SystemCalls),
        growth: None,
        is_charted: true,
        contenders: contenders(),
    }
}

fn contenders() -> Vec<Contender> {
    let mut contenders = vec![
        Contender::new("step 5", on_futures::<step5_executor::Executor>),
        Contender::new("step 8", on_futures::<step8_fast_executor::Executor>),
    ];
    #[cfg(target_os = "linux")]
    {
        let bound = |name, cores: [usize; 2]| {
            Contender::new(name, move |turns| {
                on_threads(turns, move |parity| crate::affinity::bind_to(cores[parity]))
            })
        };
        match crate::affinity::cores()[..] {
            [first, second, ..] => contenders.extend([
                bound("threads, 1 core", [first, first]),
                bound("threads, 2 cores", [first, second]),
            ]),
            _ => contenders.push(bound("threads, 1 core", [0, 0])),
        }
    }
    #[cfg(not(target_os = "linux"))]
    contenders.push(Contender::new("threads", |turns| {
        on_threads(turns, |_| Ok(()))
    }));
    contenders.push(asyncio::contender("asyncio", "hand_over", 2));
    contenders
}

/// What two tasks share.
#[derive(Default)]
struct Baton {
    /// How many turns were taken: one task takes the even ones, and the other the odd ones.
    turn: Cell<u64>,
    wakers: [Cell<Option<Waker>>; 2],
}

impl Baton {
    /// Takes every second turn until all are taken, and returns how many that were.
    async fn take_turns(&self, parity: usize, turns: u64) -> u64 {
        let mut taken = 0;
        while self.has_turn(parity, turns).await {
            taken += 1;
            self.turn.set(self.turn.get() + 1);
            self.wakers[1 - parity]
                .take()
                .into_iter()
                .for_each(Waker::wake);
        }
        taken
    }

    async fn has_turn(&self, parity: usize, turns: u64) -> bool {
        poll_fn(|cx| {
            let turn = self.turn.get();
            if turn == turns || turn % 2 == parity as u64 {
                return Poll::Ready(turn < turns);
            }
            self.wakers[parity].set(Some(cx.waker().clone()));
            Poll::Pending
        })
        .await
    }
}

fn on_futures<E: Futures>(turns: u64) -> io::Result<Timed> {
    let baton = Rc::new(Baton::default());
    E::new()?.block_on(async {
        let shared = Rc::clone(&baton);
        let start = Instant::now();
        let other = E::spawn(async move { shared.take_turns(1, turns).await });
        let taken = baton.take_turns(0, turns).await;
        let done = taken + other.await.expect("no task is aborted");
        let elapsed = start.elapsed();
        Ok(Timed { done, elapsed })
    })
}

/// Two threads, neither of which is the main one: `prepare` may bind them to a core.
fn on_threads(
    turns: u64,
    prepare: impl Fn(usize) -> io::Result<()> + Send + Sync,
) -> io::Result<Timed> {
    let baton = AtomicU64::new(0);
    thread::scope(|scope| {
        let builder = thread::Builder::new();
        let both = builder.spawn_scoped(scope, || {
            let here = thread::current();
            let builder = thread::Builder::new();
            let (baton, prepare) = (&baton, &prepare);
            let other = builder.spawn_scoped(scope, move || {
                prepare(1)?;
                Ok(hand_over(baton, 1, &here, turns))
            })?;
            prepare(0)?;
            let start = Instant::now();
            let taken = hand_over(baton, 0, other.thread(), turns);
            let elapsed = start.elapsed();
            let others: io::Result<u64> = other.join().expect("handing over does not panic");
            let done = taken + others?;
            Ok(Timed { done, elapsed })
        })?;
        both.join().expect("handing over does not panic")
    })
}

/// Takes every second turn until all are taken, and returns how many that were.
fn hand_over(baton: &AtomicU64, parity: u64, other: &Thread, turns: u64) -> u64 {
    let mut taken = 0;
    loop {
        let turn = baton.load(Ordering::Acquire);
        if turn == turns {
            return taken;
        }
        if turn % 2 == parity {
            baton.store(turn + 1, Ordering::Release);
            other.unpark();
            taken += 1;
        } else {
            thread::park();
        }
    }
}
