//! What happens to a task that is aborted, in whichever state it is?

use std::cell::{Cell, RefCell};
use std::future::{pending, poll_fn};
use std::rc::Rc;
use std::sync::mpsc;
use std::task::{Poll, Waker};
use std::thread;

use testing::foreign::turns;
use testing::gate::Gate;
use testing::log::{Log, on_drop};
use testing::recorder::Recorder;
use testing::watchdog::within_a_minute;

use crate::executor::{
    AbortHandle, Executor, JoinHandle, block_on, now, sleep, spawn, timeout, yield_now,
};
use crate::suites::support::{MS, SECOND, run, sender, spawn_waiting, udp, virtually};

/// Runs a future as a task with a guard for some turns, aborts it twice, and asserts what holds in
/// any state.
async fn abort_after<F: Future + 'static>(count: usize, future: F, story: &str) {
    let (recorder, log) = (Recorder::new(), Log::default());
    let guard = log.guard("task");
    let task = spawn(async move {
        let _guard = guard;
        future.await;
    });
    turns(count).await;
    task.abort();
    assert_eq!(log.take(), ["task dropped"], "before `abort` returns");
    assert!(task.is_finished());
    task.abort();
    task.abort_handle().abort();
    let id = task.id();
    assert!(task.await.unwrap_err().is_cancelled());
    turns(2).await;
    assert_eq!(recorder.story(id), story);
}

// --- By its handle ---

/// Promise (tasks): A task that is cancelled before its first turn never runs.
#[test]
fn a_task_is_dropped_before_its_first_poll() {
    virtually(abort_after(0, pending::<()>(), "spawned woken cancelled"));
}

/// Promise (tasks): A cancelled task is dropped where it stands, its guards run, and its joiner
/// learns of it.
///
/// Promise (tasks): On the executor's thread, `abort` drops the task before it returns.
#[test]
fn a_task_is_dropped_while_it_waits() {
    let story = "spawned woken resumed suspended cancelled";
    virtually(abort_after(1, pending::<()>(), story));
    virtually(abort_after(1, async { sleep(SECOND).await }, story));
}

#[test]
fn a_task_is_dropped_while_it_is_ready() {
    let story = "spawned woken resumed woken suspended resumed woken suspended cancelled";
    virtually(abort_after(2, yield_often(), story));
}

async fn yield_often() {
    for _ in 0..10_000 {
        yield_now().await;
    }
}

#[test]
fn a_task_is_dropped_while_it_waits_for_a_socket() {
    run(async || {
        let receive = async { udp().recv_from(&mut [0]).await.map(drop) };
        abort_after(1, receive, "spawned woken resumed suspended cancelled").await;
    });
}

#[test]
fn the_timer_of_an_aborted_sleeper_is_gone() {
    virtually(async {
        let start = now();
        let task = spawn(async { sleep(3 * SECOND).await });
        yield_now().await;
        task.abort();
        let recorder = Recorder::new();
        sleep(9 * SECOND).await;
        assert_eq!(now() - start, 9 * SECOND);
        // The executor has waited once, and not for the timer that is gone.
        let is_wait = |event: &trace::Event| matches!(event, trace::Event::Waited { .. });
        let waits = recorder.take().into_iter().filter(is_wait);
        assert_eq!(waits.count(), 1);
    });
}

#[test]
fn an_aborted_readers_place_in_the_line_is_gone() {
    run(async || {
        let socket = Rc::new(udp());
        let read = || {
            let socket = socket.clone();
            spawn(async move { socket.recv(&mut [0; 4]).await.unwrap() })
        };
        let (first, second, third) = (read(), read(), read());
        turns(2).await;
        first.abort();
        third.abort();
        sender(&socket).send(b"all").unwrap();
        let length = timeout(30 * SECOND, second).await.unwrap().unwrap();
        assert_eq!(length, 3);
    });
}

#[test]
fn what_an_aborted_task_joined_continues() {
    virtually(async {
        let gate = Gate::default();
        let joined = spawn(gate.clone().wait());
        let joiner = spawn(async move { joined.await.unwrap() });
        yield_now().await;
        joiner.abort();
        // Its handle was dropped, so the task is detached.
        gate.open();
        yield_now().await;
        assert_eq!(gate.polls(), 2);
        assert!(joiner.await.unwrap_err().is_cancelled());
    });
}

/// Promise (tasks): A cancelled task is dropped where it stands, its guards run, and its joiner
/// learns of it.
#[test]
fn a_waiting_joiner_learns_of_the_abort() {
    virtually(async {
        let recorder = Recorder::new();
        let joined = spawn(pending::<()>());
        let abort_handle = joined.abort_handle();
        let joiner = spawn(async move { joined.await.unwrap_err().is_cancelled() });
        yield_now().await;
        abort_handle.abort();
        let id = joiner.id();
        assert!(joiner.await.unwrap());
        assert_eq!(recorder.resumes(id), 2);
    });
}

