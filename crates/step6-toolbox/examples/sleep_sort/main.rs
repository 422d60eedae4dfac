//! Sleep sort: each number sleeps for as long as it says, and then comes out. So the smallest is first.
//!
//! It is a joke, and a good question: when is the answer right, and what has that to do with time?
//!
//! - `sleep(number)` counts from when it is called, and starting a task takes time too. Two numbers that are closer
//!   together than their starts come out in the wrong order if the greater one was started first. For `count` numbers
//!   in a `span`, at a cost of `c` a start, about `c * count³ / (6 * span)` pairs do so. Ten times the span is enough
//!   for only about twice the numbers.
//! - Coming late does no harm. The loop keeps all timers in a heap, by deadline, and takes them out in that order,
//!   however many are due at once. So with `sleep_until`, from one start for all, any number of numbers comes out
//!   sorted, however short the span.
//! - But then it is the heap that sorts, and the sleeping is for nothing. Take the heap alone, and it is heap sort.
//!
//! Python's version sorts 50 numbers in a second, and fails at 100. This one, built with `--release`, was measured to
//! sort 100, mostly 200 as well, and to fail at 500: starting a task takes 0.2 µs.
//!
//! Python's `asyncio.as_completed(tasks)` is `as_completed`, an async generator is a `sequence`, and the thread with a
//! queue, by which plain code gets the values one by one, is `into_blocking_iter`, or `BlockingIter::on` for a loop with a
//! virtual clock. `queue.PriorityQueue` is `PriorityQueue`.
//!
//! Run it: `cargo run -p step6-toolbox --example sleep_sort -- --numbers 3,2,5,4,1 [--virtual]`
//! All options: `cargo run -p step6-toolbox --example sleep_sort -- --help`
#![forbid(unsafe_code)]

#[path = "sleep_sort/by_sleeping.rs"]
mod by_sleeping;
#[path = "support/clock.rs"]
mod clock;
#[path = "support/command_line.rs"]
mod command_line;
#[path = "sleep_sort/heap.rs"]
mod heap;
#[path = "support/random.rs"]
mod random;
#[path = "sleep_sort/trade.rs"]
mod trade;

use std::collections::HashSet;
use std::io;
use std::process::ExitCode;
use std::time::{Duration, Instant};

use step5_executor::now;
use step6_toolbox::Sequence;

use by_sleeping::{Number, sleep_sort, sleep_sort_iterator, sleep_sort_sequence, sort};
use clock::{executor, timed};
use command_line::Argument;
use random::Random;

const HELP: &str = "\
Sorts numbers by sleeping for as long as each of them says.

Usage: sleep_sort [--numbers SECONDS,..] [--lists N] [--span SECONDS] [--many N]
                  [--seed N] [--virtual]

  --numbers SECONDS,..  what to sort, up to 100 numbers (default: 3,2,5,4,1);
                        after the first time a tenth of a second stands for one
  --lists N             how many lists of each length are tried, 1 to 100
                        (default: 10)
  --span SECONDS        the longest time in which the numbers of a list come
                        (default: 1)
  --many N              how many numbers count from one start, and are sorted by
                        a heap, 1 to 1000000 (default: 100000)
  --seed N              other random numbers (default: 1)
  --virtual             on the virtual clock: exact, and at once
  --help                print this
";

struct Options {
    numbers: Vec<Duration>,
    lists: usize,
    span: Duration,
    many: usize,
    seed: u64,
    virtual_time: bool,
}

