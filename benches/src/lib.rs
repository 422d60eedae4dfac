//! **The same work on every step, side by side.**
//!
//! | workload | one operation |
//! |---|---|
//! | `switch` | a task lets the next one run; there are 1,000 |
//! | `spawn_join` | a task is spawned, and joined |
//! | `sleepers` | one of 10,000 tasks sleeps, under the virtual clock |
//! | `udp_round_trip` | a datagram goes to another task, and back |
//! | `idle_sockets` | a round trip next to 0, 100 and 900 sockets on which nothing comes |
//!
//! Each is done by every step that can, then by threads of the operating system, and, if asked for, by CPython's asyncio.
//! The workloads are here once, and two programs measure them:
//!
//! - `cargo run --release -p benches` takes turns between them all, each for about a second, and prints one table.
//!   `--svg FILE` draws it too, `--markdown` prints it as Markdown, `--python` adds asyncio.
//! - `cargo bench -p benches` has criterion look at each closely, in a few minutes, and writes pages to
//!   `target/criterion/report/index.html`. With `-- switch` it runs only those with that in their names.
//!
//! Every run counts what it has done, and is refused if that is not what it was asked for.
#![forbid(unsafe_code)]

pub mod chart;
pub mod measuring;
mod options;
mod report;
pub mod table;
pub mod units;
pub mod workloads;

pub use options::Options;
pub use report::report;
