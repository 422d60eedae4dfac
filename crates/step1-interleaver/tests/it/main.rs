//! The tests of step 1.

mod asks;
mod demo;
mod order;
