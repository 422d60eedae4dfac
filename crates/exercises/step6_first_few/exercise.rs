// Exercise: the first few of many.
//
// Five servers have copies of the same value, and the answers of three are enough. So the plan is
// to ask all five, and continue with the first three answers. This function waits for all five, and
// then takes three of them, no matter which came first. Which tool gives outputs as they come?

use step6_toolbox::join_all;

/// Runs futures at once, and returns the first `count` outputs, in the order in which they came.
/// The other futures are dropped. If there are fewer, it returns the outputs of all.
async fn first_few<F: Future>(count: usize, futures: Vec<F>) -> Vec<F::Output> {
    let mut outputs = join_all(futures).await;
    outputs.truncate(count);
    outputs
}
