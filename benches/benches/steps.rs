//! Measures each workload on each step: `cargo bench -p benches [-- [--quick] [NAME]]`.
//!
//! An iteration of criterion is one operation, so its times are those of one yield, one task, one
//! sleep, one round trip.
#![allow(
    missing_docs,
    reason = "criterion's macros make an undocumented function"
)]
#![forbid(unsafe_code)]

use std::time::Duration;

use benches::results;
use benches::workloads::{self, Who, Workload};
use criterion::measurement::WallTime;
use criterion::{
    BenchmarkGroup, BenchmarkId, Criterion, SamplingMode, criterion_group, criterion_main,
};

/// How much a run of Python does at least, so that it is more than Python's start.
const LEAST_FOR_PYTHON: u64 = 10_000;

/// Criterion, which leaves its results where [`results::read`] looks for them.
fn criterion() -> Criterion {
    let folder = results::folder().expect("the system tells where a program is");
    Criterion::default().output_directory(&folder)
}

fn steps(criterion: &mut Criterion) {
    if !workloads::has_python() {
        eprintln!("asyncio is left out: there is no python3");
    }
    let workloads = workloads::all();
    // The sizes of a workload share a group.
    for sizes in workloads.chunk_by(|one, other| one.name == other.name) {
        let mut group = criterion.benchmark_group(sizes[0].name);
        // A run makes its sockets and tasks first, so all runs are long, instead of short ones
        // first.
        group.sampling_mode(SamplingMode::Flat);
        group
            .warm_up_time(Duration::from_millis(500))
            .measurement_time(Duration::from_secs(3));
        sizes.iter().for_each(|workload| add(&mut group, workload));
        group.finish();
    }
}

fn add(group: &mut BenchmarkGroup<'_, WallTime>, workload: &Workload) {
    for contender in &workload.contenders {
        let id = match workload.idle {
            Some(idle) => BenchmarkId::new(contender.who.to_string(), idle),
            None => BenchmarkId::from_parameter(contender.who),
        };
        let (least, samples) = match contender.who {
            Who::Asyncio => (LEAST_FOR_PYTHON, 10),
            _ => (1, 20),
        };
        group.sample_size(samples);
        group.bench_function(id, |bencher| {
            bencher.iter_custom(|operations| {
                let more = operations.max(least);
                let elapsed = contender
                    .run(more)
                    .unwrap_or_else(|error| panic!("{workload}, {}: {error}", contender.who));
                elapsed.mul_f64(operations as f64 / more as f64)
            });
        });
    }
}

criterion_group!(name = benches; config = criterion(); targets = steps);
criterion_main!(benches);
