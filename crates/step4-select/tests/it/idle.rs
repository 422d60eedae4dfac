//! How often does the scheduler wait, and is it idle while there is nothing to do?

use std::io::{self, Read, Write};
use std::net::UdpSocket;
use std::os::unix::net::UnixStream;
use std::time::{Duration, Instant};

use step4_select::{Clock, Co, Direction, Scheduler, Select, Socket};
use testing::selectors::{Counting, Counts};
use testing::watchdog::watch;
use testing::{lines, resumes};

/// Runs `main`, and returns what was counted and how often the main task was resumed.
fn run(main: impl AsyncFnOnce(Co, Counts) + 'static) -> (Counts, usize) {
    let _watch = watch();
    let (selector, counts) = Counting::new(Select::new().unwrap());
    let seen = counts.clone();
    let happened = lines(|| {
        let main = async move |co| main(co, seen).await;
        Scheduler::with_selector(selector).run(main).unwrap();
    });
    (counts, resumes(&happened, "main"))
}

/// Promise (sockets): An idle scheduler waits in one system call, and a busy one without sockets
/// makes none.
///
/// Classic bug: Spins while idle
#[test]
fn a_wait_for_a_socket_is_one_wait() {
    let (counts, resumes) = run(async |co, counts| {
        let socket = Socket::bind("127.0.0.1:0".parse().unwrap()).unwrap();
        let to = socket.local_addr().unwrap();
        counts.at_next_wait(move || {
            let sender = UdpSocket::bind("127.0.0.1:0").unwrap();
            sender.send_to(b"1", to).unwrap();
        });
        socket.recv_from(&co, &mut [0]).await.unwrap();
    });
    assert_eq!(counts.waits(), [None]);
    assert_eq!(resumes, 2);
}

/// Here the scheduler would round. Whether `sys` does, its own test shows.
///
/// Classic bug: Timer rounded down to 0 ms
#[test]
fn a_fraction_of_a_millisecond_does_not_spin() {
    let start = Instant::now();
    let delay = Duration::from_micros(10_900);
    let (counts, _) = run(async move |co, _| {
        let socket = Socket::bind("127.0.0.1:0".parse().unwrap()).unwrap();
        let idle = co.spawn(async move |co| socket.recv_from(&co, &mut [0]).await);
        let idle = idle.await;
        co.sleep(delay).await;
        idle.cancel(&co).await;
    });
    assert!(start.elapsed() >= delay);
    assert!(counts.looks() <= 1, "{:?}", counts.waits());
    assert!(counts.waits().len() <= 3, "{:?}", counts.waits());
}

#[test]
fn a_wait_lasts_until_the_first_deadline() {
    let (counts, _) = run(async move |co, _| {
        let socket = Socket::bind("127.0.0.1:0".parse().unwrap()).unwrap();
        let idle = co.spawn(async move |co| socket.recv_from(&co, &mut [0]).await);
        let idle = idle.await;
        co.sleep(Duration::from_millis(100)).await;
        idle.cancel(&co).await;
    });
    // The selector itself waits to the end of its timeout, and not longer.
    let waits = counts.waits();
    assert_eq!(waits.len(), 1, "{waits:?}");
    assert!(waits[0].unwrap() <= Duration::from_millis(100));
}

#[test]
fn a_busy_scheduler_only_looks() {
    let (counts, _) = run(async move |co, _| {
        let socket = Socket::bind("127.0.0.1:0".parse().unwrap()).unwrap();
        let idle = co.spawn(async move |co| socket.recv_from(&co, &mut [0]).await);
        let idle = idle.await;
        for _ in 0..10 {
            co.turn().await;
        }
        idle.cancel(&co).await;
    });
    assert_eq!(counts.waits(), [Some(Duration::ZERO); 9]);
}

/// Promise (sockets): An idle scheduler waits in one system call, and a busy one without sockets
/// makes none.
#[test]
fn without_sockets_there_is_no_system_call() {
    let (counts, _) = run(async |co, _| {
        for _ in 0..100 {
            co.turn().await;
        }
        co.sleep(Duration::from_millis(1)).await;
    });
    assert_eq!(counts.waits(), []);
}

