//! A wake-up from another thread that arrives in the one moment when the executor does not look.

use std::sync::atomic::{AtomicBool, Ordering::SeqCst};
use std::sync::{Arc, mpsc};
use std::thread;
use std::time::{Duration, Instant};

use crate::bugs::{Build, Figures};

/// How long the executor sleeps if it is not woken: until its next deadline.
const DEADLINE: Duration = Duration::from_millis(200);

/// How an executor falls asleep, in either order. Each time, the thread comes in at the worst
/// moment.
pub(crate) fn a_wake_is_not_seen(build: Build) -> Figures {
    let (has_message, is_sleeping) = (
        Arc::new(AtomicBool::new(false)),
        Arc::new(AtomicBool::new(false)),
    );
    let (go, may_go) = mpsc::channel::<()>();
    let (done, is_done) = mpsc::channel::<()>();
    let executor = thread::current();
    let sender = thread::spawn({
        let (has_message, is_sleeping) = (has_message.clone(), is_sleeping.clone());
        move || {
            _ = may_go.recv();
            has_message.store(true, SeqCst);
            if is_sleeping.swap(false, SeqCst) {
                executor.unpark();
            }
            _ = done.send(());
        }
    });
    let worst_moment = || {
        _ = go.send(());
        _ = is_done.recv();
    };
    let start = Instant::now();
    let may_sleep = match build {
        Build::Broken => {
            let may_sleep = !has_message.load(SeqCst);
            worst_moment();
            is_sleeping.store(true, SeqCst);
            may_sleep
        }
        Build::Right => {
            is_sleeping.store(true, SeqCst);
            worst_moment();
            !has_message.load(SeqCst)
        }
    };
    while may_sleep && start.elapsed() < DEADLINE && is_sleeping.load(SeqCst) {
        thread::park_timeout(DEADLINE.saturating_sub(start.elapsed()));
    }
    let late = start.elapsed();
    _ = sender.join();
    vec![(late.as_millis() as u64, "ms until the message is seen")]
}
