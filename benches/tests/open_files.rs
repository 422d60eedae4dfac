//! Do the sockets fit into what a process may open, and if not, what is said?
//!
//! Alone in this process: with the sockets of other tests they would be more than the set of
//! `select` has room for.

use std::sync::{Mutex, PoisonError};

use benches::workload::Workload;
use benches::workloads;
use testing::files;
use testing::recorder::Recorder;
use trace::{Event, Reason};

/// The tests change what this process may open: one at a time.
static ONE_AT_A_TIME: Mutex<()> = Mutex::new(());

fn run_steps(workload: &str) {
    let workloads = workloads::all();
    let workload = workloads
        .iter()
        .find(|other| other.name == workload)
        .expect("there is one");
    for step in steps(workload) {
        workload
            .run(step, 1)
            .unwrap_or_else(|error| panic!("{workload}/{step}: {error}"));
    }
}

fn steps(workload: &Workload) -> impl Iterator<Item = &benches::workload::Contender> {
    let contenders = workload.contenders.iter();
    contenders.filter(|contender| contender.name.starts_with("step"))
}

#[test]
fn what_select_has_room_for_fits() {
    let _one = ONE_AT_A_TIME.lock().unwrap_or_else(PoisonError::into_inner);
    assert!(files::allow(1_024));
    run_steps("UDP round trip beside 900 idle sockets");
    run_steps("one of 1,000 datagrams on 1,000 sockets");
}

#[test]
fn a_datagram_on_its_own_socket_is_waited_for() {
    let _one = ONE_AT_A_TIME.lock().unwrap_or_else(PoisonError::into_inner);
    assert!(files::allow(1_024));
    let workloads = workloads::all();
    let name = "one of 1,000 datagrams on 1,000 sockets";
    let workload = workloads.iter().find(|workload| workload.name == name);
    let workload = workload.expect("there is one");
    for step in steps(workload) {
        let waits = |datagrams| {
            let recorder = Recorder::new();
            workload.run(step, datagrams).unwrap();
            let events = recorder.take();
            let is_receive = |event: &&Event| matches!(event, Event::Waits(Reason::Readable(_)));
            events.iter().filter(is_receive).count()
        };
        // A thousand more, and the sender waits until all have come.
        assert_eq!(waits(2_000) - waits(1_000), 1_001, "{step}");
    }
}

#[test]
fn ten_thousand_fit_where_they_are_allowed() {
    let _one = ONE_AT_A_TIME.lock().unwrap_or_else(PoisonError::into_inner);
    if files::allow(10_100) {
        run_steps("UDP round trip beside 10,000 idle sockets");
    }
}

#[test]
fn too_few_open_files_are_named() {
    let _one = ONE_AT_A_TIME.lock().unwrap_or_else(PoisonError::into_inner);
    let before = files::allow_below(64);
    let workloads = workloads::all();
    let name = "UDP round trip beside 100 idle sockets";
    let hundred = workloads.iter().find(|workload| workload.name == name);
    let hundred = hundred.expect("there is one");
    for step in steps(hundred) {
        let error = hundred.run(step, 1).unwrap_err().to_string();
        let expected = "100 sockets are more files than may be open: say `ulimit -n 200` first";
        assert_eq!(error, expected, "{step}");
    }
    files::allow_below(before);
}
