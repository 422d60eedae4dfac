//! Tests of the tool that keeps the book true, and of the book.

mod broken;
mod command_line;
mod from_python;
mod glossary;
mod levels;
mod promises;
mod repository;
mod stale;
mod truth;
mod words;
