//! Counts what can be counted: allocations, bytes, system calls and instructions of one operation.
//!
//! It takes the arguments of `benches/times.rs`, beside which it runs: a NAME, and `--quick`, which
//! leaves the instructions as they were, because valgrind takes a minute.
#![forbid(unsafe_code)]

use std::path::Path;
use std::{env, io};

use benches::counting::{self, Tool};
use benches::workload::{Contender, Count, Workload};
use benches::workloads::{self, WAITING_TASKS};
use benches::{asyncio, raise_limits, results};
use testing::allocator::{Counting, live, times_during};

#[global_allocator]
static ALLOCATOR: Counting = Counting;

/// The program that does one workload, which the tools run.
const PROGRAM: &str = env!("CARGO_BIN_EXE_benches");

fn main() -> io::Result<()> {
    raise_limits();
    let arguments = Vec::from_iter(env::args().skip(1));
    let wanted = arguments.iter().find(|argument| !argument.starts_with('-'));
    let is_quick = arguments.iter().any(|argument| argument == "--quick");
    let folder = results::folder()?;
    for count in [
        Count::Allocations,
        Count::Bytes,
        Count::SystemCalls,
        Count::Instructions,
    ] {
        let problem = match count {
            Count::Instructions if is_quick => Some("that takes a minute: leave out --quick"),
            Count::Instructions if !Tool::Valgrind.is_there() => Some("there is no valgrind"),
            Count::SystemCalls if !Tool::Strace.is_there() => Some("there is no strace"),
            _ => None,
        };
        if let Some(problem) = problem {
            println!("{count} are not counted: {problem}");
            continue;
        }
        for workload in workloads::all()
            .iter()
            .filter(|workload| workload.count == Some(count))
        {
            for contender in &workload.contenders {
                let name = format!("{workload}/{contender}");
                if wanted.is_none_or(|wanted| name.contains(wanted)) {
                    match count_one(workload, contender, count) {
                        Ok(Some(number)) => {
                            println!("{name}: {number} {count}");
                            results::keep_count(&folder, workload, contender, number)?;
                        }
                        Ok(None) => {}
                        Err(error) => println!("{name} is left out: {error}"),
                    }
                }
            }
        }
    }
    Ok(())
}

/// Counts for one operation; `None` where that is not done.
fn count_one(workload: &Workload, contender: &Contender, count: Count) -> io::Result<Option<f64>> {
    let is_asyncio = contender.name.starts_with("asyncio");
    if is_asyncio && asyncio::version().is_none() {
        return Ok(None);
    }
    let program = Path::new(PROGRAM);
    match count {
        // Python has an allocator of its own.
        Count::Allocations if is_asyncio => Ok(None),
        // Python's start takes valgrind half a minute: once will do.
        Count::Instructions if is_asyncio && workload.batch != 1_000 => Ok(None),
        Count::Allocations => allocations(workload, contender).map(Some),
        Count::Bytes => contender.bytes(WAITING_TASKS, live).map(Some),
        Count::SystemCalls => Tool::Strace.of_one(program, workload, contender).map(Some),
        Count::Instructions => Tool::Valgrind
            .of_one(program, workload, contender)
            .map(Some),
    }
}

fn allocations(workload: &Workload, contender: &Contender) -> io::Result<f64> {
    let (few, more) = counting::between(workload);
    let count = |operations| {
        let mut outcome = None;
        let times = times_during(|| outcome = Some(workload.run(contender, operations)));
        outcome.expect("it has run")?;
        io::Result::Ok(times as u64)
    };
    Ok(counting::difference(count(few)?, count(more)?) / (more - few) as f64)
}
