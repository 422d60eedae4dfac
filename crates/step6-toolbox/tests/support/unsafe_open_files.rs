//! How does a test run out of descriptors? It lowers its own limit.

#![allow(unsafe_code, reason = "std does not know resource limits")]

use std::ffi::c_int;
use std::io;

#[cfg(target_os = "linux")]
const RLIMIT_NOFILE: c_int = 7;
#[cfg(target_os = "macos")]
const RLIMIT_NOFILE: c_int = 8;

#[repr(C)]
struct Limit {
    soft: u64,
    hard: u64,
}

unsafe extern "C" {
    fn getrlimit(resource: c_int, limit: *mut Limit) -> c_int;
    fn setrlimit(resource: c_int, limit: *const Limit) -> c_int;
}

/// Lets this process have descriptors below a number, and returns which number it was before.
pub(crate) fn limit(below: u64) -> u64 {
    let mut limit = Limit { soft: 0, hard: 0 };
    // SAFETY: the pointer is to a local `struct rlimit`, which on 64-bit Linux and macOS is two 64-bit numbers.
    let got = unsafe { getrlimit(RLIMIT_NOFILE, &mut limit) };
    assert_eq!(got, 0, "{}", io::Error::last_os_error());
    let before = limit.soft;
    limit.soft = below;
    // SAFETY: as above, and the call only reads.
    let set = unsafe { setrlimit(RLIMIT_NOFILE, &limit) };
    assert_eq!(set, 0, "{}", io::Error::last_os_error());
    before
}
