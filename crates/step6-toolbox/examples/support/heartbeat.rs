//! Does the loop go on during some work? A task that does nothing but beat will tell.
#![allow(dead_code, reason = "each program and each test uses a part of it")]

use std::cell::Cell;
use std::rc::Rc;
use std::time::{Duration, Instant};

use step5_executor::{now, sleep, spawn, yield_now};

/// How long the heart waits from one beat to the next, if nothing stops it.
pub(crate) const BEAT: Duration = Duration::from_millis(1);

/// How the heart beat.
#[derive(Clone, Copy, Debug)]
pub(crate) struct Pulse {
    pub(crate) beats: usize,
    /// The longest time without a beat. With none, it is the whole time.
    pub(crate) longest_gap: Duration,
    last: Instant,
}

impl Pulse {
    fn after_another_beat(self) -> Pulse {
        Pulse {
            beats: self.beats + 1,
            ..self.until_now()
        }
    }

    fn until_now(self) -> Pulse {
        let last = now();
        Pulse {
            longest_gap: self.longest_gap.max(last - self.last),
            last,
            ..self
        }
    }
}

/// Awaits some work while the heart beats in another task. Returns the output, and how the heart beat meanwhile.
pub(crate) async fn beside<T>(work: impl Future<Output = T>) -> (T, Pulse) {
    let pulse = Rc::new(Cell::new(Pulse {
        beats: 0,
        longest_gap: Duration::ZERO,
        last: now(),
    }));
    let beating = pulse.clone();
    let heart = spawn(async move {
        loop {
            sleep(BEAT).await;
            beating.set(beating.get().after_another_beat());
        }
    });
    // The heart starts first.
    yield_now().await;
    let output = work.await;
    heart.abort();
    (output, pulse.get().until_now())
}
