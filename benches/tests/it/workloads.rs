//! Does each workload do what it is asked for, however little that is? A run counts, and panics if
//! the count is off.

use benches::workloads::{self, Who, Workload};

fn find(name: &str) -> Vec<Workload> {
    let mut workloads = workloads::all();
    workloads.retain(|workload| workload.name == name);
    workloads
}

/// Runs all contenders of a workload but asyncio with few operations, and checks which they are.
fn run_small(workload: &Workload, steps: &[u8], has_threads: bool) {
    let steps = steps.iter().copied();
    let steps = steps.filter(|step| *step != 7 || cfg!(target_os = "linux"));
    let threads = has_threads.then_some(Who::Threads);
    let expected = Vec::from_iter(steps.map(Who::Step).chain(threads));
    let contenders = workload.contenders.iter();
    let contenders = Vec::from_iter(contenders.filter(|contender| contender.who != Who::Asyncio));
    let names = contenders.iter().map(|contender| contender.who);
    assert_eq!(Vec::from_iter(names), expected, "{workload}");
    for contender in contenders {
        for operations in [1, 2, 7] {
            contender
                .run(operations)
                .unwrap_or_else(|error| panic!("{workload}, {}: {error}", contender.who));
        }
    }
}

#[test]
fn all_tasks_take_their_turns() {
    run_small(&find("switch")[0], &[1, 2, 3, 4, 5, 8], true);
}

#[test]
fn all_tasks_are_spawned_and_joined() {
    run_small(&find("spawn_join")[0], &[2, 3, 4, 5, 8], true);
}

#[test]
fn all_sleepers_sleep() {
    run_small(&find("sleepers")[0], &[3, 4, 5, 8], false);
}

#[test]
fn all_datagrams_come_back() {
    run_small(&find("udp_round_trip")[0], &[4, 5, 7, 8], true);
}

#[test]
fn datagrams_come_back_beside_idle_sockets() {
    let sizes = find("idle_sockets");
    let names = Vec::from_iter(sizes.iter().map(Workload::to_string));
    let expected = ["idle_sockets, 0", "idle_sockets, 100", "idle_sockets, 900"];
    assert_eq!(names, expected);
    // 900 sockets next to those of the other tests may be more than the set of `select` has room
    // for.
    for workload in &sizes[..2] {
        run_small(workload, &[4, 5, 7, 8], false);
    }
}

#[test]
fn asyncio_does_every_workload() {
    if !workloads::has_python() {
        return;
    }
    for workload in workloads::all() {
        // 900 sockets may be more than this process may open, but Python is one of its own.
        let asyncio = workload.contenders.last().expect("each has contenders");
        assert_eq!(asyncio.who, Who::Asyncio);
        asyncio
            .run(3)
            .unwrap_or_else(|error| panic!("{workload}: {error}"));
    }
}
