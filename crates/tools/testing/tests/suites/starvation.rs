//! Can a task starve the timers, the sockets or the other tasks?

use std::thread;
use std::time::{Duration, Instant};

use testing::promise::promise;

use crate::executor::{sleep, spawn, yield_now};
use crate::suites::support::{MS, run, sender, udp};

/// The Python tutorial's scheduler looks at timers and sockets only when no task is ready.
///
/// Promise (order): A task that is always ready starves no timer, no socket and no wake from
/// another thread.
///
/// Classic bug: A task that is always ready starves timers and sockets
#[test]
fn a_busy_task_starves_no_sleeper_and_no_socket() {
    run(async || {
        let start = Instant::now();
        let socket = udp();
        let sender = sender(&socket);
        let reader = spawn(async move { socket.recv_from(&mut [0]).await.map(drop) });
        let sleeper = spawn(async move {
            sleep(10 * MS).await;
            sender.send(b"1").unwrap();
        });
        while !(reader.is_finished() && sleeper.is_finished()) {
            assert!(start.elapsed() < Duration::from_secs(50), "they starve");
            yield_now().await;
        }
        assert!(start.elapsed() >= 10 * MS);
        sleeper.await.unwrap();
        reader.await.unwrap().unwrap();
    });
}

/// Promise (order): A task that is always ready starves no timer, no socket and no wake from
/// another thread.
#[test]
fn a_busy_task_does_not_starve_other_threads() {
    run(async || {
        let (sender, result) = promise();
        thread::spawn(move || sender.send(()));
        let task = spawn(result);
        let start = Instant::now();
        while !task.is_finished() {
            assert!(start.elapsed() < Duration::from_secs(50), "it starves");
            yield_now().await;
        }
        task.await.unwrap();
    });
}
