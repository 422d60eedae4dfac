//! Can a wake be lost on the way to sleep? Every order of the steps of the executor and of other
//! threads is tried; and with one step left out, or two in the other order, a wake is lost.

use std::fs;

use testing::explorer::{Explored, explore};

use crate::sleep_protocol::Step::{self, *};
use crate::sleep_protocol::{Protocol, RELEASE, ROUND, SEND, WaitsFor, World};

/// Situations that between them use every step.
fn situations() -> Vec<(&'static str, Protocol)> {
    let situation = |is_virtual, waits_for, threads: &[&[&[Step]]]| {
        let others = threads.iter().map(|steps| steps.concat());
        let threads = [ROUND.to_vec()].into_iter().chain(others).collect();
        Protocol {
            threads,
            is_virtual,
            waits_for,
        }
    };
    let real = |threads| situation(false, WaitsFor::Values, threads);
    let virtually = |waits_for, threads| situation(true, waits_for, threads);
    let (values, in_time) = (WaitsFor::Values, WaitsFor::ValuesInTime);
    let (owes, releases): (&[&[Step]], &[&[Step]]) = (&[SEND, RELEASE], &[RELEASE]);
    vec![
        ("one thread sends", real(&[&[SEND]])),
        ("one thread sends three times", real(&[&[SEND, SEND, SEND]])),
        ("two threads send", real(&[&[SEND], &[SEND]])),
        (
            "two threads send twice",
            real(&[&[SEND, SEND], &[SEND, SEND]]),
        ),
        ("a thread owes a value", virtually(values, &[owes])),
        ("a thread owes a value in time", virtually(in_time, &[owes])),
        ("two threads owe a value", virtually(in_time, &[owes, owes])),
        (
            "a thread wakes in vain beside one that owes a value",
            virtually(values, &[&[&SEND[1..]], owes]),
        ),
        ("a thread lets go", virtually(WaitsFor::Time, &[releases])),
        (
            "two threads let go",
            virtually(WaitsFor::Time, &[releases, releases]),
        ),
    ]
}

fn explored(protocol: &Protocol) -> Explored {
    explore(World::new(protocol))
}

/// Changes the steps of all threads in all situations. Returns what goes wrong first, if anything
/// does.
fn with_change(change: impl Fn(&[Step]) -> Vec<Step>) -> Option<&'static str> {
    let mut is_changed = false;
    let fault = situations().into_iter().find_map(|(_, mut protocol)| {
        for steps in &mut protocol.threads {
            let changed = change(steps);
            is_changed |= changed != *steps;
            *steps = changed;
        }
        explored(&protocol).fault.map(|fault| fault.what)
    });
    assert!(is_changed, "nothing was changed");
    fault
}

fn without(step: Step) -> Option<&'static str> {
    with_change(|steps| {
        let all = steps.iter().copied();
        all.filter(|other| *other != step).collect()
    })
}

/// Replaces a series of steps, wherever it is.
fn with_instead(series: &[Step], instead: &[Step]) -> Option<&'static str> {
    with_change(|steps| {
        let (mut changed, mut at) = (Vec::new(), 0);
        while at < steps.len() {
            if steps[at..].starts_with(series) {
                changed.extend(instead);
                at += series.len();
            } else {
                changed.push(steps[at]);
                at += 1;
            }
        }
        changed
    })
}

const LOST: Option<&str> = Some("it sleeps forever");
const SPINS: Option<&str> = Some("it runs in a circle");
const NO_DEADLOCK: Option<&str> = Some("a false deadlock");
const HELD: Option<&str> = Some("time moves while the clock is held");

/// Promise (wakers): No wake from another thread is lost, however the two threads interleave.
///
/// Classic bug: A wake from another thread is not seen
#[test]
fn in_no_order_of_steps_is_a_wake_lost() {
    let mut all = 0;
    for (situation, protocol) in situations() {
        let explored = explored(&protocol);
        assert!(explored.fault.is_none(), "{situation}: {explored:#?}");
        let (orders, moments) = (explored.orders, explored.moments);
        println!("{situation}: {orders} orders of {moments} moments");
        all += orders;
    }
    println!("{all} orders in all");
    assert!(all > 1_000_000, "the situations are too small");
}

#[test]
fn each_step_that_is_left_out_is_missed() {
    let lose_a_wake = [
        BeginTurn, FallAsleep, WakeUp, Drain, Arm, EndSleep, Push, Notify,
    ];
    for step in lose_a_wake {
        assert_eq!(without(step), LOST, "{step:?}");
    }
    for step in [LookAtQueue, Take, FireTimer] {
        assert_eq!(without(step), SPINS, "{step:?}");
    }
    assert_eq!(without(LookAtHolds), NO_DEADLOCK);
}

#[test]
fn without_the_lock_a_wake_is_lost() {
    // The executor looks at the queue, and then says that it sleeps.
    let (with, without) = (
        [Lock, LookAtQueue, FallAsleep, LookAtHolds, Unlock],
        [LookAtQueue, FallAsleep, LookAtHolds],
    );
    assert_eq!(with_instead(&with, &without), LOST);
    // A thread finds out that the executor is awake, and then pushes.
    let (with, without) = (
        [Lock, SetQueued, EndSleep, Push],
        [EndSleep, Lock, SetQueued, Push],
    );
    assert_eq!(with_instead(&with, &without), LOST);
}

