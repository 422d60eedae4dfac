//! The functions of the kernel that this step calls: those of `epoll(7)`, and two for the limit of
//! open files.

#![allow(unsafe_code, reason = "this file is where step 7 calls C")]

use std::ffi::{c_int, c_long};
use std::io;
use std::os::fd::{AsRawFd, FromRawFd, OwnedFd, RawFd};
use std::ptr;
use std::time::Duration;

const EPOLLIN: u32 = 0x1;
const EPOLLOUT: u32 = 0x4;
const EPOLLERR: u32 = 0x8;
const EPOLLHUP: u32 = 0x10;
const EPOLLONESHOT: u32 = 1 << 30;

/// C's `struct epoll_event`: what the kernel is to look for at a descriptor, and then what it
/// found.
///
/// On x86-64, and nowhere else, it has no gap between its fields.
#[derive(Clone, Copy, Default)]
#[cfg_attr(target_arch = "x86_64", repr(C, packed))]
#[cfg_attr(not(target_arch = "x86_64"), repr(C))]
pub(crate) struct EpollEvent {
    events: u32,
    data: u64,
}

impl EpollEvent {
    /// Asks for one event. Errors and hang-ups are reported without being asked for.
    pub(crate) fn once(fd: RawFd, read: bool, write: bool) -> EpollEvent {
        let read = if read { EPOLLIN } else { 0 };
        let write = if write { EPOLLOUT } else { 0 };
        EpollEvent {
            events: read | write | EPOLLONESHOT,
            data: fd as u64,
        }
    }

    pub(crate) fn fd(&self) -> RawFd {
        self.data as RawFd
    }

    /// Returns whether a read is worth a try: there is something, or nothing will ever come.
    pub(crate) fn is_readable(&self) -> bool {
        self.events & (EPOLLIN | EPOLLERR | EPOLLHUP) != 0
    }

    /// Returns whether a write is worth a try: there is room, or never will be.
    pub(crate) fn is_writable(&self) -> bool {
        self.events & (EPOLLOUT | EPOLLERR | EPOLLHUP) != 0
    }
}

/// What to do with a descriptor, by C's numbers.
#[derive(Clone, Copy)]
pub(crate) enum Operation {
    Add = 1,
    Modify = 3,
}

/// C's `struct __kernel_timespec`.
#[repr(C)]
struct Timespec {
    seconds: i64,
    nanoseconds: i64,
}

/// C's `struct rlimit`, on 64-bit systems.
#[derive(Clone, Copy, Default)]
#[repr(C)]
pub(crate) struct Limit {
    /// The limit that counts, which the process may raise.
    pub(crate) soft: u64,
    /// How far it may be raised.
    pub(crate) hard: u64,
}

/// The limit of open files, for `getrlimit(2)`.
const RLIMIT_NOFILE: c_int = 7;

mod c {
    use std::ffi::{c_int, c_long};

    use super::{EpollEvent, Limit};

    unsafe extern "C" {
        pub(super) safe fn epoll_create1(flags: c_int) -> c_int;
        pub(super) fn epoll_ctl(
            epoll: c_int,
            operation: c_int,
            fd: c_int,
            event: *mut EpollEvent,
        ) -> c_int;
        pub(super) fn epoll_wait(
            epoll: c_int,
            found: *mut EpollEvent,
            capacity: c_int,
            timeout_ms: c_int,
        ) -> c_int;
        pub(super) fn syscall(number: c_long, ...) -> c_long;
        pub(super) fn getrlimit(resource: c_int, limit: *mut Limit) -> c_int;
        pub(super) fn setrlimit(resource: c_int, limit: *const Limit) -> c_int;
    }
}

/// Returns what a call returned, or its error if that is negative.
fn checked(result: c_int) -> io::Result<c_int> {
    match result {
        0.. => Ok(result),
        _ => Err(io::Error::last_os_error()),
    }
}

