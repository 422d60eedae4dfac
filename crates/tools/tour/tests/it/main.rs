//! The tour, run as a program.

mod files;
mod mistakes;
mod support;
mod tour;
