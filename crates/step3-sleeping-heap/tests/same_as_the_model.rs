//! Does a random program run as a naive reference says, event by event, and at the same times?

#[path = "../../step2-round-robin/tests/support/model.rs"]
mod model;
#[path = "../../step2-round-robin/tests/support/played.rs"]
mod played;

use model::{Event, Model, Program, seeds};
use played::{Log, Seen};
use step3_sleeping_heap::{Clock, Scheduler, Sleep};

fn events(program: Program) -> Vec<Event> {
    let clock = Clock::virtual_time();
    let (same, start) = (clock.clone(), clock.now());
    let log = Log::new(move || (same.now() - start).as_millis() as u64);
    let main = played::main(program, &log, Some(|duration| Sleep(duration).into()));
    Scheduler::new().with_clock(clock).with_observer(Seen::new(&log)).run(main).unwrap();
    log.take()
}

#[test]
fn thousands_of_random_programs_give_the_events_of_the_model() {
    let (mut all, seeds) = (0, seeds());
    for seed in seeds.clone() {
        let program = Program::new(seed, true);
        let expected = Model::play(program);
        assert_eq!(events(program), expected, "to run it alone, set SEED={seed}");
        all += expected.len();
    }
    println!("{all} events of {} programs", seeds.end - seeds.start);
}
