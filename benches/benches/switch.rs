//! What does it cost to let another task run? `cargo bench -p benches --bench switch`
#![allow(missing_docs, reason = "criterion's macros make an undocumented function")]

use criterion::{BenchmarkId, Criterion, Throughput, criterion_group, criterion_main};

const TASKS: usize = 1000;
const TURNS: usize = 100;

fn switch(criterion: &mut Criterion) {
    let mut group = criterion.benchmark_group("switch");
    group.throughput(Throughput::Elements((TASKS * TURNS) as u64));
    let steps: [(&str, fn(usize, usize)); 4] = [
        ("step1", benches::switch_on_step1),
        ("step2", benches::switch_on_step2),
        ("step3", benches::switch_on_step3),
        ("step4", benches::switch_on_step4),
    ];
    for (step, work) in steps {
        group.bench_function(BenchmarkId::from_parameter(step), |bencher| bencher.iter(|| work(TASKS, TURNS)));
    }
    group.finish();
}

criterion_group!(benches, switch);
criterion_main!(benches);
