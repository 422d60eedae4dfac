//! The limit of open files of the process that runs a test.

#![allow(unsafe_code, reason = "std does not know resource limits")]

use std::ffi::c_int;
use std::io;

#[cfg(target_os = "linux")]
const RLIMIT_NOFILE: c_int = 7;
#[cfg(not(target_os = "linux"))]
const RLIMIT_NOFILE: c_int = 8;

/// C's `struct rlimit`, on 64-bit systems.
#[derive(Clone, Copy)]
#[repr(C)]
struct Limit {
    soft: u64,
    hard: u64,
}

mod c {
    use std::ffi::c_int;

    use super::Limit;

    unsafe extern "C" {
        pub(super) fn getrlimit(resource: c_int, limit: *mut Limit) -> c_int;
        pub(super) fn setrlimit(resource: c_int, limit: *const Limit) -> c_int;
    }
}

/// Lets this process open `count` files, and returns whether the system allows it.
pub fn allow(count: u64) -> bool {
    let before = limit();
    let soft = before.soft.max(count);
    set_limit(Limit { soft, ..before }).is_ok()
}

/// Lets this process have only descriptors below `number`, and returns what that was before.
///
/// # Panics
///
/// Panics if the system refuses.
pub fn allow_below(number: u64) -> u64 {
    let before = limit();
    let lowered = Limit {
        soft: number,
        ..before
    };
    set_limit(lowered).expect("less than the hard limit is allowed");
    before.soft
}

fn limit() -> Limit {
    let mut limit = Limit { soft: 0, hard: 0 };
    // SAFETY: the pointer is to a local with the layout of `struct rlimit`.
    let result = unsafe { c::getrlimit(RLIMIT_NOFILE, &raw mut limit) };
    assert_eq!(result, 0, "{}", io::Error::last_os_error());
    limit
}

fn set_limit(limit: Limit) -> io::Result<()> {
    // SAFETY: as above, and the call only reads. More than the hard limit is an error.
    match unsafe { c::setrlimit(RLIMIT_NOFILE, &raw const limit) } {
        0 => Ok(()),
        _ => Err(io::Error::last_os_error()),
    }
}
