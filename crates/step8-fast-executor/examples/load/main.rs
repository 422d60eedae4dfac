//! How much an executor bears, and whether its memory stays flat: loads with their figures.
//!
//! Without an argument it takes a few seconds. With `full` it spawns ten million tasks instead of
//! one million; use a release build for that. A name runs one load alone, in the size of the number
//! that follows, if one does.
//!
//! Run it: `cargo run --release -p step8-fast-executor --example load -- full`

mod hour;
mod loads;
mod spawns;
mod tasks;
mod timers;

use std::env;
use std::process::ExitCode;

use loads::{LOADS, Load};
use step8_fast_executor::Executor;
use testing::allocator::{Counting, live, peak_during};

#[global_allocator]
static ALLOCATOR: Counting = Counting;

fn main() -> ExitCode {
    let arguments: Vec<String> = env::args().skip(1).collect();
    let arguments: Vec<&str> = arguments.iter().map(String::as_str).collect();
    match &arguments[..] {
        [] => LOADS.iter().for_each(|load| show(load, load.small)),
        ["full"] => LOADS.iter().for_each(|load| show(load, load.full)),
        [name, size @ ..] => {
            let load = LOADS.iter().find(|load| load.name == *name);
            let size = match size {
                [] => load.map(|load| load.full),
                [size] => size.parse().ok().filter(|size| *size > 0),
                _ => None,
            };
            let (Some(load), Some(size)) = (load, size) else {
                let names: Vec<&str> = LOADS.iter().map(|load| load.name).collect();
                eprintln!(
                    "Give nothing, or `full`, or one of {}, and its size: a number from 1.",
                    names.join(", ")
                );
                return ExitCode::from(2);
            };
            show(load, size);
        }
    }
    ExitCode::SUCCESS
}

fn show(load: &Load, size: u64) {
    println!("{}: {size} {}", load.name, load.what);
    // Warm up: the registry of executors keeps some memory for good.
    drop(Executor::new());
    let before = live();
    let mut figures = Vec::new();
    let peak = peak_during(|| figures = (load.run)(size));
    figures.push((peak as u64, "bytes of memory at most"));
    for (value, what) in &figures {
        println!("  {value:>12} {what}");
    }
    drop(figures);
    println!("  {:>12} bytes not given back", live() - before);
}
