//! Can a task starve the timers, the sockets or the other tasks?

use std::cell::Cell;
use std::rc::Rc;
use std::thread;
use std::time::{Duration, Instant};

use step5_executor::{sleep, spawn, yield_now};
use testing::foreign::turns;
use testing::promise::promise;

use crate::support::{MS, run, sender, streams, udp};

/// Classic bug: "a task that is always ready starves timers and sockets". The tutorial's scheduler
/// looks at them only when no task is ready.
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

/// Counts after each of five turns.
async fn seen(count: Rc<Cell<u32>>) -> Vec<u32> {
    let mut seen = vec![];
    for _ in 0..5 {
        seen.push(count.get());
        yield_now().await;
    }
    seen
}

/// Each receive takes a turn.
#[test]
fn a_flooded_socket_starves_no_task() {
    run(async || {
        let socket = udp();
        let sender = sender(&socket);
        let received = Rc::new(Cell::new(0));
        let count = received.clone();
        drop(spawn(async move {
            loop {
                socket.recv_from(&mut [0]).await.unwrap();
                count.set(count.get() + 1);
            }
        }));
        // Few enough to fit into the receiver's buffer.
        for _ in 0..100 {
            sender.send(b"1").unwrap();
        }
        // The reader waits in the first turn.
        turns(2).await;
        assert_eq!(seen(received).await, [0, 1, 2, 3, 4]);
    });
}

#[test]
fn a_flooded_stream_starves_no_task() {
    run(async || {
        let (here, there) = streams().await;
        there.write_all(&[0; 1_000]).await.unwrap();
        let read = Rc::new(Cell::new(0));
        let count = read.clone();
        drop(spawn(async move {
            while here.read(&mut [0]).await.unwrap() > 0 {
                count.set(count.get() + 1);
            }
        }));
        // Loopback may take a moment.
        while read.get() == 0 {
            yield_now().await;
        }
        assert_eq!(seen(read).await, [1, 2, 3, 4, 5]);
    });
}
