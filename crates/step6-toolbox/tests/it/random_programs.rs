//! Is anything lost or stuck when random programs over all tools drop their futures at random?
//!
//! Items, permits and guards are counted. And when nothing is left to be polled, nothing may wait
//! for what is there.

use std::cell::Cell;
use std::pin::Pin;
use std::rc::Rc;
use std::task::Poll;

use step6_toolbox::{
    Barrier, Condition, Event, FuturesUnordered, Lock, OrderedQueue, PriorityQueue, Queue,
    QueueOrder, Semaphore, async_generator, join, join_all, map_bounded, map_bounded_ordered,
    oneshot, race,
};
use testing::random::Random;

use crate::by_hand::ByHand;

type Op<'a> = Pin<Box<dyn Future<Output = ()> + 'a>>;

const CAPACITY: usize = 2;
const PERMITS: usize = 3;

/// An item, which is counted as long as it exists.
#[derive(Clone)]
struct Item(Rc<()>);

impl PartialEq for Item {
    fn eq(&self, _: &Item) -> bool {
        true
    }
}

impl Eq for Item {}

impl PartialOrd for Item {
    fn partial_cmp(&self, other: &Item) -> Option<std::cmp::Ordering> {
        Some(self.cmp(other))
    }
}

impl Ord for Item {
    fn cmp(&self, _: &Item) -> std::cmp::Ordering {
        std::cmp::Ordering::Equal
    }
}

/// Counts a wait, from its first poll until it is over or dropped.
struct Counted<'a>(&'a Cell<usize>);

impl<'a> Counted<'a> {
    fn new(count: &'a Cell<usize>) -> Counted<'a> {
        count.set(count.get() + 1);
        Counted(count)
    }
}

impl Drop for Counted<'_> {
    fn drop(&mut self) {
        self.0.set(self.0.get() - 1);
    }
}

async fn counted<T>(count: &Cell<usize>, future: impl Future<Output = T>) -> T {
    let _counted = Counted::new(count);
    future.await
}

/// A queue, and what was done with it.
struct Items<O> {
    queue: OrderedQueue<O>,
    /// How many puts were successful, less the gets that were.
    balance: Cell<usize>,
    putting: Cell<usize>,
    getting: Cell<usize>,
}

impl<O: QueueOrder<Item = Item>> Items<O> {
    fn new() -> Items<O> {
        Items {
            queue: OrderedQueue::new(CAPACITY),
            balance: Cell::new(0),
            putting: Cell::new(0),
            getting: Cell::new(0),
        }
    }

    async fn put(&self, item: Item) {
        if counted(&self.putting, self.queue.put(item)).await.is_ok() {
            self.balance.set(self.balance.get() + 1);
        }
    }

    async fn get(&self) {
        if counted(&self.getting, self.queue.get()).await.is_some() {
            self.balance.set(self.balance.get() - 1);
        }
    }

    /// Checks that nothing waits for what is there. Nothing is left to be polled now.
    fn check(&self) {
        assert_eq!(self.queue.len(), self.balance.get(), "items");
        let is_closed = self.queue.is_closed();
        let has_room = self.queue.len() < CAPACITY || is_closed;
        let has_items = !self.queue.is_empty() || is_closed;
        assert!(!has_room || self.putting.get() == 0, "a put is stuck");
        assert!(!has_items || self.getting.get() == 0, "a get is stuck");
    }
}

struct World {
    item: Item,
    fifo: Items<std::collections::VecDeque<Item>>,
    by_priority: Items<step6_toolbox::SmallestFirst<Item>>,
    semaphore: Semaphore,
    acquiring: Cell<usize>,
    lock: Rc<Lock<usize>>,
    locking: Cell<usize>,
    locked: Cell<usize>,
    condition: Condition,
    event: Event,
    waiting: Cell<usize>,
    barrier: Barrier,
}

impl World {
    fn new() -> World {
        // The names of the two queues are those of the orders.
        let _: (&Queue<Item>, &PriorityQueue<Item>);
        World {
            item: Item(Rc::new(())),
            fifo: Items::new(),
            by_priority: Items::new(),
            semaphore: Semaphore::new(PERMITS),
            acquiring: Cell::new(0),
            lock: Rc::new(Lock::new(0)),
            locking: Cell::new(0),
            locked: Cell::new(0),
            condition: Condition::new(),
            event: Event::new(),
            waiting: Cell::new(0),
            barrier: Barrier::new(2),
        }
    }

