//! **The same work on every step, side by side.**
//!
//! | workload | one operation |
//! |---|---|
//! | `switch` | a task lets the next one run; there are 1,000 |
//! | `spawn_join` | a task is spawned, and joined |
//! | `sleepers` | one of 10,000 tasks sleeps, on the virtual clock |
//! | `udp_round_trip` | a datagram goes to another task, and back |
//! | `idle_sockets` | a round trip next to 0, 100 and 900 sockets on which nothing comes |
//!
//! Each is done by every step that can, then by threads of the operating system, and by CPython's
//! asyncio if there is a `python3`. Step 7 is step 5's executor on another selector; step 8 is an
//! executor of its own, and on Linux has a selector of its own.
//!
//! ```sh
//! cargo bench -p benches -- --quick   # criterion measures, in about two minutes
//! cargo run --release -p benches      # prints the table of what it has measured
//! ```
//!
//! Without `--quick` criterion takes longer, and is less easily disturbed. With `-- switch` it
//! measures only what has that in its name. Every run counts what it has done, and is refused if
//! that is not what it was asked for.
#![forbid(unsafe_code)]

pub mod chart;
pub mod results;
pub mod table;
pub mod workloads;
