//! How much does a program of futures cost? Its polls, its waits, and its time on the processor are counted.

use std::cell::Cell;
use std::fs;
use std::io;
use std::os::fd::BorrowedFd;
use std::rc::Rc;
use std::time::Duration;

use step4_select::{Direction, Event, Notifier, Select, Selector, Token, Until};
use step8_fast_executor::{Executor, Observer, TaskId};

use super::Figures;

/// Runs a program on an executor, and counts.
pub(crate) fn measured(main: impl Future<Output = ()>) -> Figures {
    measured_on(Select::new().expect("a few descriptors are left"), main)
}

/// Runs a program on an executor with this selector, and counts.
pub(crate) fn measured_on(
    selector: impl Selector + 'static,
    main: impl Future<Output = ()>,
) -> Figures {
    let (polls, waits) = (Rc::new(Polls::default()), Rc::default());
    let counted = Counted {
        selector,
        waits: Rc::clone(&waits),
    };
    let executor = Executor::with_selector(counted).expect("nothing of the system is needed");
    let before = cpu_time();
    executor.with_observer(polls.clone()).block_on(main);
    let mut figures = vec![(polls.0.get(), "polls"), (waits.get(), "waits")];
    if let (Some(before), Some(after)) = (before, cpu_time()) {
        figures.push(((after - before).as_millis() as u64, "ms of CPU time"));
    }
    figures
}

/// Returns how long this thread has run so far. `None` where the system does not say so in a file.
fn cpu_time() -> Option<Duration> {
    let text = fs::read_to_string("/proc/thread-self/schedstat").ok()?;
    text.split(' ')
        .next()?
        .parse()
        .ok()
        .map(Duration::from_nanos)
}

#[derive(Default)]
struct Polls(Cell<u64>);

impl Observer for Polls {
    fn polled(&self, _: TaskId) {
        self.0.set(self.0.get() + 1);
    }
}

struct Counted<S> {
    selector: S,
    waits: Rc<Cell<u64>>,
}

impl<S: Selector> Selector for Counted<S> {
    fn register(&mut self, fd: BorrowedFd<'_>, token: Token) -> io::Result<()> {
        self.selector.register(fd, token)
    }

    fn deregister(&mut self, fd: BorrowedFd<'_>, token: Token) -> io::Result<()> {
        self.selector.deregister(fd, token)
    }

    fn arm(&mut self, fd: BorrowedFd<'_>, token: Token, direction: Direction) -> io::Result<()> {
        self.selector.arm(fd, token, direction)
    }

    fn disarm(&mut self, fd: BorrowedFd<'_>, token: Token, direction: Direction) {
        self.selector.disarm(fd, token, direction);
    }

    fn wait(&mut self, until: Until, events: &mut Vec<Event>) -> io::Result<()> {
        self.waits.set(self.waits.get() + 1);
        self.selector.wait(until, events)
    }

    fn notifier(&self) -> Notifier {
        self.selector.notifier()
    }
}
