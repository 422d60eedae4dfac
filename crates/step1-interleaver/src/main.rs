//! `cargo run -p step1-interleaver`: the demo of step 1.

fn main() {
    step1_interleaver::demo::demo();
}
