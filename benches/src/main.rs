//! Prints what was measured, as one table, and draws it.
#![forbid(unsafe_code)]

use std::ffi::OsString;
use std::path::Path;
use std::process::ExitCode;
use std::{fs, io};

use benches::workload::{Contender, Workload};
use benches::{chart, page, raise_limits, results, table, workloads};

const HELP: &str = "\
Prints what each step costs, as `cargo bench -p benches` has measured it.

Usage: cargo run --release -p benches [-- --page FILE]
       cargo run --release -p benches -- --run OPERATION BY TIMES

  --page FILE  renew the tables in a page of Markdown, too, and the charts beside
               it, of one column and of two: FILE.svg, FILE-wide.svg
  --run        do one operation, by one contender, so many times: for strace,
               perf and the like; OPERATION and BY are as in the table
  --help       print this

To measure, within two minutes: cargo bench -p benches -- --quick
";

fn main() -> ExitCode {
    cli::run("benches", HELP, |mut arguments| {
        if arguments.flag("--run")? {
            return Ok(run(&arguments.operands()?)?);
        }
        let page = arguments.file("--page")?;
        arguments.end()?;

        let workloads = workloads::all();
        let found = results::read(&results::folder()?, &workloads)?;
        if let Some(file) = page {
            let old = fs::read_to_string(&file);
            let old = old.map_err(|error| named("read", &file, &error))?;
            write(&file, &page::renew(&old, &found.comparisons))?;
            let stem = file.with_extension("");
            for (ending, columns) in [(".svg", 1), ("-wide.svg", 2)] {
                let mut name = stem.clone().into_os_string();
                name.push(ending);
                write(Path::new(&name), &chart::svg(&found.comparisons, columns))?;
            }
        }
        print!("{}", table::plain(&found.comparisons));
        if !found.missing.is_empty() {
            eprintln!("not measured yet: {}", found.missing.join("; "));
        }
        Ok(())
    })
}

fn write(file: &Path, text: &str) -> io::Result<()> {
    fs::write(file, text).map_err(|error| named("write", file, &error))
}

fn named(what: &str, file: &Path, error: &io::Error) -> io::Error {
    let message = format!("cannot {what} {}: {error}", file.display());
    io::Error::new(error.kind(), message)
}

/// Does one operation, by one contender, so many times.
fn run(operands: &[OsString]) -> io::Result<()> {
    let invalid = |message: String| io::Error::new(io::ErrorKind::InvalidInput, message);
    let operands = Vec::from_iter(operands.iter().map(|operand| operand.to_string_lossy()));
    let [operation, by, times] = &operands[..] else {
        return Err(invalid("--run takes OPERATION BY TIMES".into()));
    };
    let times = times
        .parse()
        .ok()
        .filter(|times| (1..=1_000_000_000).contains(times));
    let times = times.ok_or_else(|| invalid("TIMES is from 1 to 1000000000".into()))?;

    let workloads = workloads::all();
    let workload: Option<&Workload> = workloads.iter().find(|w| w.name == *operation);
    let workload = workload.ok_or_else(|| {
        let names = Vec::from_iter(workloads.iter().map(|workload| workload.name.as_str()));
        invalid(format!(
            "there is no operation {operation:?}, but: {}",
            names.join("; ")
        ))
    })?;
    let contender: Option<&Contender> = workload.contenders.iter().find(|c| c.name == *by);
    let contender = contender.ok_or_else(|| {
        let names = Vec::from_iter(workload.contenders.iter().map(|contender| contender.name));
        invalid(format!(
            "it is not done by {by:?}, but by: {}",
            names.join("; ")
        ))
    })?;
    raise_limits();
    let timed = workload.run(contender, times)?;
    println!("{} times in {:?}", timed.done, timed.elapsed);
    Ok(())
}
