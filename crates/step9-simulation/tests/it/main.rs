//! The tests of step 9, a module a question.

mod chance;
mod demo;
mod partitions;
mod queues;
mod same_each_time;
mod search;
mod settings;
mod sockets;
mod support;
mod wakers;
