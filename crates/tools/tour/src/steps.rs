//! The steps, in order: what each adds, and how its demo is run.

use std::{io, thread};

use step3_sleeping_heap::Clock;
use step9_simulation::demo::Crowd;

/// A step of the path.
pub(crate) struct Step {
    /// What the command line calls it.
    pub(crate) number: &'static str,
    /// The package, and the folder below `crates/`.
    pub(crate) package: &'static str,
    /// What it adds to the step before.
    pub(crate) adds: &'static str,
    /// Whether it knows a virtual clock, or needs none.
    pub(crate) has_virtual: bool,
    /// The step whose programs it runs again. The tour of all steps need not wait for them twice.
    pub(crate) repeats: Option<&'static str>,
    /// The run that its demo leaves out on a virtual clock, because that is for timers only.
    pub(crate) left_out: Option<&'static str>,
    /// Runs the demo, on a virtual clock if it is told so and knows one.
    pub(crate) demo: fn(virtual_time: bool) -> io::Result<()>,
}

/// All steps, in order.
pub(crate) const STEPS: &[Step] = &[
    Step {
        number: "1",
        package: "step1-interleaver",
        adds: "iterators are suspended functions; run several in turn",
        has_virtual: true,
        repeats: None,
        left_out: None,
        demo: |_| step1(),
    },
    Step {
        number: "2",
        package: "step2-round-robin",
        adds: "generators with a return value; spawn, join, cancel",
        has_virtual: true,
        repeats: None,
        left_out: None,
        demo: |_| step2_round_robin::demo::demo().map_err(io::Error::other),
    },
    Step {
        number: "3",
        package: "step3-sleeping-heap",
        adds: "sleepers in a heap, on a real and a virtual clock",
        has_virtual: true,
        repeats: None,
        left_out: None,
        demo: step3,
    },
    Step {
        number: "4",
        package: "step4-select",
        adds: "select(2) waits for sockets; client and server over UDP",
        has_virtual: false,
        repeats: None,
        left_out: None,
        demo: |_| step4_select::demo::demo(),
    },
    Step {
        number: "5",
        package: "step5-executor",
        adds: "futures and wakers; an executor for plain async fn",
        has_virtual: true,
        repeats: None,
        left_out: Some("a client and a server"),
        demo: step5_executor::demo::demo,
    },
    Step {
        number: "6",
        package: "step6-toolbox",
        adds: "the rest of asyncio: gather, queues, locks, pools",
        has_virtual: true,
        repeats: None,
        left_out: None,
        demo: step6_toolbox::demo::demo,
    },
    #[cfg(target_os = "linux")]
    Step {
        number: "7",
        package: "step7-epoll",
        adds: "epoll waits for any number of sockets at the same cost",
        has_virtual: false,
        repeats: None,
        left_out: None,
        demo: |_| step7_epoll::demo::demo(),
    },
    Step {
        number: "8",
        package: "step8-fast-executor",
        adds: "the executor of step 5 again, hardened and fast",
        has_virtual: true,
        repeats: Some("5"),
        left_out: Some("a client and a server"),
        demo: step8_fast_executor::demo::demo,
    },
    Step {
        number: "9",
        package: "step9-simulation",
        adds: "a network in one process, from a seed, in virtual time",
        has_virtual: true,
        repeats: None,
        left_out: None,
        demo: step9,
    },
];

fn step1() -> io::Result<()> {
    step1_interleaver::demo::demo();
    // Iterators report nothing, so the picture is of the same letters again, which report that they
    // are printed, and are not.
    let print = |letter: &char| trace::printed(letter.encode_utf8(&mut [0; 4]));
    let letters =
        || timeline::watch(["ABC", "XYZ"].map(|name| (name, name.chars().inspect(print))));
    trace::title("one after the other");
    letters().into_iter().flatten().for_each(drop);
    trace::title("interleaved");
    step1_interleaver::interleave(letters()).for_each(drop);
    Ok(())
}

fn step3(virtual_time: bool) -> io::Result<()> {
    let clock = if virtual_time {
        Clock::virtual_time()
    } else {
        Clock::real_time()
    };
    step3_sleeping_heap::demo::demo(&clock).map_err(io::Error::other)
}

fn step9(virtual_time: bool) -> io::Result<()> {
    let crowd = Crowd {
        clients: 1_000,
        ..Crowd::default()
    };
    step9_simulation::demo::demo(virtual_time, crowd.seed)?;
    // In a thread of its own, which is not recorded: a thousand rows are not a picture.
    let crowd = thread::spawn(move || step9_simulation::demo::run_crowd(&crowd));
    crowd.join().expect("the demo does not panic")
}
