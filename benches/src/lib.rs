//! **The same work on every step, side by side.**
//!
//! What is measured is what the rows are called: "switch among 1,000 tasks", "UDP round trip
//! beside 900 idle sockets". [`workloads::all`] lists them; each is a file in `src/workloads`. It
//! is done by every step that can, by threads of the operating system, and by CPython's asyncio if
//! there is a `python3`. Step 7 is step 5's executor on another selector; step 6 runs on step 5;
//! step 8 is an executor of its own, and on Linux has a selector of its own.
//!
//! ```sh
//! cargo bench -p benches                           # three rounds, in less than six minutes
//! cargo bench -p benches -- --quick                # one round, in less than two
//! cargo bench -p benches -- "UDP round trip/step"  # only what has that in its name
//! cargo run --release -p benches                   # prints the table of what was measured
//! ```
//!
//! Criterion measures times (`benches/times.rs`); what can be counted is counted
//! (`benches/counts.rs`): allocations by the allocator, system calls by `strace`, instructions by
//! `valgrind`, where these are there. Every run counts what it has done, and is refused if that is
//! less than it was asked for.
//!
//! | file | what is in it |
//! |---|---|
//! | `workload`, `affinity` | what a workload is; which core a thread runs on |
//! | `steps`, `asyncio` | what steps have in common; a Python that does the same |
//! | `workloads` | what is measured |
//! | `counting`, `comparison`, `results` | what is counted; contenders side by side; results |
//! | `table`, `chart`, `page` | what is made of them |
#![deny(unsafe_code)]

#[cfg(target_os = "linux")]
mod affinity;
pub mod asyncio;
pub mod chart;
pub mod comparison;
pub mod counting;
pub mod page;
pub mod results;
mod steps;
pub mod table;
pub mod workload;
pub mod workloads;

/// Lets this process open as many files as the system allows: ten thousand sockets are measured.
pub fn raise_limits() {
    #[cfg(target_os = "linux")]
    if let Err(error) = step7_epoll::raise_open_files_limit() {
        eprintln!("no more files can be opened than now: {error}");
    }
}
