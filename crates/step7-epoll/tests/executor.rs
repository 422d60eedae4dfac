//! Does the executor of step 5 run on it, as it does on `Select`?

#[path = "../../step4-select/tests/support/watchdog.rs"]
mod watchdog;

use std::cell::RefCell;
use std::future::poll_fn;
use std::io::ErrorKind;
use std::net::Shutdown;
use std::rc::Rc;
use std::sync::mpsc;
use std::task::Poll;
use std::thread;
use std::time::{Duration, Instant};

use step5_executor::net::{TcpListener, TcpStream, UdpSocket};
use step5_executor::{Executor, JoinHandle, sleep, spawn, timeout, yield_now};
use step7_epoll::Epoll;

const MS: Duration = Duration::from_millis(1);

fn executor() -> Executor {
    Executor::with_selector(Epoll::new().unwrap()).unwrap()
}

/// Runs `main` on epoll; fails if it is not over within a minute.
fn run(main: impl AsyncFnOnce() + Send + 'static) {
    watchdog::within_a_minute(move || executor().block_on(main()));
}

fn udp() -> UdpSocket {
    UdpSocket::bind("127.0.0.1:0".parse().unwrap()).unwrap()
}

/// A std socket that is connected to `to`. What it sends has arrived when `send` returns.
fn sender(to: &UdpSocket) -> std::net::UdpSocket {
    let sender = std::net::UdpSocket::bind("127.0.0.1:0").unwrap();
    sender.connect(to.local_addr().unwrap()).unwrap();
    sender
}

async fn receive(socket: &UdpSocket) -> u8 {
    let mut buffer = [0];
    socket.recv(&mut buffer).await.unwrap();
    buffer[0]
}

async fn turns(count: usize) {
    for _ in 0..count {
        yield_now().await;
    }
}

// --- UDP ---

#[test]
fn datagrams_go_there_and_back() {
    run(async || {
        let (here, there) = (udp(), udp());
        here.connect(there.local_addr().unwrap()).unwrap();
        drop(spawn(async move {
            let mut buffer = [0; 4];
            loop {
                let (length, from) = there.recv_from(&mut buffer).await.unwrap();
                there.send_to(&buffer[..length], from).await.unwrap();
            }
        }));
        for number in 0..100 {
            here.send(&[number]).await.unwrap();
            assert_eq!(receive(&here).await, number);
        }
    });
}

#[test]
fn a_burst_is_read_to_its_end() {
    run(async || {
        let socket = udp();
        let sender = sender(&socket);
        let reader = spawn(async move {
            for number in 0..100 {
                assert_eq!(receive(&socket).await, number);
            }
        });
        turns(2).await;
        (0..100).for_each(|number| assert_eq!(sender.send(&[number]).unwrap(), 1));
        reader.await.unwrap();
    });
}

#[test]
fn a_refused_datagram_is_an_error_for_who_waits() {
    run(async || {
        let nobody = udp().local_addr().unwrap();
        let socket = udp();
        socket.connect(nobody).unwrap();
        let waiting = spawn(async move {
            socket.send(b"anybody?").await.unwrap();
            socket.recv(&mut [0]).await
        });
        assert_eq!(waiting.await.unwrap().unwrap_err().kind(), ErrorKind::ConnectionRefused);
    });
}

// --- TCP ---

/// Makes a connection, by a connect that waits.
async fn connection() -> (TcpStream, TcpStream) {
    let listener = TcpListener::bind("127.0.0.1:0".parse().unwrap()).unwrap();
    let address = listener.local_addr().unwrap();
    let client = spawn(async move { TcpStream::connect(address).await.unwrap() });
    let (server, _) = listener.accept().await.unwrap();
    (client.await.unwrap(), server)
}

/// More than there is room for, so that the writer has to wait for room, again and again.
#[test]
fn a_writer_waits_until_there_is_room() {
    const LENGTH: usize = 16 << 20;
    run(async || {
        let (client, server) = connection().await;
        let writer = spawn(async move { client.write_all(&vec![7; LENGTH]).await });
        turns(10).await;
        let (mut buffer, mut count) = (vec![0; 65_536], 0);
        loop {
            match server.read(&mut buffer).await.unwrap() {
                0 => break,
                length => count += length,
            }
        }
        assert_eq!(count, LENGTH);
        writer.await.unwrap().unwrap();
    });
}

