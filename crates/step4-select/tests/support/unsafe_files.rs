//! How does a test get more than the usual 1,024 open files? It raises its own limit as far as the system allows.

#![allow(unsafe_code, reason = "std does not know resource limits")]

use std::ffi::c_int;

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

/// Lets this process open `count` files, and returns whether the system allows it.
pub(crate) fn allow(count: u64) -> bool {
    let mut limit = Limit { soft: 0, hard: 0 };
    // SAFETY: the pointer is to a local `struct rlimit`, which on 64-bit Linux and macOS is two 64-bit numbers.
    if unsafe { getrlimit(RLIMIT_NOFILE, &mut limit) } != 0 {
        return false;
    }
    limit.soft = limit.soft.max(count);
    // SAFETY: as above, and the call only reads. More than the hard limit is an error.
    unsafe { setrlimit(RLIMIT_NOFILE, &limit) == 0 }
}
