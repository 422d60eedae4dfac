//! A solution: all are there before the first one is joined.

use step2_round_robin::{Cancelled, Co, Generator, Request};

/// Runs each body as a task, all of them at the same time, and gives what they returned, in the order of the bodies.
pub(crate) async fn all_at_once<G>(co: &Co, bodies: Vec<G>) -> Result<Vec<G::Return>, Cancelled>
where
    G: Generator<Yield = Request, Return: 'static> + 'static,
{
    let mut tasks = Vec::new();
    for body in bodies {
        tasks.push(co.spawn(body).await);
    }
    let mut values = Vec::new();
    for task in tasks {
        values.push(task.join(co).await?);
    }
    Ok(values)
}

#[path = "test.rs"]
pub(crate) mod test;
