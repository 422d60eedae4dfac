//! How many waits does an executor make, and how many polls? No more than there are events.

use std::cell::Cell;
use std::io::{Read, Write};
use std::net::TcpListener;
use std::thread;
use std::time::{Duration, Instant};

use step4_select::Direction;
use step8_fast_executor::net::TcpStream;
use step8_fast_executor::{sleep, sleep_until, spawn, yield_now};
use testing::foreign::turns;
use testing::promise::promise;
use testing::recorder::Recorder;
use testing::selectors::Counts;
use testing::watchdog::within_a_minute;

use crate::support::{MS, counted, sender, udp};

/// Runs `main`, and returns what was counted and how many turns there were.
fn run(main: impl AsyncFnOnce()) -> (Counts, usize) {
    let (executor, counts) = counted();
    let recorder = Recorder::new();
    executor.block_on(main());
    (counts, recorder.all_resumes())
}

/// Classic bug: "spins while idle".
#[test]
fn idle_executor_waits_once_for_a_datagram() {
    let (counts, turns) = run(async || {
        let socket = udp();
        let sender = sender(&socket);
        thread::spawn(move || {
            thread::sleep(100 * MS);
            sender.send(b"1").unwrap();
        });
        socket.recv_from(&mut [0]).await.unwrap();
    });
    assert_eq!((counts.waits(), turns), (vec![None], 2));
}

#[test]
fn idle_executor_waits_once_for_a_timer() {
    let deadline = Instant::now() + 50 * MS;
    let (counts, turns) = run(async || sleep_until(deadline).await);
    let [Some(end)] = counts.ends()[..] else {
        panic!("{:?}", counts.waits())
    };
    assert!(deadline <= end && end < deadline + Duration::from_secs(10));
    assert_eq!(turns, 2);
}

#[test]
fn idle_executor_waits_once_for_a_thread() {
    let (counts, turns) = run(async || {
        let (sender, result) = promise();
        thread::spawn(move || {
            thread::sleep(50 * MS);
            sender.send(());
        });
        result.await;
    });
    assert_eq!((counts.waits(), turns), (vec![None], 2));
}

#[test]
fn old_notification_does_not_end_the_next_wait() {
    let (counts, _) = run(async || {
        let (sender, result) = promise();
        thread::spawn(move || {
            thread::sleep(20 * MS);
            sender.send(());
        });
        result.await;
        sleep(20 * MS).await;
    });
    let waits = counts.waits();
    assert!(matches!(waits[..], [None, Some(_)]), "{waits:?}");
}

#[test]
fn busy_without_sockets_makes_no_system_call() {
    let (counts, _) = run(async || {
        for _ in 0..100 {
            spawn(yield_now()).await.unwrap();
        }
        // Nor do timers that are not due make a difference.
        drop(spawn(async {
            sleep_until(Instant::now() + Duration::from_secs(60)).await
        }));
        turns(100).await;
    });
    assert_eq!(counts.waits(), []);
}

#[test]
fn socket_without_waiters_costs_no_system_call() {
    let (counts, _) = run(async || {
        let socket = udp();
        let sender = sender(&socket);
        // It is armed by this wait.
        drop(spawn(async move {
            yield_now().await;
            sender.send(b"1").unwrap();
        }));
        socket.recv_from(&mut [0]).await.unwrap();
        yield_now().await;
        turns(100).await;
    });
    // One turn each until the datagram is sent and found; none in the hundred turns afterwards.
    assert!(counts.waits().len() <= 4, "{:?}", counts.waits());
    assert_eq!(counts.armed(), 0);
}

/// Two connected streams, of which the second is a std one, which blocks.
async fn streams() -> (TcpStream, std::net::TcpStream) {
    let listener = TcpListener::bind("127.0.0.1:0").unwrap();
    let here = TcpStream::connect(listener.local_addr().unwrap())
        .await
        .unwrap();
    (here, listener.accept().unwrap().0)
}

/// Classic bug: "write interest held while idle".
#[test]
fn writing_is_not_armed_while_idle() {
    let before = Cell::new((0, 0, 0));
    let (executor, counts) = counted();
    let recorder = Recorder::new();
    executor.block_on(async {
        let (here, mut there) = streams().await;
        let reads = counts.arms(Direction::Read);
        before.set((counts.waits().len(), counts.arms(Direction::Write), reads));
        recorder.take();
        here.write_all(b"ping").await.unwrap();
        thread::spawn(move || {
            there.read_exact(&mut [0; 4]).unwrap();
            thread::sleep(50 * MS);
            there.write_all(b"pong").unwrap();
        });
        assert_eq!(here.read(&mut [0; 4]).await.unwrap(), 4);
    });
    let (waits, writes, reads) = before.get();
    assert_eq!(counts.arms(Direction::Write), writes);
    assert_eq!(counts.arms(Direction::Read), reads + 1);
    assert_eq!(counts.waits().len(), waits + 1);
    assert_eq!(recorder.all_resumes(), 1);
}

/// A writer that had to wait leaves nothing armed behind once it is through.
#[test]
fn after_a_writer_has_waited_nothing_is_held() {
    within_a_minute(|| {
        let (counts, _) = run(async || {
            let (here, mut there) = streams().await;
            let reader = thread::spawn(move || {
                thread::sleep(20 * MS);
                there.read_exact(&mut vec![0; 32 << 20]).unwrap();
                there
            });
            here.write_all(&vec![7; 32 << 20]).await.unwrap();
            let mut there = reader.join().unwrap();
            thread::spawn(move || {
                thread::sleep(50 * MS);
                there.write_all(b"x").unwrap();
            });
            here.read(&mut [0]).await.unwrap();
        });
        // The stream has been writable all the while. Only the one who reads was waited for.
        assert!(counts.arms(Direction::Write) > 0);
        let last = counts.waits().len() - 1;
        assert_eq!(counts.waits()[last], None);
        let arms = counts.arms(Direction::Write) + counts.arms(Direction::Read);
        assert!(counts.waits().len() <= arms);
    });
}
