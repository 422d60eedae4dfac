//! How a task waits for Ctrl-C.

use std::collections::BTreeMap;
use std::io::{self, Read};
use std::pin::Pin;
use std::sync::Mutex;
use std::task::{Context, Poll, Waker};
use std::thread;

/// Waits for the next Ctrl-C, which is the signal SIGINT.
///
/// From the first call on, Ctrl-C does not end the process any more. It only ends the waits for it
/// here, all of them at once. A thread waits for the signal and does the waking, so this works on
/// any executor. A virtual clock knows nothing of that thread: hold it with
/// [`hold_clock`](crate::hold_clock).
///
/// # Errors
///
/// Returns an error if the signal's handler or the thread cannot be set up.
///
/// # Cancel safety
///
/// Dropping it loses only this wait.
pub fn ctrl_c() -> io::Result<CtrlC> {
    let mut state = STATE.lock().unwrap();
    if !state.is_set_up {
        set_up()?;
        state.is_set_up = true;
    }
    state.made += 1;
    Ok(CtrlC {
        id: state.made,
        seen: state.interrupts,
    })
}

/// Starts the thread that waits for signals.
fn set_up() -> io::Result<()> {
    let mut interrupts = step4_select::interrupts()?;
    thread::Builder::new().spawn(move || {
        while interrupts.read_exact(&mut [0]).is_ok() {
            interrupted();
        }
    })?;
    Ok(())
}

/// The future returned by [`ctrl_c`].
#[derive(Debug)]
#[must_use = "futures do nothing unless awaited"]
pub struct CtrlC {
    id: u64,
    /// How many interrupts there had been when it was made.
    seen: u64,
}

static STATE: Mutex<State> = Mutex::new(State {
    is_set_up: false,
    interrupts: 0,
    made: 0,
    waiting: BTreeMap::new(),
});

struct State {
    is_set_up: bool,
    interrupts: u64,
    made: u64,
    waiting: BTreeMap<u64, Waker>,
}

/// Counts an interrupt, and wakes all waiters.
fn interrupted() {
    let mut state = STATE.lock().unwrap();
    state.interrupts += 1;
    let waiting = std::mem::take(&mut state.waiting);
    drop(state);
    waiting.into_values().for_each(Waker::wake);
}

impl Future for CtrlC {
    type Output = ();

    fn poll(self: Pin<&mut Self>, cx: &mut Context<'_>) -> Poll<()> {
        let mut state = STATE.lock().unwrap();
        if state.interrupts > self.seen {
            return Poll::Ready(());
        }
        state.waiting.insert(self.id, cx.waker().clone());
        Poll::Pending
    }
}

impl Drop for CtrlC {
    fn drop(&mut self) {
        STATE.lock().unwrap().waiting.remove(&self.id);
    }
}
