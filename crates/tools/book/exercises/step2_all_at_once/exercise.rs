//! Exercise: several tasks, all at once.
//!
//! This spawns a task for each body, and gives what they return. But while the first one runs, the second one is not
//! even there. Let them take turns.

use step2_round_robin::{Cancelled, Co, Generator, Request};

/// Runs each body as a task, all of them at the same time, and gives what they returned, in the order of the bodies.
pub(crate) async fn all_at_once<G>(co: &Co, bodies: Vec<G>) -> Result<Vec<G::Return>, Cancelled>
where
    G: Generator<Yield = Request, Return: 'static> + 'static,
{
    let mut values = Vec::new();
    for body in bodies {
        let task = co.spawn(body).await;
        values.push(task.join(co).await?);
    }
    Ok(values)
}

#[path = "test.rs"]
pub(crate) mod test;
