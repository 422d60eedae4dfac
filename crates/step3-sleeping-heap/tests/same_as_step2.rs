//! Does a program without sleepers run as it does on step 2, event by event?

use std::fmt::Debug;

use step2_round_robin as step2;
use step3_sleeping_heap as step3;
use step3_sleeping_heap::{Cancel, Co, Generated, Join, Observer, Spawn, TaskId, TaskName, Turn};

#[derive(Default)]
struct Events(Vec<String>);

impl<Q: Debug> Observer<Q> for Events {
    fn spawned(&mut self, task: TaskId, name: &TaskName, by: Option<TaskId>) {
        self.0.push(format!("spawned {task:?} {name} {by:?}"));
    }
    fn ready(&mut self, task: TaskId) {
        self.0.push(format!("ready {task:?}"));
    }
    fn resumed(&mut self, task: TaskId) {
        self.0.push(format!("resumed {task:?}"));
    }
    fn yielded(&mut self, task: TaskId, request: &Q) {
        self.0.push(format!("yielded {task:?} {request:?}"));
    }
    fn finished(&mut self, task: TaskId) {
        self.0.push(format!("finished {task:?}"));
    }
    fn cancelled(&mut self, task: TaskId) {
        self.0.push(format!("cancelled {task:?}"));
    }
}

/// A random program: it spawns, takes turns, joins and cancels.
async fn program<Q>(co: &step2::Co<Q>, mut state: u64, depth: u32)
where
    Q: From<Turn> + From<Spawn<Q>> + From<Join> + From<Cancel> + 'static,
{
    let mut children = Vec::new();
    for _ in 0..8 {
        state = state
            .wrapping_mul(6_364_136_223_846_793_005)
            .wrapping_add(1_442_695_040_888_963_407);
        match state >> 61 {
            0..3 if depth > 0 => {
                let body = Generated::new(async move |co: &step2::Co<Q>| {
                    Box::pin(program(co, state, depth - 1)).await
                });
                children.push(co.spawn(body).await);
            }
            3 => drop(children.pop()),
            4 if !children.is_empty() => drop(children.remove(0).join(co).await),
            5 if !children.is_empty() => children[0].cancel(co).await,
            _ => co.yield_(Turn).await,
        }
    }
}

#[test]
fn a_few_hundred_random_programs_give_the_same_events() {
    for seed in 0..300 {
        let (mut on_step2, mut on_step3) = (Events::default(), Events::default());
        let main = Generated::new(async move |co: &step2::Co| program(co, seed, 4).await);
        step2::Scheduler::new()
            .with_observer(&mut on_step2)
            .run(main)
            .unwrap();
        let main = Generated::new(async move |co: &Co| program(co, seed, 4).await);
        step3::Scheduler::new()
            .with_observer(&mut on_step3)
            .run(main)
            .unwrap();
        assert!(on_step2.0.len() > 10);
        assert_eq!(on_step2.0, on_step3.0, "seed {seed}");
    }
}
