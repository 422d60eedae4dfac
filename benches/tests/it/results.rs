//! Is what criterion leaves what the table is made of?

use std::time::Duration;
use std::{fs, io, thread};

use benches::results;
use benches::workloads;
use criterion::{BenchmarkId, Criterion};

use crate::folder::Folder;

/// Lets criterion measure something that takes 3 µs, under the names of `benches/times.rs`.
fn measure(folder: &Folder, group: &str, who: &str, round: usize) {
    let criterion = Criterion::default().output_directory(folder.path());
    let mut criterion = criterion
        .without_plots()
        .sample_size(10)
        .nresamples(100)
        .warm_up_time(Duration::from_millis(1))
        .measurement_time(Duration::from_millis(1));
    let mut group = criterion.benchmark_group(group);
    let id = BenchmarkId::new(who, results::round(round));
    group.bench_function(id, |bencher| {
        bencher.iter_custom(|operations| {
            let elapsed = Duration::from_micros(3 * operations);
            thread::sleep(elapsed);
            elapsed
        });
    });
    group.finish();
}

#[test]
fn a_result_of_criterion_is_read() {
    let folder = Folder::new("read");
    let workloads = workloads::all();
    let workload = &workloads[1];
    measure(&folder, &workload.name, "step 2 by hand", results::ROUNDS);
    let contender = workload
        .contenders
        .iter()
        .find(|contender| contender.name == "step 2 by hand");
    results::keep_count(folder.path(), workload, contender.unwrap(), 1.5).unwrap();

    let found = results::read(folder.path(), &workloads).unwrap();
    let [comparison] = &found.comparisons[..] else {
        panic!("{found:?}")
    };
    assert_eq!(comparison.workload.name, "switch among 1,000 tasks");
    let [row] = comparison.rows[..] else {
        panic!("{comparison:?}")
    };
    assert_eq!((row.who, row.count), ("step 2 by hand", Some(1.5)));
    let time = row.time.unwrap();
    assert_eq!((time.least, time.median, time.most), (3.0, 3.0, 3.0));
    assert!(
        found
            .missing
            .contains(&"switch among 1,000 tasks/step 2".to_owned())
    );
}

#[test]
fn samples_are_those_of_all_rounds_of_a_run() {
    let folder = Folder::new("rounds");
    let workloads = workloads::all();
    let workload = &workloads[0];
    let (first, second) = (&workload.contenders[0], &workload.contenders[1]);
    let names = [first, second].map(|contender| format!("{workload}/{contender}"));
    let times = || {
        let found = results::read(folder.path(), &workloads).unwrap();
        let time = |who| found.comparisons[0].row(who)?.time;
        let times = [first.name, second.name].map(time);
        times.map(|time| time.map(|time| (time.least, time.median, time.most)))
    };
    for name in &names {
        folder.leave_round(name, 1, [1.0, 4.0]);
        folder.leave_round(name, results::ROUNDS, [2.0, 9.0]);
    }
    assert_eq!(times(), [Some((1.0, 3.0, 9.0)); 2]);

    // The next run has but one round, and of one contender.
    results::keep_count(folder.path(), workload, first, 7.0).unwrap();
    results::forget(folder.path(), workload, first).unwrap();
    assert_eq!(times(), [None, Some((1.0, 3.0, 9.0))]);
    folder.leave_round(&names[0], 1, [5.0, 7.0]);
    assert_eq!(times(), [Some((5.0, 6.0, 7.0)), Some((1.0, 3.0, 9.0))]);
    let found = results::read(folder.path(), &workloads).unwrap();
    assert_eq!(found.comparisons[0].rows[0].count, Some(7.0));
}

#[test]
fn no_results_say_how_to_measure() {
    let folder = Folder::new("nothing");
    let error = results::read(folder.path(), &workloads::all()).unwrap_err();
    assert_eq!(error.kind(), io::ErrorKind::NotFound);
    let message = error.to_string();
    assert!(message.contains("cargo bench -p benches -- --quick"));
}

#[test]
fn a_file_that_is_not_criterions_is_named() {
    let folder = Folder::new("spoilt");
    let new = folder.path().join("switch among 1 task/step 1/round 1/new");
    fs::create_dir_all(&new).unwrap();
    fs::write(new.join("sample.json"), "{}").unwrap();
    let error = results::read(folder.path(), &workloads::all()).unwrap_err();
    let message = error.to_string();
    assert!(message.starts_with("cannot read "), "{message}");
    assert!(message.ends_with("sample.json: it does not hold what it should"));
}

#[test]
fn results_are_beside_the_built_programs() {
    // This test is target/debug/deps/it-1234.
    let test = std::env::current_exe().unwrap();
    let target = test.ancestors().nth(3).unwrap();
    assert_eq!(results::folder().unwrap(), target.join("criterion"));
}
