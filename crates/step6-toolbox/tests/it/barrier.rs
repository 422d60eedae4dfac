//! Does no task continue before all have arrived, and do all continue then, round after round?

use std::cell::Cell;
use std::panic::catch_unwind;
use std::rc::Rc;
use std::task::Poll;
use std::time::Duration;

use step5_executor::{Executor, now, sleep, spawn};
use step6_toolbox::{Barrier, BrokenBarrier, join};
use testing::foreign;
use testing::random::Random;

use crate::by_hand::ByHand;

#[test]
fn all_wait_for_the_last() {
    Executor::with_virtual_time().unwrap().block_on(async {
        let (barrier, start) = (Barrier::new(3), now());
        let tasks = [1, 2, 3].map(|seconds| {
            let barrier = barrier.clone();
            spawn(async move {
                sleep(Duration::from_secs(seconds)).await;
                let is_leader = barrier.wait().await.unwrap();
                (now(), is_leader)
            })
        });
        let mut leaders = vec![];
        for task in tasks {
            let (at, is_leader) = task.await.unwrap();
            assert_eq!(at - start, Duration::from_secs(3));
            leaders.push(is_leader);
        }
        // The last one leads.
        assert_eq!(leaders, [false, false, true]);
    });
}

#[test]
fn it_can_be_used_round_after_round() {
    const ROUNDS: usize = 100;
    let arrivals = Rc::new(Cell::new(0));
    let leaders = Rc::new(Cell::new(0));
    Executor::with_virtual_time().unwrap().block_on(async {
        let barrier = Barrier::new(4);
        let tasks: Vec<_> = (0..4)
            .map(|name| {
                let (barrier, arrivals, leaders) =
                    (barrier.clone(), arrivals.clone(), leaders.clone());
                spawn(async move {
                    for round in 0..ROUNDS {
                        sleep(Duration::from_millis((name * round % 5) as u64)).await;
                        arrivals.set(arrivals.get() + 1);
                        let is_leader = barrier.wait().await.unwrap();
                        // All of this round have arrived, and of the next round at most all but
                        // this one.
                        assert!((4 * (round + 1)..4 * (round + 2)).contains(&arrivals.get()));
                        leaders.set(leaders.get() + usize::from(is_leader));
                    }
                })
            })
            .collect();
        for task in tasks {
            task.await.unwrap();
        }
        assert_eq!(barrier.waiting(), 0);
    });
    assert_eq!((arrivals.get(), leaders.get()), (4 * ROUNDS, ROUNDS));
}

/// A task that was released may be polled late. The next round fills up meanwhile, and does not mix
/// with it.
#[test]
fn a_new_round_may_overlap_the_last() {
    let barrier = Barrier::new(2);
    let mut first = ByHand::waiting(barrier.wait());
    assert!(ByHand::new(barrier.wait()).ready().unwrap());
    let mut second = ByHand::waiting(barrier.wait());
    assert_eq!(barrier.waiting(), 1);
    assert!(first.is_woken() && !second.is_woken());
    assert!(!first.ready().unwrap());
    assert!(second.poll().is_pending());
    assert!(ByHand::new(barrier.wait()).ready().unwrap());
    assert!(!second.ready().unwrap());
}

#[test]
fn a_waiter_that_is_dropped_does_not_count() {
    let barrier = Barrier::new(2);
    drop(barrier.wait());
    drop(ByHand::waiting(barrier.wait()));
    assert_eq!(barrier.waiting(), 0);
    let mut first = ByHand::waiting(barrier.wait());
    assert_eq!((barrier.waiting(), barrier.parties()), (1, 2));
    ByHand::new(barrier.wait()).ready().unwrap();
    first.ready().unwrap();
}

#[test]
fn dropping_a_released_waiter_changes_nothing() {
    let barrier = Barrier::new(2);
    let first = ByHand::waiting(barrier.wait());
    ByHand::new(barrier.wait()).ready().unwrap();
    assert!(first.is_woken());
    drop(first);
    assert_eq!(barrier.waiting(), 0);
    let mut next = ByHand::waiting(barrier.wait());
    assert!(!next.is_woken());
    ByHand::new(barrier.wait()).ready().unwrap();
    next.ready().unwrap();
}

