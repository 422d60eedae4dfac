//! The cost of waiting for the network.

use super::{Contender, Who, Workload, round_trip};

pub(super) fn workload() -> Workload {
    let mut contenders = round_trip::contenders(0);
    contenders.push(Contender::new(Who::Threads, round_trip::on_threads));
    Workload {
        name: "udp_round_trip",
        idle: None,
        operation: "a datagram goes to another task, and back".into(),
        contenders,
    }
}
