//! How does Rust call a C function that it has no crate for? It declares the function and its types by hand, and wraps
//! them so that no caller can break what the C side relies on.

#![allow(unsafe_code, reason = "this file is where steps 4 to 6 call C")]

use std::ffi::{c_int, c_void};
use std::io;
use std::net::{SocketAddr, TcpStream};
use std::os::fd::{AsRawFd, FromRawFd, IntoRawFd, OwnedFd};
use std::os::unix::net::UnixStream;
use std::ptr;
use std::sync::atomic::{AtomicI32, Ordering};
use std::time::Duration;

use crate::fd_set::FdSet;

#[cfg(not(target_pointer_width = "64"))]
compile_error!("step4-select runs on 64-bit systems only: its C declarations are written for them");

#[cfg(target_os = "linux")]
type Microseconds = i64;
#[cfg(target_os = "macos")]
type Microseconds = i32;

/// C's `struct timeval`.
#[derive(Debug, PartialEq, Eq)]
#[repr(C)]
struct Timeval {
    seconds: i64,
    microseconds: Microseconds,
}

impl Timeval {
    /// Converts `timeout`, rounded up, so that no wait ends early and a short rest is no busy loop of zero timeouts.
    ///
    /// More than a day becomes a day, because macOS refuses more than 100,000,000 seconds.
    fn at_least(timeout: Duration) -> Timeval {
        const DAY: Duration = Duration::from_secs(24 * 60 * 60);
        let microseconds = timeout.min(DAY).as_nanos().div_ceil(1_000);
        Timeval {
            seconds: (microseconds / 1_000_000) as i64,
            microseconds: (microseconds % 1_000_000) as Microseconds,
        }
    }
}

mod c {
    use std::ffi::{c_int, c_void};

    use super::{FdSet, Timeval};

    unsafe extern "C" {
        // On Intel Macs the plain name is the variant from before macOS 10.5.
        #[cfg_attr(
            all(target_os = "macos", target_arch = "x86_64"),
            link_name = "select$1050"
        )]
        pub(super) fn select(
            nfds: c_int,
            read: *mut FdSet,
            write: *mut FdSet,
            except: *mut FdSet,
            timeout: *mut Timeval,
        ) -> c_int;
        pub(super) fn socket(domain: c_int, kind: c_int, protocol: c_int) -> c_int;
        pub(super) fn connect(fd: c_int, address: *const c_void, length: u32) -> c_int;
        pub(super) fn signal(number: c_int, handler: extern "C" fn(c_int)) -> usize;
        pub(super) fn write(fd: c_int, bytes: *const c_void, length: usize) -> isize;
        #[cfg_attr(target_os = "linux", link_name = "__errno_location")]
        #[cfg_attr(target_os = "macos", link_name = "__error")]
        pub(super) fn errno() -> *mut c_int;
        #[cfg(target_os = "macos")]
        pub(super) fn fcntl(fd: c_int, command: c_int, ...) -> c_int;
    }
}

/// Waits until a descriptor in `read` is readable or one in `write` is writable, and leaves only the ready ones in the
/// sets.
///
/// Returns how many are ready, 0 when `timeout` was over first. `None` waits without end. One call waits for a day at
/// most: to wait longer, call again.
///
/// # Errors
///
/// `Interrupted` after a signal, and [`is_bad_descriptor`] when a set holds a number that is not open. The sets are
/// then of no use.
pub(crate) fn select(
    read: &mut FdSet,
    write: &mut FdSet,
    timeout: Option<Duration>,
) -> io::Result<usize> {
    let nfds = read.end().max(write.end()) as c_int;
    // Made anew for each call, because Linux writes the time that was left into it.
    let mut timeval = timeout.map(Timeval::at_least);
    let timeval = timeval.as_mut().map_or(ptr::null_mut(), ptr::from_mut);
    // SAFETY: the declaration matches the C prototype. Both sets are exclusively borrowed for the call and have the
    // layout of `fd_set`. The call touches the words up to bit `nfds`, which is 1,024 at most, so it stays inside
    // them. The third set may be null. The timeout is null or a `timeval` of this frame, and the call keeps no pointer.
    // A number in a set that is not open is an error, not undefined behaviour.
    let ready = unsafe { c::select(nfds, read, write, ptr::null_mut(), timeval) };
    usize::try_from(ready).map_err(|_| io::Error::last_os_error())
}

/// Returns whether `error` says that a number is not an open descriptor (`EBADF`).
pub(crate) fn is_bad_descriptor(error: &io::Error) -> bool {
    const EBADF: i32 = 9;
    error.raw_os_error() == Some(EBADF)
}

/// C's `struct sockaddr_in` and `sockaddr_in6`, of which the bytes that are used depend on the family.
#[repr(C, align(4))]
struct Address {
    bytes: [u8; 28],
    length: u32,
}

impl Address {
    #[cfg(target_os = "linux")]
    const INET6: u8 = 10;
    #[cfg(target_os = "macos")]
    const INET6: u8 = 30;
    const INET: u8 = 2;

    fn new(address: SocketAddr) -> Address {
        let mut bytes = [0; 28];
        let (family, length) = match address {
            SocketAddr::V4(address) => {
                bytes[4..8].copy_from_slice(&address.ip().octets());
                (Address::INET, 16)
            }
            SocketAddr::V6(address) => {
                bytes[4..8].copy_from_slice(&address.flowinfo().to_ne_bytes());
                bytes[8..24].copy_from_slice(&address.ip().octets());
                bytes[24..28].copy_from_slice(&address.scope_id().to_ne_bytes());
                (Address::INET6, 28)
            }
        };
        // Linux has the family in two bytes; macOS has the length in the first of them, and the family in the second.
        let head = if cfg!(target_os = "macos") {
            [length as u8, family]
        } else {
            u16::from(family).to_ne_bytes()
        };
        bytes[..2].copy_from_slice(&head);
        bytes[2..4].copy_from_slice(&address.port().to_be_bytes());
        Address { bytes, length }
    }

