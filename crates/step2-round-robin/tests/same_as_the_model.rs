//! Does a random program run as a naive reference says, event by event?

#[path = "support/model.rs"]
mod model;
#[path = "support/played.rs"]
mod played;

use model::{Program, Scope, Story};
use played::{Log, Means, Seen};
use step2_round_robin::{Request, Scheduler};

/// There is nothing but turns.
struct Turns;

impl Means<Request> for Turns {}

fn story(program: Program) -> Story {
    let log = Log::new(|| 0);
    let seen = Seen::new(&log);
    Scheduler::new()
        .with_observer(seen)
        .run(played::main(program, &log, Turns))
        .unwrap();
    log.take()
}

#[test]
fn thousands_of_random_programs_give_the_events_of_the_model() {
    model::compare(Scope::Turns, story);
}
