//! When does sleep sort sort, and when does each number come out?

#[path = "../examples/sleep_sort/by_sleeping.rs"]
mod by_sleeping;
#[path = "../examples/support/clock.rs"]
mod clock;
#[path = "support/example.rs"]
mod example;
#[path = "../examples/sleep_sort/heap.rs"]
mod heap;
#[path = "../examples/support/random.rs"]
mod random;
#[path = "../examples/sleep_sort/trade.rs"]
mod trade;
#[path = "support/transcript.rs"]
mod transcript;

use std::time::Duration;

use by_sleeping::{Number, sleep_sort, sleep_sort_iterator, sleep_sort_sequence, sort};
use clock::{executor, timed};
use example::assert_refused;
use heap::{sort_by_priority_queue, sort_by_timers};
use random::Random;
use step6_toolbox::Sequence;
use transcript::{printed, split_times};

const EXPECTED: &str = "\
Print as they wake:
1
2
3
4
5
[1, 2, 3, 4, 5] took 5.00 s
As an async sequence, from here on in tenths of a second:
0.10 s: the sequence gave 0.1
0.20 s: the sequence gave 0.2
0.30 s: the sequence gave 0.3
0.40 s: the sequence gave 0.4
0.50 s: the sequence gave 0.5
As a blocking iterator, fed from a thread:
0.10 s: the iterator gave 0.1
0.20 s: the iterator gave 0.2
0.30 s: the iterator gave 0.3
0.40 s: the iterator gave 0.4
0.50 s: the iterator gave 0.5
Whatever they come from:
a set of 5: sorted
a list of 5: sorted
a slice of 5: sorted
a list with each twice, of 10: sorted
How many of 10 lists come out sorted, if each number counts from its start:
           numbers    in 0.01 s     in 0.1 s       in 1 s
                10           10           10           10
                20           10           10           10
                50           10           10           10
               100           10           10           10
               200           10           10           10
               500           10           10           10
              1000           10           10           10
              2000           10           10           10
  all sorted up to         2000         2000         2000
On the virtual clock no time goes by while they start.
And if all count from one start:
100000 numbers in 0.01 s: sorted
By a heap alone, without sleeping:
[0.1, 0.2, 0.3, 0.4, 0.5]
100000 numbers of up to an hour: sorted, in 0.00 s
";

#[test]
fn on_the_virtual_clock_everything_is_sorted() {
    assert_eq!(printed("sleep_sort", &["--virtual"]), EXPECTED);
}

#[test]
fn on_the_real_clock_no_number_is_early() {
    let printed = printed(
        "sleep_sort",
        &[
            "--numbers",
            "0.2,0.1",
            "--span=0.01",
            "--lists=1",
            "--many=1000",
        ],
    );
    let (mut lines, times) = (printed.lines(), split_times(&printed).1);
    assert_eq!(
        lines
            .nth(3)
            .and_then(|line| line.split_once(" took "))
            .unwrap()
            .0,
        "[0.1, 0.2]"
    );
    assert_eq!(
        lines.clone().nth(1).unwrap().rsplit_once(": ").unwrap().1,
        "the sequence gave 0.01"
    );
    for (time, least) in times.iter().zip([0.2, 0.01, 0.02, 0.01, 0.02]) {
        assert!(*time >= least, "{time} < {least}");
    }
    // Starting 2,000 takes longer than 0.1 ms, so they cannot all start in time.
    let row = printed
        .lines()
        .find(|line| line.trim_start().starts_with("2000 "))
        .unwrap();
    assert_eq!(row.split_whitespace().nth(1), Some("0"), "{printed}");
    // It ends with the two that are sorted however late they are.
    let last: Vec<_> = printed.lines().rev().take(4).collect();
    assert!(
        last[0].starts_with("1000 numbers of up to an hour: sorted, in "),
        "{printed}"
    );
    assert_eq!(
        last[1..],
        [
            "[0.01, 0.02]",
            "By a heap alone, without sleeping:",
            "1000 numbers in 0.0001 s: sorted"
        ]
    );
}

fn seconds(numbers: &[u64]) -> Vec<Number> {
    numbers
        .iter()
        .map(|number| Number(Duration::from_secs(*number)))
        .collect()
}

