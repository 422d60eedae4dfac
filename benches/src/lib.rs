//! The same work on every step, so that the steps can be compared.
//!
//! Each function does the whole of it once: `tasks` tasks that each have `turns` turns, and then end. The benchmark in
//! `benches/switch.rs` measures them; `cargo bench -p benches` runs it.
#![forbid(unsafe_code)]

use std::hint::black_box;
use std::iter;

use step2_round_robin as step2;
use step2_round_robin::{Co, Generated, Generator, Spawn, Turn};
use step3_sleeping_heap as step3;
use step4_select as step4;

/// Step 1: iterators in turn.
pub fn switch_on_step1(tasks: usize, turns: usize) {
    let iterators = iter::repeat_n((), tasks).map(|()| 0..turns);
    for turn in step1_interleaver::interleave(iterators) {
        black_box(turn);
    }
}

/// The generator that spawns the tasks, on any step that has requests.
fn takers_of_turns<Q>(tasks: usize, turns: usize) -> impl Generator<Yield = Q, Return = ()>
where
    Q: From<Spawn<Q>> + From<Turn> + 'static,
{
    Generated::new(async move |co: &Co<Q>| {
        for _ in 0..tasks {
            let taker = Generated::new(async move |co: &Co<Q>| {
                for _ in 0..turns {
                    co.yield_(Turn).await;
                }
            });
            co.spawn(taker).await;
        }
    })
}

/// Step 2: generators that ask for turns.
pub fn switch_on_step2(tasks: usize, turns: usize) {
    step2::Scheduler::new().run(takers_of_turns(tasks, turns)).expect("nobody joins anybody");
}

/// Step 3: the same with a heap of sleepers, in which nobody is.
pub fn switch_on_step3(tasks: usize, turns: usize) {
    step3::Scheduler::new().run(takers_of_turns(tasks, turns)).expect("nobody joins anybody");
}

/// Step 4: the same with sockets, for which nobody waits.
pub fn switch_on_step4(tasks: usize, turns: usize) {
    let scheduler = step4::Scheduler::new().expect("two descriptors are left");
    scheduler.run(takers_of_turns(tasks, turns)).expect("nobody joins anybody");
}
