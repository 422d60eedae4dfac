//! A program of your own, and a page that plays what it did.
//!
//! Run it: `cargo run -p timeline --example own_program`

use std::time::Duration;
use std::{fs, io};

use step5_executor::{Executor, sleep, spawn_named};

/// Here is what you want to watch: two tasks that sleep at the same time.
async fn program() {
    let tea = spawn_named("tea", sleep(Duration::from_secs(3)));
    let toast = spawn_named("toast", sleep(Duration::from_secs(2)));
    tea.await.unwrap();
    toast.await.unwrap();
}

fn main() -> io::Result<()> {
    let recorder = timeline::Recorder::listen();
    Executor::with_virtual_time()?.block_on(program());
    let page = recorder.picture("Breakfast").to_html();
    fs::write("breakfast.html", page)
}
