//! What the steps have in common, so that each workload is written twice, and not five times: for
//! generators, which ask a scheduler, and for futures.

mod futures;
mod generators;

pub(crate) use futures::{Futures, Udp};
pub(crate) use generators::{Generators, Sleeps};
