//! Sleep sort: each number sleeps for as long as it says, and then comes out, so the smallest comes
//! out first.
//!
//! It is a joke, and a good question: can a right answer depend on time?
//!
//! - `sleep(number)` counts from the call, and starting a task takes time. If the greater of two
//!   numbers starts first, and they are closer together than their starts, they come out in the
//!   wrong order. A longer unit of time helps, and takes longer. In Python, 50 numbers in a second
//!   come out sorted, and 100 don't.
//! - Being late does no harm. The loop keeps its timers in a heap, by deadline, and takes them out
//!   in that order, however many are due. So if all deadlines count from one start, with
//!   `sleep_until`, ten thousand numbers in a hundredth of a second come out sorted.
//! - But then it is the heap that sorts, and the sleeping adds nothing. The heap alone is heap
//!   sort.
//!
//! Python's `asyncio.as_completed` is `as_completed` here, and an async generator is an
//! `async_generator`. Where Python needs a thread with a queue, so that plain code gets the values
//! one by one, there is `into_blocking_iter`.
//!
//! Run it: `cargo run -p step6-toolbox --example sleep_sort`
#![forbid(unsafe_code)]

use std::collections::HashSet;
use std::io;
use std::iter;
use std::time::Duration;

use step5_executor::{Executor, block_on, now, sleep, sleep_until};
use step6_toolbox::{
    AsyncIterator, PriorityQueue, as_completed, async_generator, into_blocking_iter,
};

const NUMBERS: [u32; 5] = [3, 2, 5, 4, 1];

/// How long a number of 1 sleeps.
const UNIT: Duration = Duration::from_millis(100);

/// How much later than the last one each number starts in the table: about as in Python.
const COST: Duration = Duration::from_micros(10);

/// Twenty numbers that are close together.
const CLOSE: [u32; 20] = [
    5403, 248, 18098, 17214, 6107, 17219, 1389, 4980, 13523, 1567, 9915, 5340, 735, 9510, 15502,
    313, 2114, 16292, 6768, 19651,
];

async fn sleep_then_print(number: u32) -> u32 {
    sleep(UNIT * number).await;
    println!("  {number}");
    number
}

async fn sleep_then_return(number: u32) -> u32 {
    sleep(UNIT * number).await;
    number
}

/// Prints each number as it wakes, and returns all at the end.
async fn sleep_sort(numbers: impl IntoIterator<Item = u32>) -> Vec<u32> {
    let sleeps = numbers.into_iter().map(sleep_then_print);
    collect(as_completed(sleeps)).await
}

/// Yields each number as soon as it wakes.
fn sleep_sort_generator(numbers: [u32; 5]) -> impl AsyncIterator<Item = u32> {
    async_generator(async move |out| {
        let mut sleeps = as_completed(numbers.map(sleep_then_return));
        while let Some(number) = sleeps.next().await {
            out.yield_(number).await;
        }
    })
}

/// Sorts numbers, each of which starts later than the last one.
async fn sort_late(numbers: &[u32], unit: Duration) -> Vec<u32> {
    let sleeps = (0..).zip(numbers).map(async |(index, number)| {
        sleep(COST * index).await;
        sleep(unit * *number).await;
        *number
    });
    collect(as_completed(sleeps)).await
}

/// Sorts numbers that all count from one start.
async fn sort_from_one_start(numbers: &[u32], unit: Duration) -> Vec<u32> {
    let start = now();
    let sleeps = numbers.iter().map(async |number| {
        sleep_until(start + unit * *number).await;
        *number
    });
    collect(as_completed(sleeps)).await
}

async fn collect<I: AsyncIterator>(mut items: I) -> Vec<I::Item> {
    let mut all = vec![];
    while let Some(item) = items.next().await {
        all.push(item);
    }
    all
}

/// Sorts by a priority queue. That is a heap, so this is heap sort.
fn heap_sort(numbers: &[u32]) -> Vec<u32> {
    let queue = PriorityQueue::unbounded();
    for number in numbers {
        let put = queue.try_put(*number);
        put.expect("it has no limit, and is not closed");
    }
    iter::from_fn(|| queue.try_get().ok()).collect()
}

/// Returns numbers below 100,000 that look random (xorshift), the same in each run.
fn random(count: usize, seed: u64) -> Vec<u32> {
    let mut state = seed;
    let next = || {
        state ^= state << 13;
        state ^= state >> 7;
        state ^= state << 17;
        u32::try_from(state % 100_000).expect("it is below 100,000")
    };
    iter::repeat_with(next).take(count).collect()
}

fn main() -> io::Result<()> {
    println!("Sleep sort of {NUMBERS:?}, in tenths of a second, in four ways.");
    println!("From an array, printed as they wake:");
    let sorted = block_on(sleep_sort(NUMBERS));
    println!("  all, returned at the end: {sorted:?}");
    println!("From a set, printed as they wake:");
    let sorted = block_on(sleep_sort(HashSet::from(NUMBERS)));
    println!("  all, returned at the end: {sorted:?}");

    println!("As an async generator:");
    block_on(async {
        let mut sorted = sleep_sort_generator(NUMBERS);
        while let Some(number) = sorted.next().await {
            println!("  the generator yields {number}");
        }
    });
    println!("As a plain iterator, fed from a thread:");
    for number in into_blocking_iter(|| sleep_sort_generator(NUMBERS)) {
        println!("  the iterator yields {number}");
    }

    Executor::with_virtual_time()?.block_on(trade());

    println!("10000 numbers in a hundredth of a second, if all count from one start:");
    let numbers = random(10_000, 7);
    let sorted = block_on(sort_from_one_start(&numbers, Duration::from_nanos(100)));
    println!("  sorted: {}", sorted.is_sorted());
    println!("The same numbers, sorted by a heap without sleeping:");
    println!("  the same order: {}", heap_sort(&numbers) == sorted);
    Ok(())
}

/// Order against time, on the virtual clock.
async fn trade() {
    println!("If each starts {COST:?} later than the one before, twenty numbers in 2 ms:");
    let almost = sort_late(&CLOSE, Duration::from_nanos(100)).await;
    for line in almost.chunks(10) {
        println!("  {line:?}");
    }
    let sorted = sort_late(&CLOSE, Duration::from_micros(10)).await;
    println!("The same in 0.2 s:");
    println!("  sorted: {}", sorted.is_sorted());

    println!("How many of 10 lists of random numbers come out sorted:");
    println!(
        "  {:>7} {:>8} {:>8} {:>8}",
        "numbers", "in 1 s", "in 10 s", "in 100 s"
    );
    for count in [10, 20, 50, 100, 200, 500] {
        print!("  {count:>7}");
        for unit in [10, 100, 1_000].map(Duration::from_micros) {
            let mut sorted = 0;
            for seed in 1..=10 {
                let list = sort_late(&random(count, seed), unit).await;
                sorted += usize::from(list.is_sorted());
            }
            print!(" {sorted:>8}");
        }
        println!();
    }
}
