//! `cargo run -p step2-round-robin`: the demo of step 2.

use step2_round_robin::Deadlock;

fn main() -> Result<(), Deadlock> {
    step2_round_robin::demo::demo()
}
