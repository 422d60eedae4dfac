//! How does a parent wait for its child in step 2? It asks the scheduler, and is resumed when the sum is there.
//!
//! `cargo run -p book --example joins_for_the_sum`

use step2_round_robin::{
    Cancelled, Co, Generated, Observer, Request, Scheduler, TaskId, TaskName, Turn,
};

/// Adds up the numbers to 1,000, one a turn.
async fn child(co: &Co) -> u64 {
    let mut sum = 0;
    for i in 1..=1_000 {
        sum += i;
        co.yield_(Turn).await;
    }
    sum
}

/// Wants the sum.
async fn parent(co: &Co) -> Result<(), Cancelled> {
    let task = co.spawn(Generated::new(child)).await;
    let sum = task.join(co).await?;
    println!("the sum is {sum}");
    Ok(())
}

/// Counts how often the parent, which is the first task, is resumed.
#[derive(Default)]
struct Resumes {
    parent: Option<TaskId>,
    count: u32,
}

impl Observer<Request> for Resumes {
    fn spawned(&mut self, task: TaskId, _: &TaskName, _: Option<TaskId>) {
        self.parent.get_or_insert(task);
    }

    fn resumed(&mut self, task: TaskId) {
        self.count += u32::from(self.parent == Some(task));
    }
}

fn main() {
    let mut resumes = Resumes::default();
    let parent = Generated::new(parent);
    let result = Scheduler::new().with_observer(&mut resumes).run(parent);
    assert_eq!(result, Ok(Ok(())));
    println!("the parent was resumed {} times", resumes.count);
}