#[test]
fn both_directions_of_a_connection_can_wait_at_once() {
    const LENGTH: usize = 4 << 20;
    run(async || {
        let (client, server) = connection().await;
        let client = Rc::new(client);
        let reading = client.clone();
        let reader = spawn(async move { reading.read(&mut [0]).await.unwrap() });
        let writer = spawn(async move { client.write_all(&vec![7; LENGTH]).await.unwrap() });
        turns(10).await;
        let (mut buffer, mut count) = (vec![0; 65_536], 0);
        while count < LENGTH {
            count += server.read(&mut buffer).await.unwrap();
        }
        server.write_all(b"!").await.unwrap();
        assert_eq!(reader.await.unwrap(), 1);
        writer.await.unwrap();
    });
}

/// Classic bug: "partial read overwrites the buffer's start".
#[test]
fn partial_read_overwrites_the_buffers_start() {
    run(async || {
        let (client, server) = connection().await;
        let writer = spawn(async move {
            for part in [b"first ", b"second"] {
                client.write_all(part).await.unwrap();
                sleep(5 * MS).await;
            }
        });
        let (mut buffer, mut filled) = ([0; 12], 0);
        while filled < buffer.len() {
            filled += server.read(&mut buffer[filled..]).await.unwrap();
        }
        assert_eq!(&buffer, b"first second");
        writer.await.unwrap();
    });
}

#[test]
fn the_end_of_what_a_peer_sends_reaches_who_waits() {
    run(async || {
        let (client, server) = connection().await;
        let reader = spawn(async move { server.read(&mut [0]).await.unwrap() });
        turns(2).await;
        client.shutdown(Shutdown::Write).unwrap();
        assert_eq!(reader.await.unwrap(), 0);
    });
}

#[test]
fn a_refused_connection_is_an_error() {
    run(async || {
        let listener = std::net::TcpListener::bind("127.0.0.1:0").unwrap();
        let nobody = listener.local_addr().unwrap();
        drop(listener);
        let error = TcpStream::connect(nobody).await.unwrap_err();
        assert_eq!(error.kind(), ErrorKind::ConnectionRefused);
    });
}

// --- Time ---

#[test]
fn a_timeout_ends_a_wait_and_never_early() {
    run(async || {
        let socket = udp();
        for limit in [MS / 2, 5 * MS, 20 * MS] {
            let start = Instant::now();
            timeout(limit, receive(&socket)).await.unwrap_err();
            assert!(start.elapsed() >= limit);
        }
        // Its waiters are gone, and it is as good as new.
        sender(&socket).send(&[1]).unwrap();
        assert_eq!(receive(&socket).await, 1);
    });
}

/// Classic bug: "a task that is always ready starves timers and sockets".
#[test]
fn a_task_that_is_always_ready_starves_timers_and_sockets() {
    run(async || {
        let socket = udp();
        let sender = sender(&socket);
        let busy = spawn(async {
            loop {
                yield_now().await;
            }
        });
        let reader = spawn(async move { receive(&socket).await });
        sleep(10 * MS).await;
        sender.send(&[1]).unwrap();
        assert_eq!(reader.await.unwrap(), 1);
        busy.abort();
    });
}

// --- Waiters ---

/// Spawns readers that write their name and what they got into the log, each once, and lets them wait.
async fn readers(names: &[&'static str], socket: &Rc<UdpSocket>, log: &Log) -> Vec<JoinHandle<()>> {
    let reader = |name: &'static str| {
        let (socket, log) = (socket.clone(), log.clone());
        spawn(async move {
            let number = receive(&socket).await;
            log.borrow_mut().push((name, number));
        })
    };
    let readers = names.iter().map(|name| reader(name)).collect();
    turns(2).await;
    readers
}

