//! Does the same program run here as it does on step 4, event by event, and at the same times?

use std::cell::RefCell;
use std::collections::{HashMap, HashSet};
use std::rc::Rc;
use std::time::{Duration, Instant};

use step3_sleeping_heap::Clock;
use step4_select as step4;
use step4_select::{Co, Generated, Request, Sleep, TaskName, Turn};
use step8_fast_executor::{Executor, JoinHandle, Observer, TaskId, now, sleep, spawn, yield_now};

/// What a task of a random program does next.
enum Do {
    Spawn,
    Turn,
    Sleep(Duration),
    JoinOldest,
    CancelOldest,
    DetachNewest,
}

/// A random program: each call gives what it does next.
#[derive(Clone, Copy)]
struct Program {
    state: u64,
    depth: u32,
}

impl Program {
    const LENGTH: usize = 8;

    fn next(&mut self, children: usize) -> Do {
        // Knuth's linear congruential generator, of which the highest bits are the best.
        self.state = self
            .state
            .wrapping_mul(6_364_136_223_846_793_005)
            .wrapping_add(1_442_695_040_888_963_407);
        match self.state >> 61 {
            0..3 if self.depth > 0 => Do::Spawn,
            3 if children > 0 => Do::DetachNewest,
            4 if children > 0 => Do::JoinOldest,
            5 if children > 0 => Do::CancelOldest,
            6 => Do::Sleep(Duration::from_millis(self.state >> 32 & 3)),
            _ => Do::Turn,
        }
    }

    fn child(self) -> Program {
        Program {
            state: self.state ^ 0x5DEE_CE66,
            depth: self.depth - 1,
        }
    }
}

/// Longer than all tasks together take: then all of them are done.
const LONG: Duration = Duration::from_secs(1);

async fn on_step4(co: &Co, mut program: Program) {
    let mut children = Vec::new();
    for _ in 0..Program::LENGTH {
        match program.next(children.len()) {
            Do::Spawn => {
                let child = program.child();
                let body = Generated::new(async move |co: &Co| Box::pin(on_step4(co, child)).await);
                children.push(co.spawn(body).await);
            }
            Do::Turn => co.yield_(Turn).await,
            Do::Sleep(duration) => co.yield_(Sleep(duration)).await,
            Do::JoinOldest => drop(children.remove(0).join(co).await),
            Do::CancelOldest => children.remove(0).cancel(co).await,
            Do::DetachNewest => drop(children.pop()),
        }
    }
}

async fn on_step5(mut program: Program) {
    let mut children: Vec<JoinHandle<()>> = Vec::new();
    for _ in 0..Program::LENGTH {
        match program.next(children.len()) {
            Do::Spawn => {
                let child = program.child();
                let body: std::pin::Pin<Box<dyn Future<Output = ()>>> = Box::pin(on_step5(child));
                children.push(spawn(body));
            }
            Do::Turn => yield_now().await,
            Do::Sleep(duration) => sleep(duration).await,
            Do::JoinOldest => drop(children.remove(0).await),
            Do::CancelOldest => children.remove(0).abort(),
            Do::DetachNewest => drop(children.pop()),
        }
    }
}

/// What happened to which task, by its place in the order of spawning.
type Events = Vec<(&'static str, u64)>;

/// Writes down what it sees on step 4, in the words of both.
#[derive(Default)]
struct Seen4 {
    events: Events,
    numbers: HashMap<step4::TaskId, u64>,
    ready: HashSet<u64>,
}

impl Seen4 {
    fn note(&mut self, what: &'static str, task: step4::TaskId) {
        self.events.push((what, self.numbers[&task]));
    }
}

impl step4::Observer<Request> for Seen4 {
    fn spawned(&mut self, task: step4::TaskId, _: &TaskName, by: Option<step4::TaskId>) {
        self.numbers.insert(task, self.numbers.len() as u64);
        if by.is_some() {
            self.note("spawned", task);
        }
    }

    fn ready(&mut self, task: step4::TaskId) {
        self.ready.insert(self.numbers[&task]);
        self.note("ready", task);
    }

    fn resumed(&mut self, task: step4::TaskId) {
        // A task that goes on after a request that was answered at once is still in the same turn.
        if self.ready.remove(&self.numbers[&task]) {
            self.note("runs", task);
        }
    }

    fn finished(&mut self, task: step4::TaskId) {
        self.note("finished", task);
    }

    fn cancelled(&mut self, task: step4::TaskId) {
        self.note("cancelled", task);
    }
}

#[derive(Default)]
struct Seen5(RefCell<Events>);

impl Seen5 {
    fn note(&self, what: &'static str, task: TaskId) {
        self.0.borrow_mut().push((what, task.number()));
    }
}

impl Observer for Seen5 {
    fn spawned(&self, task: TaskId, _: Option<TaskId>) {
        self.note("spawned", task);
    }

    fn woken(&self, task: TaskId) {
        self.note("ready", task);
    }

    fn polled(&self, task: TaskId) {
        self.note("runs", task);
    }

    fn finished(&self, task: TaskId) {
        self.note("finished", task);
    }

    fn aborted(&self, task: TaskId) {
        self.note("cancelled", task);
    }
}

fn events_on_step4(program: Program) -> (Events, Duration) {
    let (clock, mut seen) = (Clock::virtual_time(), Seen4::default());
    let start: Instant = clock.now();
    let main = Generated::new(async move |co: &Co| {
        on_step4(co, program).await;
        co.yield_(Sleep(LONG)).await;
    });
    let scheduler = step4::Scheduler::new().unwrap().with_clock(clock.clone());
    scheduler.with_observer(&mut seen).run(main).unwrap();
    (seen.events, clock.now() - start)
}

fn events_on_step5(program: Program) -> (Events, Duration) {
    let seen = Rc::new(Seen5::default());
    let executor = Executor::with_virtual_time()
        .unwrap()
        .with_observer(seen.clone());
    let elapsed = executor.block_on(async {
        let start = now();
        on_step5(program).await;
        sleep(LONG).await;
        now() - start
    });
    (seen.0.take(), elapsed)
}

#[test]
fn a_few_hundred_random_programs_give_the_same_events_at_the_same_times() {
    let mut most = 0;
    for seed in 0..300 {
        let program = Program {
            state: seed,
            depth: 4,
        };
        let (expected, elapsed) = events_on_step4(program);
        assert_eq!(
            events_on_step5(program),
            (expected.clone(), elapsed),
            "seed {seed}"
        );
        most = most.max(expected.len());
    }
    assert!(most > 500, "programs of at most {most} events show little");
}
