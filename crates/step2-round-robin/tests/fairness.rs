//! Does everybody get a turn, in which order, and how many can there be?

mod support;

use std::cell::Cell;
use std::rc::Rc;

use step2_round_robin::{Co, Generated, Scheduler, Turn};
use support::Log;

/// Classic bug: "a LIFO ready queue starves".
#[test]
fn a_lifo_ready_queue_starves() {
    let counts = Rc::new([Cell::new(0_u32), Cell::new(0)]);
    let shared = counts.clone();
    let main = Generated::new(async move |co: &Co| {
        for me in 0..2 {
            let counts = shared.clone();
            co.spawn(Generated::new(async move |co: &Co| {
                while counts[me].get() < 100_000 {
                    counts[me].set(counts[me].get() + 1);
                    assert!(counts[0].get().abs_diff(counts[1].get()) <= 1, "{counts:?}");
                    co.yield_(Turn).await;
                }
            }))
            .await;
        }
    });
    Scheduler::new().run(main).unwrap();
    assert_eq!(counts[0].get() + counts[1].get(), 200_000);
}

/// Classic bug: "a bounded run queue".
#[test]
fn a_bounded_run_queue() {
    let ran = Rc::new(Cell::new(0));
    let counted = ran.clone();
    let main = Generated::new(async move |co: &Co| {
        for _ in 0..100_000 {
            let ran = counted.clone();
            co.spawn(Generated::new(async move |_: &Co| ran.set(ran.get() + 1)))
                .await;
        }
        assert_eq!(counted.get(), 0, "a spawned task waits for its turn");
    });
    Scheduler::new().run(main).unwrap();
    assert_eq!(ran.get(), 100_000);
}

#[test]
fn children_run_in_the_order_of_spawning_behind_who_was_ready() {
    let log = Log::default();
    let notes = log.clone();
    let note = move |name: &'static str| {
        let notes = notes.clone();
        Generated::new(async move |co: &Co| {
            notes.add(name);
            co.yield_(Turn).await;
            notes.add(name);
        })
    };
    let main = Generated::new(async move |co: &Co| {
        co.spawn(note("a")).await;
        co.spawn(note("b")).await;
        co.yield_(Turn).await;
        co.spawn(note("c")).await;
    });
    Scheduler::new().run(main).unwrap();
    assert_eq!(log.take(), ["a", "b", "a", "b", "c", "c"]);
}
