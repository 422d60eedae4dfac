//! What does an observer see, and who spawned whom?

#[path = "support/log.rs"]
mod log;
#[path = "support/recorder.rs"]
mod recorder;

use std::cell::RefCell;
use std::future::pending;
use std::rc::Rc;

use log::on_drop;
use recorder::Recorder;
use step5_executor::{Executor, Observer, TaskId, spawn, yield_now};

/// Each task that was spawned, and by whom.
#[derive(Default)]
struct Parents(RefCell<Vec<(u64, Option<u64>)>>);

impl Observer for Parents {
    fn spawned(&self, task: TaskId, by: Option<TaskId>) {
        self.0.borrow_mut().push((task.number(), by.map(TaskId::number)));
    }
}

#[test]
fn it_sees_who_spawned_whom() {
    let parents = Rc::new(Parents::default());
    let executor = Executor::with_virtual_time().unwrap().with_observer(parents.clone());
    let spawns_last = on_drop(|| drop(spawn(async {})));
    let first = executor.spawn(async move {
        drop(spawn(async {}));
        let _guard = spawns_last;
        pending::<()>().await;
    });
    executor.block_on(async {
        drop(spawn(async { drop(spawn(async {})) }));
        yield_now().await;
        yield_now().await;
    });
    // Outside nobody is being polled, and so nobody spawns.
    first.abort();
    drop(executor.spawn(async {}));
    let expected = [(1, None), (2, Some(1)), (3, Some(TaskId::MAIN.number())), (4, Some(3)), (5, None), (6, None)];
    assert_eq!(parents.0.take(), expected);
}

#[test]
fn it_sees_each_end_once() {
    let (executor, recorder) = Recorder::executor();
    executor.block_on(async {
        let finishes = spawn(async {});
        let panics = spawn(async { panic!("oh") });
        let aborted = spawn(pending::<()>());
        yield_now().await;
        aborted.abort();
        assert_eq!(recorder.story(finishes.id()), "spawned woken polled finished");
        assert_eq!(recorder.story(panics.id()), "spawned woken polled panicked");
        assert_eq!(recorder.story(aborted.id()), "spawned woken polled pending aborted");
    });
    drop(executor);
    assert_eq!(recorder.order("finished"), [1, 0]);
    assert_eq!(recorder.order("panicked"), [2]);
    assert_eq!(recorder.order("aborted"), [3]);
}

#[test]
fn it_sees_what_the_executors_drop_drops() {
    let (executor, recorder) = Recorder::executor();
    let tasks = [executor.spawn(pending::<()>()), executor.spawn(pending::<()>())];
    drop(executor);
    for task in tasks {
        assert_eq!(recorder.story(task.id()), "spawned woken aborted");
    }
}

#[test]
#[should_panic(expected = "an executor has one observer")]
fn there_is_one() {
    drop(Recorder::executor().0.with_observer(Parents::default()));
}