    fn family(&self) -> c_int {
        c_int::from(if self.length == 16 {
            Address::INET
        } else {
            Address::INET6
        })
    }
}

/// Begins to connect a non-blocking TCP socket, and does not wait until it is connected.
///
/// The stream is writable once the attempt is over; then `take_error` tells how it ended.
///
/// # Errors
///
/// When no descriptor is left, or the system refuses the address at once.
pub fn begin_connect(address: SocketAddr) -> io::Result<TcpStream> {
    const STREAM: c_int = 1;
    #[cfg(target_os = "linux")]
    const CLOSE_ON_EXEC: c_int = 0o2_000_000;
    #[cfg(target_os = "macos")]
    const CLOSE_ON_EXEC: c_int = 0;
    #[cfg(target_os = "linux")]
    const IN_PROGRESS: i32 = 115;
    #[cfg(target_os = "macos")]
    const IN_PROGRESS: i32 = 36;

    let address = Address::new(address);
    // SAFETY: the declaration matches the C prototype, and no memory is passed.
    let fd = unsafe { c::socket(address.family(), STREAM | CLOSE_ON_EXEC, 0) };
    if fd < 0 {
        return Err(io::Error::last_os_error());
    }
    #[cfg(target_os = "macos")]
    // SAFETY: `fd` is open, and F_SETFD (2) takes an int: FD_CLOEXEC (1).
    unsafe {
        c::fcntl(fd, 2, 1 as c_int)
    };
    // SAFETY: `socket` has just returned this descriptor, so it is open and nobody else owns it.
    let stream = TcpStream::from(unsafe { OwnedFd::from_raw_fd(fd) });
    stream.set_nonblocking(true)?;
    let bytes: *const c_void = (&raw const address.bytes).cast();
    // SAFETY: the declaration matches the C prototype. `bytes` holds `length` initialized bytes, laid out as the family
    // asks, and aligned to 4; the call only reads them, and keeps no pointer.
    if unsafe { c::connect(fd, bytes, address.length) } == 0 {
        return Ok(stream);
    }
    let error = io::Error::last_os_error();
    match error.kind() {
        // The attempt goes on after a signal, too.
        io::ErrorKind::Interrupted => Ok(stream),
        _ if error.raw_os_error() == Some(IN_PROGRESS) => Ok(stream),
        _ => Err(error),
    }
}

/// Where the handler of SIGINT writes; -1 before [`interrupts`].
static INTERRUPTED: AtomicI32 = AtomicI32::new(-1);

/// Runs in the middle of anything, so it does nothing but write a byte, and leaves no trace in `errno`.
extern "C" fn on_interrupt(_: c_int) {
    // SAFETY: the function takes nothing and returns a pointer that is valid as long as this thread lives.
    let errno = unsafe { c::errno() };
    // SAFETY: see above; only this thread reads or writes there.
    let before = unsafe { *errno };
    // SAFETY: `write` may be called in a handler. One byte is readable there; a full buffer is an error, not a wait,
    // because the socket does not block.
    unsafe {
        c::write(
            INTERRUPTED.load(Ordering::Relaxed),
            [1_u8].as_ptr().cast(),
            1,
        )
    };
    // SAFETY: as above.
    unsafe { *errno = before };
}

/// Lets SIGINT, which is Ctrl-C, write a byte to a socket instead of ending the process, and returns the other end.
///
/// # Errors
///
/// When no descriptor is left, or when this was called before: a process has one handler.
pub fn interrupts() -> io::Result<UnixStream> {
    const SIGINT: c_int = 2;
    const FAILED: usize = usize::MAX;

    let (read, written) = UnixStream::pair()?;
    written.set_nonblocking(true)?;
    let first = INTERRUPTED.compare_exchange(
        -1,
        written.as_raw_fd(),
        Ordering::Relaxed,
        Ordering::Relaxed,
    );
    if first.is_err() {
        return Err(io::Error::new(
            io::ErrorKind::AlreadyExists,
            "interrupts are being read already",
        ));
    }
    // The handler may run until the process ends, so its end is never closed.
    _ = written.into_raw_fd();
    // SAFETY: the declaration matches the C prototype for a plain handler, and `on_interrupt` does only what a handler
    // may do.
    if unsafe { c::signal(SIGINT, on_interrupt) } == FAILED {
        return Err(io::Error::last_os_error());
    }
    Ok(read)
}

#[cfg(test)]
mod tests {
    use super::*;

    const fn timeval(seconds: i64, microseconds: Microseconds) -> Timeval {
        Timeval {
            seconds,
            microseconds,
        }
    }

    #[test]
    fn a_timeout_is_rounded_up_to_whole_microseconds() {
        let converted = |nanos| Timeval::at_least(Duration::from_nanos(nanos));
        assert_eq!(converted(0), timeval(0, 0));
        assert_eq!(converted(1), timeval(0, 1));
        assert_eq!(converted(1_000), timeval(0, 1));
        assert_eq!(converted(10_900_001), timeval(0, 10_901));
        assert_eq!(converted(2_999_999_001), timeval(3, 0));
    }

    #[test]
    fn a_timeout_past_what_macos_takes_is_cut_to_a_day() {
        assert_eq!(Timeval::at_least(Duration::MAX), timeval(86_400, 0));
    }

    #[test]
    fn a_timeval_has_the_size_of_the_c_type() {
        assert_eq!(size_of::<Timeval>(), 16);
    }
}
