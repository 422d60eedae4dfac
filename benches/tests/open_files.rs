//! Do the idle sockets fit into what a process may open, and if not, what is said?
//!
//! Alone in this process: with the sockets of other tests they would be more than the set of
//! `select` has room for.

use std::sync::{Mutex, PoisonError};

use benches::workloads::{self, Who};
use testing::files;

/// The tests change what this process may open: one at a time.
static ONE_AT_A_TIME: Mutex<()> = Mutex::new(());

#[test]
fn nine_hundred_idle_sockets_fit() {
    let _one = ONE_AT_A_TIME.lock().unwrap_or_else(PoisonError::into_inner);
    assert!(files::allow(1_024));
    let workloads = workloads::all();
    let workload = workloads.last().expect("there are workloads");
    assert_eq!(workload.to_string(), "idle_sockets, 900");
    for contender in &workload.contenders {
        contender
            .run(3)
            .unwrap_or_else(|error| panic!("{workload}, {}: {error}", contender.who));
    }
}

#[test]
fn too_few_open_files_are_named() {
    let _one = ONE_AT_A_TIME.lock().unwrap_or_else(PoisonError::into_inner);
    let before = files::allow_below(64);
    let workloads = workloads::all();
    let hundred = workloads.iter().find(|workload| workload.idle == Some(100));
    for contender in &hundred.expect("there is one").contenders {
        if contender.who != Who::Asyncio {
            let error = contender.run(1).unwrap_err().to_string();
            let expected =
                "100 idle sockets are more files than may be open: say `ulimit -n 1024` first";
            assert_eq!(error, expected, "{}", contender.who);
        }
    }
    files::allow_below(before);
}
