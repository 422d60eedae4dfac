// Hint: `as_completed`, until there are enough. The futures that are left are dropped at the end of
// the function.

use step6_toolbox::as_completed;

/// Runs futures at once, and returns the first `count` outputs, in the order in which they came.
/// The other futures are dropped. If there are fewer, it returns the outputs of all.
async fn first_few<F: Future>(count: usize, futures: Vec<F>) -> Vec<F::Output> {
    let mut outputs = vec![];
    let mut running = as_completed(futures);
    while outputs.len() < count
        && let Some(output) = running.next().await
    {
        outputs.push(output);
    }
    outputs
}
