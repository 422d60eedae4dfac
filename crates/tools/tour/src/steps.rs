//! Which steps are there, in which order, what does each add, and how is its demo observed?

use std::cell::RefCell;
use std::io;
use std::os::fd::AsRawFd;

use step5_executor::Executor;
use timeline::{Asks, Picture, Recorder};

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
    /// Runs the demo, and writes down what it does.
    pub(crate) demo: fn(&Runs) -> io::Result<()>,
}

/// How a demo is run, and the runs that it is made of: each with its title and a recorder.
pub(crate) struct Runs {
    /// Whether the clock is virtual.
    virtual_time: bool,
    runs: RefCell<Vec<(String, Recorder)>>,
}

impl Runs {
    pub(crate) fn new(virtual_time: bool) -> Runs {
        Runs {
            virtual_time,
            runs: RefCell::default(),
        }
    }

    /// Adds a run, and returns its recorder.
    fn add(&self, title: &str, recorder: Recorder) -> Recorder {
        self.runs
            .borrow_mut()
            .push((title.to_owned(), recorder.clone()));
        recorder
    }

    fn observe(&self, title: &str, executor: Executor) -> Executor {
        executor.with_observer(self.add(title, Recorder::new()))
    }

    /// Adds all runs to a picture.
    pub(crate) fn into_picture(self, title: &str) -> Picture {
        let runs = self.runs.into_inner().into_iter();
        runs.fold(Picture::new(title), |picture, (title, recorder)| {
            picture.run(&title, recorder.recording())
        })
    }
}

/// All steps, in order.
pub(crate) const STEPS: &[Step] = &[
    Step {
        number: "1",
        package: "step1-interleaver",
        adds: "iterators are suspended functions; run several in turn",
        has_virtual: true,
        demo: step1,
    },
    Step {
        number: "2",
        package: "step2-round-robin",
        adds: "generators with a return value; spawn, join, cancel",
        has_virtual: true,
        demo: step2,
    },
    Step {
        number: "3",
        package: "step3-sleeping-heap",
        adds: "sleepers in a heap, on a real and a virtual clock",
        has_virtual: true,
        demo: step3,
    },
    Step {
        number: "4",
        package: "step4-select",
        adds: "select(2) waits for sockets; client and server over UDP",
        has_virtual: false,
        demo: step4,
    },
    Step {
        number: "5",
        package: "step5-executor",
        adds: "futures and wakers; an executor for plain async fn",
        has_virtual: true,
        demo: step5,
    },
    Step {
        number: "6",
        package: "step6-toolbox",
        adds: "the rest of asyncio: gather, queues, locks, pools",
        has_virtual: true,
        demo: step6,
    },
    #[cfg(target_os = "linux")]
    Step {
        number: "7",
        package: "step7-epoll",
        adds: "epoll waits for any number of sockets at the same cost",
        has_virtual: false,
        demo: step7,
    },
];

fn step1(runs: &Runs) -> io::Result<()> {
    step1_interleaver::demo::demo()?;
    // Nobody is told what iterators do. So the picture is of the same letters again, without the printing.
    let one_after_the_other = runs.add("one after the other", Recorder::without_clock());
    let letters = ["ABC", "XYZ"].map(|name| one_after_the_other.watch(name, name.chars()));
    letters.into_iter().flatten().for_each(drop);
    let interleaved = runs.add("interleaved", Recorder::without_clock());
    let letters = ["ABC", "XYZ"].map(|name| interleaved.watch(name, name.chars()));
    step1_interleaver::interleave(letters).for_each(drop);
    Ok(())
}

fn step2(runs: &Runs) -> io::Result<()> {
    use step2_round_robin::{Request, demo};
    demo::demo_observed(|title| {
        runs.add(title, Recorder::without_clock())
            .generators(|request: &Request| Asks::from(request))
    })
}

fn step3(runs: &Runs) -> io::Result<()> {
    use step3_sleeping_heap::{Clock, Options, Request, demo};
    let clock = if runs.virtual_time {
        Clock::virtual_time()
    } else {
        Clock::real_time()
    };
    let options = Options {
        clock: clock.clone(),
    };
    demo::demo_observed(&options, |title| {
        let clock = clock.clone();
        runs.add(title, Recorder::with_clock(move || clock.now()))
            .generators(|request: &Request| match request {
                Request::Join(task) => Asks::Join(*task),
                Request::Sleep(duration) => Asks::Sleep(*duration),
                Request::Turn | Request::Spawn(_) | Request::Cancel(_) => Asks::Nothing,
            })
    })
}

fn step4(runs: &Runs) -> io::Result<()> {
    use step4_select::{Options, Request, demo};
    demo::demo_observed(&Options::default(), |title| {
        runs.add(title, Recorder::new())
            .generators(|request: &Request| match request {
                Request::Join(task) => Asks::Join(*task),
                Request::Sleep(duration) => Asks::Sleep(*duration),
                Request::Readable(interest) => Asks::Readable(interest.fd().as_raw_fd()),
                Request::Writable(interest) => Asks::Writable(interest.fd().as_raw_fd()),
                Request::Turn | Request::Spawn(_) | Request::Cancel(_) => Asks::Nothing,
            })
    })
}

fn step5(runs: &Runs) -> io::Result<()> {
    use step5_executor::{Options, demo};
    let options = Options {
        virtual_time: runs.virtual_time,
        ..Options::default()
    };
    demo::demo_observed(&options, |title, executor| runs.observe(title, executor))
}

fn step6(runs: &Runs) -> io::Result<()> {
    use step6_toolbox::{Options, demo};
    let options = Options {
        virtual_time: runs.virtual_time,
    };
    demo::demo_observed(&options, |title, executor| runs.observe(title, executor))
}

#[cfg(target_os = "linux")]
fn step7(runs: &Runs) -> io::Result<()> {
    use step7_epoll::{Options, demo};
    // Measured for a shorter time than when the demo runs by itself, so that the tour stays short.
    let options = Options {
        measurement: std::time::Duration::from_millis(50),
        ..Options::default()
    };
    demo::demo_observed(&options, |title, executor| runs.observe(title, executor))
}
