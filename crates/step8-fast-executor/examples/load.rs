//! How much does an executor bear, and does its memory stay flat? Loads with their figures.
//!
//! Without an argument it takes a few seconds. With `full` it spawns ten million tasks instead of one million; use a
//! release build for that. A name runs one load alone, in the size of the number that follows, if one does.
//!
//! Run it: `cargo run --release -p step8-fast-executor --example load -- full`

#[path = "load/loads.rs"]
mod loads;

use std::env;
use std::process::ExitCode;

use loads::{LOADS, Load};

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
    for (value, what) in (load.run)(size) {
        println!("  {value:>12} {what}");
    }
}
