//! Is an operation what its name says? The steps report what they do, and that is counted.

use benches::workload::Workload;
use benches::workloads;
use testing::recorder::Recorder;
use trace::{Event, Reason};

/// Counts an event in some operations, and in more of them, and returns how many an additional one
/// has, for each of these steps.
fn of_one(workload: &str, steps: &[&str], is_it: fn(&Event) -> bool) -> Vec<f64> {
    let workloads = workloads::all();
    let workload = workloads.iter().find(|other| other.name == workload);
    let workload = workload.expect("there is one of this name");
    let count = |step: &str, operations| count(workload, step, operations, is_it) as f64;
    let few = workload.at_least(10);
    let more = few + workload.at_least(20);
    let of_step = |step: &&str| (count(step, more) - count(step, few)) / (more - few) as f64;
    steps.iter().map(of_step).collect()
}

fn count(workload: &Workload, step: &str, operations: u64, is_it: fn(&Event) -> bool) -> usize {
    let contender = workload
        .contenders
        .iter()
        .find(|contender| contender.name == step);
    let recorder = Recorder::new();
    let timed = workload
        .run(contender.expect("there is one"), operations)
        .unwrap();
    assert_eq!(timed.done, operations, "{workload}/{step}");
    recorder
        .events()
        .iter()
        .filter(|event| is_it(event))
        .count()
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
        "spawn and join, one at a time",
        "spawn and join, 10,000 at once",
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
    for contender in ["step 3", "step 5"] {
        assert_eq!(
            of_one("a timer fires, 10 wait", &[contender], is_sleep),
            [1.0]
        );
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
