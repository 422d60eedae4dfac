//! How many numbers sleep sort can sort, in how short a time.

use std::fmt::Display;
use std::future::ready;
use std::time::{Duration, Instant};

use step5_executor::{now, sleep, sleep_until};
use step6_toolbox::{as_completed, join_all, race};

use crate::random::Random;

/// How many numbers there are in the lists.
const COUNTS: [usize; 8] = [10, 20, 50, 100, 200, 500, 1_000, 2_000];

/// Prints how many of `lists` random lists of each length come out sorted in a span, in a tenth of
/// it and in a hundredth.
///
/// All lists sleep at once, so many tasks are late; but that does no harm.
pub(crate) async fn table(lists: usize, span: Duration) {
    let spans = [span / 100, span / 10, span];
    let mut random = Random::new(1);
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
    let titles = spans.map(|span| format!("in {} s", span.as_secs_f64()));
    print_row("numbers", &titles);
    let mut longest = [0; 3];
    for (count, row) in COUNTS.into_iter().zip(outcomes.chunks(3 * lists)) {
        let is_sorted = |is_sorted: &&bool| **is_sorted;
        let cells = row.chunks(lists);
        let sorted: Vec<_> = cells
            .map(|cell| cell.iter().filter(is_sorted).count())
            .collect();
        print_row(&count.to_string(), &sorted);
        for (longest, sorted) in longest.iter_mut().zip(&sorted) {
            if *sorted == lists {
                *longest = count;
            }
        }
    }
    print_row("all sorted up to", &longest);
    let cost = cost_of_a_start().await;
    print_row(
        "half of them up to",
        &spans.map(|span| half_sorted(span, cost).round()),
    );
    let cost = cost * 1e6;
    println!("The last row is by a formula, for {cost:.2} µs a start.");
}

fn print_row<T: Display>(title: &str, cells: &[T]) {
    let cells: String = cells.iter().map(|cell| format!(" {cell:>12}")).collect();
    println!("{title:>18}{cells}");
}

/// Returns whether numbers come out sorted. It starts one right after another.
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

/// Returns for how many numbers half of all lists should come out sorted, at a cost in seconds a
/// start.
///
/// Two that start `d` places apart, the greater one first, change places if they are less than `d *
/// cost` apart. Over all pairs that makes `cost * count³ / (6 * span)` on average; and where it is
/// ln 2, there is none half of the time.
pub(crate) fn half_sorted(span: Duration, cost: f64) -> f64 {
    (6.0 * std::f64::consts::LN_2 * span.as_secs_f64() / cost).cbrt()
}

/// Sorts many numbers in a short span, all of which count from one start. They are late, and
/// sorted.
pub(crate) async fn from_one_start(count: usize, span: Duration) -> bool {
    let mut random = Random::new(1);
    let start = now();
    let numbers = (0..count).map(|_| random.time_below(span));
    let sleeps = numbers.map(async |number| {
        sleep_until(start + number).await;
        number
    });
    let mut sleeps = as_completed(sleeps);
    let mut sorted = vec![];
    while let Some(number) = sleeps.next().await {
        sorted.push(number);
    }
    sorted.len() == count && sorted.is_sorted()
}

#[cfg(test)]
mod tests {
    use step5_executor::{Executor, block_on};

    use super::*;

    #[test]
    fn in_virtual_time_all_lists_come_out_sorted() {
        let span = Duration::from_millis(1);
        Executor::with_virtual_time().unwrap().block_on(async {
            for count in COUNTS {
                let mut random = Random::new(1);
                let numbers = (0..count).map(|_| random.time_below(span)).collect();
                assert!(comes_out_sorted(numbers).await, "{count} numbers");
            }
        });
    }

    #[test]
    fn a_list_that_starts_too_slowly_does_not() {
        // To start 2,000 takes longer than the span.
        let (mut random, span) = (Random::new(1), Duration::from_micros(1));
        let numbers = (0..2_000).map(|_| random.time_below(span)).collect();
        assert!(!block_on(comes_out_sorted(numbers)));
    }

    #[test]
    fn from_one_start_all_come_out_sorted() {
        let span = Duration::from_micros(100);
        assert!(block_on(from_one_start(1_000, span)));
    }

    #[test]
    fn the_formula_tells_when_half_are_sorted() {
        let (span, cost, lists) = (Duration::from_secs(1), Duration::from_micros(1), 1_000);
        let mut random = Random::new(3);
        let count = half_sorted(span, cost.as_secs_f64()).round() as u32;
        assert_eq!(count, 161);
        let mut comes_out_sorted = || {
            let mut numbers: Vec<_> = (0..count)
                .map(|start| (random.time_below(span), start))
                .collect();
            numbers.sort_unstable();
            let wakes = numbers
                .iter()
                .map(|(number, start)| *number + *start * cost);
            wakes.is_sorted()
        };
        let sorted = (0..lists).filter(|_| comes_out_sorted()).count();
        assert!((450..550).contains(&sorted), "{sorted} of {lists}");
    }
}
