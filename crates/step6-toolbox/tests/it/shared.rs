//! Do several awaiters get one result, whichever of them is dropped?

use std::cell::Cell;
use std::future::poll_fn;
use std::panic::{AssertUnwindSafe, catch_unwind};
use std::rc::Rc;
use std::task::Poll;

use step6_toolbox::shared;
use testing::gate::Gate;
use testing::log::Log;

use crate::by_hand::ByHand;

/// Promise (toolbox): A shared future runs once, and continues as long as it has an awaiter.
#[test]
fn a_shared_future_runs_once() {
    let runs = Cell::new(0);
    let gate = Gate::default();
    let page = shared(async {
        runs.set(runs.get() + 1);
        gate.clone().wait().await;
        "page".to_owned()
    });
    let mut first = ByHand::waiting(page.get());
    let other = page.clone();
    let mut second = ByHand::waiting(other.get());
    gate.open();
    assert!(first.is_woken() && !second.is_woken());
    assert_eq!(first.ready(), "page");
    assert!(second.is_woken());
    assert_eq!(second.ready(), "page");
    assert_eq!(ByHand::new(page.get()).ready(), "page");
    assert_eq!(runs.get(), 1);
}

/// It is dropped before the gate opens, or after.
///
/// Promise (toolbox): A shared future runs once, and continues as long as it has an awaiter.
#[test]
fn another_awaiter_continues_with_the_future() {
    for is_open in [false, true] {
        let gate = Gate::default();
        let page = shared(gate.clone().wait());
        let first = ByHand::waiting(page.get());
        let mut second = ByHand::waiting(page.get());
        let third = ByHand::waiting(page.get());
        if is_open {
            gate.open();
        }
        drop(third);
        drop(first);
        assert!(second.is_woken());
        if !is_open {
            assert!(second.poll().is_pending());
            gate.open();
            assert!(second.is_woken());
        }
        second.ready();
    }
}

#[test]
fn the_last_clone_drops_the_future() {
    let log = Log::default();
    let guard = log.guard("future");
    let page = shared(async move {
        let _guard = guard;
        std::future::pending::<()>().await
    });
    let other = page.clone();
    drop(ByHand::waiting(page.get()));
    drop(page);
    assert!(log.take().is_empty());
    drop(other);
    assert_eq!(log.take(), ["future dropped"]);
}

#[test]
fn a_panic_reaches_all_awaiters() {
    let polls = Rc::new(Cell::new(0));
    let counted = Rc::clone(&polls);
    let page = shared(async move {
        poll_fn(|_| match counted.replace(counted.get() + 1) {
            0 => Poll::Pending,
            _ => panic!("oh"),
        })
        .await
    });
    let mut first = ByHand::<()>::waiting(page.get());
    let mut second = ByHand::waiting(page.get());
    assert!(catch_unwind(AssertUnwindSafe(|| first.poll())).is_err());
    assert!(second.is_woken());
    assert!(catch_unwind(AssertUnwindSafe(|| second.poll())).is_err());
}