impl Options {
    fn parse(arguments: Vec<Argument>) -> Result<Options, String> {
        let mut options = Options {
            numbers: [3, 2, 5, 4, 1].map(Duration::from_secs).to_vec(),
            lists: 10,
            span: Duration::from_secs(1),
            many: 100_000,
            seed: 1,
            virtual_time: false,
        };
        for argument in arguments {
            match argument.name.as_str() {
                "--numbers" => options.numbers = argument.seconds_each(1..=100)?,
                "--lists" => options.lists = argument.number(1..=100)?,
                "--span" => options.span = argument.seconds()?,
                "--many" => options.many = argument.number(1..=1_000_000)?,
                "--seed" => options.seed = argument.number(0..=usize::MAX)? as u64,
                "--virtual" => options.virtual_time = argument.flag()?,
                _ => return argument.unknown(),
            }
        }
        Ok(options)
    }
}

fn main() -> ExitCode {
    command_line::main("sleep_sort", HELP, Options::parse, |options| run(&options))
}

fn run(options: &Options) -> io::Result<()> {
    let numbers: Vec<_> = options.numbers.iter().copied().map(Number).collect();
    let tenths: Vec<_> = options
        .numbers
        .iter()
        .map(|number| Number(*number / 10))
        .collect();
    let executor = executor(options.virtual_time)?;
    executor.block_on(async {
        println!("Print as they wake:");
        let (sorted, elapsed) = timed(sleep_sort(numbers)).await;
        println!("{sorted:?} took {:.2} s", elapsed.as_secs_f64());

        println!("As an async sequence, from here on in tenths of a second:");
        let start = now();
        let mut sorted = sleep_sort_sequence(tenths.clone());
        while let Some(number) = sorted.next().await {
            println!(
                "{:.2} s: the sequence gave {number}",
                (now() - start).as_secs_f64()
            );
        }
    });

    println!("As a blocking iterator, fed from a thread:");
    let start = Instant::now();
    for (number, time) in sleep_sort_iterator(tenths.clone(), options.virtual_time) {
        // A virtual clock is the loop's own, and this thread has another time.
        let time = if options.virtual_time {
            time
        } else {
            start.elapsed()
        };
        println!("{:.2} s: the iterator gave {number}", time.as_secs_f64());
    }

    executor.block_on(async {
        println!("Whatever they come from:");
        any_collection(&tenths).await;
        trade::table(
            options.lists,
            options.span,
            options.seed,
            options.virtual_time,
        )
        .await;
        trade::from_one_start(options.many, options.span / 100, options.seed).await;
    });

    println!("By a heap alone, without sleeping:");
    println!("{:?}", heap::sort_by_priority_queue(&tenths));
    heap_sort_many(options);
    Ok(())
}

/// Sorts a list, a set, a slice and a list with each number twice, all at once.
async fn any_collection(numbers: &[Number]) {
    let set: HashSet<_> = numbers.iter().copied().collect();
    let kinds = [
        ("a set", set.len(), sort(set)),
        ("a list", numbers.len(), sort(numbers.to_vec())),
        ("a slice", numbers.len(), sort(numbers.iter().copied())),
        (
            "a list with each twice,",
            2 * numbers.len(),
            sort([numbers, numbers].concat()),
        ),
    ];
    for (kind, count, task) in kinds {
        let sorted = task.await.expect("to sort does not panic");
        println!(
            "{kind} of {count}: {}",
            trade::verdict(sorted.len() == count && sorted.is_sorted())
        );
    }
}

/// Sorts many random numbers by the heap of the timers, and prints how long that took. On the virtual clock it takes no
/// time.
fn heap_sort_many(options: &Options) {
    let (count, hour) = (options.many, Duration::from_secs(3_600));
    let mut random = Random::new(options.seed);
    let numbers: Vec<_> = (0..count).map(|_| random.time_below(hour)).collect();
    let start = Instant::now();
    let sorted = heap::sort_by_timers(&numbers);
    let elapsed = if options.virtual_time {
        Duration::ZERO
    } else {
        start.elapsed()
    };
    let verdict = trade::verdict(sorted.len() == count && sorted.is_sorted());
    println!(
        "{count} numbers of up to an hour: {verdict}, in {:.2} s",
        elapsed.as_secs_f64()
    );
}
