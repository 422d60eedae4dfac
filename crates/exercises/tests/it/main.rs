//! Tests of the exercises.

mod runner;
mod solutions;
