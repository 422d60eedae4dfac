//! What the command line asks for.

use std::fs;
use std::path::PathBuf;

use cli::{Arguments, Error};
use step9_simulation::Setup;
use timeline::Recorder;

use crate::lab::Program;

pub(crate) const HELP: &str = "\
Searches for a seed with which a client breaks, shrinks the run and draws it,
and runs the mended client with many seeds.

Usage: cargo run --release -p step9-simulation --example seeds [-- [BUG]... [OPTION]...]

  BUG          late-answer, counted-twice or restarted-limit (default: all)
  --seeds N    how many seeds for the mended client (default: 1000)
  --svg FILE   draws the shrunk run as an SVG image, for one bug
  --html FILE  writes a page that plays it, for one bug
  --help       print this
";

/// What the command line asks for.
pub(crate) struct Options {
    pub(crate) programs: Vec<&'static Program>,
    pub(crate) seeds: u64,
    svg: Option<PathBuf>,
    html: Option<PathBuf>,
}

impl Options {
    pub(crate) fn parse(
        mut arguments: Arguments,
        all: &'static [Program],
    ) -> Result<Options, Error> {
        let seeds = arguments.number("--seeds", 1..=100_000_000)?;
        let (svg, html) = (arguments.file("--svg")?, arguments.file("--html")?);
        let mut programs = Vec::new();
        for name in arguments.operands()? {
            let program = all.iter().find(|program| name == program.name);
            let unknown = || Error::Usage(format!("{name:?} is not a bug: see --help"));
            programs.push(program.ok_or_else(unknown)?);
        }
        if programs.is_empty() {
            programs.extend(all);
        }
        if programs.len() > 1 && (svg.is_some() || html.is_some()) {
            let message = "--svg and --html draw one run: name one bug".to_owned();
            return Err(Error::Usage(message));
        }
        Ok(Options {
            programs,
            seeds: seeds.unwrap_or(1_000),
            svg,
            html,
        })
    }

    /// Draws a run, in the ways that were asked for.
    pub(crate) fn draw(&self, program: &Program, setup: &Setup) -> Result<(), Error> {
        let recorder = Recorder::listen();
        trace::title(program.bug);
        drop(program.run(setup, false));
        let picture = recorder.picture(&format!("Seed {}", setup.seed));
        print!("\n{}\n", picture.to_text(80));
        if let Some(file) = &self.svg {
            fs::write(file, picture.to_svg())?;
        }
        if let Some(file) = &self.html {
            fs::write(file, picture.to_html())?;
        }
        Ok(())
    }
}
