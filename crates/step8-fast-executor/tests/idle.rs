//! How many waits does an executor make, and how many polls? No more than there are events.

#[path = "../../step4-select/tests/support/counting.rs"]
mod counting;
#[path = "support/net_run.rs"]
mod net_run;

use std::cell::Cell;
use std::io::{Read, Write};
use std::net::TcpListener;
use std::rc::Rc;
use std::thread;
use std::time::{Duration, Instant};

use counting::{Counting, Counts};
use net_run::{MS, on_select as executor, promise, sender, turns, udp, within_a_minute};
use step4_select::{Direction, Until};
use step8_fast_executor::net::TcpStream;
use step8_fast_executor::{Executor, Observer, TaskId, sleep_until, spawn, yield_now};

#[derive(Default)]
struct Polls(Cell<u32>);

impl Observer for Polls {
    fn polled(&self, _: TaskId) {
        self.0.set(self.0.get() + 1);
    }
}

/// Runs `main`, and returns what was counted and how many polls there were.
fn run(main: impl AsyncFnOnce()) -> (Counts, u32) {
    let (selector, counts) = Counting::new();
    let polls = Rc::new(Polls::default());
    Executor::with_selector(selector)
        .unwrap()
        .with_observer(polls.clone())
        .block_on(main());
    (counts, polls.0.get())
}

/// Classic bug: "spins while idle".
#[test]
fn spins_while_idle() {
    let (counts, polls) = run(async || {
        let socket = udp();
        let sender = sender(&socket);
        thread::spawn(move || {
            thread::sleep(100 * MS);
            sender.send(b"1").unwrap();
        });
        socket.recv_from(&mut [0]).await.unwrap();
    });
    assert_eq!((counts.waits(), polls), (vec![Until::Event], 2));
}

#[test]
fn an_executor_that_waits_for_a_timer_makes_the_one_wait() {
    let deadline = Instant::now() + 50 * MS;
    let (counts, polls) = run(async || sleep_until(deadline).await);
    assert_eq!(
        (counts.waits(), polls),
        (vec![Until::Deadline(deadline)], 2)
    );
}

#[test]
fn an_executor_that_waits_for_a_thread_makes_the_one_wait() {
    let (counts, polls) = run(async || {
        let (sender, result) = promise();
        thread::spawn(move || {
            thread::sleep(50 * MS);
            sender.send(());
        });
        result.await;
    });
    assert_eq!((counts.waits(), polls), (vec![Until::Event], 2));
}

#[test]
fn without_sockets_a_busy_executor_makes_no_system_call() {
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
fn a_socket_that_nobody_waits_for_costs_no_system_call() {
    let (counts, _) = run(async || {
        let socket = udp();
        let sender = sender(&socket);
        // It is registered by this wait.
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
    assert_eq!(counts.registered(), 0);
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
fn write_interest_held_while_idle() {
    let before = Rc::new(Cell::new((0, 0)));
    let (selector, counts) = Counting::new();
    let polls = Rc::new(Polls::default());
    let executor = Executor::with_selector(selector)
        .unwrap()
        .with_observer(polls.clone());
    executor.block_on(async {
        let (here, mut there) = streams().await;
        before.set((counts.waits().len(), counts.armed(Direction::Write)));
        polls.0.set(0);
        here.write_all(b"ping").await.unwrap();
        thread::spawn(move || {
            there.read_exact(&mut [0; 4]).unwrap();
            thread::sleep(50 * MS);
            there.write_all(b"pong").unwrap();
        });
        assert_eq!(here.read(&mut [0; 4]).await.unwrap(), 4);
    });
    let (waits, writes) = before.get();
    assert_eq!(
        (
            counts.armed(Direction::Write) - writes,
            counts.armed(Direction::Read)
        ),
        (0, 1)
    );
    assert_eq!((counts.waits().len() - waits, polls.0.get()), (1, 1));
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
        assert!(counts.armed(Direction::Write) > 0);
        let last = counts.waits().len() - 1;
        assert_eq!(counts.waits()[last], Until::Event);
        assert!(
            counts.waits().len() <= counts.armed(Direction::Write) + counts.armed(Direction::Read)
        );
    });
}
