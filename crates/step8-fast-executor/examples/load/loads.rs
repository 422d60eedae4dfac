//! The loads.

use crate::{hour, spawns, tasks, timers};

/// What was counted, each number with what it counts.
pub(crate) type Figures = Vec<(u64, &'static str)>;

/// A load, which can be had in any size.
pub(crate) struct Load {
    pub(crate) name: &'static str,
    /// What its size counts.
    pub(crate) what: &'static str,
    pub(crate) small: u64,
    pub(crate) full: u64,
    pub(crate) run: fn(u64) -> Figures,
}

pub(crate) const LOADS: &[Load] = &[
    Load {
        name: "tasks",
        what: "tasks alive at once",
        small: 1_000_000,
        full: 1_000_000,
        run: tasks::alive,
    },
    Load {
        name: "timers",
        what: "timers due in the same instant",
        small: 1_000_000,
        full: 100_000,
        run: timers::due,
    },
    Load {
        name: "spawns",
        what: "spawns, one after the other",
        small: 1_000_000,
        full: 10_000_000,
        run: spawns::in_a_row,
    },
    Load {
        name: "hour",
        what: "minutes of mixed work by the virtual clock",
        small: 60,
        full: 60,
        run: hour::of_work,
    },
];
