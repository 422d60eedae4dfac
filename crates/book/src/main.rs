//! Keeps the book true.
#![forbid(unsafe_code)]

fn main() {}
