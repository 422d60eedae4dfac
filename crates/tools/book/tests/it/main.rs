//! Tests of the tool that keeps the book true, and of the book.

mod blocks;
mod command_line;
mod from_python;
mod levels;
mod links;
mod mistakes;
mod named_tests;
mod repository;
mod truth;