/// Makes an empty set, which a program that this process starts does not inherit.
pub(crate) fn create() -> io::Result<OwnedFd> {
    const EPOLL_CLOEXEC: c_int = 0o2_000_000;
    let fd = checked(c::epoll_create1(EPOLL_CLOEXEC))?;
    // SAFETY: the call has just returned this descriptor, so it is open and has no other owner.
    Ok(unsafe { OwnedFd::from_raw_fd(fd) })
}

/// Changes the set's entry for the event's descriptor.
pub(crate) fn control(epoll: &OwnedFd, what: Operation, mut event: EpollEvent) -> io::Result<()> {
    let (epoll, fd) = (epoll.as_raw_fd(), event.fd());
    // SAFETY: the declaration matches the C prototype. The event is a local with the layout of
    // `struct epoll_event`, and the call keeps no pointer. A number that is not open is an error,
    // not undefined behaviour.
    checked(unsafe { c::epoll_ctl(epoll, what as c_int, fd, &raw mut event) })?;
    Ok(())
}

/// Waits until something is found, and returns how much that is; 0 if `timeout` was over first.
///
/// `None` waits without end. It may return 0 early if the timeout is more than a day.
///
/// # Errors
///
/// Returns `Interrupted` after a signal.
pub(crate) fn wait(
    epoll: &OwnedFd,
    found: &mut [EpollEvent],
    timeout: Option<Duration>,
) -> io::Result<usize> {
    const EPERM: i32 = 1;
    const ENOSYS: i32 = 38;
    let result = match wait_exactly(epoll, found, timeout) {
        // The kernel is older than 5.11, or a filter in front of it refuses what it does not know.
        Err(error) if matches!(error.raw_os_error(), Some(EPERM | ENOSYS)) => {
            wait_for_milliseconds(epoll, found, timeout)
        }
        result => result,
    };
    result.map(|count| count as usize)
}

/// `epoll_pwait2(2)`: as exact as the kernel's timers.
fn wait_exactly(
    epoll: &OwnedFd,
    found: &mut [EpollEvent],
    timeout: Option<Duration>,
) -> io::Result<c_int> {
    // Many C libraries have no function for it yet, so it is called by its number.
    const EPOLL_PWAIT2: c_long = 441;
    let timespec = timeout.map(|timeout| Timespec {
        seconds: timeout.as_secs() as i64,
        nanoseconds: timeout.subsec_nanos().into(),
    });
    let timespec = timespec.as_ref().map_or(ptr::null(), ptr::from_ref);
    let (epoll, capacity) = (c_long::from(epoll.as_raw_fd()), found.len() as c_long);
    let found = found.as_mut_ptr();
    // The signals of this thread stay as they are.
    let (mask, size_of_mask) = (ptr::null::<u64>(), 0 as c_long);
    // SAFETY: the arguments are those of the system call, each as wide as a register. The call
    // writes to the first `capacity` elements of `found`, which is exclusively borrowed and as
    // long; any bits are a valid `EpollEvent`. It reads the timeout, which is null or a local. The
    // mask may be null. The call keeps no pointer.
    let result = unsafe {
        c::syscall(
            EPOLL_PWAIT2,
            epoll,
            found,
            capacity,
            timespec,
            mask,
            size_of_mask,
        )
    };
    checked(result as c_int)
}

/// `epoll_wait(2)`, which every Linux has. The timeout is rounded up: otherwise a wait would end
/// early, and a short one become a busy loop of zeros.
fn wait_for_milliseconds(
    epoll: &OwnedFd,
    found: &mut [EpollEvent],
    timeout: Option<Duration>,
) -> io::Result<c_int> {
    let timeout_ms = timeout.map_or(-1, milliseconds_at_least);
    let (epoll, capacity) = (epoll.as_raw_fd(), found.len() as c_int);
    // SAFETY: the declaration matches the C prototype. The call writes to the first `capacity`
    // elements of `found`, as above, and keeps no pointer.
    checked(unsafe { c::epoll_wait(epoll, found.as_mut_ptr(), capacity, timeout_ms) })
}

