//! `cargo run [-- STEP...]`: the demos of all steps in order, or of those that are named, each with
//! its picture. `--help` prints the options.
#![forbid(unsafe_code)]

mod files;
mod options;
mod steps;

use std::process::ExitCode;

use cli::Error;
use options::{Command, HELP, Options};
use steps::{STEPS, Step};
use timeline::{Picture, Recorder, TextOptions};

fn main() -> ExitCode {
    cli::run("tour", HELP, |arguments| {
        match Command::parse(arguments)? {
            Command::List => list(),
            Command::Run(options) => run(&options)?,
        }
        Ok(())
    })
}

fn list() {
    for step in STEPS {
        println!("{}  {:<20} {}", step.number, step.package, step.adds);
    }
}

/// Runs demos, each below a heading and above its picture, up to the first that fails.
fn run(options: &Options) -> Result<(), Error> {
    // Before the demos, which take their time.
    let svg = options.svg.as_deref().map(files::open).transpose()?;
    let html = options.html.as_deref().map(files::open).transpose()?;
    for (i, step) in options.steps.iter().enumerate() {
        if i > 0 {
            println!();
        }
        let picture = play(step, options)?;
        print!("\n{}", draw(&picture, options));
        if let Some(file) = &svg {
            file.write(&picture.to_svg())?;
        }
        if let Some(file) = &html {
            file.write(&picture.to_html())?;
        }
    }
    if options.is_whole_tour() {
        println!("\nThat was the tour. Now read how it is done, from docs/SUMMARY.md on.");
    }
    Ok(())
}

/// Runs a demo below a heading, and returns the picture of it.
fn play(step: &Step, options: &Options) -> Result<Picture, Error> {
    let Step {
        number,
        package,
        adds,
        repeats,
        ..
    } = step;
    println!("== Step {number}: {adds}");
    println!("   read it in docs/{package}.md and crates/{package}");
    println!("   run it with `cargo run -p {package}`");
    let repeats = repeats.filter(|_| options.is_whole_tour());
    if let Some(earlier) = repeats {
        println!("   here on the virtual clock: these are the programs of step {earlier}");
    }
    println!();
    let recorder = Recorder::listen();
    (step.demo)(options.virtual_time || repeats.is_some())
        .map_err(|error| Error::Failure(format!("step {number}: {error}")))?;
    Ok(recorder.picture(&format!("Step {number}: {adds}")))
}

fn draw(picture: &Picture, options: &Options) -> String {
    // In passing, a few rows will do.
    let most_rows = if options.timeline { usize::MAX } else { 10 };
    picture.to_text_with(&TextOptions {
        width: options.width,
        most_rows,
        color: cli::has_color(),
        counts_of_each: options.timeline,
    })
}
