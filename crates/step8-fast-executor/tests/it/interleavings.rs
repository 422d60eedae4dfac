//! Can a wake-up be lost on the way to sleep? Every order of the steps of the executor and of other
//! threads is tried; and with one step left out, or two swapped, it is shown how a wake-up is lost.

use std::fs;

use testing::explorer::{Explored, explore};

use crate::support::sleep_protocol::Step::{self, *};
use crate::support::sleep_protocol::{Clock, Protocol, RELEASE, ROUND, SEND, WaitsFor, World};

/// The executor against threads that do this, on the real clock.
fn on_the_real_clock(others: u8, threads: &[&[Step]]) -> Protocol {
    // The virtual clock's two looks are not made there.
    let round = ROUND
        .iter()
        .copied()
        .filter(|step| !matches!(step, LookAtHolds | LookForMessagesAgain | MoveClock));
    let threads = [round.collect()]
        .into_iter()
        .chain(threads.iter().map(|steps| steps.to_vec()))
        .collect();
    Protocol {
        threads,
        others,
        clock: Clock::Real,
        waits_for: WaitsFor::Values,
    }
}

/// The executor against threads that hold the virtual clock at first and do this.
fn on_the_virtual_clock(waits_for: WaitsFor, threads: &[&[Step]]) -> Protocol {
    let threads = [ROUND]
        .iter()
        .chain(threads)
        .map(|steps| steps.to_vec())
        .collect();
    Protocol {
        threads,
        others: 0,
        clock: Clock::Virtual,
        waits_for,
    }
}

/// Situations that between them use every step.
fn situations() -> Vec<(&'static str, Protocol)> {
    let send_and_release = [SEND, RELEASE].concat();
    let send_and_release = &send_and_release[..];
    vec![
        ("one thread sends", on_the_real_clock(0, &[SEND])),
        (
            "one thread sends twice",
            on_the_real_clock(0, &[&[SEND, SEND].concat()]),
        ),
        ("two threads send", on_the_real_clock(0, &[SEND, SEND])),
        (
            "two threads send while another task runs",
            on_the_real_clock(2, &[SEND, SEND]),
        ),
        (
            "a thread owes a value",
            on_the_virtual_clock(WaitsFor::Values, &[send_and_release]),
        ),
        (
            "a thread owes a value, within a limit",
            on_the_virtual_clock(WaitsFor::ValuesInTime, &[send_and_release]),
        ),
        (
            "two threads owe values",
            on_the_virtual_clock(
                WaitsFor::ValuesInTime,
                &[send_and_release, send_and_release],
            ),
        ),
        (
            "a thread lets go of the clock",
            on_the_virtual_clock(WaitsFor::Deadline, &[RELEASE]),
        ),
        (
            "two threads let go of the clock",
            on_the_virtual_clock(WaitsFor::Deadline, &[RELEASE, RELEASE]),
        ),
    ]
}

fn explored(protocol: &Protocol) -> Explored {
    explore(World::new(protocol))
}

/// Changes the steps of all threads in all situations. Returns what goes wrong first, if anything.
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
    assert!(is_changed, "the change was none");
    fault
}

fn without(step: Step) -> Option<&'static str> {
    with_change(|steps| {
        steps
            .iter()
            .copied()
            .filter(|other| *other != step)
            .collect()
    })
}

/// Replaces a series of steps by another one, such as the same in another order.
fn with_instead(row: &[Step], instead: &[Step]) -> Option<&'static str> {
    with_change(
        |steps| match steps.windows(row.len()).position(|window| window == row) {
            Some(place) => [&steps[..place], instead, &steps[place + row.len()..]].concat(),
            None => steps.to_vec(),
        },
    )
}

fn swapped(first: Step, second: Step) -> Option<&'static str> {
    with_instead(&[first, second], &[second, first])
}

const LOST: Option<&str> = Some("it sleeps forever");
const SPINS: Option<&str> = Some("it runs in a circle");
const NO_DEADLOCK: Option<&str> = Some("it takes for a deadlock what is none");

/// Promise (wakers): No wake from another thread is lost, however the two threads interleave.
///
/// Classic bug: A wake from another thread is not seen
#[test]
fn every_order_of_steps_sees_the_wake() {
    let mut all = 0;
    for (situation, protocol) in situations() {
        let Explored {
            moments,
            orders,
            fault,
        } = explored(&protocol);
        assert!(fault.is_none(), "{situation}: {fault:#?}");
        println!("{situation}: {orders} orders of {moments} moments");
        all += orders;
    }
    println!("{all} orders in all");
    assert_eq!(all, 27_161_511_867_739_760);
}

#[test]
fn each_step_that_is_left_out_is_missed() {
    assert_eq!(without(SaySleeping), LOST);
    assert_eq!(without(LookForMessages), LOST);
    assert_eq!(without(TakeMessages), LOST);
    assert_eq!(without(WakeTasks), LOST);
    assert_eq!(without(PutMessage), LOST);
    assert_eq!(without(SetFlag), LOST);
    assert_eq!(without(Notify), LOST);
    assert_eq!(without(ClearFlag), SPINS);
    assert_eq!(without(Wait), SPINS);
    assert_eq!(without(LookAtHolds), NO_DEADLOCK);
    assert_eq!(without(LookForMessagesAgain), NO_DEADLOCK);
}

