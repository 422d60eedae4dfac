//! Does each workload do what it is asked for, however little that is? A run counts, and panics if the count is off.

use benches::workloads::{self, Workload};

fn find(name: &str) -> Vec<Workload> {
    workloads::all()
        .into_iter()
        .filter(|workload| workload.name == name)
        .collect()
}

/// Runs all contenders of a workload with few operations, and returns their names.
fn run_small(workload: &Workload) -> Vec<String> {
    for contender in &workload.contenders {
        for operations in [1, 2, 7] {
            contender
                .run(operations)
                .unwrap_or_else(|error| panic!("{workload}, {}: {error}", contender.who));
        }
    }
    workload
        .contenders
        .iter()
        .map(|contender| contender.who.to_string())
        .collect()
}

#[test]
fn all_tasks_take_their_turns_on_every_step() {
    let [workload] = &find("switch")[..] else {
        panic!("one size")
    };
    assert_eq!(
        run_small(workload),
        ["step 1", "step 2", "step 3", "step 4", "step 5", "threads"]
    );
}

#[test]
fn all_tasks_are_spawned_and_joined_on_every_step_that_has_tasks() {
    let [workload] = &find("spawn_join")[..] else {
        panic!("one size")
    };
    assert_eq!(
        run_small(workload),
        ["step 2", "step 3", "step 4", "step 5", "threads"]
    );
}

#[test]
fn all_sleepers_sleep_on_every_step_that_has_time() {
    let [workload] = &find("sleepers")[..] else {
        panic!("one size")
    };
    assert_eq!(run_small(workload), ["step 3", "step 4", "step 5"]);
}

#[test]
fn all_datagrams_come_back_on_every_step_that_has_sockets() {
    let [workload] = &find("udp_round_trip")[..] else {
        panic!("one size")
    };
    let epoll = cfg!(target_os = "linux").then_some("step 7");
    let expected = ["step 4", "step 5"]
        .into_iter()
        .chain(epoll)
        .chain(["threads"]);
    assert_eq!(run_small(workload), Vec::from_iter(expected));
}

#[test]
fn all_datagrams_come_back_beside_idle_sockets() {
    let sizes = find("idle_sockets");
    assert_eq!(
        Vec::from_iter(sizes.iter().map(Workload::to_string)),
        ["idle_sockets, 0", "idle_sockets, 100", "idle_sockets, 900"]
    );
    let epoll = cfg!(target_os = "linux").then_some("step 7");
    let expected = Vec::from_iter(["step 4", "step 5"].into_iter().chain(epoll));
    // 900 sockets next to those of the other tests may be more than the set of `select` has room for.
    for workload in &sizes[..2] {
        assert_eq!(run_small(workload), expected);
    }
}

#[test]
fn asyncio_does_every_workload() {
    if !workloads::has_python() {
        return;
    }
    for workload in workloads::all_with_asyncio() {
        let asyncio = workload.contenders.last().expect("each has contenders");
        assert_eq!(asyncio.who.to_string(), "asyncio");
        asyncio
            .run(3)
            .unwrap_or_else(|error| panic!("{workload}: {error}"));
    }
}
