//! `cargo run [-- STEP...]` runs the demos of all steps in order, or of those that are named, each
//! with its picture. `--help` prints the options.
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

/// Runs the demos, each between a heading and its picture. The first that fails is the last.
fn run(options: &Options) -> Result<(), Error> {
    // Before the demos run: they take their time.
    let (svg, html) = (options.svg.as_deref(), options.html.as_deref());
    files::check(&Vec::from_iter(svg.into_iter().chain(html)))?;
    for (i, step) in options.steps.iter().enumerate() {
        if i > 0 {
            println!();
        }
        let picture = play(step, options)?;
        print!("\n{}", draw(&picture, options));
        if let Some(file) = svg {
            files::write(file, &picture.to_svg())?;
        }
        if let Some(file) = html {
            files::write(file, &picture.to_html())?;
            println!("\nOpen {} in a browser.", file.display());
        }
    }
    if options.is_whole_tour() {
        println!("\nThat was the tour. Now read how it is done, from docs/why.md on.");
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
        left_out,
        ..
    } = step;
    let (bold, plain) = match cli::has_color() {
        true => ("\x1b[1m", "\x1b[0m"),
        false => ("", ""),
    };
    println!("{bold}== Step {number}: {adds}{plain}");
    println!("   read it in docs/{package}.md and crates/{package}");
    println!("   run it with `cargo run -p {package}`");
    let repeats = repeats.filter(|_| options.is_whole_tour());
    if let Some(earlier) = repeats {
        println!("   here on the virtual clock: these are the programs of step {earlier}");
    }
    let virtual_time = options.virtual_time || repeats.is_some();
    if let Some(left_out) = left_out.filter(|_| virtual_time) {
        println!("   without {left_out}: sockets take real time");
    }
    println!();
    // A page shows the code.
    let recorder = match options.html {
        Some(_) => Recorder::with_code(),
        None => Recorder::listen(),
    };
    (step.demo)(virtual_time).map_err(|error| Error::Failure(format!("step {number}: {error}")))?;
    Ok(recorder.picture(&format!("Step {number}: {adds}")))
}

fn draw(picture: &Picture, options: &Options) -> String {
    // On the tour, a few rows will do.
    let most_rows = if options.timeline { usize::MAX } else { 10 };
    picture.to_text_with(&TextOptions {
        width: options.width,
        most_rows,
        color: cli::has_color(),
        counts_of_each: options.timeline,
    })
}