    /// Makes an operation that waits for something, or for several.
    fn op(&self, random: &mut Random, depth: usize) -> Op<'_> {
        match random.below(if depth == 0 { 12 } else { 19 }) {
            0 => Box::pin(self.fifo.put(self.item.clone())),
            1 => Box::pin(self.fifo.get()),
            2 => Box::pin(self.by_priority.put(self.item.clone())),
            3 => Box::pin(self.by_priority.get()),
            4 => Box::pin(async {
                let _permit = counted(&self.acquiring, self.semaphore.acquire()).await;
                turn().await;
            }),
            5 => {
                let count = 1 + random.below(PERMITS);
                Box::pin(async move {
                    let _permits = self.semaphore.acquire_many(count).await;
                    turn().await;
                })
            }
            6 => Box::pin(async {
                let mut guard = counted(&self.locking, self.lock.lock()).await;
                *guard += 1;
                self.locked.set(self.locked.get() + 1);
                turn().await;
            }),
            7 => Box::pin(async {
                let guard = counted(&self.locking, self.lock.clone().lock_owned()).await;
                drop(self.condition.wait(guard).await);
            }),
            8 => Box::pin(async { counted(&self.waiting, self.event.wait()).await }),
            9 => Box::pin(async { _ = self.barrier.wait().await }),
            10 => Box::pin(turn()),
            11 => Box::pin(async {
                let (sender, receiver) = oneshot::channel();
                let send = async {
                    turn().await;
                    assert!(sender.send(self.item.clone()).is_ok());
                };
                let (_, received) = join(send, receiver).await;
                assert!(received.is_ok());
            }),
            12 => {
                let (first, second) = (self.op(random, depth - 1), self.op(random, depth - 1));
                Box::pin(async { _ = join(first, second).await })
            }
            13 => {
                let (first, second) = (self.op(random, depth - 1), self.op(random, depth - 1));
                Box::pin(async { _ = race(first, second).await })
            }
            kind => {
                let ops: Vec<_> = (0..1 + random.below(4))
                    .map(|_| self.op(random, depth - 1))
                    .collect();
                many(kind, ops)
            }
        }
    }

    /// Does something that does not wait.
    fn act(&self, random: &mut Random) {
        match random.below(12) {
            0 => self.condition.notify_one(),
            1 => self.condition.notify(2),
            2 => self.condition.notify_all(),
            3 => self.event.set(),
            4 => self.event.clear(),
            5 => self.barrier.abort(),
            6 | 7 => self.barrier.reset(),
            8 => drop(self.semaphore.try_acquire()),
            9 => drop(self.lock.try_lock()),
            10 if random.below(10) == 0 => self.fifo.queue.close(),
            10 if random.below(10) == 0 => self.by_priority.queue.close(),
            _ => {}
        }
    }

    /// Checks that nothing waits for what is there. Nothing is left to be polled now.
    fn check(&self) {
        self.fifo.check();
        self.by_priority.check();
        let is_free = self.semaphore.available() > 0;
        assert!(!is_free || self.acquiring.get() == 0, "a permit is stuck");
        let is_free = !self.lock.is_locked();
        assert!(!is_free || self.locking.get() == 0, "the lock is stuck");
        let is_set = self.event.is_set();
        assert!(!is_set || self.waiting.get() == 0, "the event is stuck");
        assert!(self.barrier.waiting() < self.barrier.parties());
    }
}

/// Runs many operations, with one tool or another.
fn many(kind: usize, ops: Vec<Op<'_>>) -> Op<'_> {
    match kind {
        14 => Box::pin(async { _ = join_all(ops).await }),
        15 => Box::pin(async {
            let mut all: FuturesUnordered<_> = ops.into_iter().collect();
            while all.next().await.is_some() {}
        }),
        16 => Box::pin(async {
            let mut outputs = map_bounded(2, ops, |op| op);
            while outputs.next().await.is_some() {}
        }),
        17 => Box::pin(async {
            let mut outputs = map_bounded_ordered(2, ops, |op| op);
            while outputs.next().await.is_some() {}
        }),
        _ => Box::pin(async {
            let mut items = async_generator(async |yielder| {
                for op in ops {
                    op.await;
                    yielder.yield_(()).await;
                }
            });
            while items.next().await.is_some() {}
        }),
    }
}

/// Waits for one turn.
async fn turn() {
    let mut has_waited = false;
    std::future::poll_fn(|cx| {
        cx.waker().wake_by_ref();
        match std::mem::replace(&mut has_waited, true) {
            true => Poll::Ready(()),
            false => Poll::Pending,
        }
    })
    .await;
}

fn run(seed: u64) {
    let mut random = Random::new(seed);
    let world = World::new();
    let mut tasks: Vec<ByHand<'_, ()>> = vec![];
    for _ in 0..80 {
        match random.below(10) {
            0..3 => {
                let mut task = ByHand::new(world.op(&mut random, 2));
                if task.poll().is_pending() {
                    tasks.push(task);
                }
            }
            3..7 if !tasks.is_empty() => {
                let index = random.below(tasks.len());
                if tasks[index].poll_somehow(&mut random).is_ready() {
                    tasks.remove(index);
                }
            }
            7 if !tasks.is_empty() => drop(tasks.remove(random.below(tasks.len()))),
            8 => world.act(&mut random),
            _ => {
                let rounds = settle(&mut tasks);
                assert!(rounds < 1_000, "it does not come to rest");
                world.check();
            }
        }
    }
    drop(tasks);
    world.check();
    assert_eq!(world.semaphore.available(), PERMITS);
    assert_eq!(*world.lock.try_lock().unwrap(), world.locked.get());
    let item = world.item.clone();
    drop(world);
    assert_eq!(Rc::strong_count(&item.0), 1, "an item is left");
}

/// Polls those that were woken until there are none. Returns how many rounds that took.
fn settle(tasks: &mut Vec<ByHand<'_, ()>>) -> usize {
    let mut rounds = 0;
    while tasks.iter().any(ByHand::is_woken) && rounds < 1_000 {
        tasks.retain_mut(|task| !task.is_woken() || task.poll().is_pending());
        rounds += 1;
    }
    rounds
}

/// The variable `RANDOM_SEEDS` sets the number of programs; 100,000 take a minute or two.
#[test]
fn random_programs_lose_nothing() {
    let seeds = std::env::var("RANDOM_SEEDS").map_or(1_000, |seeds| seeds.parse().unwrap());
    for seed in 0..seeds {
        if let Err(payload) = std::panic::catch_unwind(|| run(seed)) {
            eprintln!("seed {seed}");
            std::panic::resume_unwind(payload);
        }
    }
}