fn milliseconds_at_least(timeout: Duration) -> c_int {
    // More days than these would overflow.
    const DAY: Duration = Duration::from_secs(24 * 60 * 60);
    timeout.min(DAY).as_nanos().div_ceil(1_000_000) as c_int
}

/// Returns how many files this process may open.
pub(crate) fn open_files() -> io::Result<Limit> {
    let mut limit = Limit::default();
    // SAFETY: the declaration matches the C prototype, and the call writes to a local.
    checked(unsafe { c::getrlimit(RLIMIT_NOFILE, &raw mut limit) })?;
    Ok(limit)
}

/// Sets how many files this process may open.
pub(crate) fn set_open_files(limit: Limit) -> io::Result<()> {
    // SAFETY: the declaration matches the C prototype, and the call only reads a local.
    checked(unsafe { c::setrlimit(RLIMIT_NOFILE, &raw const limit) })?;
    Ok(())
}

#[cfg(test)]
mod tests {
    use std::time::Instant;

    use super::*;

    #[test]
    fn an_event_has_the_layout_of_the_c_type() {
        let size = if cfg!(target_arch = "x86_64") { 12 } else { 16 };
        assert_eq!(size_of::<EpollEvent>(), size);
        assert_eq!(std::mem::offset_of!(EpollEvent, data), size - 8);
    }

    #[test]
    fn milliseconds_are_rounded_up_and_cut_to_a_day() {
        let converted = |nanos| milliseconds_at_least(Duration::from_nanos(nanos));
        let nanos = [0, 1, 1_000_000, 1_000_001, 10_900_000];
        assert_eq!(nanos.map(converted), [0, 1, 1, 2, 11]);
        assert_eq!(milliseconds_at_least(Duration::MAX), 86_400_000);
    }

    #[test]
    fn a_hang_up_is_worth_a_try_in_both_directions() {
        let found = |events| EpollEvent { events, data: 0 };
        for both in [EPOLLHUP, EPOLLERR] {
            assert!(found(both).is_readable() && found(both).is_writable());
        }
        assert!(found(EPOLLIN).is_readable() && !found(EPOLLIN).is_writable());
        assert!(!found(EPOLLOUT).is_readable() && found(EPOLLOUT).is_writable());
    }

    type Wait = fn(&OwnedFd, &mut [EpollEvent], Option<Duration>) -> io::Result<c_int>;

    /// Whichever of the two a system uses, it keeps the contract.
    #[test]
    fn neither_call_is_ever_early() {
        let epoll = create().unwrap();
        let mut found = [EpollEvent::default()];
        for wait in [wait_exactly as Wait, wait_for_milliseconds] {
            for micros in [0, 1, 300, 999, 1_000, 1_001, 10_900] {
                let (start, timeout) = (Instant::now(), Duration::from_micros(micros));
                match wait(&epoll, &mut found, Some(timeout)) {
                    Ok(count) => {
                        assert_eq!(count, 0);
                        assert!(start.elapsed() >= timeout);
                    }
                    // An old system: the other call serves.
                    Err(_) => assert!(std::ptr::fn_addr_eq(wait, wait_exactly as Wait)),
                }
            }
        }
    }

    /// Classic bug: Timer rounded down to 0 ms
    #[test]
    fn an_exact_wait_is_not_rounded_to_milliseconds() {
        let epoll = create().unwrap();
        let mut found = [EpollEvent::default()];
        let timeout = Some(Duration::from_micros(50));
        if wait_exactly(&epoll, &mut found, timeout).is_err() {
            eprintln!("skipped: the system lacks epoll_pwait2");
            return;
        }
        // The best of many, because any of them may be disturbed.
        let elapsed = (0..1_000).map(|_| {
            let start = Instant::now();
            wait(&epoll, &mut found, timeout).unwrap();
            start.elapsed()
        });
        assert!(elapsed.min().unwrap() < Duration::from_millis(1));
    }
}
