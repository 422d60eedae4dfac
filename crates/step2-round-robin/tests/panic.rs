//! What does a panic in a task do, and what is a clear panic?

mod support;

use std::future::{pending, poll_fn};
use std::panic::{AssertUnwindSafe, catch_unwind};
use std::task::Poll;

use step2_round_robin::{Co, Generated, Generator, GeneratorState, Scheduler, Turn};
use support::Log;

/// Runs `what`, which must panic, and gives the message.
fn message(what: impl FnOnce()) -> String {
    let payload = catch_unwind(AssertUnwindSafe(what)).unwrap_err();
    match payload.downcast::<String>() {
        Ok(message) => *message,
        Err(payload) => (*payload.downcast::<&str>().unwrap()).to_owned(),
    }
}

#[test]
fn a_panic_in_a_task_passes_through_run_and_the_others_are_dropped_in_order() {
    let log = Log::default();
    let notes = log.clone();
    let main = Generated::new(async move |co: &Co| {
        for name in ["first", "second", "third"] {
            let guard = notes.guard(name);
            co.spawn(Generated::new(async move |co: &Co| {
                let _guard = guard;
                co.yield_(Turn).await;
                assert!(name != "second", "the second one fails");
                co.yield_(Turn).await;
            }))
            .await;
        }
    });
    assert_eq!(
        message(|| Scheduler::new().run(main).unwrap()),
        "the second one fails"
    );
    // The guard of the one that fails is dropped by its own panic.
    assert_eq!(
        log.take(),
        ["second dropped", "first dropped", "third dropped"]
    );
}

#[test]
fn a_panic_in_a_guard_of_a_cancelled_task_passes_through_run_too() {
    struct Bomb;
    impl Drop for Bomb {
        fn drop(&mut self) {
            panic!("the guard fails");
        }
    }
    let main = Generated::new(async |co: &Co| {
        let bomb = Bomb;
        let task = co
            .spawn(Generated::new(async move |_: &Co| drop(bomb)))
            .await;
        task.cancel(co).await;
    });
    assert_eq!(
        message(|| Scheduler::new().run(main).unwrap()),
        "the guard fails"
    );
}

#[test]
fn to_await_what_is_no_request_is_a_clear_panic() {
    let mut generator = Generated::new(async |_: &Co| pending::<()>().await);
    let message = message(|| drop(generator.resume()));
    assert_eq!(
        message,
        "a generator awaited something that is no request: await only `co`"
    );
}

/// Classic bug: "wake after completion", as far as there is one here.
#[test]
fn to_resume_after_the_end_is_a_clear_panic() {
    let mut generator = Generated::new(async |_: &Co| ());
    assert!(matches!(generator.resume(), GeneratorState::Complete(())));
    assert_eq!(
        message(|| drop(generator.resume())),
        "a generator was resumed after its end"
    );
}

#[test]
fn two_requests_at_once_are_a_clear_panic() {
    let mut generator = Generated::new(async |co: &Co| {
        let (mut first, mut second) = (Box::pin(co.yield_(Turn)), Box::pin(co.yield_(Turn)));
        poll_fn(|cx| {
            assert!(first.as_mut().poll(cx).is_pending());
            second.as_mut().poll(cx)
        })
        .await;
    });
    let message = message(|| drop(generator.resume()));
    assert_eq!(
        message,
        "a generator yielded twice at once: await one request before the next"
    );
}

#[test]
fn a_request_begun_and_dropped_is_a_clear_panic() {
    let mut generator = Generated::new(async |co: &Co| {
        let mut request = Box::pin(co.yield_(Turn));
        poll_fn(|cx| {
            assert!(request.as_mut().poll(cx).is_pending());
            Poll::Ready(())
        })
        .await;
    });
    let message = message(|| drop(generator.resume()));
    assert_eq!(
        message,
        "a generator dropped a request that it had begun to await"
    );
}
