// Hint: spawn all of them before you join the first.

use step2_round_robin::Co;

/// Runs each body as a task, all of them at the same time, and returns what they returned, in the
/// order of the bodies; `None` stands for one that was cancelled.
async fn all_at_once<T: 'static>(
    co: &Co,
    bodies: Vec<impl AsyncFnOnce(Co) -> T + 'static>,
) -> Vec<Option<T>> {
    let mut tasks = Vec::new();
    for body in bodies {
        tasks.push(co.spawn(body).await);
    }
    let mut values = Vec::new();
    for task in tasks {
        values.push(task.join(co).await);
    }
    values
}
