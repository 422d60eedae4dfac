//! What if many timers are due in the same instant?

use std::cell::{Cell, RefCell};
use std::rc::Rc;
use std::time::{Duration, Instant};

use step8_fast_executor::{Executor, Observer, TaskId, now, sleep, sleep_until, spawn};

use super::Figures;

#[derive(Default)]
struct Polls(Cell<u64>);

impl Observer for Polls {
    fn polled(&self, _: TaskId) {
        self.0.set(self.0.get() + 1);
    }
}

/// Lets this many tasks sleep until one instant, and notes in which order they go on.
pub(crate) fn due(count: u64) -> Figures {
    let (order, polls) = (Rc::new(RefCell::new(Vec::new())), Rc::new(Polls::default()));
    let executor = Executor::with_virtual_time().expect("an executor needs two descriptors");
    let start = Instant::now();
    let late = executor.with_observer(polls.clone()).block_on(async {
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
    let is_in_order = order.borrow().iter().copied().eq(0..count);
    vec![
        (order.borrow().len() as u64, "have gone on"),
        (u64::from(is_in_order), "if in order of arrival"),
        (
            polls.0.get(),
            "polls in all, with those of who waits for them",
        ),
        (late.as_nanos() as u64, "ns late"),
        (start.elapsed().as_millis() as u64, "ms in all"),
    ]
}