#[test]
fn an_abort_after_the_end_keeps_the_output() {
    virtually(async {
        let recorder = Recorder::new();
        let task = spawn(async { 7 });
        yield_now().await;
        task.abort();
        task.abort_handle().abort();
        let id = task.id();
        assert_eq!(task.await.unwrap(), 7);
        turns(3).await;
        assert_eq!(recorder.resumes(id), 1);
        assert_eq!(recorder.count("cancelled", id), 0);
    });
}

#[test]
fn an_abort_after_a_panic_keeps_the_panic() {
    virtually(async {
        let task = spawn(async { panic!("oh") });
        yield_now().await;
        task.abort();
        assert!(task.await.unwrap_err().is_panic());
    });
}

#[test]
fn main_may_abort_all_other_tasks() {
    virtually(async {
        let mut tasks: Vec<_> = (0..100).map(|_| spawn(pending::<()>())).collect();
        tasks.push(spawn(yield_often()));
        yield_now().await;
        tasks.iter().for_each(JoinHandle::abort);
        for task in tasks {
            assert!(task.await.unwrap_err().is_cancelled());
        }
    });
}

// --- By itself ---

/// Spawns a task that aborts itself in its second turn by `abort`, then may wait, and returns 7.
async fn aborts_itself(log: &Log, waits: bool, abort: fn(&JoinHandle<u32>)) -> JoinHandle<u32> {
    let own = Rc::new(RefCell::new(None::<JoinHandle<u32>>));
    let (handle, seen, guard) = (own.clone(), log.clone(), log.guard("task"));
    let task = spawn(async move {
        let _guard = guard;
        yield_now().await;
        abort(handle.borrow().as_ref().unwrap());
        seen.add("continues");
        if waits {
            pending::<()>().await;
        }
        7
    });
    own.replace(Some(task));
    turns(3).await;
    own.take().unwrap()
}

const ABORTS: [fn(&JoinHandle<u32>); 2] = [JoinHandle::abort, |task| {
    task.abort();
    task.abort_handle().abort();
}];

/// Promise (tasks): A task that aborts itself is dropped at its next await that is pending.
#[test]
fn by_itself_it_is_dropped_at_its_next_wait() {
    for abort in ABORTS {
        virtually(async {
            let (recorder, log) = (Recorder::new(), Log::default());
            let task = aborts_itself(&log, true, abort).await;
            assert_eq!(log.take(), ["continues", "task dropped"]);
            assert_eq!(recorder.count("cancelled", task.id()), 1);
            assert_eq!(recorder.resumes(task.id()), 2);
            assert!(task.await.unwrap_err().is_cancelled());
        });
    }
}

#[test]
fn by_itself_it_may_finish_its_last_turn() {
    for abort in ABORTS {
        virtually(async {
            let log = Log::default();
            let task = aborts_itself(&log, false, abort).await;
            assert_eq!(log.take(), ["continues", "task dropped"]);
            assert_eq!(task.await.unwrap(), 7);
        });
    }
}

#[test]
fn by_itself_and_then_a_panic_is_a_panic() {
    virtually(async {
        let abort = |task: &JoinHandle<u32>| {
            task.abort();
            panic!("oh");
        };
        let task = aborts_itself(&Log::default(), true, abort).await;
        assert!(task.await.unwrap_err().is_panic());
    });
}

// --- From outside of its executor ---

#[test]
fn an_abort_before_block_on_prevents_the_poll() {
    let by_abort_handle = |task: &JoinHandle<u32>| task.abort_handle().abort();
    for abort in [JoinHandle::abort, by_abort_handle] {
        let recorder = Recorder::new();
        let executor = Executor::with_virtual_time().unwrap();
        let task = executor.spawn(async { 7 });
        abort(&task);
        executor.block_on(async {});
        assert_eq!(recorder.story(task.id()), "spawned woken cancelled");
        assert!(executor.block_on(task).unwrap_err().is_cancelled());
    }
}

/// The executor is parked, and nothing else would wake it.
///
/// Promise (tasks): An `AbortHandle` works from any thread.
#[test]
fn from_another_thread_it_ends_the_wait() {
    run(async || {
        for i in 0..100 {
            let task = spawn(pending::<()>());
            let handle = task.abort_handle();
            let thread = thread::spawn(move || {
                if i % 10 == 0 {
                    thread::sleep(MS);
                }
                handle.abort();
            });
            assert!(task.await.unwrap_err().is_cancelled());
            thread.join().unwrap();
        }
    });
}

#[test]
fn from_another_thread_during_the_poll_it_counts() {
    within_a_minute(|| {
        let (send, receive) = mpsc::channel::<AbortHandle>();
        block_on(async move {
            let task = spawn(async move {
                let handle = receive.recv().unwrap();
                thread::spawn(move || handle.abort()).join().unwrap();
                pending::<()>().await;
            });
            send.send(task.abort_handle()).unwrap();
            assert!(task.await.unwrap_err().is_cancelled());
        });
    });
}

