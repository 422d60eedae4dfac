//! Where do its sockets behave differently from those of step 8?

use std::cell::Cell;
use std::pin::{Pin, pin};
use std::rc::Rc;
use std::sync::atomic::{AtomicUsize, Ordering::SeqCst};
use std::sync::{Arc, Mutex, mpsc};
use std::task::{Context, Wake, Waker};

use step4_select::{Direction, Select};
use step5_executor::net::{TcpListener, TcpStream, UdpSocket};
use step5_executor::{Executor, JoinHandle, sleep, spawn, yield_now};
use testing::foreign::{self, Counter, poll_with, turns};
use testing::log::Log;
use testing::panic_message;
use testing::selectors::{Counting, Counts};

use crate::support::{MS, SECOND, run, sender, streams, udp};

#[test]
fn what_waits_for_no_socket_works_outside() {
    let socket = udp();
    socket.connect(socket.local_addr().unwrap()).unwrap();
    assert_eq!(foreign::block_on(socket.send(&[0])).unwrap(), 1);
    let listener = TcpListener::bind("127.0.0.1:0".parse().unwrap()).unwrap();
    let address = listener.local_addr().unwrap();
    let stream = foreign::block_on(TcpStream::connect(address)).unwrap();
    assert_eq!(foreign::block_on(stream.write(b"hello")).unwrap(), 5);
}

#[test]
fn a_wait_that_outlives_its_executor_panics() {
    let executor = Executor::new().unwrap();
    let (socket, mut buffer, mut other) = (udp(), [0], [0]);
    let (_, waker) = Counter::new();
    let mut kept = Box::pin(socket.recv_from(&mut buffer));
    let mut dropped = Box::pin(socket.recv_from(&mut other));
    executor.block_on(async {
        assert!(poll_with(kept.as_mut(), &waker).is_pending());
        assert!(poll_with(dropped.as_mut(), &waker).is_pending());
    });
    drop(executor);
    drop(dropped);
    let message = panic_message::of(|| poll_with(kept.as_mut(), &waker));
    assert_eq!(message, "the executor of a wait was dropped");
}

// --- Each operation takes a turn ---

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
///
/// Promise (order): A flooded socket starves no task.
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

/// Promise (order): A flooded socket starves no task.
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

// --- Each wait is armed ---

/// Spawns a task that receives `count` datagrams, and logs each with its name.
fn reader(name: &'static str, count: usize, socket: &Rc<UdpSocket>, log: &Log) -> JoinHandle<()> {
    let (socket, log) = (socket.clone(), log.clone());
    spawn(async move {
        let mut buffer = [0; 16];
        for _ in 0..count {
            let (length, _) = socket.recv_from(&mut buffer).await.unwrap();
            let datagram = String::from_utf8_lossy(&buffer[..length]);
            log.add(format!("{name} {datagram}"));
        }
    })
}

/// Runs `main` on a selector that counts.
fn counted(main: impl AsyncFnOnce(Counts)) {
    let (selector, counts) = Counting::new(Select::new().unwrap());
    let executor = Executor::with_selector(selector).unwrap();
    executor.block_on(main(counts));
}

/// So a readable socket without waiters ends no wait.
#[test]
fn a_line_stays_armed_for_its_last_waiter() {
    counted(async |counts| {
        let armed = counts.armed();
        let (log, socket) = (Log::default(), Rc::new(udp()));
        let readers = ["a", "b", "c"].map(|name| reader(name, 1, &socket, &log));
        turns(2).await;
        let [a, b, c] = readers;
        b.abort();
        a.abort();
        assert_eq!(counts.armed(), armed + 1);
        c.abort();
        assert_eq!(counts.armed(), armed);
        sender(&socket).send(b"1").unwrap();
        let before = counts.waits().len();
        sleep(20 * MS).await;
        assert_eq!(counts.waits().len() - before, 1);
    });
}

/// The first waiter was woken, and tries late: the second need not wait for that.
#[test]
fn a_slow_first_waiter_does_not_block_the_second() {
    run(async || {
        let socket = udp();
        let (mut one, mut two) = ([0], [0]);
        let mut first = Box::pin(socket.recv(&mut one));
        let ((counter, waker), mut second) = (Counter::new(), pin!(socket.recv(&mut two)));
        assert!(poll_with(first.as_mut(), &waker).is_pending());
        let (other, other_waker) = Counter::new();
        assert!(poll_with(second.as_mut(), &other_waker).is_pending());
        sender(&socket).send(b"1").unwrap();
        turns(3).await;
        assert_eq!((counter.wakes(), other.wakes()), (1, 1));
        // Dropped after it was woken: the datagram is the second one's.
        drop(first);
        assert!(poll_with(second.as_mut(), &other_waker).is_ready());
    });
}

#[test]
fn each_wait_arms_once() {
    counted(async |counts| {
        let before = counts.arms(Direction::Read);
        let socket = udp();
        let sender = sender(&socket);
        for _ in 0..3 {
            sender.send(b"1").unwrap();
            socket.recv_from(&mut [0]).await.unwrap();
        }
        assert_eq!(counts.arms(Direction::Read) - before, 3);
        assert_eq!(counts.arms(Direction::Write), 0);
    });
}

// --- Streams are sent to other threads ---

type Job = Pin<Box<dyn Future<Output = ()> + Send>>;

/// A waker that polls its future at once, in the thread that wakes it.
struct PollsAtOnce {
    job: Mutex<Option<Job>>,
    wakes: AtomicUsize,
}

impl Wake for PollsAtOnce {
    fn wake(self: Arc<Self>) {
        // A wake during a poll is another poll after it.
        if self.wakes.fetch_add(1, SeqCst) > 0 {
            return;
        }
        let waker = Waker::from(Arc::clone(&self));
        let mut job = self.job.lock().unwrap();
        loop {
            let seen = self.wakes.load(SeqCst);
            if let Some(polled) = job.as_mut()
                && polled
                    .as_mut()
                    .poll(&mut Context::from_waker(&waker))
                    .is_ready()
            {
                *job = None;
            }
            if self.wakes.compare_exchange(seen, 0, SeqCst, SeqCst).is_ok() {
                return;
            }
        }
    }
}

#[test]
fn a_waker_that_polls_at_once_can_connect() {
    let listener = std::net::TcpListener::bind("127.0.0.1:0").unwrap();
    let address = listener.local_addr().unwrap();
    for _ in 0..50 {
        let (send, receive) = mpsc::channel();
        let job = async move {
            let is_connected = TcpStream::connect(address).await.is_ok();
            send.send(is_connected).unwrap();
        };
        let job: Job = Box::pin(job);
        let waker = PollsAtOnce {
            job: Mutex::new(Some(job)),
            wakes: AtomicUsize::new(0),
        };
        Arc::new(waker).wake();
        assert_eq!(receive.recv_timeout(60 * SECOND), Ok(true));
        listener.accept().unwrap();
    }
}