#[test]
fn the_sort_takes_as_long_as_the_greatest_number() {
    executor(true).unwrap().block_on(async {
        for (numbers, sorted) in [
            (&[3, 1, 2][..], &[1, 2, 3][..]),
            (&[2, 2, 0, 2], &[0, 2, 2, 2]),
            (&[86_400], &[86_400]),
            (&[], &[]),
        ] {
            let (outcome, elapsed) = timed(sort(seconds(numbers))).await;
            assert_eq!(outcome.unwrap(), seconds(sorted));
            assert_eq!(
                elapsed,
                Duration::from_secs(sorted.last().copied().unwrap_or(0))
            );
            assert_eq!(sleep_sort(seconds(numbers)).await, seconds(sorted));
        }
    });
}

#[test]
fn the_sequence_gives_each_number_when_it_wakes() {
    executor(true).unwrap().block_on(async {
        let mut sorted = sleep_sort_sequence(seconds(&[3, 1, 2]));
        for number in [1, 2, 3] {
            let (next, elapsed) = timed(sorted.next()).await;
            assert_eq!(next, Some(Number(Duration::from_secs(number))));
            assert_eq!(elapsed, Duration::from_secs(1));
        }
        assert_eq!(sorted.next().await, None);
    });
}

#[test]
fn the_iterator_gives_each_number_before_the_next_is_due() {
    // On the real clock: whoever waited for the next would wait an hour.
    let numbers = vec![
        Number(Duration::from_secs(3_600)),
        Number(Duration::from_millis(20)),
    ];
    let mut sorted = sleep_sort_iterator(numbers, false);
    let (number, time) = sorted.next().unwrap();
    assert_eq!(number.0, Duration::from_millis(20));
    assert!(time >= number.0, "{time:?}");
    // And whoever has enough does not.
    drop(sorted);

    let times = sleep_sort_iterator(seconds(&[3, 1, 2, 1]), true)
        .map(|(number, time)| (number.0.as_secs(), time.as_secs()));
    assert_eq!(times.collect::<Vec<_>>(), [(1, 1), (1, 1), (2, 2), (3, 3)]);
}

#[test]
fn the_formula_tells_when_half_of_all_lists_are_sorted() {
    let (span, cost, lists) = (Duration::from_secs(1), Duration::from_micros(1), 1_000);
    let mut random = Random::new(3);
    let count = trade::half_sorted(span, cost.as_secs_f64()).round() as u32;
    assert_eq!(count, 161);
    let mut come_out_sorted = || {
        let mut numbers: Vec<_> = (0..count)
            .map(|start| (random.time_below(span), start))
            .collect();
        numbers.sort_unstable();
        numbers
            .iter()
            .map(|(number, start)| *number + *start * cost)
            .is_sorted()
    };
    let sorted = (0..lists).filter(|_| come_out_sorted()).count();
    assert!((450..550).contains(&sorted), "{sorted} of {lists}");
}

#[test]
fn the_heaps_sort_without_sleeping() {
    let hour = Duration::from_secs(3_600);
    let mut random = Random::new(7);
    let numbers: Vec<_> = (0..10_000).map(|_| random.time_below(hour)).collect();
    assert!(numbers.iter().all(|number| *number < hour));
    let mut sorted = numbers.clone();
    sorted.sort();
    assert!(numbers != sorted);
    assert_eq!(sort_by_timers(&numbers), sorted);
    assert_eq!(sort_by_priority_queue(&numbers), sorted);
    assert_eq!(
        sort_by_priority_queue(&[3, 2, 5, 4, 1, 2]),
        [1, 2, 2, 3, 4, 5]
    );
    assert_eq!(sort_by_timers(&[]), []);
}

#[test]
fn a_bad_command_line_is_named() {
    for (arguments, problem) in [
        (
            &["--numbers", "3,two"][..],
            "--numbers cannot be \"3,two\": give 1 to 100 numbers of seconds from 0 to 86400, with commas between them",
        ),
        (
            &["--lists", "0"],
            "--lists cannot be \"0\": give a whole number from 1 to 100",
        ),
        (
            &["--many=1e6"],
            "--many cannot be \"1e6\": give a whole number from 1 to 1000000",
        ),
        (&["3", "2"], "unexpected argument \"3\"; see --help"),
        (&["--sort"], "unknown option \"--sort\"; see --help"),
    ] {
        assert_refused("sleep_sort", arguments, 2, problem);
    }
    assert!(printed("sleep_sort", &["--help"]).contains("Usage:"));
}
