//! Which event does each function report?

use std::cell::RefCell;
use std::rc::Rc;
use std::sync::Arc;
use std::time::Instant;

use trace::{Event, Fate, Message, Reason};

/// Returns the events of `run`.
fn events(run: impl FnOnce()) -> Vec<Event> {
    let heard = Rc::new(RefCell::new(Vec::new()));
    let log = heard.clone();
    let listening = trace::listen(move |event| log.borrow_mut().push(event));
    run();
    drop(listening);
    heard.take()
}

#[test]
fn each_function_reports_its_event() {
    let now = Instant::now();
    let message = Message {
        from: Some(1),
        to: None,
        sent: now,
        fate: Fate::Lost,
    };
    let heard = events(|| {
        trace::started(Some(now), true);
        trace::title("a title");
        trace::woken(1);
        trace::resumed(1);
        trace::waits(Reason::Join(2));
        trace::gave_up(Reason::Join(2));
        trace::finished(1);
        trace::cancelled(3);
        trace::panicked(4);
        trace::message(message);
        trace::carries(5);
        trace::waited(now);
    });
    let expected = [
        Event::Started {
            now: Some(now),
            is_virtual: true,
        },
        Event::Title("a title".to_owned()),
        Event::Woken { task: 1 },
        Event::Resumed { task: 1 },
        Event::Waits(Reason::Join(2)),
        Event::GaveUp(Reason::Join(2)),
        Event::Finished { task: 1 },
        Event::Cancelled { task: 3 },
        Event::Panicked { task: 4 },
        Event::Message(message),
        Event::Carries { task: 5 },
        Event::Waited { now },
    ];
    assert_eq!(heard, expected);
}

#[test]
fn a_reason_comes_before_the_suspension() {
    let heard = events(|| {
        trace::suspended(1, Some(Reason::Turn));
        trace::suspended(2, None);
    });
    let expected = [
        Event::Waits(Reason::Turn),
        Event::Suspended { task: 1 },
        Event::Suspended { task: 2 },
    ];
    assert_eq!(heard, expected);
}

/// The name, and who spawned it, of each task in `heard`.
fn spawned(heard: Vec<Event>) -> Vec<(String, Option<u64>)> {
    let spawned = heard.into_iter().filter_map(|event| match event {
        Event::Spawned { name, by, .. } => Some((name, by)),
        _ => None,
    });
    spawned.collect()
}

#[test]
fn a_task_without_a_name_is_called_by_its_number() {
    let heard = events(|| {
        trace::spawned(0, "main");
        trace::spawned(12, "");
    });
    let expected = [("main".to_owned(), None), ("task 12".to_owned(), None)];
    assert_eq!(spawned(heard), expected);
}

#[test]
fn a_task_is_spawned_by_the_one_that_runs() {
    let heard = events(|| {
        trace::started(None, false);
        trace::spawned(0, "");
        trace::resumed(0);
        trace::spawned(1, "");
        trace::suspended(0, None);
        trace::spawned(2, "");
        trace::resumed(1);
        trace::spawned(3, "");
        trace::finished(1);
        trace::spawned(4, "");
        trace::resumed(2);
        trace::panicked(2);
        trace::spawned(5, "");
        trace::resumed(3);
        // The run ends in the middle, and another one begins.
        trace::started(None, false);
        trace::spawned(0, "");
    });
    let by: Vec<_> = spawned(heard).into_iter().map(|task| task.1).collect();
    assert_eq!(by, [None, Some(0), None, Some(1), None, None, None]);
}

#[test]
fn the_task_that_runs_is_known_to_a_listener() {
    let running = Rc::new(RefCell::new(Vec::new()));
    let note = || running.borrow_mut().push(trace::running());
    events(|| {
        note();
        trace::resumed(7);
        note();
        trace::suspended(7, None);
        note();
        trace::resumed(8);
    });
    // There is no listener any more, so what runs is not known.
    note();
    assert_eq!(*running.borrow(), [None, Some(7), None, None]);
}

#[test]
fn schedulers_are_told_apart() {
    let [one, other] = [(); 2].map(|()| Arc::new(()));
    let heard = events(|| {
        trace::within(&one, || {
            trace::resumed(1);
            trace::within(&other, || trace::spawned(2, "two"));
            // What is entered already is not entered again.
            trace::within(&one, || trace::spawned(3, "three"));
        });
        trace::within(&other, || ());
    });
    let spawned = |task, name: &str, by| Event::Spawned {
        task,
        name: name.to_owned(),
        by,
    };
    let expected = [
        Event::Entered(Some(0)),
        Event::Resumed { task: 1 },
        Event::Entered(Some(1)),
        spawned(2, "two", None),
        Event::Entered(Some(0)),
        spawned(3, "three", Some(1)),
        Event::Entered(None),
        Event::Entered(Some(1)),
        Event::Entered(None),
    ];
    assert_eq!(heard, expected);
}

#[test]
fn a_new_scheduler_is_not_taken_for_an_old_one() {
    let heard = events(|| (0..3).for_each(|_| trace::within(&Arc::new(()), || ())));
    let entered = |event: &Event| match event {
        Event::Entered(scheduler) => *scheduler,
        _ => None,
    };
    let entered: Vec<_> = heard.iter().filter_map(entered).collect();
    assert_eq!(entered, [0, 1, 2]);
}
