//! What does it look like? A walk through the toolbox, one line a tool.

use std::io;
use std::thread;
use std::time::Duration;

use step5_executor::{Executor, JoinError, now, sleep, timeout};

use crate::{
    BlockingIter, Options, Queue, as_completed, join, join_all, map_bounded_ordered, race,
    sequence, shield, spawn_blocking, task_group,
};

const TENTH: Duration = Duration::from_millis(100);

/// Sleeps for so many tenths of a second, and gives their number.
async fn nap(tenths: u32) -> u32 {
    sleep(tenths * TENTH).await;
    tenths
}

/// Naps all at once; their outputs are in the order of the inputs.
async fn gather() -> String {
    format!("{:?}", join_all([3, 1, 2].map(nap)).await)
}

/// The same naps; their outputs are as they come.
async fn completed() -> String {
    let mut naps = as_completed([3, 1, 2].map(nap));
    let mut outputs = vec![];
    while let Some(output) = naps.next().await {
        outputs.push(output);
    }
    format!("{outputs:?}")
}

/// Two naps, of which one is over first. The other is dropped.
async fn first() -> String {
    format!("{:?}", race(nap(3), nap(1)).await)
}

/// A producer that is faster than its consumer. The queue has room for one, so the producer has to wait.
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

/// A group of which one task fails. The other, which would take an hour, is cancelled.
async fn failing_group() -> String {
    let outcome = task_group(async |group| {
        group.spawn(async { Ok(nap(36_000).await) });
        group.spawn(async { Err::<u32, _>(format!("no. {} is broken", nap(1).await)) });
        Ok(())
    });
    format!("{:?}", outcome.await)
}

/// A nap that is too long for its limit, and goes on.
async fn shielded() -> Result<String, JoinError> {
    let mut long = shield(nap(2));
    let outcome = timeout(TENTH, &mut long)
        .await
        .map_err(|elapsed| elapsed.to_string());
    Ok(format!("{outcome:?}, and later {}", long.await?))
}

/// Three calls that block their threads, but not the loop.
async fn blocking_calls() -> Result<String, JoinError> {
    let call = |number: u32| {
        spawn_blocking(move || {
            thread::sleep(TENTH);
            number * number
        })
    };
    let outputs: Result<Vec<_>, _> = join_all([1, 2, 3].map(call)).await.into_iter().collect();
    Ok(format!("{:?}", outputs?))
}

/// A plain iterator, fed by a loop in another thread.
fn iterate(virtual_time: bool) -> String {
    let executor = move || {
        if virtual_time {
            Executor::with_virtual_time()
        } else {
            Executor::new()
        }
    };
    let countdown = || {
        sequence(async |out| {
            for number in [3, 2, 1] {
                nap(1).await;
                out.yield_(number).await;
            }
        })
    };
    let numbers: Vec<u32> = BlockingIter::on(executor, countdown).collect();
    format!("{numbers:?}")
}

/// Runs one tool after the other, and prints what each gives, with the time that it took by the loop's clock.
///
/// On the virtual clock all that sleeps is exact, and what blocks a thread takes no time: the clock stands still
/// meanwhile.
///
/// # Errors
///
/// When no executor can be made, or a thread started.
pub fn demo(options: &Options) -> io::Result<()> {
    demo_observed(options, |_, executor| executor)
}

/// Runs the demo with an observer: `observe` gives one to the executor, and is told the title of what that runs.
///
/// # Errors
///
/// Those of [`demo`].
pub fn demo_observed(
    options: &Options,
    observe: impl FnOnce(&str, Executor) -> Executor,
) -> io::Result<()> {
    let executor = if options.virtual_time {
        Executor::with_virtual_time()?
    } else {
        Executor::new()?
    };
    observe("one tool after the other", executor).block_on(async {
        println!("naps of 3, 1 and 2 tenths of a second");
        timed("join_all", gather()).await;
        timed("as_completed", completed()).await;
        timed("race of 3 and 1", first()).await;
        println!("and with naps of 1");
        timed(
            "Queue for one item, its consumer naps",
            produce_and_consume(),
        )
        .await;
        timed("map_bounded_ordered, 6 naps by 2", bounded()).await;
        timed("task_group, one fails", failing_group()).await;
        println!("out of reach of cancelling, and of the loop");
        let shielded = async { shielded().await.map_err(io::Error::other) };
        try_timed("shield, 2 within 1", shielded).await?;
        let blocking = async { blocking_calls().await.map_err(io::Error::other) };
        try_timed("spawn_blocking, 3 calls that block", blocking).await
    })?;
    println!("into_blocking_iter: {}", iterate(options.virtual_time));
    Ok(())
}

async fn timed(heading: &str, tool: impl Future<Output = String>) {
    let outcome = try_timed(heading, async { Ok(tool.await) }).await;
    outcome.expect("it cannot fail");
}

async fn try_timed(
    heading: &str,
    tool: impl Future<Output = io::Result<String>>,
) -> io::Result<()> {
    let start = now();
    let outcome = tool.await?;
    println!(
        "{heading}: {outcome} ({:.3} s)",
        (now() - start).as_secs_f64()
    );
    Ok(())
}
