//! Does one operation allocate as often as the page says?
//!
//! Alone in this process, whose allocations are counted.

use benches::workload::{Contender, Workload};
use benches::workloads;
use testing::allocator::{Counting, times_during};

#[global_allocator]
static ALLOCATOR: Counting = Counting;

/// Returns how many allocations an operation has.
fn of_one(workload: &Workload, contender: &Contender) -> usize {
    let times = |operations| times_during(|| _ = workload.run(contender, operations).unwrap());
    // The first run makes what a thread has once.
    let [_, few, more] = [1_000, 1_000, 1_100].map(times);
    (more - few) / 100
}

#[test]
fn a_task_and_a_message_allocate_what_they_need() {
    let workloads = workloads::all();
    let of = |name: &str| {
        let workload = workloads.iter().find(|workload| workload.name == name);
        let workload = workload.expect("there is one");
        let steps = workload.contenders.iter();
        let steps = steps.filter(|contender| contender.name.starts_with("step"));
        Vec::from_iter(steps.map(|step| (step.name, of_one(workload, step))))
    };
    let a_task = [
        ("step 2", 5),
        ("step 3", 5),
        ("step 4", 5),
        ("step 5", 3),
        ("step 8", 0),
    ];
    assert_eq!(of("spawn and join a task, one at a time"), a_task);
    assert_eq!(of("a message through a queue of 1"), [("step 6", 0)]);
}
