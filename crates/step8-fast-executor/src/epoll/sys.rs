//! The functions of `epoll(7)`, declared by hand.

#![allow(
    unsafe_code,
    reason = "this file and `sys.rs` are where step 8 calls C"
)]

use std::ffi::{c_int, c_long};
use std::io;
use std::os::fd::{AsRawFd, BorrowedFd, FromRawFd, OwnedFd, RawFd};
use std::ptr;
use std::time::Duration;

const EPOLLIN: u32 = 0x1;
const EPOLLOUT: u32 = 0x4;
const EPOLLERR: u32 = 0x8;
const EPOLLHUP: u32 = 0x10;
const EPOLLRDHUP: u32 = 0x2000;
const EPOLLET: u32 = 1 << 31;

/// One call waits for this long at most, because a number of milliseconds has no room for much
/// more.
const DAY: Duration = Duration::from_secs(24 * 60 * 60);

/// C's `struct epoll_event`: what the kernel found about one descriptor.
///
/// On x86-64, and nowhere else, it has no gap between its fields, so that 32-bit programs have the
/// same layout.
#[derive(Clone, Copy, Debug, Default)]
#[cfg_attr(target_arch = "x86_64", repr(C, packed))]
#[cfg_attr(not(target_arch = "x86_64"), repr(C))]
pub(crate) struct Found {
    events: u32,
    data: u64,
}

impl Found {
    /// Returns the number of the descriptor.
    pub(crate) fn fd(&self) -> RawFd {
        self.data as RawFd
    }

    /// Returns whether a read is worth a try: there is something, or nothing will ever come.
    pub(crate) fn is_readable(&self) -> bool {
        self.events & (EPOLLIN | EPOLLRDHUP | EPOLLHUP | EPOLLERR) != 0
    }

    /// Returns whether a write is worth a try: there is room, or never will be.
    pub(crate) fn is_writable(&self) -> bool {
        self.events & (EPOLLOUT | EPOLLHUP | EPOLLERR) != 0
    }
}

/// What the kernel is asked to note about a descriptor. Errors and hang-ups it notes without being
/// asked.
#[derive(Clone, Copy, Debug)]
pub(crate) struct Interest(u32);

impl Interest {
    pub(crate) const NOTHING: Interest = Interest(0);
    /// Asks for the end of what a peer sends, too. Otherwise that would be just something to read,
    /// and one edge less.
    pub(crate) const READING: Interest = Interest(EPOLLIN | EPOLLRDHUP | EPOLLET);
    pub(crate) const READING_AND_WRITING: Interest =
        Interest(EPOLLIN | EPOLLRDHUP | EPOLLOUT | EPOLLET);
}

/// What to do with a descriptor, by C's numbers.
#[derive(Clone, Copy, Debug)]
pub(crate) enum Operation {
    Add = 1,
    Delete = 2,
    Modify = 3,
}

/// C's `struct __kernel_timespec`.
#[derive(Debug, PartialEq, Eq)]
#[repr(C)]
struct Timespec {
    seconds: i64,
    nanoseconds: i64,
}

impl Timespec {
    fn new(timeout: Duration) -> Timespec {
        let timeout = timeout.min(DAY);
        Timespec {
            seconds: timeout.as_secs() as i64,
            nanoseconds: timeout.subsec_nanos().into(),
        }
    }
}

/// Converts to milliseconds, rounded up, so that no wait ends early and a short rest does not
/// become a busy loop of zero timeouts.
fn milliseconds_at_least(timeout: Duration) -> c_int {
    timeout.min(DAY).as_nanos().div_ceil(1_000_000) as c_int
}

mod c {
    use std::ffi::{c_int, c_long};

    use crate::epoll::sys::Found;

    unsafe extern "C" {
        pub(super) fn epoll_create1(flags: c_int) -> c_int;
        pub(super) fn epoll_ctl(
            epoll: c_int,
            operation: c_int,
            fd: c_int,
            event: *mut Found,
        ) -> c_int;
        pub(super) fn epoll_wait(
            epoll: c_int,
            found: *mut Found,
            capacity: c_int,
            timeout_ms: c_int,
        ) -> c_int;
        pub(super) fn syscall(number: c_long, ...) -> c_long;
    }
}

/// Makes an empty set, which a program that this process starts does not inherit.
pub(crate) fn create() -> io::Result<OwnedFd> {
    const EPOLL_CLOEXEC: c_int = 0o2_000_000;
    // SAFETY: the declaration matches the C prototype, and no memory is passed.
    let fd = unsafe { c::epoll_create1(EPOLL_CLOEXEC) };
    if fd < 0 {
        return Err(io::Error::last_os_error());
    }
    // SAFETY: the call has just returned this descriptor, so it is open and has no other owner.
    Ok(unsafe { OwnedFd::from_raw_fd(fd) })
}

/// Changes the set's entry for one descriptor.
pub(crate) fn control(
    epoll: BorrowedFd<'_>,
    operation: Operation,
    fd: RawFd,
    interest: Interest,
) -> io::Result<()> {
    let mut event = Found {
        events: interest.0,
        data: fd as u64,
    };
    // SAFETY: the declaration matches the C prototype. The event is a local with the layout of
    // `struct epoll_event`, which the call only reads and does not keep. A number that is not open
    // is an error, not undefined behaviour.
    let result = unsafe { c::epoll_ctl(epoll.as_raw_fd(), operation as c_int, fd, &raw mut event) };
    if result < 0 {
        Err(io::Error::last_os_error())
    } else {
        Ok(())
    }
}

