//! Which of many is first, and what becomes of the others?

use std::future::{Ready, pending, ready};

use step6_toolbox::race_all;
use testing::foreign;
use testing::gate::Gate;
use testing::log::Log;

use crate::by_hand::ByHand;

#[test]
fn the_first_of_many_wins() {
    let gates: [Gate; 3] = Default::default();
    let mut raced = ByHand::waiting(race_all(gates.clone().map(Gate::wait)));
    gates[1].open();
    gates[0].open();
    assert_eq!(raced.ready(), (1, ()));
    // Only the winner was polled again.
    assert_eq!(gates.map(|gate| gate.polls()), [1, 2, 1]);
}

#[test]
fn of_those_ready_at_once_the_first_wins() {
    let mut raced = ByHand::new(race_all([ready(1), ready(2)]));
    assert_eq!(raced.ready(), (0, 1));
}

#[test]
fn the_losers_of_a_race_of_many_are_dropped() {
    let log = Log::default();
    let racers = ["a", "b"].map(|name| {
        let guard = log.guard(name);
        async move {
            let _guard = guard;
            if name == "a" { pending().await } else { 7 }
        }
    });
    assert_eq!(foreign::block_on(race_all(racers)), (1, 7));
    let mut dropped = log.take();
    dropped.sort();
    assert_eq!(dropped, ["a dropped", "b dropped"]);
}

#[test]
#[should_panic = "a race of no futures has no winner"]
fn a_race_of_none_is_refused() {
    foreign::block_on(race_all(Vec::<Ready<i32>>::new()));
}

#[test]
fn a_race_of_send_futures_is_send() {
    fn is_send<T: Send>(_: T) {}
    is_send(race_all([async { 1 }]));
}
