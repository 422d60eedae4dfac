//! The workloads, a file for each kind.

mod busy_sockets;
mod hand_over;
mod round_trip;
mod simulation;
mod sockets;
mod spawn_join;
mod switch;
mod timers;
mod toolbox;
mod waiting;
mod wakes;

use crate::workload::Workload;

pub use waiting::TASKS as WAITING_TASKS;

/// Returns all workloads in the order of the page, with all contenders.
///
/// # Examples
///
/// ```
/// let workloads = benches::workloads::all();
/// let switch = &workloads[0];
/// assert_eq!(switch.name, "switch among 1 task");
/// let timed = switch.run(&switch.contenders[0], 1_000)?;
/// assert_eq!(timed.done, 1_000);
/// # std::io::Result::Ok(())
/// ```
pub fn all() -> Vec<Workload> {
    vec![
        switch::workload(1),
        switch::workload(1_000),
        switch::workload(100_000),
        hand_over::workload(),
        spawn_join::workload(1),
        spawn_join::workload(10_000),
        waiting::workload(),
        timers::fires(0),
        timers::fires(300),
        timers::is_cancelled(),
        timers::is_not_reached(),
        wakes::asleep(),
        wakes::awake(),
        round_trip::workload(0),
        round_trip::workload(100),
        round_trip::workload(900),
        round_trip::workload(10_000),
        busy_sockets::workload(),
        toolbox::queue(),
        toolbox::gather(),
        simulation::workload(),
        timers::fires_among(10),
        timers::fires_among(1_000),
        timers::fires_among(100_000),
        toolbox::lock(10),
        toolbox::lock(1_000),
        toolbox::lock(100_000),
    ]
}
