//! Sleep sort: each number gets a task, which sleeps for that long, and then says its number.
//!
//! On the virtual clock it sorts any numbers exactly, and at once. On the real clock it takes as
//! long as the greatest number says, in tenths of a second, and is right as long as all tasks can
//! be started within a tenth. Either way it is the heap that sorts.
//!
//! Run it: `cargo run -p step3-sleeping-heap --example sort_by_sleeping -- [--virtual] [NUMBER]...`

use std::cell::RefCell;
use std::env;
use std::process::ExitCode;
use std::rc::Rc;
use std::time::Duration;

use step3_sleeping_heap::{Clock, Co, Scheduler};

/// Sorts numbers by sleeping: that many times `unit` for each.
fn sleep_sort(numbers: Vec<u32>, unit: Duration, clock: &Clock) -> Vec<u32> {
    let sorted = Rc::new(RefCell::new(Vec::new()));
    let awake = sorted.clone();
    let main = async move |co: Co| {
        for number in numbers {
            let awake = awake.clone();
            co.spawn(async move |co: Co| {
                co.sleep(unit * number).await;
                awake.borrow_mut().push(number);
            })
            .await;
        }
    };
    let scheduler = Scheduler::with_clock(clock.clone());
    scheduler.run(main).expect("no task waits for another");
    sorted.take()
}

/// Returns `count` pseudo-random numbers, the same each time (Marsaglia's xorshift, 64 bits).
fn numbers(count: usize) -> Vec<u32> {
    let mut state = 0x9E37_79B9_7F4A_7C15_u64;
    let next = || {
        state ^= state << 13;
        state ^= state >> 7;
        state ^= state << 17;
        (state >> 40) as u32
    };
    std::iter::repeat_with(next).take(count).collect()
}

fn main() -> ExitCode {
    let mut clock = Clock::real_time();
    let mut given = Vec::new();
    for argument in env::args_os().skip(1) {
        match argument.to_str().map(str::parse) {
            Some(Ok(number)) => given.push(number),
            _ if argument == "--virtual" => clock = Clock::virtual_time(),
            _ => {
                eprintln!(
                    "sort_by_sleeping: {argument:?} is neither --virtual nor a number from 0 to {}",
                    u32::MAX
                );
                return ExitCode::from(2);
            }
        }
    }
    if given.is_empty() {
        given = vec![3, 1, 4, 1, 5, 9, 2, 6, 5, 3, 5];
    }

    let start = clock.now();
    println!("{given:?}");
    println!(
        "{:?}",
        sleep_sort(given, Duration::from_millis(100), &clock)
    );
    println!("{:.3} s", (clock.now() - start).as_secs_f64());

    let many = numbers(100_000);
    let clock = Clock::virtual_time();
    let (start, longest) = (clock.now(), *many.iter().max().expect("there are 100,000"));
    assert!(sleep_sort(many, Duration::from_secs(1), &clock).is_sorted());
    assert_eq!(clock.now() - start, Duration::from_secs(longest.into()));
    println!(
        "and 100,000 numbers in {} days of virtual time",
        longest / 86_400
    );
    ExitCode::SUCCESS
}

#[cfg(test)]
mod tests {
    use std::time::Instant;

    use super::*;

    #[test]
    fn ten_thousand_numbers_are_sorted_exactly() {
        let numbers = numbers(10_000);
        let mut expected = numbers.clone();
        expected.sort_unstable();
        let clock = Clock::virtual_time();
        let start = clock.now();
        assert_eq!(
            sleep_sort(numbers, Duration::from_nanos(1), &clock),
            expected
        );
        assert_eq!(
            clock.now() - start,
            Duration::from_nanos(u64::from(*expected.last().unwrap()))
        );
    }

    #[test]
    fn each_sleeps_for_its_number_on_the_real_clock() {
        let start = Instant::now();
        let unit = Duration::from_millis(10);
        let mut sorted = sleep_sort(vec![5, 0, 3, 3, 1], unit, &Clock::real_time());
        assert!(start.elapsed() >= 5 * unit);
        // Their order depends on how busy the machine is.
        sorted.sort_unstable();
        assert_eq!(sorted, [0, 1, 3, 3, 5]);
    }

    #[test]
    fn nothing_gives_nothing() {
        assert_eq!(
            sleep_sort(vec![], Duration::from_secs(1), &Clock::virtual_time()),
            []
        );
    }
}
