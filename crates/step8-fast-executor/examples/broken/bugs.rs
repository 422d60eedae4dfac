//! The bugs that can be seen here.

use crate::{futures, queues, schedulers, selectors, threads, timers};

/// Which code is run.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub(crate) enum Build {
    /// The one with the bug.
    Broken,
    Right,
}

/// What was counted, each number with what it counts.
pub(crate) type Figures = Vec<(u64, &'static str)>;

/// A bug, and a short program that shows it.
pub(crate) struct Bug {
    pub(crate) name: &'static str,
    /// What the program does.
    pub(crate) scene: &'static str,
    pub(crate) run: fn(Build) -> Figures,
}

/// All of them, in the order of `docs/classic-bugs.md`.
pub(crate) const BUGS: &[Bug] = &[
    Bug {
        name: "spins-while-idle",
        scene: "one task waits 0.1 s, and there is nothing else to do",
        run: futures::spins_while_idle,
    },
    Bug {
        name: "rounded-down",
        scene: "50 sleeps of 1.9 ms, one after the other",
        run: selectors::timer_rounded_down,
    },
    Bug {
        name: "wakes-everyone",
        scene: "1,000 tasks wait for 1,000 items, which come one at a time",
        run: queues::one_event_wakes_every_task,
    },
    Bug {
        name: "pushed-again",
        scene: "a task with 10 sleeps is polled 1,000 times before any is over",
        run: timers::a_waker_pushed_again_at_each_poll,
    },
    Bug {
        name: "lifo-ready-queue",
        scene: "two tasks take 100,000 turns",
        run: schedulers::a_lifo_ready_queue,
    },
    Bug {
        name: "starved-timers",
        scene: "one task is always ready for 0.2 s, another sleeps 10 ms",
        run: schedulers::starved_timers,
    },
    Bug {
        name: "returns-early",
        scene: "block_on of a sleep of 50 ms",
        run: schedulers::block_on_returns_early,
    },
    Bug {
        name: "ignored-waker",
        scene: "a future is polled by one task, and then given to another",
        run: futures::a_leaf_ignores_its_waker,
    },
    Bug {
        name: "panic-kills-loop",
        scene: "the second of 10 tasks panics",
        run: schedulers::a_panic_kills_the_loop,
    },
    Bug {
        name: "held-write-interest",
        scene: "one task waits 0.1 s for a datagram",
        run: selectors::write_interest_held,
    },
    Bug {
        name: "unseen-wake",
        scene: "a thread wakes a task while the executor is about to sleep for 0.2 s",
        run: threads::a_wake_is_not_seen,
    },
    Bug {
        name: "bounded-queue",
        scene: "one task spawns 1,000",
        run: schedulers::a_bounded_run_queue,
    },
    Bug {
        name: "lifo-waiters",
        scene: "10 tasks wait for items, which come one at a time and are 1,000",
        run: queues::waiters_served_lifo,
    },
    Bug {
        name: "busy-join",
        scene: "one task joins another, which sleeps 0.1 s",
        run: futures::join_by_busy_polling,
    },
    Bug {
        name: "lost-datagram",
        scene: "a client asks a server that does not answer, and is watched for 0.3 s",
        run: futures::a_lost_datagram,
    },
    Bug {
        name: "cancelled-timers",
        scene: "100,000 timeouts of 30 s that are all in time",
        run: timers::cancelled_timers_stay,
    },
];
