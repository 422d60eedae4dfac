//! Generators and a consumer: first one after the other, and then as tasks with a queue between them.
//!
//! In plain code the consumer starts when everything has been generated, so the first value lies about all that time.
//! As tasks they go on at the same time, whichever has something to do: two generators make twice as many values, and
//! yet it all takes less time, and no value waits longer than the consumer needs for those before it.
//!
//! Both ways use the same two functions. What plain code awaits is only time, one wait after the other, so that it can
//! run on the virtual clock as well.
//!
//! Python's `asyncio.Queue()` is `Queue::unbounded()`, `loop.create_task` is `spawn`, and `asyncio.gather` is `join_all`.
//! The times are random, but the same in each run with the same `--seed`.
//!
//! Run it: `cargo run -p step6-toolbox --example producer_consumer [-- --virtual]`, which takes most of a minute
//! without `--virtual`
//! All options: `cargo run -p step6-toolbox --example producer_consumer -- --help`
#![forbid(unsafe_code)]

#[path = "support/clock.rs"]
mod clock;
#[path = "support/command_line.rs"]
mod command_line;
#[path = "support/random.rs"]
mod random;

use std::collections::VecDeque;
use std::io::{self, IsTerminal};
use std::process::ExitCode;
use std::time::{Duration, Instant};

use step5_executor::{JoinHandle, now, sleep, spawn};
use step6_toolbox::{Queue, join_all};

use clock::{executor, timed};
use command_line::Argument;
use random::Random;

const HELP: &str = "\
Generates values and processes them, in plain code and then as tasks.

Usage: producer_consumer [--items N] [--generators N] [--seed N] [--virtual]

  --items N       how many values a generator makes, 1 to 1000 (default: 20)
  --generators N  how many generators there are as tasks, 1 to 100 (default: 2);
                  in plain code there is one
  --seed N        other times (default: 1)
  --virtual       on the virtual clock: exact, and at once
  --help          print this
";

#[derive(Clone, Copy)]
struct Options {
    items: usize,
    generators: usize,
    seed: usize,
    virtual_time: bool,
}

impl Options {
    fn parse(arguments: Vec<Argument>) -> Result<Options, String> {
        let mut options = Options {
            items: 20,
            generators: 2,
            seed: 1,
            virtual_time: false,
        };
        for argument in arguments {
            match argument.name.as_str() {
                "--items" => options.items = argument.number(1..=1_000)?,
                "--generators" => options.generators = argument.number(1..=100)?,
                "--seed" => options.seed = argument.number(0..=usize::MAX)?,
                "--virtual" => options.virtual_time = argument.flag()?,
                _ => return argument.unknown(),
            }
        }
        Ok(options)
    }
}

fn main() -> ExitCode {
    command_line::main("producer_consumer", HELP, Options::parse, run)
}

fn run(options: Options) -> io::Result<()> {
    executor(options.virtual_time)?.block_on(async {
        app("plain code", plain(options)).await?;
        app("tasks", tasks(options)).await
    })
}

/// Runs one of the two, which returns how long each of its values had to wait.
async fn app(title: &str, app: impl Future<Output = io::Result<Vec<Duration>>>) -> io::Result<()> {
    print(WHITE, &format!("App started, as {title}."));
    let (outcome, total) = timed(app).await;
    let waits = outcome?;
    let average = waits.iter().sum::<Duration>().as_secs_f64() / waits.len() as f64;
    let longest = waits.iter().max().copied().unwrap_or_default();
    print(
        WHITE,
        &format!("App exiting, total time: {:.2} sec.", total.as_secs_f64()),
    );
    print(
        WHITE,
        &format!(
            "{} values waited {average:.2} sec. on average, and {:.2} sec. at most.",
            waits.len(),
            longest.as_secs_f64()
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
        Queue::put(self, item)
            .await
            .expect("nobody closes the queue");
    }

    async fn get(&mut self) -> Item {
        Queue::get(self).await.expect("nobody closes the queue")
    }
}

async fn plain(options: Options) -> io::Result<Vec<Duration>> {
    let mut data = VecDeque::new();
    generate_data(options.items, &mut data, Random::new(options.seed as u64)).await;
    Ok(process_data(options.items, &mut data).await)
}

async fn tasks(options: Options) -> io::Result<Vec<Duration>> {
    let data = Queue::unbounded();
    let generators = (0..options.generators).map(|number| {
        let (mut data, random) = (
            data.clone(),
            Random::new((options.seed as u64).wrapping_add(number as u64)),
        );
        spawn(async move { generate_data(options.items, &mut data, random).await })
    });
    let generators: Vec<JoinHandle<()>> = generators.collect();
    let mut data = data.clone();
    let consumer =
        spawn(async move { process_data(options.items * options.generators, &mut data).await });
    for outcome in join_all(generators).await {
        outcome.map_err(io::Error::other)?;
    }
    consumer.await.map_err(io::Error::other)
}

async fn generate_data(count: usize, data: &mut impl Data, mut random: Random) {
    for number in 1..=count {
        data.put((number * number, now())).await;
        print(YELLOW, &format!(" -- generated item {number}"));
        sleep(random.time_below(Duration::from_secs(1)) + Duration::from_millis(500)).await;
    }
}

/// Processes this many values. Returns how long each had to wait.
async fn process_data(count: usize, data: &mut impl Data) -> Vec<Duration> {
    let mut waits = vec![];
    for _ in 0..count {
        let (value, made) = data.get().await;
        let wait = now() - made;
        waits.push(wait);
        print(
            CYAN,
            &format!(
                " +++ Processed value {value} after {:.2} sec.",
                wait.as_secs_f64()
            ),
        );
        sleep(Duration::from_millis(500)).await;
    }
    waits
}

// The colours, by their ANSI numbers.
const YELLOW: u32 = 33;
const CYAN: u32 = 36;
const WHITE: u32 = 37;

/// Prints a line, in colour if there is somebody to see it.
fn print(colour: u32, line: &str) {
    if io::stdout().is_terminal() {
        println!("\x1b[{colour}m{line}\x1b[0m");
    } else {
        println!("{line}");
    }
}