type Log = Rc<RefCell<Vec<(&'static str, u8)>>>;

/// Classic bug: "waiters served LIFO".
#[test]
fn waiters_served_lifo() {
    run(async || {
        let (socket, log) = (Rc::new(udp()), Log::default());
        let sender = sender(&socket);
        let readers = readers(&["first", "second", "third"], &socket, &log).await;
        for number in 1..=3 {
            sender.send(&[number]).unwrap();
        }
        for reader in readers {
            reader.await.unwrap();
        }
        assert_eq!(log.take(), [("first", 1), ("second", 2), ("third", 3)]);
    });
}

#[test]
fn a_waiter_that_is_cancelled_loses_nothing() {
    run(async || {
        let (socket, log) = (Rc::new(udp()), Log::default());
        let sender = sender(&socket);
        let readers = readers(&["first", "second", "third"], &socket, &log).await;
        readers[0].abort();
        turns(1).await;
        sender.send(&[1]).unwrap();
        sender.send(&[2]).unwrap();
        for reader in readers.into_iter().skip(1) {
            reader.await.unwrap();
        }
        assert_eq!(log.take(), [("second", 1), ("third", 2)]);
    });
}

/// The hardest case: the kernel reports the datagram once, and whom it was reported to is gone before it tried.
#[test]
fn a_waiter_that_is_cancelled_after_it_was_woken_passes_its_turn_on() {
    run(async || {
        let (socket, log) = (Rc::new(udp()), Log::default());
        let sender = sender(&socket);
        let mut first = Box::pin({
            let socket = socket.clone();
            async move { receive(&socket).await }
        });
        assert!(poll_fn(|cx| Poll::Ready(first.as_mut().poll(cx))).await.is_pending());
        let readers = readers(&["second"], &socket, &log).await;
        sender.send(&[1]).unwrap();
        // By then it is woken; nobody polls it.
        turns(3).await;
        assert!(log.borrow().is_empty());
        drop(first);
        for reader in readers {
            reader.await.unwrap();
        }
        assert_eq!(log.take(), [("second", 1)]);
    });
}

/// Classic bug: "a registration outlives its task".
#[test]
fn a_registration_outlives_its_task() {
    run(async || {
        for number in 0..100 {
            // Most likely the descriptor that the one before had.
            let socket = udp();
            let sender = sender(&socket);
            let reader = spawn(async move { receive(&socket).await });
            turns(2).await;
            if number % 2 == 0 {
                reader.abort();
                sender.send(&[number]).unwrap();
                assert!(reader.await.unwrap_err().is_cancelled());
            } else {
                sender.send(&[number]).unwrap();
                assert_eq!(reader.await.unwrap(), number);
            }
        }
    });
}

// --- Threads, and other executors ---

/// Classic bug: "a wake from another thread is not seen". Nothing but that wake ends the wait.
#[test]
fn a_wake_from_another_thread_is_not_seen() {
    run(async || {
        let socket = udp();
        let idle = spawn(async move { receive(&socket).await });
        let (sender, receiver) = mpsc::channel();
        let mut waker = None;
        let came = poll_fn(|cx| match receiver.try_recv() {
            Ok(message) => Poll::Ready(message),
            Err(_) if waker.is_none() => {
                waker = Some(cx.waker().clone());
                let (sender, waker) = (sender.clone(), cx.waker().clone());
                thread::spawn(move || {
                    // So that the wait has most likely begun; the test holds either way.
                    thread::sleep(20 * MS);
                    sender.send("woken").unwrap();
                    waker.wake();
                });
                Poll::Pending
            }
            Err(_) => Poll::Pending,
        });
        assert_eq!(came.await, "woken");
        idle.abort();
    });
}

#[test]
fn a_socket_goes_from_one_executor_to_another() {
    watchdog::within_a_minute(|| {
        let (first, second) = (executor(), executor());
        let socket = Rc::new(udp());
        let sender = sender(&socket);
        for (number, executor) in (0..).zip([&first, &second, &first, &second]) {
            let waiting = socket.clone();
            let reader = executor.spawn(async move { receive(&waiting).await });
            executor.block_on(async {
                turns(2).await;
                sender.send(&[number]).unwrap();
                assert_eq!(reader.await.unwrap(), number);
            });
        }
    });
}

#[test]
fn a_socket_may_outlive_its_executor() {
    watchdog::within_a_minute(|| {
        let socket = Rc::new(udp());
        let waiting = socket.clone();
        let first = executor();
        let idle = first.spawn(async move { receive(&waiting).await });
        first.block_on(turns(3));
        drop(first);
        assert!(idle.is_finished());
        sender(&socket).send(&[1]).unwrap();
        assert_eq!(executor().block_on(receive(&socket)), 1);
    });
}
