//! C functions, declared by hand and wrapped, so that no caller can break their rules.

#![allow(unsafe_code, reason = "this file is where steps 1 to 6 call C")]

use std::ffi::c_int;
use std::io::{self, Write};
use std::os::fd::RawFd;
use std::os::unix::net::UnixStream;
use std::ptr;
use std::sync::OnceLock;
use std::time::Duration;

/// How many descriptors a set has room for: those from 0 to 1,023.
///
/// C's `fd_set` is an array of this many bits. In C, a larger descriptor writes past its end.
pub(crate) const FD_SETSIZE: usize = 1_024;

/// A set of descriptors, laid out as C's `fd_set`.
///
/// Linux has an array of 64-bit words, macOS one of 32-bit words. On a little-endian machine, as
/// every Mac is, both are the same bytes.
#[derive(Default)]
#[repr(C)]
pub(crate) struct FdSet {
    words: [u64; FD_SETSIZE / 64],
}

impl FdSet {
    /// Adds a descriptor.
    ///
    /// # Panics
    ///
    /// Panics if the set has no room for it.
    pub(crate) fn insert(&mut self, fd: RawFd) {
        self.words[fd as usize / 64] |= 1 << (fd % 64);
    }

    pub(crate) fn contains(&self, fd: RawFd) -> bool {
        self.words[fd as usize / 64] & (1 << (fd % 64)) != 0
    }
}

/// C's `struct timeval`.
#[repr(C)]
struct Timeval {
    seconds: i64,
    /// On macOS 32 bits and padding, which for small values are the same bytes on a little-endian
    /// machine.
    microseconds: i64,
}

impl Timeval {
    /// Converts `timeout`, rounded up. Rounded down, the last microsecond would be a busy loop.
    ///
    /// More than a day becomes a day, because macOS refuses more than 100,000,000 seconds.
    fn at_least(timeout: Duration) -> Timeval {
        let day = Duration::from_secs(24 * 60 * 60);
        let microseconds = timeout.min(day).as_nanos().div_ceil(1_000);
        Timeval {
            seconds: (microseconds / 1_000_000) as i64,
            microseconds: (microseconds % 1_000_000) as i64,
        }
    }
}

unsafe extern "C" {
    // On Intel Macs the plain name is the variant from before macOS 10.5.
    #[cfg_attr(
        all(target_os = "macos", target_arch = "x86_64"),
        link_name = "select$1050"
    )]
    fn select(
        nfds: c_int,
        read: *mut FdSet,
        write: *mut FdSet,
        except: *mut FdSet,
        timeout: *mut Timeval,
    ) -> c_int;
    fn signal(number: c_int, handler: usize) -> usize;
}

/// Waits until a descriptor is ready, and leaves only the ready ones in the sets: the first set is
/// for reading, the second for writing.
///
/// `None` is no limit, except that no call waits for more than a day.
///
/// # Errors
///
/// Returns `Interrupted` after a signal, and another error if a descriptor is not open. After an
/// error the sets say nothing.
pub(crate) fn wait(sets: &mut [FdSet; 2], limit: Option<Duration>) -> io::Result<()> {
    let [read, write] = sets;
    // A new one for each call: Linux overwrites it with the time left.
    let mut timeval = limit.map(Timeval::at_least);
    let timeval = timeval.as_mut().map_or(ptr::null_mut(), ptr::from_mut);
    // SAFETY: the declaration matches the C prototype. Both sets are
    // exclusively borrowed for the call, and have the layout of `fd_set`.
    // The call touches only bits below its first argument, and the sets
    // have as many. The third set may be null. The timeout is null or a
    // `timeval` of this frame, and the call keeps no pointer. A descriptor
    // in a set that is not open is an error, not undefined behaviour.
    match unsafe { select(FD_SETSIZE as c_int, read, write, ptr::null_mut(), timeval) } {
        -1 => Err(io::Error::last_os_error()),
        _ => Ok(()),
    }
}

/// Where the handler of SIGINT writes.
static INTERRUPTS: OnceLock<UnixStream> = OnceLock::new();

/// May run in the middle of anything, so it only writes a byte.
extern "C" fn on_interrupt(_: c_int) {
    _ = INTERRUPTS.get().map(|mut stream| stream.write(&[1]));
}

/// Lets SIGINT, which is Ctrl-C, write a byte to a socket instead of ending the process, and
/// returns the other end.
///
/// A process that ignores SIGINT, as a shell's background job does, still ignores it. Only step 5's
/// `ctrl_c` uses this function. It is here because all calls of C are in this file.
///
/// # Errors
///
/// Returns an error if no descriptors are left, or if this was called before: a process has one
/// handler.
pub fn interrupts() -> io::Result<UnixStream> {
    const SIGINT: c_int = 2;
    const IGNORED: usize = 1;

    let (read, written) = UnixStream::pair()?;
    written.set_nonblocking(true)?;
    let set = INTERRUPTS.set(written);
    set.map_err(|_| io::Error::other("interrupts are read already"))?;
    let handler = on_interrupt as *const () as usize;
    // SAFETY: the declaration matches the C prototype, with pointers as numbers. `on_interrupt` is
    // a plain handler, and does only what a handler may: an atomic load, and one `write` that does
    // not block. The call fails only for a number that is not a signal.
    if unsafe { signal(SIGINT, handler) } == IGNORED {
        // SAFETY: this is C's SIG_IGN, which is not called.
        unsafe { signal(SIGINT, IGNORED) };
    }
    Ok(read)
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn types_have_the_size_of_the_c_types() {
        assert_eq!((size_of::<FdSet>(), size_of::<Timeval>()), (128, 16));
    }

    #[test]
    fn set_contains_what_was_put_in() {
        let mut set = FdSet::default();
        for fd in [0, 63, 64, 1_023] {
            set.insert(fd);
        }
        let inside: Vec<_> = (0..1_024).filter(|fd| set.contains(*fd)).collect();
        assert_eq!(inside, [0, 63, 64, 1_023]);
    }

    #[test]
    #[should_panic(expected = "out of bounds")]
    fn inserting_past_the_end_of_a_set_panics() {
        FdSet::default().insert(1_024);
    }

    /// Classic bug: Timer rounded down to 0 ms
    #[test]
    fn timeout_is_rounded_up_to_microseconds() {
        let converted = |nanos| {
            let Timeval {
                seconds,
                microseconds,
            } = Timeval::at_least(Duration::from_nanos(nanos));
            (seconds, microseconds)
        };
        assert_eq!(converted(0), (0, 0));
        assert_eq!(converted(1), (0, 1));
        assert_eq!(converted(1_000), (0, 1));
        assert_eq!(converted(10_900_001), (0, 10_901));
        assert_eq!(converted(2_999_999_001), (3, 0));
    }

    #[test]
    fn timeout_is_cut_to_a_day() {
        assert_eq!(Timeval::at_least(Duration::MAX).seconds, 86_400);
    }
}
