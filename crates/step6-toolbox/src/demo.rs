//! A walk through the toolbox, a line for each tool.

use std::io;
use std::thread;
use std::time::Duration;

use step5_executor::{Executor, now, sleep, spawn_named, timeout};
use trace::println;

use crate::{
    BlockingIter, Queue, as_completed, async_generator, join, join_all, map_bounded_ordered, race,
    shield, spawn_blocking, task_group,
};

const TENTH: Duration = Duration::from_millis(100);

/// Sleeps for so many tenths of a second, and returns their number.
async fn nap(tenths: u32) -> u32 {
    sleep(tenths * TENTH).await;
    tenths
}

/// Naps at once. Their outputs are in the order of the inputs.
async fn gather() -> String {
    format!("{:?}", join_all([3, 1, 2].map(nap)).await)
}

/// The same naps. Their outputs are in the order in which they end.
async fn completed() -> String {
    let mut naps = as_completed([3, 1, 2].map(nap));
    let mut outputs = vec![];
    while let Some(output) = naps.next().await {
        outputs.push(output);
    }
    format!("{outputs:?}")
}

/// Two naps. One is over first, and the other is dropped.
async fn first() -> String {
    format!("{:?}", race(nap(3), nap(1)).await)
}

/// A producer that is faster than its consumer. The queue has room for one item, so the producer
/// has to wait.
async fn produce_and_consume() -> String {
    let queue = Queue::new(1);
    let produce = async {
        for word in ["to", "be", "or"] {
            queue.put(word).await.expect("it is closed only here");
        }
        queue.close();
    };
    let consume = async {
        let mut words = vec![];
        while let Some(word) = queue.get().await {
            nap(1).await;
            words.push(word);
        }
        words.join(" ")
    };
    join(produce, consume).await.1
}

/// Six naps, but never more than two at once.
async fn bounded() -> String {
    let mut naps = map_bounded_ordered(2, 1..=6, async |number| number * nap(1).await);
    let mut outputs = vec![];
    while let Some(output) = naps.next().await {
        outputs.push(output);
    }
    format!("{outputs:?}")
}

/// A group in which a task fails. The other task, which would take an hour, is cancelled.
async fn failing_group() -> String {
    let outcome = task_group(async |group| {
        group.spawn(async { Ok(nap(36_000).await) });
        group.spawn(async { Err::<u32, _>(format!("no. {} is broken", nap(1).await)) });
        Ok(())
    });
    format!("{:?}", outcome.await)
}

/// A nap that is too long for its limit, and continues.
async fn shielded() -> String {
    let mut long = shield(nap(2));
    let outcome = timeout(TENTH, &mut long).await;
    let outcome = outcome.map_err(|elapsed| elapsed.to_string());
    let later = long.await.expect("it is neither aborted nor panics");
    format!("{outcome:?}, and later {later}")
}

/// A call that blocks its thread, but not the loop: a nap beside it is over in the same time.
async fn blocking_call() -> String {
    let call = spawn_blocking(|| {
        thread::sleep(TENTH);
        6 * 7
    });
    let (output, nap) = join(call, nap(1)).await;
    format!("{} and {nap}", output.expect("to multiply does not panic"))
}

/// A plain iterator, fed by an executor in another thread.
fn iterate(virtual_time: bool) -> String {
    let countdown = || {
        async_generator(async |yielder| {
            for number in [3, 2, 1] {
                nap(1).await;
                yielder.yield_(number).await;
            }
        })
    };
    let numbers: Vec<u32> = BlockingIter::on(move || executor(virtual_time), countdown).collect();
    format!("{numbers:?}")
}

/// Runs one tool after another, each in a task of its own, and prints its output and how long it
/// took.
///
/// On the virtual clock the times are exact, and a call that blocks its thread takes none: the
/// clock is held meanwhile.
///
/// # Errors
///
/// Returns an error if no executor can be made, or no thread started.
pub fn demo(virtual_time: bool) -> io::Result<()> {
    trace::title("one tool after another");
    executor(virtual_time)?.block_on(async {
        println!("naps of 3, 1 and 2 tenths of a second");
        timed("join_all", "", gather()).await?;
        timed("as_completed", "", completed()).await?;
        timed("race", " of 3 and 1", first()).await?;
        println!("and with naps of one tenth");
        let queue = " for one item, its consumer naps";
        timed("Queue", queue, produce_and_consume()).await?;
        timed("map_bounded_ordered", ", 6 naps by 2", bounded()).await?;
        timed("task_group", ", one fails", failing_group()).await?;
        println!("what is not cancelled");
        timed("shield", ", 2 within 1", shielded()).await?;
        timed("spawn_blocking", " beside a nap", blocking_call()).await
    })?;
    println!("into_blocking_iter: {}", iterate(virtual_time));
    Ok(())
}

fn executor(virtual_time: bool) -> io::Result<Executor> {
    if virtual_time {
        Executor::with_virtual_time()
    } else {
        Executor::new()
    }
}

/// Runs a tool in a task of the same name.
async fn timed(
    tool: &str,
    how: &str,
    run: impl Future<Output = String> + 'static,
) -> io::Result<()> {
    let start = now();
    let output = spawn_named(tool, run).await.map_err(io::Error::other)?;
    let seconds = (now() - start).as_secs_f64();
    println!("{tool}{how}: {output} ({seconds:.3} s)");
    Ok(())
}