#[test]
fn other_orders_lose_a_wake() {
    // A task that is polled still counts as queued, so a wake in the middle of its poll does
    // nothing.
    assert_eq!(with_instead(&[BeginTurn, Poll], &[Poll, BeginTurn]), LOST);
    // The executor waits before it says that it sleeps.
    let (with, without) = (
        [FallAsleep, LookAtHolds, Unlock, Wait],
        [LookAtHolds, Unlock, Wait, FallAsleep],
    );
    assert_eq!(with_instead(&with, &without), LOST);
    // The caller's bug: it wakes the task, and then stores the value.
    let late = [&SEND[1..], &SEND[..1]].concat();
    assert_eq!(with_instead(SEND, &late), LOST);
    // A thread says that it lets go of the clock, and then does.
    let late = [
        Lock, EndSleep, PushNoTask, Notify, Unlock, Lock, Release, Unlock,
    ];
    assert_eq!(with_instead(RELEASE, &late), LOST);
}

#[test]
fn other_orders_move_the_clock_too_soon() {
    // The executor looks at the queue, and at the holds after it has let go of the lock.
    let looks = [LookAtHolds, Unlock];
    let late = [Unlock, LookAtHolds];
    assert_eq!(with_instead(&looks, &late), NO_DEADLOCK);
    // A thread says that the task is queued before it has the lock. Another one that finds it so
    // lets go of the clock, and the queue is still empty.
    let early = [SetQueued, Lock];
    assert_eq!(with_instead(&[Lock, SetQueued], &early), NO_DEADLOCK);
    // A thread lets go of the clock, and then sends what it owes.
    let owes = [SEND, RELEASE].concat();
    let late = [RELEASE, SEND].concat();
    assert_eq!(with_instead(&owes, &late), NO_DEADLOCK);
}

#[test]
fn a_hold_that_is_not_looked_at_moves_the_clock() {
    let (_, mut protocol) = situations().remove(8);
    protocol.threads[0].retain(|step| *step != LookAtHolds);
    assert_eq!(explored(&protocol).fault.map(|fault| fault.what), HELD);
}

/// It spares polls: no wake depends on it. And under the lock these steps may come in any order.
#[test]
fn what_is_there_for_speed_alone_may_go() {
    assert_eq!(without(SetQueued), None);
    assert_eq!(with_instead(&[EndSleep, Push], &[Push, EndSleep]), None);
    assert_eq!(with_instead(&[Push, Notify], &[Notify, Push]), None);
}

/// A lost wake in as few steps as can be. Thread 0 is the executor.
#[test]
fn the_shortest_way_to_lose_a_wake() {
    let (_, mut protocol) = situations().remove(0);
    let unlocked = [LookAtQueue, FallAsleep, LookAtHolds, Wait];
    protocol.threads[0].splice(3..9, unlocked);
    let fault = explored(&protocol).fault.unwrap();
    let story = [
        "0: LookAtRound",
        "0: BeginTurn",
        "0: Poll",
        "0: LookAtQueue",
        "1: StoreValue",
        "1: Lock",
        "1: SetQueued",
        "1: EndSleep",
        "1: Push",
        "1: Notify",
        "1: Unlock",
        "0: FallAsleep",
        "0: LookAtHolds",
    ];
    let expected = (LOST.unwrap(), story.map(str::to_owned).to_vec());
    let mut steps = fault.steps;
    steps.sort_by_key(|step| story.iter().position(|other| other == step));
    assert_eq!((fault.what, steps), expected);
}

/// If this fails, the source has changed: restate its steps in `sleep_protocol.rs`, and then here.
#[test]
fn the_steps_are_those_of_the_source() {
    let ready = source("ready.rs");
    let wakes = ["lock()", "is_queued.swap(true", "push("];
    in_order(&ready, "fn wake_by_ref(", &wakes);
    let pushes = ["(&mut self.is_asleep, false)", "push_back", "write("];
    in_order(&ready, "fn push(", &pushes);
    let falls_asleep = ["is_asleep = self.queue.is_empty()", "self.holds > 0"];
    in_order(&ready, "fn fall_asleep(", &falls_asleep);
    in_order(
        &ready,
        "fn wake_up(",
        &["!mem::replace(&mut self.is_asleep, false)"],
    );

    let core = source("core.rs");
    let waits = [
        "fall_asleep()",
        "wait(true",
        "wake_up()",
        "listen()",
        "pop_due",
    ];
    in_order(&core, "fn wait(", &waits);
    in_order(&core, "fn listen(", &["read(", "arm("]);
    in_order(&core, "\nfn poll<", &["is_queued.swap(false", ".poll("]);
    in_order(&core, "fn run<", &["self.wait()", "mem::swap("]);

    let releases = ["lock()", "holds -= 1", ".push("];
    in_order(&source("clock_hold.rs"), "fn drop(", &releases);
}

fn source(file: &str) -> String {
    let path = format!("{}/src/{file}", env!("CARGO_MANIFEST_DIR"));
    fs::read_to_string(path).unwrap()
}

/// Fails unless a function of the source does these things, one after the other.
fn in_order(source: &str, function: &str, steps: &[&str]) {
    let after = |text: &str, what: &str| {
        let (_, rest) = text
            .split_once(what)
            .unwrap_or_else(|| panic!("{function} `{what}` is not where it was"));
        rest.to_owned()
    };
    let body = after(source, function);
    let end = body.find("\n    }\n").or(body.find("\n}\n"));
    let mut body = body[..end.unwrap()].to_owned();
    for step in steps {
        body = after(&body, step);
    }
}
