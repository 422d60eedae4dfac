//! C functions of every Unix, declared by hand: for a connect that does not block, a longer
//! backlog, and SIGINT.

#![allow(
    unsafe_code,
    reason = "this file and `epoll/sys.rs` are where step 8 calls C"
)]

use std::ffi::{c_int, c_void};
use std::io;
use std::net::{SocketAddr, TcpListener, TcpStream};
use std::os::fd::{AsRawFd, FromRawFd, IntoRawFd, OwnedFd};
use std::os::unix::net::UnixStream;
use std::sync::atomic::{AtomicI32, Ordering};

mod c {
    use std::ffi::{c_int, c_void};

    unsafe extern "C" {
        pub(super) fn socket(domain: c_int, kind: c_int, protocol: c_int) -> c_int;
        pub(super) fn connect(fd: c_int, address: *const c_void, length: u32) -> c_int;
        pub(super) fn signal(number: c_int, handler: usize) -> usize;
        pub(super) fn listen(fd: c_int, backlog: c_int) -> c_int;
        pub(super) fn write(fd: c_int, bytes: *const c_void, length: usize) -> isize;
        #[cfg_attr(target_os = "linux", link_name = "__errno_location")]
        #[cfg_attr(target_os = "macos", link_name = "__error")]
        pub(super) fn errno() -> *mut c_int;
        #[cfg(target_os = "macos")]
        pub(super) fn fcntl(fd: c_int, command: c_int, ...) -> c_int;
    }
}

/// C's `struct sockaddr_in` and `sockaddr_in6`, of which the bytes that are used depend on the
/// family.
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
        // Linux has the family in two bytes; macOS has the length in the first of them, and the
        // family in the second.
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
/// Returns an error if no descriptor is left, or if the system refuses the address at once.
pub(crate) fn begin_connect(address: SocketAddr) -> io::Result<TcpStream> {
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
    // SAFETY: `socket` has just returned this descriptor, so it is open and has no other owner.
    let stream = TcpStream::from(unsafe { OwnedFd::from_raw_fd(fd) });
    stream.set_nonblocking(true)?;
    let bytes: *const c_void = (&raw const address.bytes).cast();
    // SAFETY: the declaration matches the C prototype. `bytes` holds `length` initialized bytes,
    // laid out as the family asks, and aligned to 4; the call only reads them, and keeps no
    // pointer.
    if unsafe { c::connect(fd, bytes, address.length) } == 0 {
        return Ok(stream);
    }
    let error = io::Error::last_os_error();
    match error.kind() {
        // After a signal the attempt continues too.
        io::ErrorKind::Interrupted => Ok(stream),
        _ if error.raw_os_error() == Some(IN_PROGRESS) => Ok(stream),
        _ => Err(error),
    }
}

/// Lets as many connections wait to be accepted as the system allows; std asks for 128.
///
/// # Errors
///
/// Returns an error if the system refuses.
pub(crate) fn widen_backlog(listener: &TcpListener) -> io::Result<()> {
    // SAFETY: the declaration matches the C prototype. The descriptor is open, and listens already:
    // a second call changes its backlog, which the system cuts to its limit.
    match unsafe { c::listen(listener.as_raw_fd(), c_int::MAX) } {
        0 => Ok(()),
        _ => Err(io::Error::last_os_error()),
    }
}

/// Where the handler of SIGINT writes; -1 before [`interrupts`].
static INTERRUPTED: AtomicI32 = AtomicI32::new(-1);

/// A handler interrupts anything. So it only writes a byte, and leaves no trace in `errno`.
extern "C" fn on_interrupt(_: c_int) {
    // SAFETY: the function takes nothing and returns a pointer that is valid as long as this thread
    // lives.
    let errno = unsafe { c::errno() };
    // SAFETY: see above; only this thread reads or writes there.
    let before = unsafe { *errno };
    // SAFETY: `write` may be called in a handler. One byte is readable there; a full buffer is an
    // error, not a wait, because the socket does not block.
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

/// Lets SIGINT, which is Ctrl-C, write a byte to a socket instead of ending the process, and
/// returns the other end.
///
/// A process that ignores SIGINT, as a shell's background job does, still ignores it.
///
/// # Errors
///
/// Returns an error if no descriptor is left, or if this was called before: a process has one
/// handler.
pub(crate) fn interrupts() -> io::Result<UnixStream> {
    const SIGINT: c_int = 2;
    const IGNORED: usize = 1;

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
    let handler = on_interrupt as *const () as usize;
    // SAFETY: the declaration matches the C prototype, with pointers as numbers. `on_interrupt` is
    // a plain handler, and does only what one may do. The call fails only for a number that is not
    // a signal.
    if unsafe { c::signal(SIGINT, handler) } == IGNORED {
        // SAFETY: this is C's SIG_IGN, which is not called.
        unsafe { c::signal(SIGINT, IGNORED) };
    }
    Ok(read)
}