/// Classic bug: Write interest held while idle
#[test]
fn writing_is_not_armed_while_reading() -> io::Result<()> {
    let (here, mut there) = UnixStream::pair()?;
    here.set_nonblocking(true)?;
    let (counts, resumes) = run(async move |co, _| {
        co.writable(&here).await.unwrap();
        (&here).write_all(b"ping").unwrap();
        // The answer takes a while: with write interest left, each wait until then ends at once.
        co.spawn(async move |co| {
            co.sleep(Duration::from_millis(50)).await;
            there.read_exact(&mut [0; 4]).unwrap();
            there.write_all(b"pong").unwrap();
        })
        .await;
        co.readable(&here).await.unwrap();
        (&here).read_exact(&mut [0; 4]).unwrap();
    });
    assert_eq!(counts.arms(Direction::Write), 1);
    assert_eq!(counts.arms(Direction::Read), 1);
    // Four waits: for room, a look before the new task runs, for the deadline, for the answer.
    assert_eq!((counts.waits().len(), resumes), (4, 3));
    Ok(())
}

#[test]
fn a_send_with_room_does_not_wait() {
    let (counts, resumes) = run(async |co, _| {
        let any = "127.0.0.1:0".parse().unwrap();
        let (here, there) = (Socket::bind(any).unwrap(), Socket::bind(any).unwrap());
        let to = there.local_addr().unwrap();
        for _ in 0..10 {
            here.send_to(&co, b"1", to).await.unwrap();
        }
    });
    assert_eq!(counts.arms(Direction::Write), 0);
    assert_eq!((counts.waits(), resumes), (vec![], 1));
}

#[test]
fn a_writer_waits_until_there_is_room() -> io::Result<()> {
    const LENGTH: usize = 4 << 20;
    let (here, mut there) = UnixStream::pair()?;
    here.set_nonblocking(true)?;
    there.set_nonblocking(true)?;
    let (counts, _) = run(async move |co, counts| {
        let reader = async move |co: Co| {
            // Nothing is read before the writer has to wait.
            while counts.arms(Direction::Write) == 0 {
                co.turn().await;
            }
            let (mut buffer, mut length) = (vec![0; 65_536], 0);
            loop {
                co.readable(&there).await.unwrap();
                match there.read(&mut buffer).unwrap() {
                    0 => return length,
                    more => length += more,
                }
            }
        };
        let reader = co.spawn(reader).await;
        let bytes = vec![7; LENGTH];
        let mut left = &bytes[..];
        while !left.is_empty() {
            match (&here).write(left) {
                Ok(written) => left = &left[written..],
                Err(error) => {
                    assert_eq!(error.kind(), io::ErrorKind::WouldBlock);
                    co.writable(&here).await.unwrap();
                }
            }
        }
        // This ends the stream for the reader.
        drop(here);
        assert_eq!(reader.join(&co).await, Some(LENGTH));
    });
    assert!(counts.arms(Direction::Write) > 0);
    assert_eq!(counts.armed(), 0);
    Ok(())
}

/// Promise (time): On the virtual clock, a wait for a socket is refused.
#[test]
fn a_virtual_clock_refuses_to_wait_for_a_socket() {
    let scheduler = Scheduler::new().unwrap().with_clock(Clock::virtual_time());
    let error = scheduler.run(async |co| {
        let socket = Socket::bind("127.0.0.1:0".parse().unwrap()).unwrap();
        let error = socket.recv_from(&co, &mut [0]).await.unwrap_err();
        // The task continues after the refusal.
        co.sleep(Duration::from_secs(3_600)).await;
        error
    });
    let error = error.unwrap();
    assert_eq!(error.kind(), io::ErrorKind::Unsupported);
    let words = error.to_string();
    assert!(words.contains("use the real one"), "{words}");
}
