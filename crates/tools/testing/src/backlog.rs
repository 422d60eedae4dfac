//! A listener with a short queue, so that a test can fill it.

#![allow(unsafe_code, reason = "std has its own idea of how long the queue is")]

use std::ffi::c_int;
use std::io;
use std::net::TcpListener;
use std::os::fd::AsRawFd;

unsafe extern "C" {
    fn listen(fd: c_int, backlog: c_int) -> c_int;
}

/// Lets a listener queue as few connections as the system allows.
///
/// # Panics
///
/// Panics if the system refuses.
pub fn shrink(listener: &TcpListener) {
    // SAFETY: the declaration matches the C prototype, no memory is passed, and the descriptor is
    // open as long as the listener is borrowed.
    let result = unsafe { listen(listener.as_raw_fd(), 0) };
    assert_eq!(result, 0, "{}", io::Error::last_os_error());
}
