//! Is an operation what its name says? The steps report what they do, and that is counted.

use std::cell::Cell;

use benches::workload::{Contender, Workload};
use benches::workloads;
use step9_simulation::Fate;
use step9_simulation::demo::Crowd;
use testing::recorder::Recorder;
use trace::{Event, Reason};

/// Counts an event in some operations, and in more of them, and returns how many an additional one
/// has, for each of these steps.
fn of_one(workload: &str, steps: &[&str], is_it: fn(&Event) -> bool) -> Vec<f64> {
    let workload = named(workload);
    let count = |step: &str, operations| count(&workload, step, operations, is_it) as f64;
    let few = workload.at_least(10);
    let more = few + workload.at_least(20);
    let of_step = |step: &&str| (count(step, more) - count(step, few)) / (more - few) as f64;
    steps.iter().map(of_step).collect()
}

fn named(name: &str) -> Workload {
    let mut workloads = workloads::all().into_iter();
    let workload = workloads.find(|workload| workload.name == name);
    workload.expect("there is one of this name")
}

fn by<'a>(workload: &'a Workload, step: &str) -> &'a Contender {
    let mut contenders = workload.contenders.iter();
    let contender = contenders.find(|contender| contender.name == step);
    contender.expect("there is one of this name")
}

fn record(workload: &Workload, step: &str, operations: u64) -> Vec<Event> {
    let recorder = Recorder::new();
    let timed = workload.run(by(workload, step), operations).unwrap();
    assert_eq!(timed.done, operations, "{workload}/{step}");
    recorder.take()
}

fn count(workload: &Workload, step: &str, operations: u64, is_it: fn(&Event) -> bool) -> u64 {
    let events = record(workload, step, operations);
    events.iter().filter(|event| is_it(event)).count() as u64
}

/// Returns how many turns the first task has.
fn turns_of_main(events: &[Event]) -> u64 {
    let main = events.iter().find_map(resumed).expect("it has a turn");
    let turns = events.iter().filter_map(resumed);
    turns.filter(|task| *task == main).count() as u64
}

fn resumed(event: &Event) -> Option<u64> {
    match event {
        Event::Resumed { task } => Some(*task),
        _ => None,
    }
}

const ALL: [&str; 5] = ["step 2", "step 3", "step 4", "step 5", "step 8"];

#[test]
fn a_switch_is_one_turn_of_one_task() {
    for workload in ["switch among 1 task", "switch among 1,000 tasks"] {
        let turns = of_one(workload, &ALL, |event| {
            matches!(event, Event::Resumed { .. })
        });
        assert_eq!(turns, [1.0; 5], "{workload}");
        let new = of_one(workload, &ALL, |event| {
            matches!(event, Event::Spawned { .. })
        });
        assert_eq!(new, [0.0; 5], "{workload}");
    }
}

#[test]
fn a_hand_over_is_one_turn_of_one_task() {
    let turns = of_one("hand over between two", &["step 5", "step 8"], |event| {
        matches!(event, Event::Resumed { .. })
    });
    assert_eq!(turns, [1.0; 2]);
}

#[test]
fn a_spawned_task_ends_and_is_joined() {
    for workload in [
        "spawn and join a task, one at a time",
        "spawn and join a task, 10,000 at once",
    ] {
        let spawned = of_one(workload, &ALL, |event| {
            matches!(event, Event::Spawned { .. })
        });
        let finished = of_one(workload, &ALL, |event| {
            matches!(event, Event::Finished { .. })
        });
        assert_eq!(
            (spawned, finished),
            (vec![1.0; 5], vec![1.0; 5]),
            "{workload}"
        );
    }
}

fn is_sleep(event: &Event) -> bool {
    matches!(event, Event::Waits(Reason::Sleep(_)))
}

#[test]
fn a_timer_that_fires_was_waited_for() {
    let steps = &ALL[1..];
    for workload in ["a timer fires alone", "a timer fires beside 300 others"] {
        assert_eq!(of_one(workload, steps, is_sleep), [1.0; 4], "{workload}");
    }
}

#[test]
fn a_timer_among_others_is_the_only_one_to_fire() {
    let workload = named("a timer fires while 10 wait");
    for step in &ALL[1..] {
        assert_eq!(count(&workload, step, 1_000, is_sleep), 1_010, "{step}");
        let is_wait = |event: &Event| matches!(event, Event::Waited { .. });
        assert_eq!(of_one(&workload.name, &[step], is_wait), [1.0], "{step}");
    }
}

#[test]
fn all_but_one_weighed_task_waits_for_another() {
    thread_local!(static WAITING: Cell<usize> = const { Cell::new(0) });
    let workload = named("memory of a waiting task");
    for step in ALL {
        WAITING.set(0);
        let _listening = trace::listen(|event| {
            let is_join = matches!(event, Event::Waits(Reason::Join(_)));
            WAITING.set(WAITING.get() + usize::from(is_join));
        });
        // It asks before and after for how much there is, of bytes or of what else.
        let waiting = by(&workload, step).bytes(100, || WAITING.get()).unwrap();
        assert_eq!(waiting, 0.99, "{step}");
    }
}

