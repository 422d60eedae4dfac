//! Tests of the tool that keeps the book true, and of the book.

mod broken;
mod command_line;
mod from_python;
mod levels;
mod named_tests;
mod repository;
mod stale;
mod truth;
