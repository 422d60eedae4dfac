//! The tests of the benchmarks, a module a question.

mod folder;
mod program;
mod results;
mod table;
mod workloads;