#[test]
fn each_answer_to_a_thread_is_a_turn() {
    let workload = named("a thread wakes a sleeper, which answers");
    for step in ["step 5", "step 8"] {
        let turns = turns_of_main(&record(&workload, step, 50));
        // The first turn comes before all wakes, or answers one.
        assert!((50..=51).contains(&turns), "{step}: {turns}");
    }
}

#[test]
fn a_busy_executor_does_not_wait_for_wakes() {
    let workload = named("a thread wakes a busy executor");
    for step in ["step 5", "step 8"] {
        let events = record(&workload, step, 1_000);
        let turns = turns_of_main(&events);
        // Several wakes may be one turn, but not the other way round.
        assert!((1..=1_001).contains(&turns), "{step}: {turns}");
        let mut events = events.iter();
        let has_waited = events.any(|event| matches!(event, Event::Waited { .. }));
        assert!(!has_waited, "{step}");
    }
}

#[test]
fn timers_beside_others_share_a_wait() {
    let is_wait = |event: &Event| matches!(event, Event::Waited { .. });
    let steps = ["step 3", "step 4", "step 5"];
    assert_eq!(of_one("a timer fires alone", &steps, is_wait), [1.0; 3]);
    let shared = of_one("a timer fires beside 300 others", &steps, is_wait);
    assert_eq!(shared, [1.0 / 301.0; 3]);
}

#[test]
fn a_sleeping_task_is_cancelled_in_its_sleep() {
    let steps = &ALL[1..];
    let workload = "spawn, sleep, cancel, join";
    assert_eq!(of_one(workload, steps, is_sleep), [1.0; 4]);
    let is_cancel = |event: &Event| matches!(event, Event::Cancelled { .. });
    assert_eq!(of_one(workload, steps, is_cancel), [1.0; 4]);
}

#[test]
fn a_timeout_has_a_timer_that_is_taken_back() {
    let steps = ["step 5", "step 8"];
    let workload = "a timeout is not reached";
    assert_eq!(of_one(workload, &steps, is_sleep), [1.0; 2]);
    let is_back = |event: &Event| matches!(event, Event::GaveUp(Reason::Sleep(_)));
    assert_eq!(of_one(workload, &steps, is_back), [1.0; 2]);
}

fn is_receive(event: &Event) -> bool {
    matches!(event, Event::Waits(Reason::Readable(_)))
}

/// The steps that have sockets on this system.
const SOCKETS: &[&str] = match cfg!(target_os = "linux") {
    true => &["step 4", "step 5", "step 7", "step 8"],
    false => &["step 4", "step 5", "step 8"],
};

#[test]
fn a_round_trip_is_two_waits_for_a_datagram() {
    for workload in ["UDP round trip", "UDP round trip beside 100 idle sockets"] {
        let waits = of_one(workload, SOCKETS, is_receive);
        assert_eq!(waits, vec![2.0; SOCKETS.len()], "{workload}");
    }
}

#[test]
fn a_message_goes_from_one_task_to_another() {
    let is_turn = |event: &Event| matches!(event, Event::Resumed { .. });
    let turns = of_one("a message through a queue of 1", &["step 6"], is_turn);
    assert_eq!(turns, [2.0]);
}

#[test]
fn gathered_children_take_a_turn_each() {
    let is_turn = |event: &Event| matches!(event, Event::Waits(Reason::Turn));
    let turns = of_one("gather 1,000 that each take a turn", &["step 6"], is_turn);
    assert_eq!(turns, [1_000.0]);
}

#[test]
fn a_lock_that_is_handed_over_takes_a_turn() {
    let is_turn = |event: &Event| matches!(event, Event::Resumed { .. });
    let turns = of_one("a lock is handed over, 10 want it", &["step 6"], is_turn);
    assert_eq!(turns, [1.0]);
}

#[test]
fn a_simulated_datagram_is_one_that_is_sent() {
    let workload = named("a simulated datagram");
    let recorder = Recorder::new();
    let timed = workload.run(by(&workload, "step 9"), 1).unwrap();
    let events = recorder.take();
    drop(recorder);
    let crowd = Crowd {
        clients: 1_000,
        ..Crowd::default()
    };
    let report = crowd.run().unwrap();
    let fates = [Fate::Sent, Fate::Doubled, Fate::Lost, Fate::CutOff];
    let [sent, doubled, lost, cut_off] = fates.map(|fate| report.count(fate));
    assert_eq!(timed.done, sent);
    // Each that is not stopped is under way as a task.
    let is_under_way = |event: &&Event| matches!(event, Event::Carries { .. });
    let under_way = events.iter().filter(is_under_way).count() as u64;
    assert_eq!(under_way, sent + doubled - lost - cut_off);
}
