//! Lets criterion measure the times: `cargo bench -p benches [-- [--quick] [NAME]]`.
//!
//! An iteration of criterion is one operation, so its times are those of one switch, one task, one
//! timer, one round trip.
#![allow(
    missing_docs,
    reason = "criterion's macros make an undocumented function"
)]
#![forbid(unsafe_code)]

use std::panic::{AssertUnwindSafe, catch_unwind};
use std::time::Duration;

use benches::workload::{Contender, Workload};
use benches::{asyncio, raise_limits, results, workloads};
use criterion::measurement::WallTime;
use criterion::{BenchmarkGroup, Criterion, SamplingMode, criterion_group, criterion_main};

/// Criterion, which leaves its results where [`results::read`] looks for them.
fn criterion() -> Criterion {
    let folder = results::folder().expect("the system tells where a program is");
    Criterion::default().output_directory(&folder)
}

fn all(criterion: &mut Criterion) {
    raise_limits();
    let has_python = asyncio::version().is_some();
    if !has_python {
        eprintln!("asyncio is left out: there is no python3");
    }
    for workload in workloads::all()
        .iter()
        .filter(|workload| workload.is_timed())
    {
        let mut group = criterion.benchmark_group(&workload.name);
        // A run makes its sockets and tasks first, so all runs are long, instead of short ones
        // first. There are many contenders, so each has little time.
        group
            .sampling_mode(SamplingMode::Flat)
            .sample_size(10)
            .nresamples(1_000)
            .warm_up_time(Duration::from_millis(150))
            .measurement_time(Duration::from_millis(700));
        for contender in &workload.contenders {
            if has_python || !contender.name.starts_with("asyncio") {
                measure(&mut group, workload, contender);
            }
        }
        group.finish();
    }
}

/// Measures a contender. One that the system has no room for says so, and is left out.
fn measure(group: &mut BenchmarkGroup<'_, WallTime>, workload: &Workload, contender: &Contender) {
    _ = catch_unwind(AssertUnwindSafe(|| {
        group.bench_function(contender.name, |bencher| {
            bencher.iter_custom(|operations| {
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
