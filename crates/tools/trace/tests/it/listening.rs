//! Which events does a listener hear, and for how long?

use std::cell::RefCell;
use std::panic::{AssertUnwindSafe, catch_unwind};
use std::rc::Rc;
use std::thread;

use trace::{Event, Listening};

type Heard = Rc<RefCell<Vec<Event>>>;

fn listen() -> (Listening, Heard) {
    let heard = Heard::default();
    let log = heard.clone();
    let listening = trace::listen(move |event| log.borrow_mut().push(event));
    (listening, heard)
}

#[test]
fn a_listener_hears_until_it_is_dropped() {
    trace::resumed(1);
    let (listening, heard) = listen();
    trace::resumed(2);
    drop(listening);
    trace::resumed(3);
    assert_eq!(*heard.borrow(), [Event::Resumed { task: 2 }]);
    assert_eq!(Rc::strong_count(&heard), 1, "the listener is dropped too");
}

#[test]
fn a_listener_can_follow_another() {
    for task in [1, 2] {
        let (_listening, heard) = listen();
        trace::resumed(task);
        assert_eq!(*heard.borrow(), [Event::Resumed { task }]);
    }
}

#[test]
fn a_listener_hears_its_own_thread_only() {
    let (_listening, heard) = listen();
    let elsewhere = thread::spawn(|| {
        trace::resumed(1);
        trace::has_listener()
    });
    assert!(!elsewhere.join().unwrap());
    assert_eq!(*heard.borrow(), []);
}

#[test]
fn a_thread_knows_whether_it_has_a_listener() {
    assert!(!trace::has_listener());
    let (listening, _) = listen();
    assert!(trace::has_listener());
    drop(listening);
    assert!(!trace::has_listener());
}

#[test]
fn a_listener_does_not_hear_itself() {
    let heard = Heard::default();
    let log = heard.clone();
    let _listening = trace::listen(move |event| {
        trace::woken(7);
        log.borrow_mut().push(event);
        trace::woken(8);
    });
    trace::resumed(1);
    assert_eq!(*heard.borrow(), [Event::Resumed { task: 1 }]);
}

#[test]
#[should_panic(expected = "a thread has one listener: drop the other first")]
fn a_second_listener_is_a_clear_panic() {
    let (_listening, _) = listen();
    _ = listen();
}

#[test]
fn the_first_listener_outlives_a_second_one() {
    let (_listening, heard) = listen();
    assert!(catch_unwind(|| drop(listen())).is_err());
    trace::resumed(1);
    assert_eq!(*heard.borrow(), [Event::Resumed { task: 1 }]);
}

#[test]
fn a_listener_that_panics_hears_the_next_event() {
    let heard = Heard::default();
    let log = heard.clone();
    let listening = trace::listen(move |event| {
        log.borrow_mut().push(event.clone());
        assert_ne!(event, Event::Resumed { task: 1 }, "the listener fails");
    });
    let failed = catch_unwind(AssertUnwindSafe(|| trace::resumed(1)));
    assert!(failed.is_err());
    trace::resumed(2);
    drop(listening);
    let expected = [1, 2].map(|task| Event::Resumed { task });
    assert_eq!(*heard.borrow(), expected);
}

#[test]
fn a_listener_may_report_in_its_drop() {
    struct Reports;
    impl Drop for Reports {
        fn drop(&mut self) {
            trace::finished(1);
        }
    }
    let guard = Reports;
    let listening = trace::listen(move |_| _ = &guard);
    trace::resumed(1);
    drop(listening);
    assert!(!trace::has_listener());
}
