//! Do all waiters continue when the event is set, and none before?

use std::cell::RefCell;
use std::rc::Rc;
use std::task::Context;

use step5_executor::{block_on, spawn, yield_now};
use step6_toolbox::{Event, join};
use testing::foreign;
use testing::random::Random;

use crate::by_hand::{ByHand, poll_once};

#[test]
fn all_waiters_continue_in_order_of_arrival() {
    let order = Rc::new(RefCell::new(vec![]));
    block_on(async {
        let event = Event::new();
        let tasks: Vec<_> = (0..5)
            .map(|name| {
                let (event, order) = (event.clone(), order.clone());
                spawn(async move {
                    event.wait().await;
                    order.borrow_mut().push(name);
                })
            })
            .collect();
        yield_now().await;
        assert!(order.borrow().is_empty());
        event.set();
        for task in tasks {
            task.await.unwrap();
        }
    });
    assert_eq!(order.take(), [0, 1, 2, 3, 4]);
}

#[test]
fn a_set_event_ends_each_wait_until_cleared() {
    let event = Event::new();
    assert!(!event.is_set() && poll_once(event.wait()).is_pending());
    event.set();
    event.set();
    assert!(event.is_set() && poll_once(event.wait()).is_ready());
    event.clear();
    assert!(!event.is_set() && poll_once(event.wait()).is_pending());
}

/// Python's event does so, too.
#[test]
fn set_and_clear_let_the_waiters_through() {
    let event = Event::new();
    let mut waiting = [ByHand::waiting(event.wait()), ByHand::waiting(event.wait())];
    let mut late = ByHand::new(event.wait());
    event.set();
    event.clear();
    assert!(late.poll().is_pending());
    for waiting in &mut waiting {
        assert_eq!(waiting.wakes(), 1);
        waiting.ready();
    }
    assert!(!late.is_woken());
}

#[test]
fn dropping_a_waiter_affects_no_other() {
    for seed in 0..1_000 {
        let mut random = Random::new(seed);
        let event = Event::new();
        // Each waiter, and whether it may continue.
        let mut waiting: Vec<(ByHand<'_, ()>, bool)> = vec![];
        for _ in 0..100 {
            match random.below(10) {
                0..4 => {
                    let mut wait = ByHand::new(event.wait());
                    let polled = wait.poll();
                    assert_eq!(polled.is_ready(), event.is_set());
                    if polled.is_pending() {
                        waiting.push((wait, false));
                    }
                }
                4..6 if !waiting.is_empty() => {
                    let index = random.below(waiting.len());
                    let (wait, may_continue) = &mut waiting[index];
                    let polled = wait.poll_somehow(&mut random);
                    assert_eq!(polled.is_ready(), *may_continue);
                    if polled.is_ready() {
                        waiting.remove(index);
                    }
                }
                6..8 if !waiting.is_empty() => drop(waiting.remove(random.below(waiting.len()))),
                8 => {
                    event.set();
                    waiting
                        .iter_mut()
                        .for_each(|(_, may_continue)| *may_continue = true);
                }
                _ => event.clear(),
            }
            assert!(
                waiting
                    .iter()
                    .all(|(wait, may_continue)| wait.wakes() == usize::from(*may_continue)),
                "seed {seed}"
            );
        }
    }
}

#[test]
fn a_dropped_waiter_leaves_nothing_behind() {
    let event = Event::new();
    let (counter, waker) = foreign::Counter::new();
    for _ in 0..100 {
        assert!(
            std::pin::pin!(event.wait())
                .poll(&mut Context::from_waker(&waker))
                .is_pending()
        );
    }
    event.set();
    assert_eq!(
        (counter.wakes(), std::sync::Arc::strong_count(&counter)),
        (0, 2)
    );
}

/// A task that waits again from inside of `wake` is not woken again by the same `set`: that would
/// never end.
#[test]
fn a_waker_may_wait_again_in_wake() {
    thread_local!(static EVENT: Event = Event::new());
    thread_local!(static AGAIN: RefCell<Vec<ByHand<'static, ()>>> = RefCell::default());
    let event = EVENT.with(Event::clone);
    let mut wait = Box::pin(event.wait());
    let waker = foreign::waker_of(
        || {
            EVENT.with(Event::clear);
            let event = EVENT.with(Event::clone);
            AGAIN.with_borrow_mut(|again| {
                again.push(ByHand::waiting(async move { event.wait().await }))
            });
        },
        || {},
    );
    assert!(
        wait.as_mut()
            .poll(&mut Context::from_waker(&waker))
            .is_pending()
    );
    event.set();
    let mut again = AGAIN.take();
    assert_eq!(again.len(), 1);
    assert!(!again[0].is_woken() && !event.is_set());
    event.set();
    again[0].ready();
}

#[test]
fn it_works_on_a_foreign_executor() {
    let event = Event::new();
    foreign::block_on(join(event.wait(), async { event.set() }));
}