#[test]
fn swapped_steps_lose_a_wake_up() {
    // The executor looks, and then says that it sleeps.
    assert_eq!(swapped(SaySleeping, LookForMessages), LOST);
    // The sender checks whether the executor sleeps, and then puts its message in.
    assert_eq!(swapped(SetFlag, LookWhetherItSleeps), LOST);
    // The flag before the message, which the executor then may not find.
    let put = [LockToPut, PutMessage, UnlockPut, SetFlag];
    assert_eq!(
        with_instead(&put, &[SetFlag, LockToPut, PutMessage, UnlockPut]),
        LOST
    );
    // The flag is cleared outside of the lock, and with it one that was set for a later message.
    let take = [ClearFlag, TakeMessages, UnlockTaken];
    assert_eq!(
        with_instead(&take, &[TakeMessages, UnlockTaken, ClearFlag]),
        LOST
    );
    // Old notifications are swallowed before the wait instead of after it.
    assert_eq!(with_instead(&[Wait], &[Glance, Wait]), LOST);
    // A thread lets the clock go, and says so before.
    assert_eq!(
        with_instead(
            RELEASE,
            &[LookWhetherItSleeps, ClearSleeping, Notify, ReleaseHold]
        ),
        LOST
    );
}

#[test]
fn swapped_steps_move_the_virtual_clock_too_soon() {
    assert_eq!(swapped(LookAtHolds, LookForMessagesAgain), NO_DEADLOCK);
    // A thread lets the clock go, and then sends what it owes.
    let send_and_release = [SEND, RELEASE].concat();
    assert_eq!(
        with_instead(&send_and_release, &[RELEASE, SEND].concat()),
        NO_DEADLOCK
    );
    let protocol = on_the_virtual_clock(WaitsFor::ValuesInTime, &[&[RELEASE, SEND].concat()]);
    assert_eq!(
        explored(&protocol).fault.unwrap().what,
        "time moves on while a value is owed"
    );
}

/// These steps spare notifications, and no wake-up depends on them.
#[test]
fn what_is_there_for_speed_alone_may_go() {
    assert_eq!(without(LookWhetherItSleeps), None);
    assert_eq!(without(ClearSleeping), None);
    assert_eq!(without(SayAwake), None);
    // Under the lock these two may be in any order.
    assert_eq!(swapped(ClearFlag, TakeMessages), None);
}

/// A lost wake-up in as few steps as possible. Thread 0 is the executor.
#[test]
fn the_shortest_way_to_lose_a_wake_up() {
    let mut protocol = on_the_real_clock(0, &[SEND]);
    protocol.threads[0].swap(2, 3);
    let fault = explored(&protocol).fault.unwrap();
    let story = [
        "0: PollTasks",
        "0: LookWhoIsReady",
        "0: LookForMessages",
        "1: StoreValue",
        "1: LockToPut",
        "1: PutMessage",
        "1: UnlockPut",
        "1: SetFlag",
        "1: LookWhetherItSleeps",
        "0: SaySleeping",
    ];
    assert_eq!(
        (fault.what, &fault.steps[..]),
        ("it sleeps forever", &story.map(str::to_owned)[..])
    );
}

/// If this fails, the source has changed: restate its steps in `support/sleep_protocol.rs`, and
/// then here.
#[test]
fn the_steps_are_those_of_the_source() {
    let inbox = &source_of("fn fall_asleep(&self");
    let turn = &source_of("fn park(self");
    in_order(
        inbox,
        "fn put(&self",
        &[
            "lock(&self.messages)",
            ".put(message)",
            "has_messages.store(true, SeqCst)",
            "notify()",
        ],
    );
    let looks = [
        "is_sleeping.load(SeqCst)",
        "is_sleeping.swap(false, SeqCst)",
        "Notifier::notify",
    ];
    in_order(inbox, "fn notify(&self", &looks);
    let falls = [
        "is_sleeping.store(true, SeqCst)",
        "has_messages.load(SeqCst)",
        "wake_up()",
    ];
    in_order(inbox, "fn fall_asleep(&self", &falls);
    in_order(
        inbox,
        "fn wake_up(&self",
        &["is_sleeping.store(false, SeqCst)"],
    );
    in_order(
        inbox,
        "fn take(&self",
        &[
            "lock(&self.messages)",
            "has_messages.store(false, SeqCst)",
            "mem::take",
        ],
    );
    in_order(
        inbox,
        "fn release(&self",
        &["holds.fetch_sub(1, SeqCst)", "notify()"],
    );
    let looks = [
        "!self.tasks.has_ready()",
        "fall_asleep()",
        "wait()",
        "wait(Some(Duration::ZERO))",
        "read_inbox()",
    ];
    in_order(turn, "fn park_slow(self", &looks);
    let waits = [
        "is_held()",
        "has_messages()",
        "wait(timeout)",
        "panic_of_deadlock()",
        "wake_up()",
        "has_messages()",
        "clock.wait_until(deadline)",
        "if has_messages",
        "read_messages()",
    ];
    in_order(turn, "fn wait(self", &waits);
}

/// Returns the file of the source that has a function.
fn source_of(function: &str) -> String {
    let files = fs::read_dir(concat!(env!("CARGO_MANIFEST_DIR"), "/src"))
        .unwrap()
        .map(|file| file.unwrap().path());
    let mut sources = files
        .filter(|path| path.is_file())
        .map(|path| fs::read_to_string(path).unwrap());
    sources
        .find(|source| source.contains(function))
        .unwrap_or_else(|| panic!("`{function}` is gone"))
}

/// Fails unless a function of the source does these things, one after the other.
fn in_order(source: &str, function: &str, steps: &[&str]) {
    let body = source
        .split_once(function)
        .unwrap_or_else(|| panic!("`{function}` is gone"))
        .1;
    let mut body = body.split("\n    }").next().unwrap();
    for step in steps {
        body = body
            .split_once(step)
            .unwrap_or_else(|| panic!("`{function}`: `{step}` is not where it was"))
            .1;
    }
}
