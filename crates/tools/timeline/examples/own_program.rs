//! A program of your own, and a page that plays what it did, beside its code and its output.
//!
//! Run it: `cargo run -p timeline --example own_program`

use std::time::Duration;
use std::{fs, io};

use step5_executor::{Executor, sleep, spawn_named};
use trace::println; // So that the page has what is printed.

/// Takes some seconds for a part of the breakfast.
async fn make(what: &str, seconds: u64) {
    sleep(Duration::from_secs(seconds)).await;
    println!("the {what} is ready");
}

/// Here is what you want to watch: two tasks that take their time at the same time.
async fn program() {
    let tea = spawn_named("tea", make("tea", 3));
    let toast = spawn_named("toast", make("toast", 2));
    tea.await.expect("make does not panic");
    toast.await.expect("make does not panic");
}

fn main() -> io::Result<()> {
    let recorder = timeline::Recorder::with_code();
    Executor::with_virtual_time()?.block_on(program());
    let page = recorder.picture("Breakfast").to_html();
    fs::write("breakfast.html", page)?;
    println!("open breakfast.html");
    Ok(())
}
