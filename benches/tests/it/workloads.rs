//! Does each contender do each workload, however few the operations? A run counts, and panics if
//! less was done.

use benches::workload::{Section, Workload};
use benches::{asyncio, workloads};

/// Whether it takes thousands of tasks or sockets, which is slow without optimization, or more
/// files than this process has beside those of the other tests.
fn is_large(workload: &Workload) -> bool {
    workload.batch > 10_000
        || workload.growth.is_some_and(|growth| growth.n >= 900)
        || workload.section == Section::Sockets && workload.batch >= 1_000
}

fn run_small(is_wanted: impl Fn(&str) -> bool) {
    let workloads = workloads::all();
    let small = workloads
        .iter()
        .filter(|workload| workload.is_timed() && !is_large(workload));
    for workload in small {
        let wanted = workload
            .contenders
            .iter()
            .filter(|contender| is_wanted(contender.name));
        for contender in wanted {
            let timed = workload
                .run(contender, 3)
                .unwrap_or_else(|error| panic!("{workload}/{contender}: {error}"));
            assert!(timed.done >= workload.at_least(3), "{workload}/{contender}");
        }
    }
}

#[test]
fn steps_do_all_that_is_asked() {
    run_small(|name| name.starts_with("step"));
}

#[test]
fn threads_do_all_that_is_asked() {
    run_small(|name| name.starts_with("threads"));
}

#[test]
fn asyncio_does_all_that_is_asked() {
    if asyncio::version().is_some() {
        run_small(|name| name.starts_with("asyncio"));
    }
}

#[test]
fn names_are_criterions_folders() {
    // It replaces these, and cuts what is longer.
    let is_kept = |name: &str| name.len() <= 64 && !name.contains(['?', '"', '/', '*', ':']);
    let workloads = workloads::all();
    for workload in &workloads {
        assert!(is_kept(&workload.name), "{workload}");
        let others = workloads.iter().filter(|other| other.name == workload.name);
        assert_eq!(others.count(), 1, "{workload}");
        let contenders = workload.contenders.iter().map(|contender| contender.name);
        assert!(contenders.into_iter().all(is_kept), "{workload}");
    }
}
