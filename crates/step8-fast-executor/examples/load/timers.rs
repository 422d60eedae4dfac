//! Many timers that are due in the same instant.

use std::cell::{Cell, RefCell};
use std::rc::Rc;
use std::time::{Duration, Instant};

use step8_fast_executor::{Executor, now, sleep, sleep_until, spawn};
use trace::Event;

use crate::loads::Figures;

/// Lets this many tasks sleep until one instant, and notes in which order they continue.
pub(crate) fn due(count: u64) -> Figures {
    let (order, polls) = (Rc::new(RefCell::new(Vec::new())), Rc::new(Cell::new(0)));
    let counter = polls.clone();
    let listening = trace::listen(move |event| {
        if let Event::Resumed { .. } = event {
            counter.set(counter.get() + 1);
        }
    });
    let executor = Executor::with_virtual_time().expect("a few descriptors are left");
    let start = Instant::now();
    let late = executor.block_on(async {
        let deadline = now() + Duration::from_secs(1);
        let tasks: Vec<_> = (0..count)
            .map(|number| {
                let order = order.clone();
                spawn(async move {
                    sleep_until(deadline).await;
                    order.borrow_mut().push(number);
                })
            })
            .collect();
        sleep(Duration::from_secs(1)).await;
        for task in tasks {
            task.await.expect("it only sleeps");
        }
        now() - deadline
    });
    drop(listening);
    let is_in_order = order.borrow().iter().copied().eq(0..count);
    vec![
        (order.borrow().len() as u64, "have continued"),
        (u64::from(is_in_order), "if in order of arrival"),
        (polls.get(), "polls with those of the main task"),
        (late.as_nanos() as u64, "ns late"),
        (start.elapsed().as_millis() as u64, "ms in all"),
    ]
}
