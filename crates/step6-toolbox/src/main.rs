//! `cargo run -p step6-toolbox`: the demo of step 6, on the real clock.
#![forbid(unsafe_code)]

use std::io;

fn main() -> io::Result<()> {
    step6_toolbox::demo::demo(false)
}
