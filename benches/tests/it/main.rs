//! The tests of the benchmarks, a module a question.

mod folder;
mod operations;
mod program;
mod results;
mod table;
mod workloads;
