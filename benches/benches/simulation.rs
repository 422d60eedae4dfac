//! Measures how many datagrams a second step 9 simulates: `cargo bench -p benches --bench
//! simulation`.
//!
//! An iteration is a run of the demo with 1,000 clients. Criterion divides by the datagrams that
//! were sent: the elements of its throughput.
#![allow(
    missing_docs,
    reason = "criterion's macros make an undocumented function"
)]
#![forbid(unsafe_code)]

use criterion::{Criterion, Throughput, criterion_group, criterion_main};
use step9_simulation::Fate;
use step9_simulation::demo::Crowd;

fn simulation(criterion: &mut Criterion) {
    let crowd = Crowd {
        clients: 1_000,
        ..Crowd::default()
    };
    let report = crowd.run().expect("it needs few descriptors");
    let mut group = criterion.benchmark_group("simulation");
    group.throughput(Throughput::Elements(report.count(Fate::Sent)));
    group.bench_function("1,000 clients", |bencher| bencher.iter(|| crowd.run()));
    group.finish();
}

criterion_group!(benches, simulation);
criterion_main!(benches);
