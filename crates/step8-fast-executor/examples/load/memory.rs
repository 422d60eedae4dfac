//! How much memory does this process use?

use std::fs;

/// Returns how much memory is in use, in KiB. `None` where the system does not say so in a file.
pub(crate) fn in_use() -> Option<u64> {
    let status = fs::read_to_string("/proc/self/status").ok()?;
    let line = status
        .lines()
        .find_map(|line| line.strip_prefix("VmRSS:"))?;
    line.trim().strip_suffix(" kB")?.parse().ok()
}
