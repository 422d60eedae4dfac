// Exercise: several tasks, all at once.
//
// This spawns a task for each body, and returns what they return. But the second is spawned only
// when the first has ended. Let them take turns.

use step2_round_robin::Co;

/// Runs each body as a task, all of them at the same time, and returns what they returned, in the
/// order of the bodies; `None` stands for one that was cancelled.
async fn all_at_once<T: 'static>(
    co: &Co,
    bodies: Vec<impl AsyncFnOnce(Co) -> T + 'static>,
) -> Vec<Option<T>> {
    let mut values = Vec::new();
    for body in bodies {
        let task = co.spawn(body).await;
        values.push(task.join(co).await);
    }
    values
}
