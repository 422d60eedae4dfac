//! How does a test get more than the usual 1,024 open files, or run out of them? It moves its own limit.

#![allow(unsafe_code, reason = "std does not know resource limits")]
#![allow(dead_code, reason = "each test uses a part of it")]

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

/// Lets this process open `count` files, and returns whether the system allows it.
pub(crate) fn allow(count: u64) -> bool {
    let before = limit();
    set_limit(&Limit {
        soft: before.soft.max(count),
        ..before
    })
    .is_ok()
}

/// Lets this process have only descriptors below a number, and returns what that number was before.
pub(crate) fn allow_below(number: u64) -> u64 {
    let before = limit();
    set_limit(&Limit {
        soft: number,
        ..before
    })
    .expect("less than the hard limit is allowed");
    before.soft
}

fn limit() -> Limit {
    let mut limit = Limit { soft: 0, hard: 0 };
    // SAFETY: the pointer is to a local `struct rlimit`, which on 64-bit Linux and macOS is two 64-bit numbers.
    let got = unsafe { getrlimit(RLIMIT_NOFILE, &mut limit) };
    assert_eq!(got, 0, "{}", io::Error::last_os_error());
    limit
}

fn set_limit(limit: &Limit) -> io::Result<()> {
    // SAFETY: as above, and the call only reads. More than the hard limit is an error.
    if unsafe { setrlimit(RLIMIT_NOFILE, limit) } == 0 {
        Ok(())
    } else {
        Err(io::Error::last_os_error())
    }
}
