//! Programs to draw.

use std::future::poll_fn;
use std::pin::pin;
use std::task::Poll;
use std::time::{Duration, Instant};

use step2_round_robin::{Co, Scheduler};
use step5_executor::Executor;
use timeline::{Picture, Recording, record};

pub(crate) const SECOND: Duration = Duration::from_secs(1);

/// Runs a program of step 5 on the virtual clock, and returns its recording.
pub(crate) fn recorded<F: Future>(main: F) -> Recording {
    one_run(|| {
        let executor = Executor::with_virtual_time().unwrap();
        executor.block_on(main);
    })
}

/// Runs a program of step 5 on the virtual clock, and draws it.
pub(crate) fn drawn<F: Future>(width: usize, main: F) -> String {
    Picture::from(recorded(main)).to_text(width)
}

/// Runs a program of step 2, and returns its recording.
pub(crate) fn recorded2<T: 'static>(main: impl AsyncFnOnce(Co) -> T + 'static) -> Recording {
    one_run(|| {
        Scheduler::new().run(main).unwrap();
    })
}

/// Reports what a run on the virtual clock would, and returns its recording. `report` is given the
/// time of the start.
pub(crate) fn reported(report: impl FnOnce(Instant)) -> Recording {
    one_run(|| {
        let start = Instant::now();
        trace::started(Some(start), true);
        report(start);
    })
}

pub(crate) fn one_run(f: impl FnOnce()) -> Recording {
    let (mut recordings, ()) = record(f);
    assert_eq!(recordings.len(), 1);
    recordings.remove(0)
}

/// A program of step 2 whose tasks have these names, each of which takes two turns.
pub(crate) fn named(names: &[&str]) -> Recording {
    let names: Vec<_> = names.iter().map(|name| (*name).to_owned()).collect();
    recorded2(async move |co| {
        for name in names {
            co.spawn_named(&name, async |co| co.turn().await).await;
        }
    })
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

/// Polls a future once.
pub(crate) async fn poll_once(future: impl Future) {
    let mut future = pin!(future);
    poll_fn(|cx| {
        assert!(future.as_mut().poll(cx).is_pending());
        Poll::Ready(())
    })
    .await;
}
