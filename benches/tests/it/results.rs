//! Is what criterion leaves what the table is made of?

use std::time::Duration;
use std::{fs, io, thread};

use benches::results::{self, Time};
use benches::workloads::{self, Workload};
use criterion::{BenchmarkId, Criterion};

use crate::folder::Folder;

fn find(name: &str) -> Workload {
    let mut workloads = workloads::all().into_iter();
    let found = workloads.rfind(|workload| workload.to_string() == name);
    found.expect("there is one")
}

/// Lets criterion measure something that takes 3 µs, under a name of `benches/steps.rs`.
fn measure(folder: &Folder, group: &str, id: BenchmarkId) {
    let criterion = Criterion::default().output_directory(folder.path());
    let mut criterion = criterion
        .without_plots()
        .sample_size(10)
        .nresamples(100)
        .warm_up_time(Duration::from_millis(1))
        .measurement_time(Duration::from_millis(1));
    let mut group = criterion.benchmark_group(group);
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
    let (switch, idle) = (find("switch"), find("idle_sockets, 900"));
    let who = switch.contenders[0].who;
    measure(&folder, switch.name, BenchmarkId::from_parameter(who));
    let name = idle.contenders[1].who.to_string();
    measure(&folder, idle.name, BenchmarkId::new(name, 900));

    let found = results::read(folder.path(), &[switch, idle]).unwrap();
    let [switch, idle] = &found.comparisons[..] else {
        panic!("{found:?}")
    };
    let nanoseconds = 3_000.0;
    assert_eq!(switch.times, [Time { who, nanoseconds }]);
    assert_eq!(idle.workload, "idle_sockets, 900");
    assert_eq!(idle.times[0].who.to_string(), "step 5");
    assert_eq!(found.missing[0], "switch, step 2");
}

#[test]
fn a_workload_without_results_is_left_out() {
    let folder = Folder::new("left-out");
    let (switch, sleepers) = (find("switch"), find("sleepers"));
    let who = sleepers.contenders[0].who;
    measure(&folder, sleepers.name, BenchmarkId::from_parameter(who));
    let found = results::read(folder.path(), &[switch, sleepers]).unwrap();
    assert_eq!(found.comparisons.len(), 1);
    assert_eq!(found.comparisons[0].workload, "sleepers");
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
    let new = folder.path().join("switch/step 1/new");
    fs::create_dir_all(&new).unwrap();
    fs::write(new.join("estimates.json"), "{}").unwrap();
    let error = results::read(folder.path(), &[find("switch")]).unwrap_err();
    let message = error.to_string();
    assert!(message.starts_with("cannot read "), "{message}");
    assert!(message.ends_with("estimates.json: it has no median"));
}

#[test]
fn results_are_beside_the_built_programs() {
    // This test is target/debug/deps/it-1234.
    let test = std::env::current_exe().unwrap();
    let target = test.ancestors().nth(3).unwrap();
    assert_eq!(results::folder().unwrap(), target.join("criterion"));
}
