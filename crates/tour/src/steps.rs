//! Which steps are there, in which order, and what does each add?

use std::io;

/// A step of the path.
pub(crate) struct Step {
    /// What the command line calls it.
    pub(crate) number: &'static str,
    /// The package, and the folder below `crates/`.
    pub(crate) package: &'static str,
    /// What it adds to the step before.
    pub(crate) adds: &'static str,
    pub(crate) demo: fn() -> io::Result<()>,
}

/// All steps, in order.
pub(crate) const STEPS: &[Step] = &[
    Step {
        number: "1",
        package: "step1-interleaver",
        adds: "iterators are suspended functions; run several in turn",
        demo: step1_interleaver::demo::demo,
    },
    Step {
        number: "2",
        package: "step2-round-robin",
        adds: "generators with a return value; spawn, join, cancel",
        demo: step2_round_robin::demo::demo,
    },
    Step {
        number: "3",
        package: "step3-sleeping-heap",
        adds: "sleepers in a heap, on a real and a virtual clock",
        demo: || {
            let clock = step3_sleeping_heap::Clock::real_time();
            step3_sleeping_heap::demo::demo(&step3_sleeping_heap::Options { clock })
        },
    },
    Step {
        number: "4",
        package: "step4-select",
        adds: "select(2) waits for sockets; client and server over UDP",
        demo: || step4_select::demo::demo(&step4_select::Options::default()),
    },
    Step {
        number: "5",
        package: "step5-executor",
        adds: "futures and wakers; an executor for plain async fn",
        demo: || step5_executor::demo::demo(&step5_executor::Options::default()),
    },
    #[cfg(target_os = "linux")]
    Step {
        number: "7",
        package: "step7-epoll",
        adds: "epoll waits for any number of sockets at the same cost",
        demo: || {
            // Measured for a shorter time than by itself, for the tour to be short.
            let measurement = std::time::Duration::from_millis(50);
            step7_epoll::demo::demo(&step7_epoll::Options { measurement, ..Default::default() })
        },
    },
];
