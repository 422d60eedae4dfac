//! Does each task get a turn, in which order, and how many tasks can there be?

use std::cell::Cell;
use std::rc::Rc;

use step2_round_robin::{Co, Scheduler};
use testing::Transcript;

/// Promise (order): Tasks that are always ready have equally many turns, give or take one.
///
/// Classic bug: A LIFO ready queue starves
#[test]
fn two_tasks_stay_within_one_turn_of_each_other() {
    let counts = Rc::new([Cell::new(0_u32), Cell::new(0)]);
    let shared = counts.clone();
    let main = async move |co: Co| {
        for me in 0..2 {
            let counts = shared.clone();
            let body = async move |co: Co| {
                while counts[me].get() < 100_000 {
                    counts[me].set(counts[me].get() + 1);
                    assert!(counts[0].get().abs_diff(counts[1].get()) <= 1, "{counts:?}");
                    co.turn().await;
                }
            };
            co.spawn(body).await;
        }
    };
    Scheduler::new().run(main).unwrap();
    assert_eq!(counts[0].get() + counts[1].get(), 200_000);
}

/// Classic bug: A bounded run queue
#[test]
fn one_task_can_spawn_100_000_others() {
    let ran = Rc::new(Cell::new(0));
    let counted = ran.clone();
    let main = async move |co: Co| {
        for _ in 0..100_000 {
            let ran = counted.clone();
            co.spawn(async move |_| ran.set(ran.get() + 1)).await;
        }
        assert_eq!(counted.get(), 0, "a spawned task waits for its turn");
    };
    Scheduler::new().run(main).unwrap();
    assert_eq!(ran.get(), 100_000);
}

/// Promise (order): The ready queue is first in, first out, and a new task goes to its back.
#[test]
fn a_new_task_goes_to_the_back_of_the_queue() {
    let log = Transcript::default();
    let notes = log.clone();
    let note = move |name: &'static str| {
        let notes = notes.clone();
        async move |co: Co| {
            notes.note(name);
            co.turn().await;
            notes.note(name);
        }
    };
    let main = async move |co: Co| {
        co.spawn(note("a")).await;
        co.spawn(note("b")).await;
        co.turn().await;
        co.spawn(note("c")).await;
    };
    Scheduler::new().run(main).unwrap();
    assert_eq!(log.take(), ["a", "b", "a", "b", "c", "c"]);
}

#[test]
fn run_ends_when_all_tasks_have_ended() {
    let log = Transcript::default();
    let notes = log.clone();
    let main = async move |co: Co| {
        co.spawn(async move |co: Co| {
            for _ in 0..3 {
                co.turn().await;
            }
            notes.note("child done");
        })
        .await;
        "main done"
    };
    assert_eq!(Scheduler::new().run(main), Ok("main done"));
    assert_eq!(log.take(), ["child done"]);
}
