//! Numbers sort themselves: each sleeps for as long as it says, and then comes out.

use std::fmt;
use std::time::Duration;

use step5_executor::{JoinHandle, sleep, spawn};
use step6_toolbox::{
    AsCompleted, AsyncIterator, BlockingIter, as_completed, async_generator, into_blocking_iter,
};

/// A number of seconds, to be sorted.
#[derive(Clone, Copy, PartialEq, Eq, PartialOrd, Ord, Hash)]
pub(crate) struct Number(pub(crate) Duration);

impl fmt::Debug for Number {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        write!(f, "{}", self.0.as_secs_f64())
    }
}

impl fmt::Display for Number {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        write!(f, "{self:?}")
    }
}

async fn sleep_then_print(number: Number) -> Number {
    sleep(number.0).await;
    println!("{number}");
    number
}

async fn sleep_then_return(number: Number) -> Number {
    sleep(number.0).await;
    number
}

/// Prints numbers as their tasks wake, and returns them in that order: at the end, all at once.
pub(crate) async fn sleep_sort(numbers: impl IntoIterator<Item = Number>) -> Vec<Number> {
    sorted(as_completed(start(numbers, sleep_then_print))).await
}

/// Spawns a task for each number. None of them has run yet when this returns.
fn start<F>(
    numbers: impl IntoIterator<Item = Number>,
    sleep: impl Fn(Number) -> F,
) -> Vec<JoinHandle<Number>>
where
    F: Future<Output = Number> + 'static,
{
    let numbers = numbers.into_iter();
    numbers.map(|number| spawn(sleep(number))).collect()
}

async fn sorted(mut tasks: AsCompleted<JoinHandle<Number>>) -> Vec<Number> {
    let mut sorted = vec![];
    while let Some(number) = tasks.next().await {
        sorted.push(number.expect(NOT_ABORTED));
    }
    sorted
}

const NOT_ABORTED: &str = "no number is aborted in its sleep";

/// Yields each number as soon as it wakes.
pub(crate) fn sleep_sort_sequence(
    numbers: impl IntoIterator<Item = Number>,
) -> impl AsyncIterator<Item = Number> {
    async_generator(async move |yielder| {
        let mut tasks = as_completed(start(numbers, sleep_then_return));
        while let Some(number) = tasks.next().await {
            yielder.yield_(number.expect(NOT_ABORTED)).await;
        }
    })
}

/// Returns each number to plain code, as soon as it wakes.
pub(crate) fn sleep_sort_iterator(numbers: Vec<Number>) -> BlockingIter<Number> {
    into_blocking_iter(|| sleep_sort_sequence(numbers))
}

/// Sorts numbers in a task of its own, and prints nothing.
pub(crate) fn sort(numbers: impl IntoIterator<Item = Number>) -> JoinHandle<Vec<Number>> {
    spawn(sorted(as_completed(start(numbers, sleep_then_return))))
}

#[cfg(test)]
mod tests {
    use step5_executor::{Executor, now};

    use super::*;

    fn seconds(numbers: &[u64]) -> Vec<Number> {
        let numbers = numbers.iter().copied();
        numbers.map(|n| Number(Duration::from_secs(n))).collect()
    }

    #[test]
    fn it_takes_as_long_as_the_greatest_number() {
        Executor::with_virtual_time().unwrap().block_on(async {
            for (numbers, expected) in [
                (&[3, 1, 2][..], &[1, 2, 3][..]),
                (&[2, 2, 0, 2], &[0, 2, 2, 2]),
                (&[86_400], &[86_400]),
                (&[], &[]),
            ] {
                let start = now();
                assert_eq!(sort(seconds(numbers)).await.unwrap(), seconds(expected));
                let greatest = expected.last().copied().unwrap_or(0);
                assert_eq!(now() - start, Duration::from_secs(greatest));
                assert_eq!(sleep_sort(seconds(numbers)).await, seconds(expected));
            }
        });
    }

    #[test]
    fn the_sequence_yields_each_number_when_it_wakes() {
        Executor::with_virtual_time().unwrap().block_on(async {
            let mut sorted = sleep_sort_sequence(seconds(&[3, 1, 2]));
            for number in [1, 2, 3] {
                let start = now();
                let expected = Number(Duration::from_secs(number));
                assert_eq!(sorted.next().await, Some(expected));
                assert_eq!(now() - start, Duration::from_secs(1));
            }
            assert_eq!(sorted.next().await, None);
        });
    }

    #[test]
    fn the_iterator_does_not_wait_for_the_next() {
        let (short, hour) = (Duration::from_millis(20), Duration::from_secs(3_600));
        let mut sorted = sleep_sort_iterator(vec![Number(hour), Number(short)]);
        assert_eq!(sorted.next(), Some(Number(short)));
        // Nor does dropping it.
        drop(sorted);
    }
}
