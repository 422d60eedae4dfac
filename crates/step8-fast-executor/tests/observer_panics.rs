//! What if an observer panics? That ends the `block_on` that is running; but whoever waits elsewhere learns of it, and
//! nothing is left behind.

#[path = "support/evil.rs"]
mod evil;
#[path = "support/foreign.rs"]
mod foreign;
#[path = "support/gate.rs"]
mod gate;
#[path = "support/log.rs"]
mod log;
#[path = "support/panic_message.rs"]
mod panic_message;

use std::cell::{Cell, RefCell};
use std::future::{pending, poll_fn};
use std::panic::{AssertUnwindSafe, catch_unwind};
use std::pin::Pin;
use std::rc::Rc;
use std::task::{Context, Poll};
use std::time::Duration;

use evil::Evil;
use foreign::Counter;
use gate::Gate;
use log::{Log, on_drop};
use step8_fast_executor::{
    AbortHandle, Executor, Observer, TaskId, Wait, now, sleep, spawn, yield_now,
};

const HOUR: Duration = Duration::from_secs(3_600);

/// Does something at the next event of one kind about one task.
#[derive(Default)]
struct Trap {
    armed: RefCell<Option<Armed>>,
    /// How many tasks were spawned.
    tasks: Cell<u64>,
}

struct Armed {
    at: &'static str,
    task: u64,
    run: Box<dyn FnOnce()>,
}

impl Trap {
    /// Makes an executor on the virtual clock, and the trap in it.
    fn executor() -> (Executor, Rc<Trap>) {
        let trap = Rc::new(Trap::default());
        (
            Executor::with_virtual_time()
                .unwrap()
                .with_observer(trap.clone()),
            trap,
        )
    }

    /// Sets the trap for an event of the task that was spawned last.
    fn set(&self, at: &'static str, run: impl FnOnce() + 'static) {
        self.armed.replace(Some(Armed {
            at,
            task: self.tasks.get(),
            run: Box::new(run),
        }));
    }

    fn panic_at(&self, at: &'static str) {
        self.set(at, || panic!("the observer failed"));
    }

    fn saw(&self, what: &str, task: TaskId) {
        let run = self
            .armed
            .borrow_mut()
            .take_if(|armed| armed.at == what && armed.task == task.number());
        if let Some(Armed { run, .. }) = run {
            run();
        }
    }
}

impl Observer for Trap {
    fn spawned(&self, task: TaskId, _: Option<TaskId>) {
        self.tasks.set(task.number());
        self.saw("spawned", task);
    }
    fn woken(&self, task: TaskId) {
        self.saw("woken", task);
    }
    fn polled(&self, task: TaskId) {
        self.saw("polled", task);
    }
    fn waits(&self, task: TaskId, _: &Wait) {
        self.saw("waits", task);
    }
    fn gave_up(&self, task: TaskId, _: &Wait) {
        self.saw("gave up", task);
    }
    fn pending(&self, task: TaskId) {
        self.saw("pending", task);
    }
    fn finished(&self, task: TaskId) {
        self.saw("finished", task);
    }
    fn aborted(&self, task: TaskId) {
        self.saw("aborted", task);
    }
    fn panicked(&self, task: TaskId) {
        self.saw("panicked", task);
    }
}

/// Asserts that no timer is left: without one, virtual time stands still and the wait is a deadlock.
fn assert_no_timer(executor: &Executor) {
    let start = executor.block_on(async { now() });
    panic_message::of(|| executor.block_on(pending::<()>()));
    assert_eq!(executor.block_on(async { now() }), start);
}

#[test]
fn in_what_a_sleep_says_leaves_no_timer() {
    let (executor, trap) = Trap::executor();
    executor.block_on(async {
        let task = spawn(async { sleep(HOUR).await });
        trap.panic_at("waits");
        assert!(task.await.unwrap_err().is_panic());
    });
    assert_no_timer(&executor);
}

#[test]
fn in_what_a_dropped_sleep_says_leaves_no_timer() {
    let (executor, trap) = Trap::executor();
    executor.block_on(async {
        let task = spawn(async {
            let mut nap = sleep(HOUR);
            std::future::poll_fn(|cx| {
                assert!(Pin::new(&mut nap).poll(cx).is_pending());
                std::task::Poll::Ready(())
            })
            .await;
        });
        trap.panic_at("gave up");
        assert!(task.await.unwrap_err().is_panic());
    });
    assert_no_timer(&executor);
}

/// The handle is polled by somebody elsewhere, who must be woken.
#[test]
fn at_the_end_of_a_task_its_joiner_is_told() {
    for at in ["finished", "panicked", "aborted"] {
        let (executor, trap) = Trap::executor();
        let (log, gate, (counter, waker)) = (Log::default(), Gate::default(), Counter::new());
        let (guard, opened) = (log.guard("future"), gate.clone());
        let mut task = executor.spawn(async move {
            let _guard = guard;
            opened.wait().await;
            assert_ne!(at, "panicked", "as it was told");
            if at == "aborted" {
                pending::<()>().await;
            }
        });
        executor.block_on(yield_now());
        assert!(
            Pin::new(&mut task)
                .poll(&mut Context::from_waker(&waker))
                .is_pending()
        );
        trap.panic_at(at);
        gate.open();
        let message = panic_message::of(|| {
            executor.block_on(async {
                yield_now().await;
                task.abort();
            });
        });
        assert_eq!(message, "the observer failed");
        assert_eq!((counter.wakes(), task.is_finished()), (1, true), "{at}");
        assert_eq!(log.take(), ["future dropped"]);
    }
}

