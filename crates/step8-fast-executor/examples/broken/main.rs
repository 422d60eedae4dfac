//! Broken on purpose: the classic bugs of schedulers, each for a moment, next to the right code.
//!
//! Without an argument it lists them; with `all` it runs them all. `docs/classic-bugs.md` says what
//! each bug is, and which test here would catch it.
//!
//! Run it: `cargo run -p step8-fast-executor --example broken -- spins-while-idle`

mod bugs;
mod futures;
mod measured;
mod queues;
mod schedulers;
mod selectors;
mod threads;
mod timers;

use std::env;
use std::process::ExitCode;

use bugs::{BUGS, Bug, Build};

fn main() -> ExitCode {
    let names: Vec<String> = env::args().skip(1).collect();
    if names.is_empty() {
        println!("Bugs to be seen, each in less than a second:");
        BUGS.iter()
            .for_each(|bug| println!("  {:24} {}", bug.name, bug.scene));
        println!("Name some of them, or all of them with `all`.");
    }
    for name in &names {
        let chosen: Vec<&Bug> = BUGS
            .iter()
            .filter(|bug| name == "all" || bug.name == name)
            .collect();
        if chosen.is_empty() {
            eprintln!(
                "There is no bug {name:?}: without an argument this lists those that there are."
            );
            return ExitCode::from(2);
        }
        chosen.into_iter().for_each(show);
    }
    ExitCode::SUCCESS
}

fn show(bug: &Bug) {
    println!("{}: {}", bug.name, bug.scene);
    for (title, build) in [("broken", Build::Broken), ("right", Build::Right)] {
        let figures = (bug.run)(build);
        let figures: Vec<String> = figures
            .iter()
            .map(|(count, what)| format!("{count} {what}"))
            .collect();
        println!("  {title:>6}: {}", figures.join(", "));
    }
}
