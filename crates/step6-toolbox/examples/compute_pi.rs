//! A blocking function made async: digits of pi, while other tasks run.
//!
//! A function that computes never waits, so as a task it would stop all others until it is done. So
//! `spawn_blocking` runs it in another thread, and its output is awaited like anything else. In
//! Python that is `loop.run_in_executor` or `asyncio.to_thread`.
//!
//! Run it: `cargo run -p step6-toolbox --example compute_pi`
#![forbid(unsafe_code)]

use step5_executor::{JoinError, block_on, spawn};
use step6_toolbox::{join_all, spawn_blocking};

/// How many digits after the point. Twice as many take four times as long.
const DIGITS: usize = 800;

fn main() -> Result<(), JoinError> {
    println!("Now, compute_pi will be executed");
    block_on(async {
        let tasks = [
            spawn(print_pi()),
            spawn(greet("Another function gets calleeeeeeed")),
            spawn(greet("Another function gets called")),
        ];
        for outcome in join_all(tasks).await {
            outcome??;
        }
        Ok(())
    })
}

async fn greet(message: &str) -> Result<(), JoinError> {
    println!("{message}");
    Ok(())
}

async fn print_pi() -> Result<(), JoinError> {
    let pi = spawn_blocking(|| compute_pi(DIGITS)).await?;
    for line in pi.as_bytes().chunks(70) {
        println!("{}", String::from_utf8_lossy(line));
    }
    Ok(())
}

/// Returns pi with this many digits after the point, by the spigot of Rabinowitz and Wagon.
///
/// Pi is 2 + 1/3 (2 + 2/5 (2 + 3/7 (2 + ..))), which is 2.222.. in a number system whose places are
/// worth 1, 1/3, 2/15 and so on. The decimal digit is what is to the left of the point; for the
/// next one, multiply the rest by ten.
fn compute_pi(digits: usize) -> String {
    // Some more, in case a carry runs through many nines.
    let wanted = digits + 20;
    let mut places = vec![2; wanted * 10 / 3 + 1];
    let mut pi: Vec<u64> = vec![];
    for _ in 0..wanted {
        let mut carry = 0;
        for place in (1..places.len()).rev() {
            let (above, below) = (place as u64, 2 * place as u64 + 1);
            let value = places[place] * 10 + carry;
            (places[place], carry) = (value % below, value / below * above);
        }
        let value = places[0] * 10 + carry;
        places[0] = value % 10;
        pi.push(value / 10);
        // The digit may be a ten, whose one is carried.
        for index in (1..pi.len()).rev() {
            pi[index - 1] += pi[index] / 10;
            pi[index] %= 10;
        }
    }
    let pi: String = pi[..=digits].iter().map(u64::to_string).collect();
    format!("{}.{}", &pi[..1], &pi[1..])
}