/// Waits until something is found, and returns how much that is; 0 when `timeout` was over first.
///
/// `None` waits without end. One call waits for a day at most: to wait longer, call again.
///
/// # Errors
///
/// Returns `Interrupted` after a signal, and an error that [`is_refused`] if the system lacks the
/// call or forbids it.
pub(crate) fn wait(
    epoll: BorrowedFd<'_>,
    found: &mut [Found],
    timeout: Option<Duration>,
) -> io::Result<usize> {
    /// The number of this call since Linux 5.11, on all systems but MIPS, where this number is
    /// refused.
    const EPOLL_PWAIT2: c_long = 441;
    let timespec = timeout.map(Timespec::new);
    let timespec = timespec.as_ref().map_or(ptr::null(), ptr::from_ref);
    let (epoll, capacity) = (c_long::from(epoll.as_raw_fd()), found.len() as c_long);
    // C libraries have had a function for it only since 2021, so it is called by its number. The
    // signals of this thread stay as they are: the mask is null, so its size does not matter.
    let (mask, mask_size) = (ptr::null::<u64>(), 0 as c_long);
    // SAFETY: the arguments are those of the system call, each as wide as a register. The call
    // writes to the first `capacity` elements of `found` at most, which is exclusively borrowed and
    // as long; any bits are a valid `Found`. It reads the timeout, which is null or a `struct
    // __kernel_timespec` of this frame. The mask may be null. The call keeps no pointer.
    let count = unsafe {
        c::syscall(
            EPOLL_PWAIT2,
            epoll,
            found.as_mut_ptr(),
            capacity,
            timespec,
            mask,
            mask_size,
        )
    };
    usize::try_from(count).map_err(|_| io::Error::last_os_error())
}

/// Waits as [`wait`] does, on any Linux. The timeout is rounded up to whole milliseconds.
///
/// # Errors
///
/// Returns `Interrupted` after a signal.
pub(crate) fn wait_rounded_up(
    epoll: BorrowedFd<'_>,
    found: &mut [Found],
    timeout: Option<Duration>,
) -> io::Result<usize> {
    let timeout_ms = timeout.map_or(-1, milliseconds_at_least);
    let capacity = found.len() as c_int;
    // SAFETY: the declaration matches the C prototype. The call writes to the first `capacity`
    // elements of `found` at most, which is exclusively borrowed and as long; any bits are a valid
    // `Found`. It keeps no pointer.
    let count =
        unsafe { c::epoll_wait(epoll.as_raw_fd(), found.as_mut_ptr(), capacity, timeout_ms) };
    usize::try_from(count).map_err(|_| io::Error::last_os_error())
}

/// Returns whether the kernel is too old for a call (`ENOSYS`), or a filter in front of the kernel
/// refuses what it does not know (`EPERM`, as some containers do).
pub(crate) fn is_refused(error: &io::Error) -> bool {
    const EPERM: i32 = 1;
    const ENOSYS: i32 = 38;
    matches!(error.raw_os_error(), Some(EPERM | ENOSYS))
}

#[cfg(test)]
mod tests {
    use crate::epoll::sys::*;

    #[test]
    fn event_has_the_layout_of_the_c_type() {
        let size = if cfg!(target_arch = "x86_64") { 12 } else { 16 };
        assert_eq!(size_of::<Found>(), size);
        assert_eq!(std::mem::offset_of!(Found, data), size - 8);
    }

    #[test]
    fn timeout_keeps_its_nanoseconds() {
        assert_eq!(
            Timespec::new(Duration::ZERO),
            Timespec {
                seconds: 0,
                nanoseconds: 0
            }
        );
        assert_eq!(
            Timespec::new(Duration::new(3, 999_999_999)),
            Timespec {
                seconds: 3,
                nanoseconds: 999_999_999
            }
        );
    }

    #[test]
    fn old_kernels_round_a_timeout_up() {
        let converted = |nanos| milliseconds_at_least(Duration::from_nanos(nanos));
        assert_eq!(
            [0, 1, 1_000_000, 1_000_001, 10_900_000].map(converted),
            [0, 1, 1, 2, 11]
        );
    }

    #[test]
    fn timeout_is_cut_to_a_day() {
        assert_eq!(
            Timespec::new(Duration::MAX),
            Timespec {
                seconds: 86_400,
                nanoseconds: 0
            }
        );
        assert_eq!(milliseconds_at_least(Duration::MAX), 86_400_000);
    }

    #[test]
    fn hang_up_is_a_reason_to_try_both_directions() {
        let found = |events| Found { events, data: 0 };
        for both in [EPOLLHUP, EPOLLERR] {
            assert!(found(both).is_readable() && found(both).is_writable());
        }
        assert!(found(EPOLLRDHUP).is_readable() && !found(EPOLLRDHUP).is_writable());
        assert!(found(EPOLLIN).is_readable() && !found(EPOLLIN).is_writable());
        assert!(!found(EPOLLOUT).is_readable() && found(EPOLLOUT).is_writable());
    }
}