#[test]
fn at_the_executors_drop_all_tasks_are_dropped_and_their_joiners_told() {
    let (executor, trap) = Trap::executor();
    let log = Log::default();
    let tasks: Vec<_> = (0..3)
        .map(|i| {
            let guard = log.guard(format!("task {i}"));
            executor.spawn(async move {
                let _guard = guard;
                // Which holds the executor's inside.
                sleep(HOUR).await;
            })
        })
        .collect();
    executor.block_on(yield_now());
    trap.tasks.set(2);
    trap.panic_at("aborted");
    drop(executor);
    assert_eq!(
        log.take(),
        ["task 0 dropped", "task 1 dropped", "task 2 dropped"]
    );
    for task in tasks {
        assert!(foreign::block_on(task).unwrap_err().is_cancelled());
    }
    assert_eq!(Rc::strong_count(&trap), 1);
}

/// What it waited for is over, and the others are told.
#[test]
fn at_the_executors_drop_whoever_sleeps_in_it_from_elsewhere_is_woken() {
    let (executor, trap) = Trap::executor();
    let (counter, waker) = Counter::new();
    let sleeps = executor.block_on(async {
        let mut sleeps = [1, 2].map(|hours| Box::pin(sleep(hours * HOUR)));
        let polled = poll_fn(|cx| Poll::Ready(sleeps[0].as_mut().poll(cx))).await;
        assert!(polled.is_pending());
        assert!(
            sleeps[1]
                .as_mut()
                .poll(&mut Context::from_waker(&waker))
                .is_pending()
        );
        sleeps
    });
    trap.panic_at("woken");
    drop(executor);
    assert_eq!(counter.wakes(), 1);
    drop(sleeps);
}

/// There is no handle then, so nobody will take the output.
#[test]
fn at_a_spawn_the_output_is_dropped_at_the_end_of_the_task() {
    for at in ["spawned", "woken"] {
        let (executor, trap) = Trap::executor();
        let drops = Rc::new(Cell::new(0));
        let output = || {
            let drops = drops.clone();
            let guard = on_drop(move || {
                drops.set(drops.get() + 1);
                drop(spawn(async {}));
            });
            async move { guard }
        };
        executor.block_on(async {
            trap.armed.replace(Some(Armed {
                at,
                task: 1,
                run: Box::new(|| panic!("the observer failed")),
            }));
            assert_eq!(panic_message::of(|| spawn(output())), "the observer failed");
            yield_now().await;
            assert_eq!(drops.get(), 1, "{at}");
            // It moves in where that one was.
            drop(spawn(output()));
            yield_now().await;
            assert_eq!(drops.get(), 2, "{at}");
        });
    }
}

/// Then the executor is, as it were, in the middle of a poll.
#[test]
fn before_a_poll_the_task_is_dropped_with_its_executor() {
    let (executor, trap) = Trap::executor();
    let log = Log::default();
    let guard = log.guard("future");
    let task = executor.spawn(async move { drop(guard) });
    trap.panic_at("polled");
    assert_eq!(
        panic_message::of(|| executor.block_on(yield_now())),
        "the observer failed"
    );
    drop(executor);
    assert_eq!(log.take(), ["future dropped"]);
    assert!(foreign::block_on(task).unwrap_err().is_cancelled());
}

/// Nobody else has the task then, and what its future's drop panics with is dropped with it.
#[test]
fn a_task_that_an_observer_aborts_goes_at_once_and_quietly() {
    for aborts_itself in [false, true] {
        let (executor, trap) = Trap::executor();
        let outcome = catch_unwind(AssertUnwindSafe(|| {
            executor.block_on(async {
                let own = Rc::new(Cell::new(None::<AbortHandle>));
                let (log, handle) = (Log::default(), own.clone());
                let guard = log.guard("future");
                let task = spawn(async move {
                    let _evil = (guard, on_drop(|| std::panic::panic_any(Evil(3))));
                    handle.take().iter().for_each(AbortHandle::abort);
                    pending::<()>().await;
                });
                let by_observer = task.abort_handle();
                own.set(Some(by_observer).filter(|_| aborts_itself));
                trap.set("pending", move || by_observer.abort());
                drop(task);
                yield_now().await;
                assert_eq!(log.take(), ["future dropped"]);
            });
        }));
        let is_quiet = outcome.is_ok();
        // Dropping what escaped would be another panic.
        std::mem::forget(outcome);
        assert!(is_quiet, "aborts itself: {aborts_itself}");
    }
}
