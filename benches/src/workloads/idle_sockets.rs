//! What do sockets cost on which nothing comes?

use super::{Contender, Who, Workload, round_trip};

/// A task waits on each of the idle sockets. They are few enough for the set of `select`, and for 1,024 open files.
pub(super) fn workload(idle: usize) -> Workload {
    Workload {
        name: "idle_sockets",
        idle: Some(idle),
        operation: format!("the same beside {idle} idle sockets"),
        contenders: vec![
            Contender::new(Who::Step(4), move |round_trips| {
                round_trip::on_step4(idle, round_trips)
            }),
            Contender::new(Who::Step(5), move |round_trips| {
                round_trip::on_step5(idle, round_trips)
            }),
            #[cfg(target_os = "linux")]
            Contender::new(Who::Step(7), move |round_trips| {
                round_trip::on_step7(idle, round_trips)
            }),
        ],
    }
}
