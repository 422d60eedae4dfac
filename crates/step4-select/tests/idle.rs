//! How often does the scheduler wait, and does it do nothing while there is nothing to do?

#[path = "support/counting.rs"]
mod counting;

use std::io::{self, Read, Write};
use std::net::{TcpListener, TcpStream, UdpSocket};
use std::thread;
use std::time::{Duration, Instant};

use counting::{Counting, Counts};
use step4_select::{
    Clock, Co, Direction, Generated, Observer, Request, Scheduler, Sleep, Socket, TaskId, Until,
};

#[derive(Default)]
struct Resumes(u64);

impl Observer<Request> for Resumes {
    fn resumed(&mut self, _: TaskId) {
        self.0 += 1;
    }
}

/// Runs `main`, and gives what was counted and how many resumes there were.
fn run<T: 'static>(main: impl AsyncFnOnce(&Co, Counts) -> T + 'static) -> (Counts, u64) {
    let (selector, counts) = Counting::new();
    let mut resumes = Resumes::default();
    let seen = counts.clone();
    let main = Generated::new(async move |co: &Co| main(co, seen).await);
    Scheduler::with_selector(selector)
        .with_observer(&mut resumes)
        .run(main)
        .unwrap();
    (counts, resumes.0)
}

/// Two connected TCP streams, of which the first does not block.
fn streams() -> io::Result<(Socket<TcpStream>, TcpStream)> {
    let listener = TcpListener::bind("127.0.0.1:0")?;
    let there = TcpStream::connect(listener.local_addr()?)?;
    let (here, _) = listener.accept()?;
    here.set_nonblocking(true)?;
    Ok((Socket::new(here), there))
}

/// Classic bug: "spins while idle".
#[test]
fn spins_while_idle() {
    let (counts, resumes) = run(async |co: &Co, counts| {
        let socket = Socket::bind("127.0.0.1:0".parse().unwrap()).unwrap();
        let to = socket.local_addr().unwrap();
        counts.at_next_wait(move || {
            UdpSocket::bind("127.0.0.1:0")
                .unwrap()
                .send_to(b"1", to)
                .unwrap();
        });
        socket.recv_from(co, &mut [0]).await.unwrap();
    });
    assert_eq!(counts.waits(), [Until::Event]);
    assert_eq!(resumes, 2);
}

/// Classic bug: "timer rounded down to 0 ms".
#[test]
fn timer_rounded_down_to_0_ms() {
    let start = Instant::now();
    let delay = Duration::from_micros(10_900);
    let (counts, _) = run(async move |co: &Co, _| co.yield_(Sleep(delay)).await);
    assert!(start.elapsed() >= delay);
    assert!(counts.zero_waits() <= 1, "{:?}", counts.waits());
    assert!(counts.waits().len() <= 2, "{:?}", counts.waits());
}

#[test]
fn without_sockets_a_busy_scheduler_makes_no_system_call() {
    let (counts, _) = run(async |co: &Co, _| {
        for _ in 0..100 {
            co.yield_(step4_select::Turn).await;
        }
    });
    assert_eq!(counts.waits(), []);
}

/// Classic bug: "write interest held while idle".
#[test]
fn write_interest_held_while_idle() {
    let (counts, resumes) = run(async |co: &Co, counts| {
        let (here, mut there) = streams().unwrap();
        here.attempt(co, Direction::Write, |mut io| io.write(b"ping"))
            .await
            .unwrap();
        counts.at_next_wait(move || {
            there.read_exact(&mut [0; 4]).unwrap();
            there.write_all(b"pong").unwrap();
        });
        here.attempt(co, Direction::Read, |mut io| io.read(&mut [0; 4]))
            .await
            .unwrap();
    });
    assert_eq!(
        (
            counts.armed(Direction::Write),
            counts.armed(Direction::Read)
        ),
        (0, 1)
    );
    assert_eq!((counts.waits().len(), resumes), (1, 2));
}

#[test]
fn a_writer_waits_until_there_is_room() {
    const LENGTH: usize = 32 << 20;
    let (selector, counts) = Counting::new();
    let seen = counts.clone();
    let main = Generated::new(async move |co: &Co| {
        let (here, mut there) = streams().unwrap();
        let reader = co.spawn(Generated::new(async move |co: &Co| {
            // Nothing is read before the writer has to wait.
            while seen.armed(Direction::Write) == 0 {
                co.yield_(step4_select::Turn).await;
            }
            thread::spawn(move || io::copy(&mut there, &mut io::sink()).unwrap())
        }));
        let reader = reader.await;
        let bytes = vec![7; LENGTH];
        let mut left = &bytes[..];
        while !left.is_empty() {
            left = &left[here
                .attempt(co, Direction::Write, |mut io| io.write(left))
                .await
                .unwrap()..];
        }
        // The drop ends the stream for the reader, at once.
        drop(here);
        assert_eq!(
            reader.join(co).await.unwrap().join().unwrap(),
            LENGTH as u64
        );
    });
    Scheduler::with_selector(selector).run(main).unwrap();
    assert_eq!(counts.registered(), 0);
}

#[test]
fn what_comes_in_two_parts_is_read_in_two_parts() {
    run(async |co: &Co, _| {
        let (here, mut there) = streams().unwrap();
        let peer = co.spawn(Generated::new(async move |co: &Co| {
            for part in [b"first ", b"second"] {
                there.write_all(part).unwrap();
                co.yield_(Sleep(Duration::from_millis(5))).await;
            }
        }));
        peer.await;
        let (mut buffer, mut filled) = ([0; 12], 0);
        while filled < buffer.len() {
            let rest = &mut buffer[filled..];
            filled += here
                .attempt(co, Direction::Read, |mut io| io.read(rest))
                .await
                .unwrap();
        }
        assert_eq!(&buffer, b"first second");
    });
}

#[test]
fn under_the_virtual_clock_sockets_of_the_same_scheduler_come_before_time_moves_on() {
    let (selector, counts) = Counting::new();
    let clock = Clock::virtual_time();
    let (start, seen) = (clock.now(), clock.clone());
    let main = Generated::new(async move |co: &Co| {
        let socket = Socket::bind("127.0.0.1:0".parse().unwrap()).unwrap();
        let to = socket.local_addr().unwrap();
        co.spawn(Generated::new(async move |co: &Co| {
            co.yield_(Sleep(Duration::from_secs(3600))).await;
            let from = Socket::bind("127.0.0.1:0".parse().unwrap()).unwrap();
            from.send_to(co, b"1", to).await.unwrap();
            co.yield_(Sleep(Duration::from_secs(1))).await;
        }))
        .await;
        socket.recv_from(co, &mut [0]).await.unwrap();
        seen.now() - start
    });
    let received = Scheduler::with_selector(selector)
        .with_clock(clock.clone())
        .run(main)
        .unwrap();
    assert_eq!(
        received,
        Duration::from_secs(3600),
        "the datagram is there before the next deadline"
    );
    assert_eq!(clock.now() - start, Duration::from_secs(3601));
    assert_eq!(clock.waits(), 2);
    assert!(counts.waits().iter().all(|until| *until == Until::Now));
}
