//! Programs to draw.
#![allow(dead_code, reason = "each test file uses a part of it")]

use std::time::Duration;

use step2_round_robin::{Co, Generated, Scheduler};
use step5_executor::Executor;
use timeline::{Asks, Picture, Recorder, Recording};

pub(crate) const SECOND: Duration = Duration::from_secs(1);

/// Runs a program of step 5 on the virtual clock, and returns what was seen of it.
pub(crate) fn recorded<F: Future>(main: F) -> Recording {
    let recorder = Recorder::new();
    let executor = Executor::with_virtual_time()
        .unwrap()
        .with_observer(recorder.clone());
    executor.block_on(main);
    drop(executor);
    recorder.recording()
}

/// Runs a program of step 5 on the virtual clock, and draws it.
pub(crate) fn drawn<F: Future>(width: usize, main: F) -> String {
    Picture::from(recorded(main)).to_text(width)
}

/// Runs a program of step 2, and returns what was seen of it.
pub(crate) fn recorded2<T: 'static>(main: impl AsyncFnOnce(&Co) -> T + 'static) -> Recording {
    let recorder = Recorder::without_clock();
    Scheduler::new()
        .with_observer(recorder.generators(|request| Asks::from(request)))
        .run(Generated::new(main))
        .unwrap();
    recorder.recording()
}

/// Names that mean mischief in a terminal, in XML, in HTML, in JavaScript.
pub(crate) const HOSTILE: [&str; 8] = [
    "<script>alert(1)</script>",
    "\"quotes' & <b>",
    "]]> --> <!-- {{data}}",
    "line\u{2028}separator\nnew line\r",
    "\x1b[2J\x07\0\u{202e}",
    "</title></desc></style></script>",
    "\\u003c \\\" ${1+1} `x`",
    "",
];

/// A socket at a free port.
pub(crate) fn socket() -> step5_executor::net::UdpSocket {
    step5_executor::net::UdpSocket::bind(([127, 0, 0, 1], 0).into()).unwrap()
}
