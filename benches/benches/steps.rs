//! What does each workload cost on each step? `cargo bench -p benches [-- NAME]`
//!
//! An iteration of criterion is one operation, so its times are those of one yield, one task, one sleep, one round trip.
#![allow(
    missing_docs,
    reason = "criterion's macros make an undocumented function"
)]
#![forbid(unsafe_code)]

use std::time::Duration;

use benches::workloads::{self, Workload};
use criterion::measurement::WallTime;
use criterion::{
    BenchmarkGroup, BenchmarkId, Criterion, SamplingMode, criterion_group, criterion_main,
};

fn steps(criterion: &mut Criterion) {
    let workloads = workloads::all();
    // The sizes of a workload share a group, in which criterion draws the time over the size.
    for sizes in workloads.chunk_by(|one, other| one.name == other.name) {
        let mut group = criterion.benchmark_group(sizes[0].name);
        // A run makes its sockets and tasks first, so all runs are long, instead of short ones first.
        group.sampling_mode(SamplingMode::Flat).sample_size(20);
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
        group.bench_function(id, |bencher| {
            bencher.iter_custom(|operations| {
                contender
                    .run(operations)
                    .unwrap_or_else(|error| panic!("{error}"))
            });
        });
    }
}

criterion_group!(benches, steps);
criterion_main!(benches);
