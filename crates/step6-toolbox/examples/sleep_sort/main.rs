//! Sleep sort: each number sleeps for as long as it says, and then comes out. So the smallest is
//! first.
//!
//! It is a joke, and a good question: when is the answer right, and what has that to do with time?
//!
//! - `sleep(number)` counts from when it is called, and starting a task takes time too. Two numbers
//!   that are closer together than their starts come out in the wrong order if the greater one was
//!   started first. For `count` numbers in a `span`, at a cost of `c` a start, about `c * count³ /
//!   (6 * span)` pairs do so. Ten times the span is enough for only about twice the numbers.
//! - Coming late does no harm. The loop keeps all timers in a heap, by deadline, and takes them out
//!   in that order, however many are due at once. So with `sleep_until`, from one start for all,
//!   any number of numbers comes out sorted, however short the span.
//! - But then it is the heap that sorts, and the sleeping adds nothing. Take the heap alone, and
//!   it is heap sort.
//!
//! Python's version sorts 50 numbers in a second, and fails at 100.
//!
//! Python's `asyncio.as_completed(tasks)` is `as_completed`, an async generator is `async_generator`,
//! and the thread with a queue, by which plain code gets the values one by one, is
//! `into_blocking_iter`. `queue.PriorityQueue` is `PriorityQueue`.
//!
//! Run it: `cargo run -p step6-toolbox --example sleep_sort`
#![forbid(unsafe_code)]

mod by_sleeping;
mod heap;
mod random;
mod trade;

use std::collections::HashSet;
use std::time::{Duration, Instant};

use step5_executor::{block_on, now};
use step6_toolbox::AsyncIterator;

use by_sleeping::{Number, sleep_sort, sleep_sort_iterator, sleep_sort_sequence, sort};
use random::Random;

const NUMBERS: [u64; 5] = [3, 2, 5, 4, 1];

/// How many lists of each length are tried.
const LISTS: usize = 10;

/// The longest time in which the numbers of a list come.
const SPAN: Duration = Duration::from_secs(1);

/// How many numbers count from one start, and are sorted by a heap.
const MANY: usize = 100_000;

fn main() {
    let seconds = NUMBERS.map(|number| Number(Duration::from_secs(number)));
    let tenths = NUMBERS.map(|number| Number(Duration::from_millis(100 * number)));
    block_on(async {
        println!("Print as they wake:");
        let start = now();
        let sorted = sleep_sort(seconds).await;
        println!("{sorted:?} took {}", since(start));

        println!("As an async sequence, from here on in tenths of a second:");
        let start = now();
        let mut sorted = sleep_sort_sequence(tenths);
        while let Some(number) = sorted.next().await {
            println!("{}: the sequence yields {number}", since(start));
        }
    });

    println!("As a blocking iterator, fed from a thread:");
    let start = Instant::now();
    for number in sleep_sort_iterator(tenths.to_vec()) {
        println!("{}: the iterator yields {number}", since(start));
    }

    block_on(async {
        println!("From any collection:");
        any_collection(&tenths).await;
        trade::table(LISTS, SPAN).await;
        println!("And if all count from one start:");
        let span = SPAN / 100;
        let verdict = verdict(trade::from_one_start(MANY, span).await);
        println!("{MANY} numbers in {span:?}: {verdict}");
    });

    println!("By a heap alone, without sleeping:");
    println!("{:?}", heap::sort_by_priority_queue(&tenths));
    heap_sort_many();
}

fn since(start: Instant) -> String {
    format!("{:.2} s", start.elapsed().as_secs_f64())
}

fn verdict(is_sorted: bool) -> &'static str {
    if is_sorted { "sorted" } else { "not sorted" }
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
        let verdict = verdict(sorted.len() == count && sorted.is_sorted());
        println!("{kind} of {count}: {verdict}");
    }
}

/// Sorts many random numbers by the heap of the timers, and prints how long that took.
fn heap_sort_many() {
    let (mut random, hour) = (Random::new(1), Duration::from_secs(3_600));
    let numbers: Vec<_> = (0..MANY).map(|_| random.time_below(hour)).collect();
    let start = Instant::now();
    let sorted = heap::sort_by_timers(&numbers);
    let took = since(start);
    let verdict = verdict(sorted.len() == MANY && sorted.is_sorted());
    println!("{MANY} numbers of up to an hour: {verdict}, in {took}");
}
