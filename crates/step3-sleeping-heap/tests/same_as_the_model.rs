//! Does a random program run as a naive reference says, event by event, and at the same times?

#[path = "../../step2-round-robin/tests/support/model.rs"]
mod model;
#[path = "../../step2-round-robin/tests/support/played.rs"]
mod played;

use std::time::Duration;

use model::{Program, Scope, Story};
use played::{Log, Means, Seen};
use step3_sleeping_heap::{Clock, Request, Scheduler, Sleep};

/// There is time.
struct Time;

impl Means<Request> for Time {
    fn sleep(&self, duration: Duration) -> Option<Request> {
        Some(Sleep(duration).into())
    }
}

fn story(program: Program) -> Story {
    let clock = Clock::virtual_time();
    let (same, start) = (clock.clone(), clock.now());
    let log = Log::new(move || (same.now() - start).as_millis() as u64);
    let main = played::main(program, &log, Time);
    Scheduler::new()
        .with_clock(clock)
        .with_observer(Seen::new(&log))
        .run(main)
        .unwrap();
    log.take()
}

#[test]
fn thousands_of_random_programs_give_the_events_of_the_model() {
    model::compare(Scope::Time, story);
}
