//! The tour, run as a program.

mod browser;
mod files;
mod mistakes;
mod support;
mod tour;
