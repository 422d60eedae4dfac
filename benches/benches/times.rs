//! Lets criterion measure the times: `cargo bench -p benches [-- [--quick] [NAME]]`.
//!
//! An iteration of criterion is the least that a run can do, a batch of operations: a turn of each
//! of a thousand tasks, two hundred round trips. So criterion's times are those of a batch; `cargo
//! run -p benches` prints those of one operation.
#![allow(
    missing_docs,
    reason = "criterion's macros make an undocumented function"
)]
#![forbid(unsafe_code)]

use std::collections::BTreeSet;
use std::env;
use std::panic::{AssertUnwindSafe, catch_unwind};
use std::path::PathBuf;
use std::time::Duration;

use benches::workload::{Contender, Workload};
use benches::{asyncio, raise_limits, results, workloads};
use criterion::measurement::WallTime;
use criterion::{
    BenchmarkGroup, BenchmarkId, Criterion, SamplingMode, Throughput, criterion_group,
    criterion_main,
};

fn folder() -> PathBuf {
    results::folder().expect("the system tells where a program is")
}

/// Criterion, which leaves its results where [`results::read`] looks for them.
fn criterion() -> Criterion {
    Criterion::default().output_directory(&folder())
}

fn all(criterion: &mut Criterion) {
    raise_limits();
    let has_python = asyncio::version().is_some();
    if !has_python {
        eprintln!("asyncio is left out: there is no python3");
    }
    let is_quick = env::args().any(|argument| argument == "--quick");
    let rounds = if is_quick { 1 } else { results::ROUNDS };
    let workloads = workloads::all();
    let mut begun = BTreeSet::new();
    for round in 1..=rounds {
        println!("round {round} of {rounds}");
        for workload in workloads.iter().filter(|workload| workload.is_timed()) {
            let mut group = criterion.benchmark_group(&workload.name);
            // A run makes its sockets and tasks first, so all runs are long, instead of short ones
            // first. There are many contenders, so each has little time.
            group
                .throughput(Throughput::Elements(workload.batch))
                .sampling_mode(SamplingMode::Flat)
                .sample_size(10)
                .nresamples(1_001)
                .warm_up_time(Duration::from_millis(50))
                .measurement_time(Duration::from_millis(200));
            for contender in &workload.contenders {
                if has_python || !contender.name.starts_with("asyncio") {
                    measure(&mut group, round, workload, contender, &mut begun);
                }
            }
            group.finish();
        }
    }
}

/// Measures a contender. One that the system has no room for says so, and is left out.
fn measure<'a>(
    group: &mut BenchmarkGroup<'_, WallTime>,
    round: usize,
    workload: &'a Workload,
    contender: &'a Contender,
    begun: &mut BTreeSet<[&'a str; 2]>,
) {
    _ = catch_unwind(AssertUnwindSafe(|| {
        let id = BenchmarkId::new(contender.name, results::round(round));
        group.bench_function(id, |bencher| {
            // Criterion calls this only for what it was asked for. Of that, rounds of an earlier
            // run would mix with those of this one.
            if begun.insert([&workload.name, contender.name]) {
                let forgotten = results::forget(&folder(), workload, contender);
                forgotten.expect("criterion's files can be deleted");
            }
            bencher.iter_custom(|batches| {
                let operations = batches * workload.batch;
                let timed = workload.run(contender, operations);
                let timed = timed.unwrap_or_else(|error| {
                    panic!("{workload}/{contender} is left out: {error}");
                });
                timed.elapsed.mul_f64(operations as f64 / timed.done as f64)
            });
        });
    }));
}

criterion_group!(name = times; config = criterion(); targets = all);
criterion_main!(times);
