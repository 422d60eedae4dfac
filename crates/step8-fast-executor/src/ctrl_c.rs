//! The future that waits for Ctrl-C.

use std::collections::BTreeMap;
use std::io::{self, Read};
use std::os::unix::net::UnixStream;
use std::pin::Pin;
use std::sync::{Mutex, MutexGuard, PoisonError, mpsc};
use std::task::{Context, Poll, Waker};
use std::thread;

use crate::sys;
use crate::unwind::wake_quietly;

/// Waits for the next Ctrl-C, which is the signal SIGINT.
///
/// After the first call Ctrl-C no longer ends the process. It only ends the waits for it, all of
/// them at once. A thread waits for the signal and wakes the wakers, so this works on any executor.
/// A virtual clock knows nothing of that thread: hold it with [`hold_clock`](crate::hold_clock).
///
/// # Errors
///
/// Returns an error if the signal's handler or the thread cannot be set up.
///
/// # Cancel safety
///
/// Dropping it loses nothing but this wait.
pub fn ctrl_c() -> io::Result<CtrlC> {
    let mut state = lock();
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

/// Starts the thread first, and then hands it the signals. If there can be no thread, Ctrl-C still
/// ends the process.
fn set_up() -> io::Result<()> {
    let (hand_over, handed_over) = mpsc::channel::<UnixStream>();
    thread::Builder::new()
        .name("ctrl-c".to_owned())
        .spawn(move || {
            let Ok(mut interrupts) = handed_over.recv() else {
                return;
            };
            while interrupts.read_exact(&mut [0]).is_ok() {
                interrupted();
            }
        })?;
    // This cannot fail: the thread waits for it.
    _ = hand_over.send(sys::interrupts()?);
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

fn lock() -> MutexGuard<'static, State> {
    // Wakers are cloned, woken and dropped outside of the lock, so nothing panics under it.
    STATE.lock().unwrap_or_else(PoisonError::into_inner)
}

/// Wakes all waiters.
fn interrupted() {
    let mut state = lock();
    state.interrupts += 1;
    let waiting = std::mem::take(&mut state.waiting);
    drop(state);
    waiting.into_values().for_each(wake_quietly);
}

impl Future for CtrlC {
    type Output = ();

    fn poll(self: Pin<&mut Self>, cx: &mut Context<'_>) -> Poll<()> {
        let waker = cx.waker().clone();
        let mut state = lock();
        if state.interrupts > self.seen {
            return Poll::Ready(());
        }
        let old = state.waiting.insert(self.id, waker);
        drop(state);
        drop(old);
        Poll::Pending
    }
}

impl Drop for CtrlC {
    fn drop(&mut self) {
        let waker = lock().waiting.remove(&self.id);
        drop(waker);
    }
}
