//! What does the program do, from its options to what it prints?

use std::fs::{self, OpenOptions};
use std::io;
use std::path::Path;

use crate::measuring::{Plan, measure};
use crate::workloads::{self, Workload};
use crate::{Options, chart, table};

/// Measures all workloads, writes the chart if one is asked for, and returns the table.
///
/// Before that, it says on standard error how long this will take.
///
/// # Errors
///
/// When Python is asked for and not there, when the chart's file cannot be written (both before anything is measured),
/// and when a run fails.
pub fn report(options: &Options, plan: Plan) -> io::Result<String> {
    let workloads = workloads(options.python)?;
    if let Some(file) = &options.svg {
        check_writable(file)?;
    }
    let contenders: usize = workloads
        .iter()
        .map(|workload| workload.contenders.len())
        .sum();
    // Besides its runs, each is calibrated, and has sockets and tasks to make.
    let seconds = (plan.run * plan.rounds as u32 * contenders as u32).as_secs_f64() * 1.7;
    eprintln!(
        "{contenders} measurements in {} rounds take about {seconds:.0} s",
        plan.rounds
    );

    let comparisons = measure(&workloads, plan)?;
    if let Some(file) = &options.svg {
        fs::write(file, chart::svg(&comparisons)).map_err(|error| cannot_write(file, &error))?;
    }
    Ok(if options.markdown {
        table::markdown(&comparisons)
    } else {
        table::plain(&comparisons)
    })
}

fn workloads(python: bool) -> io::Result<Vec<Workload>> {
    if !python {
        return Ok(workloads::all());
    }
    if !workloads::has_python() {
        let message = "--python needs a python3 that can be started, and there is none: install it, or leave --python out";
        return Err(io::Error::new(io::ErrorKind::NotFound, message));
    }
    Ok(workloads::all_with_asyncio())
}

/// Opens the file as if to write, so that nobody waits for a minute to be told that it cannot be.
fn check_writable(file: &Path) -> io::Result<()> {
    let opened = OpenOptions::new()
        .write(true)
        .create(true)
        .truncate(false)
        .open(file);
    opened.map(drop).map_err(|error| cannot_write(file, &error))
}

fn cannot_write(file: &Path, error: &io::Error) -> io::Error {
    io::Error::new(
        error.kind(),
        format!("cannot write {}: {error}", file.display()),
    )
}
