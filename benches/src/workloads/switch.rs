//! One of many tasks lets the next one run.
//!
//! The tasks take turns in rounds; the main task is one of them. The time is taken between two of
//! its turns, so no task begins or ends meanwhile.

use std::cell::Cell;
use std::collections::{BTreeMap, VecDeque};
use std::hint::black_box;
use std::io;
use std::rc::Rc;
use std::time::Instant;

use step1_interleaver::interleave;
use step2_round_robin::{Generator, GeneratorState};
use timeline::units::integer;

use crate::asyncio;
use crate::steps::{Futures, Generators};
use crate::workload::{Contender, Count, Growth, Section, Timed, Workload};

pub(super) fn workload(tasks: u64) -> Workload {
    let name = match tasks {
        1 => "switch among 1 task".to_owned(),
        _ => format!("switch among {} tasks", integer(tasks)),
    };
    let mut contenders = vec![
        Contender::new("step 1", move |turns| Ok(on_step1(tasks, turns))),
        Contender::new("step 2 by hand", move |turns| Ok(by_hand(tasks, turns))),
        Contender::new("step 2", move |turns| {
            take_turns::<step2_round_robin::Co>(tasks, turns, async |co| co.turn().await)
        }),
        Contender::new("step 3", move |turns| {
            take_turns::<step3_sleeping_heap::Co>(tasks, turns, async |co| co.turn().await)
        }),
        Contender::new("step 4", move |turns| {
            take_turns::<step4_select::Co>(tasks, turns, async |co| co.turn().await)
        }),
        Contender::new("step 5", move |turns| {
            type E = step5_executor::Executor;
            take_turns_with(&E::new()?, tasks, turns, E::yield_now)
        }),
        Contender::new("step 8", move |turns| {
            type E = step8_fast_executor::Executor;
            take_turns_with(&E::new()?, tasks, turns, E::yield_now)
        }),
    ];
    // asyncio takes seconds to make so many.
    if tasks < 100_000 {
        contenders.push(asyncio::contender("asyncio", "switch", tasks));
    }
    Workload {
        name,
        section: Section::Switch,
        batch: tasks,
        count: Some(Count::Instructions),
        growth: Some(Growth {
            of: "tasks",
            n: tasks,
        }),
        is_charted: tasks == 1_000,
        contenders,
    }
}

fn on_step1(tasks: u64, turns: u64) -> Timed {
    let iterators = Vec::from_iter((0..tasks).map(|_| 0..u64::MAX));
    let mut values = interleave(iterators);
    values.by_ref().take(tasks as usize).for_each(drop);
    let start = Instant::now();
    let mut done = 0;
    while done < turns {
        black_box(values.next());
        done += 1;
    }
    let elapsed = start.elapsed();
    Timed { done, elapsed }
}

/// What the compiler makes of the `async` bodies below, by hand: it counts its turns.
struct Taker {
    taken: Rc<Cell<u64>>,
    turns: u64,
    has_started: bool,
}

impl Generator for Taker {
    type Yield = ();
    type Return = ();

    fn resume(&mut self) -> GeneratorState<(), ()> {
        if self.has_started {
            self.taken.set(self.taken.get() + 1);
        }
        self.has_started = true;
        match self.taken.get() < self.turns {
            true => GeneratorState::Yielded(()),
            false => GeneratorState::Complete(()),
        }
    }
}

/// Step 2's scheduler, as far as turns need it, for generators without an `async` body.
fn by_hand(tasks: u64, turns: u64) -> Timed {
    let taken = Rc::new(Cell::new(0));
    let make = |id| {
        let taker = Taker {
            taken: Rc::clone(&taken),
            turns,
            has_started: false,
        };
        let taker: Box<dyn Generator<Yield = (), Return = ()>> = Box::new(taker);
        (id, taker)
    };
    let mut table = BTreeMap::from_iter((0..tasks).map(make));
    let mut ready = VecDeque::from_iter(0..tasks);
    let mut run_task = || {
        let id = ready.pop_front().expect("none has ended");
        let generator = table.get_mut(&id).expect("none has ended");
        match generator.resume() {
            GeneratorState::Yielded(()) => {
                ready.push_back(id);
                true
            }
            GeneratorState::Complete(()) => false,
        }
    };
    // Now all of them begin.
    (0..tasks).for_each(|_| _ = run_task());
    let start = Instant::now();
    while run_task() {}
    let elapsed = start.elapsed();
    let done = taken.get();
    Timed { done, elapsed }
}

/// Lets tasks of steps 2 to 4 do something that takes a turn, again and again.
pub(super) fn take_turns<C: Generators>(
    tasks: u64,
    turns: u64,
    take_turn: impl AsyncFn(&C) + Copy + 'static,
) -> io::Result<Timed> {
    C::run(async move |co| {
        let taken = Rc::new(Cell::new(0));
        let mut others = Vec::new();
        for _ in 1..tasks {
            let taken = Rc::clone(&taken);
            let other = co.spawn(async move |co| {
                while taken.get() < turns {
                    take_turn(&co).await;
                    taken.set(taken.get() + 1);
                }
            });
            others.push(other.await);
        }
        // Now all of them begin.
        take_turn(&co).await;
        taken.set(0);
        let start = Instant::now();
        while taken.get() < turns {
            take_turn(&co).await;
            taken.set(taken.get() + 1);
        }
        let elapsed = start.elapsed();
        let done = taken.get();
        for other in others {
            co.join(other).await.expect("no task is cancelled");
        }
        Timed { done, elapsed }
    })
}

/// The same on steps 5 and 8.
pub(super) fn take_turns_with<E: Futures, F: Future<Output = ()>>(
    executor: &E,
    tasks: u64,
    turns: u64,
    take_turn: impl Fn() -> F + Copy + 'static,
) -> io::Result<Timed> {
    executor.block_on(async {
        let taken = Rc::new(Cell::new(0));
        let take_turns = |taken: Rc<Cell<u64>>| async move {
            while taken.get() < turns {
                take_turn().await;
                taken.set(taken.get() + 1);
            }
        };
        let spawn = |_| E::spawn(take_turns(Rc::clone(&taken)));
        let others = Vec::from_iter((1..tasks).map(spawn));
        // Now all of them begin.
        take_turn().await;
        taken.set(0);
        let start = Instant::now();
        while taken.get() < turns {
            take_turn().await;
            taken.set(taken.get() + 1);
        }
        let elapsed = start.elapsed();
        let done = taken.get();
        for other in others {
            other.await.expect("no task is aborted");
        }
        Ok(Timed { done, elapsed })
    })
}
