//! How many system calls does an executor make, and how many polls? No more than there are events.

use std::io::{Read, Write};
use std::thread;
use std::time::Duration;

use step4_select::Direction;
use testing::foreign::turns;
use testing::promise::promise;
use testing::recorder::Recorder;
use testing::selectors::Counts;

use crate::executor::net::{TcpListener, TcpStream};
use crate::executor::{sleep, spawn, yield_now};
use crate::suites::support::{MS, counted, sender, udp};

/// Runs `main`, and returns what was counted, and how many polls there were.
fn run(main: impl AsyncFnOnce(Counts, &Recorder)) -> (Counts, usize) {
    let (executor, counts) = counted();
    let recorder = Recorder::new();
    executor.block_on(main(counts.clone(), &recorder));
    (counts, recorder.all_resumes())
}

/// Promise (sockets): An idle scheduler waits in one system call, and a busy one without sockets
/// makes none.
///
/// Classic bug: Spins while idle
#[test]
fn a_wait_for_a_socket_is_one_system_call() {
    let (counts, polls) = run(async |counts, _| {
        let socket = udp();
        let sender = sender(&socket);
        counts.at_next_wait(move || _ = sender.send(b"1").unwrap());
        socket.recv_from(&mut [0]).await.unwrap();
    });
    assert_eq!((counts.waits(), polls), (vec![None], 2));
}

#[test]
fn a_wait_for_a_timer_is_one_system_call() {
    let (counts, polls) = run(async |_, _| sleep(5 * MS).await);
    let [Some(timeout)] = counts.waits()[..] else {
        panic!("{:?}", counts.waits());
    };
    assert!(timeout <= 5 * MS);
    assert_eq!(polls, 2);
}

#[test]
fn a_wait_for_a_thread_is_one_system_call() {
    let (counts, polls) = run(async |counts, _| {
        let (sender, result) = promise();
        counts.at_next_wait(move || drop(thread::spawn(move || sender.send(()))));
        result.await;
    });
    assert_eq!((counts.waits(), polls), (vec![None], 2));
}

#[test]
fn an_old_notification_ends_no_later_wait() {
    let (counts, _) = run(async |counts, _| {
        let (sender, result) = promise();
        counts.at_next_wait(move || drop(thread::spawn(move || sender.send(()))));
        result.await;
        sleep(5 * MS).await;
    });
    let waits = counts.waits();
    assert!(matches!(waits[..], [None, Some(_)]), "{waits:?}");
}

/// Promise (sockets): An idle scheduler waits in one system call, and a busy one without sockets
/// makes none.
#[test]
fn without_sockets_a_busy_executor_makes_none() {
    let (counts, _) = run(async |_, _| {
        for _ in 0..100 {
            spawn(yield_now()).await.unwrap();
        }
        // Timers that are not due make no difference.
        drop(spawn(async { sleep(Duration::from_secs(60)).await }));
        turns(100).await;
    });
    assert_eq!(counts.waits(), []);
}

#[test]
fn a_socket_without_waiters_costs_no_system_call() {
    run(async |counts, _| {
        let socket = udp();
        sender(&socket).send(b"1").unwrap();
        sender(&socket).send(b"2").unwrap();
        socket.recv_from(&mut [0]).await.unwrap();
        let before = counts.waits().len();
        turns(100).await;
        assert_eq!(counts.waits().len(), before);
        // The executor's own socket, on which other threads notify it.
        assert_eq!(counts.armed(), 1);
    });
}

/// Two connected streams, of which the second blocks.
async fn streams() -> (TcpStream, std::net::TcpStream) {
    let listener = TcpListener::bind("127.0.0.1:0".parse().unwrap()).unwrap();
    let there = std::net::TcpStream::connect(listener.local_addr().unwrap());
    let (here, _) = listener.accept().await.unwrap();
    (here, there.unwrap())
}

/// Classic bug: Write interest held while idle
#[test]
fn write_interest_is_not_held_while_idle() {
    let (counts, _) = run(async |counts, recorder| {
        let (here, mut there) = streams().await;
        let (waits, polls) = (counts.waits().len(), recorder.all_resumes());
        here.write_all(b"ping").await.unwrap();
        // So that the end of the stream is not a second event.
        let _open = there.try_clone().unwrap();
        thread::spawn(move || {
            there.read_exact(&mut [0; 4]).unwrap();
            // The wait has begun by then, and what is held would end it.
            thread::sleep(20 * MS);
            there.write_all(b"pong").unwrap();
        });
        assert_eq!(here.read(&mut [0; 4]).await.unwrap(), 4);
        assert_eq!(counts.waits().len() - waits, 1);
        assert_eq!(recorder.all_resumes() - polls, 1);
    });
    assert_eq!(counts.arms(Direction::Write), 0);
}

/// A stream is writable nearly always. Once its writer is through, that must end no wait.
#[test]
fn after_a_writer_has_waited_nothing_is_held() {
    const LENGTH: usize = 32 << 20;
    let (counts, _) = run(async |counts, _| {
        let (here, mut there) = streams().await;
        let mut reader = there.try_clone().unwrap();
        let read = move || reader.read_exact(&mut vec![0; LENGTH]).unwrap();
        counts.at_next_wait(|| drop(thread::spawn(read)));
        here.write_all(&vec![7; LENGTH]).await.unwrap();
        thread::spawn(move || {
            thread::sleep(20 * MS);
            there.write_all(b"x").unwrap();
        });
        let before = counts.waits().len();
        here.read(&mut [0]).await.unwrap();
        assert_eq!(counts.waits()[before..], [None]);
    });
    assert!(counts.arms(Direction::Write) > 0, "the writer has waited");
}

#[test]
fn an_idle_executor_takes_no_processor_time() {
    let (_, polls) = run(async |counts, _| {
        for _ in 0..3 {
            drop(spawn(async { udp().recv(&mut [0]).await.map(drop) }));
        }
        sleep(20 * MS).await;
        assert!(counts.waits().len() <= 3, "{:?}", counts.waits());
    });
    assert_eq!(polls, 5);
}
