//! `cargo run -p step3-sleeping-heap`: the demo of step 3, on the real clock.

use step3_sleeping_heap::{Clock, Deadlock};

fn main() -> Result<(), Deadlock> {
    step3_sleeping_heap::demo::demo(&Clock::real_time())
}