/// Futures need not be `Send`.
#[test]
fn guards_run_on_the_executors_thread() {
    run(async || {
        let here = thread::current().id();
        let dropped = Rc::new(Cell::new(None));
        let seen = dropped.clone();
        let task = spawn(async move {
            let _guard = on_drop(move || seen.set(Some(thread::current().id())));
            pending::<()>().await;
        });
        yield_now().await;
        let handle = task.abort_handle();
        thread::spawn(move || handle.abort());
        assert!(task.await.unwrap_err().is_cancelled());
        assert_eq!(dropped.get(), Some(here));
    });
}

// --- Too late ---

#[test]
fn an_abort_handle_may_outlive_its_executor() {
    let executor = Executor::with_virtual_time().unwrap();
    let handle = executor.spawn(pending::<()>()).abort_handle();
    drop(executor);
    handle.abort();
    thread::spawn(move || handle.abort()).join().unwrap();
}

/// The tasks have the same row of the table, one after the other.
///
/// Promise (tasks): A stale id or handle never means another task.
#[test]
fn an_old_abort_handle_aborts_no_later_task() {
    virtually(async {
        let mut old = Vec::<AbortHandle>::new();
        for i in 0..100 {
            let task = spawn(async move {
                yield_now().await;
                i
            });
            old.iter().for_each(AbortHandle::abort);
            let late = old.clone();
            let abort_late = move || late.iter().for_each(AbortHandle::abort);
            thread::spawn(abort_late).join().unwrap();
            old.push(task.abort_handle());
            assert_eq!(task.await.unwrap(), i);
        }
    });
}

/// Promise (tasks): A stale id or handle never means another task.
#[test]
fn an_old_abort_handle_aborts_nowhere_else() {
    let executor = Executor::with_virtual_time().unwrap();
    let old = executor.spawn(pending::<()>()).abort_handle();
    drop(executor);
    // An executor may have a number that is used again.
    for _ in 0..1_000 {
        let executor = Executor::with_virtual_time().unwrap();
        let task = executor.spawn(async {
            turns(2).await;
            7
        });
        old.abort();
        let output = executor.block_on(async {
            old.abort();
            task.await
        });
        assert_eq!(output.unwrap(), 7);
    }
}

#[test]
fn abort_handles_go_to_other_threads() {
    fn assert_shareable<T: Clone + Send + Sync + 'static>() {}
    assert_shareable::<AbortHandle>();
}

#[test]
fn a_task_woken_and_then_aborted_is_not_polled() {
    let recorder = Recorder::new();
    virtually(async {
        let (task, gate) = spawn_waiting().await;
        gate.open();
        task.abort();
        turns(2).await;
        assert_eq!(gate.polls(), 1);
        let expected = "spawned woken resumed suspended woken cancelled";
        assert_eq!(recorder.story(task.id()), expected);
    });
}

#[test]
fn a_wake_by_its_own_guard_is_no_poll() {
    virtually(async {
        let polls = Rc::new(Cell::new(0));
        let waker = Rc::new(RefCell::new(None::<Waker>));
        let (count, seen) = (polls.clone(), waker.clone());
        let guard = on_drop(move || waker.take().into_iter().for_each(Waker::wake));
        let task = spawn(poll_fn(move |cx| -> Poll<()> {
            _ = &guard;
            count.set(count.get() + 1);
            seen.replace(Some(cx.waker().clone()));
            Poll::Pending
        }));
        yield_now().await;
        task.abort();
        turns(2).await;
        assert_eq!(polls.get(), 1);
    });
}

/// A chain of guards, each of which aborts the next task.
#[test]
fn guards_may_abort_other_tasks() {
    virtually(async {
        let log = Log::default();
        let mut next = None::<JoinHandle<()>>;
        for i in (0..5).rev() {
            let (guard, aborted) = (log.guard(format!("task {i}")), next.take());
            let abort = on_drop(move || aborted.iter().for_each(JoinHandle::abort));
            next = Some(spawn(async move {
                let (_abort, _guard) = (abort, guard);
                pending::<()>().await;
            }));
        }
        yield_now().await;
        next.unwrap().abort();
        let expected: Vec<_> = (0..5).map(|i| format!("task {i} dropped")).collect();
        assert_eq!(log.take(), expected);
    });
}

#[test]
fn guards_may_abort_each_others_tasks() {
    virtually(async {
        let log = Log::default();
        let handles = Rc::new(RefCell::new(Vec::<AbortHandle>::new()));
        for i in 0..2 {
            let (guard, all) = (log.guard(format!("task {i}")), handles.clone());
            let abort = on_drop(move || {
                let all = all.borrow().clone();
                all.iter().for_each(AbortHandle::abort);
            });
            let task = spawn(async move {
                let (_guard, _abort) = (guard, abort);
                pending::<()>().await;
            });
            handles.borrow_mut().push(task.abort_handle());
        }
        yield_now().await;
        let first = handles.borrow()[0].clone();
        first.abort();
        assert_eq!(log.take(), ["task 1 dropped", "task 0 dropped"]);
    });
}
