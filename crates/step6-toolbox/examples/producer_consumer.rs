//! Generators and a consumer: first one after another, and then as tasks with a queue between them.
//!
//! In plain code the consumer starts when everything has been generated, so the first value lies
//! about all that time. As tasks they run at the same time, whichever has something to do: two
//! generators make twice as many values, and yet it all takes less time, and no value waits longer
//! than the consumer needs for those before it.
//!
//! Both ways use the same two functions. What plain code awaits is only time, one wait after
//! another.
//!
//! Python's `asyncio.Queue()` is `Queue::unbounded()`, `loop.create_task` is `spawn`, and
//! `asyncio.gather` is `join_all`. The times are random, but the same in each run.
//!
//! Run it: `cargo run -p step6-toolbox --example producer_consumer`
#![forbid(unsafe_code)]

use std::collections::VecDeque;
use std::io::{self, IsTerminal};
use std::time::{Duration, Instant};

use step5_executor::{Executor, JoinError, JoinHandle, now, sleep, spawn};
use step6_toolbox::{Queue, join_all};

/// Whether to take the time that it says, most of a minute. On the virtual clock it takes none.
const REAL_CLOCK: bool = false;

/// How many values a generator makes.
const ITEMS: usize = 20;

/// How many generators there are as tasks. In plain code there is one.
const GENERATORS: usize = 2;

fn main() -> io::Result<()> {
    let executor = if REAL_CLOCK {
        Executor::new()?
    } else {
        Executor::with_virtual_time()?
    };
    let outcome = executor.block_on(async {
        app("plain code", async { Ok(plain().await) }).await?;
        app("tasks", tasks()).await
    });
    outcome.map_err(io::Error::other)
}

/// Runs one of the two, which returns how long each of its values had to wait.
async fn app(
    title: &str,
    app: impl Future<Output = Result<Vec<Duration>, JoinError>>,
) -> Result<(), JoinError> {
    print(WHITE, &format!("App started, as {title}."));
    let start = now();
    let waits = app.await?;
    let total = (now() - start).as_secs_f64();
    let sum: Duration = waits.iter().sum();
    let average = sum.as_secs_f64() / waits.len() as f64;
    let longest = waits.iter().max().copied().unwrap_or_default();
    let (count, longest) = (waits.len(), longest.as_secs_f64());
    print(WHITE, &format!("App exiting, total time: {total:.2} sec."));
    print(
        WHITE,
        &format!(
            "{count} values waited {average:.2} sec. on average, and {longest:.2} sec. at most."
        ),
    );
    Ok(())
}

/// A value, and when it was made.
type Item = (usize, Instant);

/// What plain code and the tasks put the values into and get them out of.
trait Data {
    async fn put(&mut self, item: Item);
    async fn get(&mut self) -> Item;
}

/// Plain code has a list, and no need to wait: everything is there before the first value is taken.
impl Data for VecDeque<Item> {
    async fn put(&mut self, item: Item) {
        self.push_back(item);
    }

    async fn get(&mut self) -> Item {
        self.pop_front().expect("as many are taken as were put in")
    }
}

impl Data for Queue<Item> {
    async fn put(&mut self, item: Item) {
        let put = Queue::put(self, item).await;
        put.expect("the queue is never closed");
    }

    async fn get(&mut self) -> Item {
        let item = Queue::get(self).await;
        item.expect("the queue is never closed")
    }
}

async fn plain() -> Vec<Duration> {
    let mut data = VecDeque::new();
    generate_data(1, &mut data).await;
    process_data(ITEMS, &mut data).await
}

async fn tasks() -> Result<Vec<Duration>, JoinError> {
    let mut data = Queue::unbounded();
    let generator = |number| {
        let mut data = data.clone();
        spawn(async move { generate_data(1 + number, &mut data).await })
    };
    let generators: Vec<JoinHandle<()>> = (0..GENERATORS).map(generator).collect();
    let consumer = spawn(async move { process_data(GENERATORS * ITEMS, &mut data).await });
    for generator in join_all(generators).await {
        generator?;
    }
    consumer.await
}

async fn generate_data(seed: usize, data: &mut impl Data) {
    let mut random = random(seed as u64);
    for number in 1..=ITEMS {
        data.put((number * number, now())).await;
        print(YELLOW, &format!(" -- generated item {number}"));
        sleep(Duration::from_millis(500 + random() % 1_000)).await;
    }
}

/// Processes this many values, and returns how long each had to wait.
async fn process_data(count: usize, data: &mut impl Data) -> Vec<Duration> {
    let mut waits = vec![];
    for _ in 0..count {
        let (value, made) = data.get().await;
        let wait = now() - made;
        waits.push(wait);
        let wait = wait.as_secs_f64();
        print(
            CYAN,
            &format!(" +++ Processed value {value} after {wait:.2} sec."),
        );
        sleep(Duration::from_millis(500)).await;
    }
    waits
}

/// Returns a source of pseudo-random numbers, the same for the same seed (SplitMix64, by Steele,
/// Lea and Flood).
fn random(mut state: u64) -> impl FnMut() -> u64 {
    move || {
        state = state.wrapping_add(0x9E37_79B9_7F4A_7C15);
        let mixed = (state ^ (state >> 30)).wrapping_mul(0xBF58_476D_1CE4_E5B9);
        let mixed = (mixed ^ (mixed >> 27)).wrapping_mul(0x94D0_49BB_1331_11EB);
        mixed ^ (mixed >> 31)
    }
}

// The colours, by their ANSI numbers.
const YELLOW: u32 = 33;
const CYAN: u32 = 36;
const WHITE: u32 = 37;

/// Prints a line, in colour on a terminal.
fn print(colour: u32, line: &str) {
    if io::stdout().is_terminal() {
        println!("\x1b[{colour}m{line}\x1b[0m");
    } else {
        println!("{line}");
    }
}
