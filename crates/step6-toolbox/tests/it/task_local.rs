//! Does each task see its own value, and never that of another?

use std::cell::RefCell;
use std::future::poll_fn;
use std::panic::{AssertUnwindSafe, catch_unwind};

use step5_executor::{block_on, spawn, yield_now};
use step6_toolbox::scope;
use testing::gate::Gate;

use crate::by_hand::ByHand;

thread_local! {
    static NAME: RefCell<String> = const { RefCell::new(String::new()) };
}

fn name() -> String {
    NAME.with_borrow(String::clone)
}

/// Promise (toolbox): The value that a task gives to a task-local variable is seen by no other
/// task.
#[test]
fn tasks_in_turn_see_their_own_values() {
    block_on(async {
        let tasks = ["a", "b"].map(|own| {
            spawn(scope(&NAME, own.to_owned(), async move {
                for n in 0..3 {
                    assert_eq!(name(), own.repeat(n + 1));
                    NAME.with_borrow_mut(|name| name.push_str(own));
                    yield_now().await;
                }
            }))
        });
        for task in tasks {
            task.await.unwrap();
            assert_eq!(name(), "");
        }
    });
}

#[test]
fn scopes_nest() {
    block_on(scope(&NAME, "outer".into(), async {
        scope(&NAME, "inner".into(), async {
            yield_now().await;
            assert_eq!(name(), "inner");
        })
        .await;
        assert_eq!(name(), "outer");
    }));
}

#[test]
fn a_scope_that_is_dropped_leaves_nothing_behind() {
    let gate = Gate::default();
    let waiting = ByHand::waiting(scope(&NAME, "dropped".into(), gate.wait()));
    assert_eq!(name(), "");
    drop(waiting);
    assert_eq!(name(), "");
}

/// Promise (toolbox): The value that a task gives to a task-local variable is seen by no other
/// task.
#[test]
fn a_panic_leaves_the_scope() {
    let mut scope = ByHand::<()>::new(scope(&NAME, "panics".into(), poll_fn(|_| panic!("oh"))));
    assert!(catch_unwind(AssertUnwindSafe(|| scope.poll())).is_err());
    assert_eq!(name(), "");
}