#[test]
fn it_does_as_its_model_under_random_schedules() {
    for seed in 0..1_000 {
        let mut random = Random::new(seed);
        let parties = 1 + random.below(4);
        let barrier = Barrier::new(parties);
        // Each waiter, and whether its round is over.
        let mut waiting: Vec<(ByHand<'_, _>, bool)> = vec![];
        for _ in 0..100 {
            let there = waiting.iter().filter(|(_, is_over)| !is_over).count();
            match random.below(4) {
                0 | 1 => {
                    let mut wait = ByHand::new(barrier.wait());
                    match wait.poll() {
                        Poll::Ready(arrival) => {
                            assert_eq!(there + 1, parties);
                            assert!(arrival.unwrap(), "the last one leads");
                            waiting.iter_mut().for_each(|(_, is_over)| *is_over = true);
                        }
                        Poll::Pending => {
                            assert!(there + 1 < parties);
                            waiting.push((wait, false));
                        }
                    }
                }
                2 if !waiting.is_empty() => {
                    let index = random.below(waiting.len());
                    let (wait, is_over) = &mut waiting[index];
                    match wait.poll_somehow(&mut random) {
                        Poll::Ready(arrival) => {
                            assert!(*is_over && !arrival.unwrap());
                            waiting.remove(index);
                        }
                        Poll::Pending => assert!(!*is_over),
                    }
                }
                _ if !waiting.is_empty() => drop(waiting.remove(random.below(waiting.len()))),
                _ => {}
            }
            assert!(
                waiting
                    .iter()
                    .all(|(wait, is_over)| wait.wakes() == usize::from(*is_over)),
                "seed {seed}"
            );
        }
    }
}

#[test]
fn one_party_never_waits() {
    let barrier = Barrier::new(1);
    assert!(ByHand::new(barrier.wait()).ready().unwrap());
    assert!(ByHand::new(barrier.wait()).ready().unwrap());
}

#[test]
fn a_barrier_for_zero_is_refused() {
    let message = *catch_unwind(|| drop(Barrier::new(0)))
        .unwrap_err()
        .downcast::<&str>()
        .unwrap();
    assert!(
        message.contains("0 tasks") && message.contains("at least 1"),
        "{message}"
    );
}

#[test]
fn it_works_on_a_foreign_executor() {
    let barrier = Barrier::new(2);
    let (one, other) = foreign::block_on(join(barrier.wait(), barrier.wait()));
    assert!(one.unwrap() != other.unwrap());
}

#[test]
fn abort_ends_waits_with_an_error_until_reset() {
    let barrier = Barrier::new(3);
    let mut waiting = [(); 2].map(|()| ByHand::waiting(barrier.wait()));
    barrier.abort();
    assert!(barrier.is_broken());
    for wait in &mut waiting {
        assert_eq!((wait.wakes(), wait.ready()), (1, Err(BrokenBarrier)));
    }
    assert_eq!(ByHand::new(barrier.wait()).ready(), Err(BrokenBarrier));
    barrier.reset();
    assert!(!barrier.is_broken());
    let mut waiting = [(); 2].map(|()| ByHand::waiting(barrier.wait()));
    ByHand::new(barrier.wait()).ready().unwrap();
    assert!(waiting.iter_mut().all(|wait| wait.ready().is_ok()));
}

#[test]
fn reset_ends_the_round_with_an_error() {
    let barrier = Barrier::new(2);
    let mut first = ByHand::waiting(barrier.wait());
    barrier.reset();
    // A new round begins, although the last one has not been polled to its end.
    let mut second = ByHand::waiting(barrier.wait());
    assert_eq!(first.ready(), Err(BrokenBarrier));
    ByHand::new(barrier.wait()).ready().unwrap();
    second.ready().unwrap();
}

#[test]
fn a_round_that_is_complete_cannot_be_broken() {
    let barrier = Barrier::new(2);
    let mut first = ByHand::waiting(barrier.wait());
    ByHand::new(barrier.wait()).ready().unwrap();
    barrier.abort();
    first.ready().unwrap();
}
