//! What does it cost to wait for the network?

use super::{Contender, Who, Workload, round_trip};

pub(super) fn workload() -> Workload {
    Workload {
        name: "udp_round_trip",
        idle: None,
        operation: "a datagram goes to another task, and back".into(),
        contenders: vec![
            Contender::new(Who::Step(4), |round_trips| {
                round_trip::on_step4(0, round_trips)
            }),
            Contender::new(Who::Step(5), |round_trips| {
                round_trip::on_step5(0, round_trips)
            }),
            #[cfg(target_os = "linux")]
            Contender::new(Who::Step(7), |round_trips| {
                round_trip::on_step7(0, round_trips)
            }),
            Contender::new(Who::Threads, round_trip::on_threads),
        ],
    }
}
