//! What a program of futures costs: its polls, its waits, and its time on the processor.

use std::cell::Cell;
use std::fs;
use std::rc::Rc;
use std::time::Duration;

use step4_select::{Select, Selector};
use step8_fast_executor::Executor;
use testing::selectors::Counting;
use trace::Event;

use crate::bugs::Figures;

/// Runs a program on an executor, and counts.
pub(crate) fn measured(main: impl Future<Output = ()>) -> Figures {
    measured_on(Select::new().expect("a few descriptors are left"), main)
}

/// Runs a program on an executor with this selector, and counts.
pub(crate) fn measured_on(
    selector: impl Selector + 'static,
    main: impl Future<Output = ()>,
) -> Figures {
    let (selector, counts) = Counting::new(selector);
    let executor = Executor::with_selector(selector).expect("a few descriptors are left");
    let polls = Rc::new(Cell::new(0));
    let count = polls.clone();
    let listening = trace::listen(move |event| {
        if let Event::Resumed { .. } = event {
            count.set(count.get() + 1);
        }
    });
    let before = cpu_time();
    executor.block_on(main);
    drop(listening);
    let waits = counts.waits().len() as u64;
    let mut figures = vec![(polls.get(), "polls"), (waits, "waits")];
    if let (Some(before), Some(after)) = (before, cpu_time()) {
        figures.push(((after - before).as_millis() as u64, "ms of CPU time"));
    }
    figures
}

/// Returns how long this thread has run so far. `None` where no file of the system says so.
fn cpu_time() -> Option<Duration> {
    let text = fs::read_to_string("/proc/thread-self/schedstat").ok()?;
    text.split(' ')
        .next()?
        .parse()
        .ok()
        .map(Duration::from_nanos)
}
