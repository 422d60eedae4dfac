//! How do numbers sort themselves? Each sleeps for as long as it says, and then comes out.

use std::fmt;
use std::time::Duration;

use step5_executor::{JoinHandle, now, sleep, spawn};
use step6_toolbox::{AsCompleted, BlockingIter, Sequence, as_completed, sequence};

use crate::clock::executor;

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
    numbers
        .into_iter()
        .map(|number| spawn(sleep(number)))
        .collect()
}

async fn sorted(mut tasks: AsCompleted<JoinHandle<Number>>) -> Vec<Number> {
    let mut sorted = vec![];
    while let Some(outcome) = tasks.next().await {
        sorted.push(outcome.expect(NOT_ABORTED));
    }
    sorted
}

const NOT_ABORTED: &str = "nobody aborts a number in its sleep";

/// Gives each number, as soon as it wakes, to whoever awaits it.
pub(crate) fn sleep_sort_sequence(
    numbers: impl IntoIterator<Item = Number>,
) -> impl Sequence<Item = Number> {
    sequence(async move |out| {
        let mut tasks = as_completed(start(numbers, sleep_then_return));
        while let Some(outcome) = tasks.next().await {
            out.yield_(outcome.expect(NOT_ABORTED)).await;
        }
    })
}

/// Gives each number, as soon as it wakes, to plain code, with the time that it took by the clock of the loop.
pub(crate) fn sleep_sort_iterator(
    numbers: Vec<Number>,
    virtual_time: bool,
) -> BlockingIter<(Number, Duration)> {
    let stamped = move || {
        sequence(async move |out| {
            let start = now();
            let mut sorted = sleep_sort_sequence(numbers);
            while let Some(number) = sorted.next().await {
                out.yield_((number, now() - start)).await;
            }
        })
    };
    BlockingIter::on(move || executor(virtual_time), stamped)
}

/// Sorts numbers in a separate task, and prints nothing.
pub(crate) fn sort(numbers: impl IntoIterator<Item = Number>) -> JoinHandle<Vec<Number>> {
    spawn(sorted(as_completed(start(numbers, sleep_then_return))))
}
