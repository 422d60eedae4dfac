//! How many numbers can sleep sort sort, in how short a time?
#![allow(dead_code, reason = "its test uses a part of it")]

use std::future::ready;
use std::time::{Duration, Instant};

use step5_executor::{now, sleep, sleep_until};
use step6_toolbox::{as_completed, join_all, race};

use crate::random::Random;

/// How many numbers there are in the lists.
const COUNTS: [usize; 8] = [10, 20, 50, 100, 200, 500, 1_000, 2_000];

pub(crate) fn verdict(is_sorted: bool) -> &'static str {
    if is_sorted { "sorted" } else { "not sorted" }
}

/// Prints how many of some random lists of each length come out sorted in a span, in a tenth of it and in a hundredth.
///
/// All lists sleep at once, so many tasks are late; but that does no harm.
pub(crate) async fn table(lists: usize, span: Duration, seed: u64, virtual_time: bool) {
    let spans = [span / 100, span / 10, span];
    let mut random = Random::new(seed);
    let mut tries = vec![];
    for count in COUNTS {
        for span in spans {
            for _ in 0..lists {
                let numbers: Vec<_> = (0..count).map(|_| random.time_below(span)).collect();
                tries.push(comes_out_sorted(numbers));
            }
        }
    }
    let outcomes = join_all(tries).await;

    println!("How many of {lists} lists come out sorted, if each number counts from its start:");
    let [short, middle, long] = spans.map(|span| format!("in {} s", span.as_secs_f64()));
    println!("{:>18} {short:>12} {middle:>12} {long:>12}", "numbers");
    let mut most = [0; 3];
    for (count, row) in COUNTS.into_iter().zip(outcomes.chunks(3 * lists)) {
        let sorted: Vec<_> = row
            .chunks(lists)
            .map(|cell| cell.iter().filter(|sorted| **sorted).count())
            .collect();
        println!(
            "{count:>18} {:>12} {:>12} {:>12}",
            sorted[0], sorted[1], sorted[2]
        );
        for (most, sorted) in most.iter_mut().zip(&sorted) {
            if *sorted == lists {
                *most = count;
            }
        }
    }
    println!(
        "{:>18} {:>12} {:>12} {:>12}",
        "all sorted up to", most[0], most[1], most[2]
    );
    if virtual_time {
        println!("On the virtual clock no time goes by while they start.");
        return;
    }
    let cost = cost_of_a_start().await;
    let [short, middle, long] = spans.map(|span| half_sorted(span, cost));
    println!(
        "{:>18} {short:>12.0} {middle:>12.0} {long:>12.0}",
        "half of them up to"
    );
    println!(
        "The last row is by a formula, for {:.2} µs a start.",
        cost * 1e6
    );
}

/// Returns whether numbers come out sorted. It starts them one right after the other.
async fn comes_out_sorted(numbers: Vec<Duration>) -> bool {
    let mut sleeps = as_completed(numbers.into_iter().map(sleep_then_return));
    let mut last = Duration::ZERO;
    let mut is_sorted = true;
    while let Some(number) = sleeps.next().await {
        is_sorted &= last <= number;
        last = number;
    }
    is_sorted
}

async fn sleep_then_return(number: Duration) -> Duration {
    sleep(number).await;
    number
}

/// Measures how many seconds it takes to start one sleep.
async fn cost_of_a_start() -> f64 {
    let (count, hour) = (10_000, Duration::from_secs(3_600));
    let mut sleeps = as_completed((0..count).map(|_| sleep_then_return(hour)));
    let start = Instant::now();
    // Polled once, which starts them all, and dropped.
    race(sleeps.next(), ready(())).await;
    start.elapsed().as_secs_f64() / f64::from(count)
}

/// Returns for how many numbers half of all lists should come out sorted, at a cost in seconds a start.
///
/// Two that start `d` places apart, the greater one first, change places if they are less than `d * cost` apart. Over all
/// pairs that makes `cost * count³ / (6 * span)` on average; and where it is ln 2, there is none half of the time.
pub(crate) fn half_sorted(span: Duration, cost: f64) -> f64 {
    (6.0 * std::f64::consts::LN_2 * span.as_secs_f64() / cost).cbrt()
}

/// Sorts many numbers in a short span, all of which count from one start. They are late, and sorted.
pub(crate) async fn from_one_start(count: usize, span: Duration, seed: u64) {
    let mut random = Random::new(seed);
    let start = now();
    let sleeps = (0..count)
        .map(|_| random.time_below(span))
        .map(async |number| {
            sleep_until(start + number).await;
            number
        });
    let mut sleeps = as_completed(sleeps);
    let mut sorted = vec![];
    while let Some(number) = sleeps.next().await {
        sorted.push(number);
    }
    println!("And if all count from one start:");
    println!(
        "{count} numbers in {} s: {}",
        span.as_secs_f64(),
        verdict(sorted.is_sorted())
    );
}
