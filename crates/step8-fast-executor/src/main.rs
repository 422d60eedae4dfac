//! `cargo run -p step8-fast-executor`: the demo of step 8.
#![forbid(unsafe_code)]

fn main() -> std::io::Result<()> {
    step8_fast_executor::demo::demo()
}
