//! The cost of sockets on which nothing comes.

use super::{Workload, round_trip};

/// A task waits on each of the idle sockets. They are few enough for the set of `select`, and for
/// 1,024 open files.
pub(super) fn workload(idle: usize) -> Workload {
    Workload {
        name: "idle_sockets",
        idle: Some(idle),
        operation: format!("the same beside {idle} idle sockets"),
        contenders: round_trip::contenders(idle),
    }
}
