//! The tests of step 3.

mod clock;
mod demo;
mod model;
mod sleep;
mod starvation;
mod tasks;
mod timer_heap;
