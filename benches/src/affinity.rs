//! Which core a thread runs on.

#![allow(unsafe_code, reason = "std cannot bind a thread to a core")]

use std::ffi::c_int;
use std::io;

/// Linux's `cpu_set_t`: a bit for each of 1,024 cores.
type Cores = [u64; 16];

unsafe extern "C" {
    fn sched_getaffinity(thread: c_int, size: usize, cores: *mut Cores) -> c_int;
    fn sched_setaffinity(thread: c_int, size: usize, cores: *const Cores) -> c_int;
}

/// Returns the cores that this thread may run on.
pub(crate) fn cores() -> Vec<usize> {
    let mut cores: Cores = [0; 16];
    // SAFETY: the pointer is to a local of that size; thread 0 is this one.
    let result = unsafe { sched_getaffinity(0, size_of::<Cores>(), &raw mut cores) };
    let is_in = |core: &usize| result >= 0 && cores[core / 64] >> (core % 64) & 1 == 1;
    (0..1_024).filter(is_in).collect()
}

/// Binds this thread to a core.
pub(crate) fn bind_to(core: usize) -> io::Result<()> {
    let mut cores: Cores = [0; 16];
    cores[core / 64] = 1 << (core % 64);
    // SAFETY: as above, and the call only reads.
    match unsafe { sched_setaffinity(0, size_of::<Cores>(), &raw const cores) } {
        0 => Ok(()),
        _ => Err(io::Error::last_os_error()),
    }
}
