//! What the command line asks for.

use std::ffi::OsString;
use std::path::PathBuf;

use cli::{Arguments, Error};

use crate::steps::{STEPS, Step};

/// What `--help` prints.
pub(crate) const HELP: &str = "\
Usage: cargo run [-- [STEP]... [OPTION]...]

Runs the demos of the steps that you name, or of all steps. Below each demo it
draws the schedule: each task has a row, and time goes to the right.

  --virtual     use a virtual clock, which does not wait (not for steps 4 and 7)
  --timeline    draw all tasks, and count what each of them did
  --width N     columns of the picture, 20 to 1000 (default: the terminal's)
  --svg FILE    also draw the schedule of one step as an SVG image
  --html FILE   also write a page that plays what one step's demo did
  --list        list the steps
  --help        print this
";

/// What the command line asks for.
pub(crate) enum Command {
    List,
    Run(Options),
}

/// Which steps to run, and which pictures to make of them.
pub(crate) struct Options {
    pub(crate) steps: Vec<&'static Step>,
    pub(crate) virtual_time: bool,
    /// Whether the picture in text has a row for every task.
    pub(crate) timeline: bool,
    pub(crate) width: usize,
    pub(crate) svg: Option<PathBuf>,
    pub(crate) html: Option<PathBuf>,
}

/// How wide pictures can be.
const WIDTHS: std::ops::RangeInclusive<usize> = 20..=1_000;

impl Command {
    /// Reads the arguments.
    pub(crate) fn parse(mut arguments: Arguments) -> Result<Command, Error> {
        let list = arguments.flag("--list")?;
        let mut options = Options {
            virtual_time: arguments.flag("--virtual")?,
            timeline: arguments.flag("--timeline")?,
            width: arguments
                .number("--width", WIDTHS)?
                .unwrap_or_else(|| cli::columns(WIDTHS)),
            svg: arguments.file("--svg")?,
            html: arguments.file("--html")?,
            steps: vec![],
        };
        for operand in arguments.operands()? {
            options.steps.push(step(&operand)?);
        }
        if list {
            return Ok(Command::List);
        }
        options.check_files().map_err(Error::Usage)?;
        if options.steps.is_empty() {
            options.steps.extend(STEPS);
        }
        options.check_clock().map_err(Error::Usage)?;
        Ok(Command::Run(options))
    }
}

impl Options {
    pub(crate) fn is_whole_tour(&self) -> bool {
        self.steps.len() == STEPS.len()
    }

    fn check_files(&self) -> Result<(), String> {
        for (flag, file) in [("--svg", &self.svg), ("--html", &self.html)] {
            if file.is_some() && self.steps.len() != 1 {
                return Err(format!(
                    "{flag} is for one step: name it, as in `cargo run -- 4 {flag} FILE`"
                ));
            }
        }
        Ok(())
    }

    fn check_clock(&self) -> Result<(), String> {
        let real_time = self.steps.iter().find(|step| !step.has_virtual);
        let Some(step) = real_time.filter(|_| self.virtual_time) else {
            return Ok(());
        };
        let others = STEPS.iter().filter(|step| step.has_virtual);
        let others: Vec<_> = others.map(|step| step.number).collect();
        Err(format!(
            "step {} cannot run with --virtual, as its peers need real time: name some of {}",
            step.number,
            others.join(", ")
        ))
    }
}

fn step(operand: &OsString) -> Result<&'static Step, Error> {
    let step = STEPS.iter().find(|step| operand == step.number);
    step.ok_or_else(|| {
        let numbers: Vec<_> = STEPS.iter().map(|step| step.number).collect();
        Error::Usage(format!(
            "{operand:?} is not a step: give some of {}, or nothing for all, or see --help",
            numbers.join(", ")
        ))
    })
}
