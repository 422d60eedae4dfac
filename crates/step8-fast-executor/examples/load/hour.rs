//! A program that does a bit of everything for long.

use std::cell::Cell;
use std::future::pending;
use std::net::SocketAddr;
use std::rc::Rc;
use std::time::{Duration, Instant};

use step8_fast_executor::net::UdpSocket;
use step8_fast_executor::{Executor, JoinError, interval, now, sleep, spawn, timeout};

use crate::loads::Figures;

/// What was done so far.
#[derive(Default)]
struct Done {
    ticks: Cell<u64>,
    answers: Cell<u64>,
    timeouts: Cell<u64>,
    in_time: Cell<u64>,
    aborted: Cell<u64>,
    panicked: Cell<u64>,
}

fn count(cell: &Cell<u64>) {
    cell.set(cell.get() + 1);
}

/// Runs tickers, a client and its server, timeouts, aborts and panics for some minutes of the
/// virtual clock.
pub(crate) fn of_work(minutes: u64) -> Figures {
    let (done, begin) = (Rc::new(Done::default()), Instant::now());
    let executor = Executor::with_virtual_time().expect("a few descriptors are left");
    executor.block_on(async {
        let end = now() + Duration::from_secs(60 * minutes);
        for number in 1..=5 {
            drop(spawn(tick(
                Duration::from_millis(100 * number),
                done.clone(),
            )));
        }
        let server = socket();
        let address = server.local_addr().expect("it is bound");
        drop(spawn(serve(server)));
        let mut seconds = interval(Duration::from_secs(1));
        while seconds.tick().await < end {
            one_second(address, &done).await;
        }
    });
    drop(executor);
    vec![
        (done.ticks.get(), "ticks"),
        (done.answers.get(), "datagrams answered"),
        (done.timeouts.get(), "timeouts that were over"),
        (done.in_time.get(), "that were not"),
        (done.aborted.get(), "tasks aborted"),
        (done.panicked.get(), "tasks that panicked"),
        (Rc::strong_count(&done) as u64 - 1, "tasks left"),
        (begin.elapsed().as_millis() as u64, "ms in all"),
    ]
}

fn socket() -> UdpSocket {
    UdpSocket::bind("127.0.0.1:0".parse().expect("this is an address")).expect("a port is free")
}

async fn tick(period: Duration, done: Rc<Done>) {
    let mut interval = interval(period);
    loop {
        interval.tick().await;
        count(&done.ticks);
    }
}

/// Answers each datagram with itself.
async fn serve(socket: UdpSocket) {
    let mut buffer = [0; 64];
    while let Ok((length, from)) = socket.recv_from(&mut buffer).await {
        _ = socket.send_to(&buffer[..length], from).await;
    }
}

/// A bit of everything.
async fn one_second(server: SocketAddr, done: &Done) {
    let client = socket();
    client
        .send_to(b"hello", server)
        .await
        .expect("a short datagram can be sent");
    if timeout(Duration::from_secs(1), client.recv_from(&mut [0; 64]))
        .await
        .is_ok_and(|answer| answer.is_ok())
    {
        count(&done.answers);
    }
    match timeout(Duration::from_millis(10), pending::<()>()).await {
        Ok(()) => unreachable!("it never ends"),
        Err(_) => count(&done.timeouts),
    }
    if timeout(Duration::from_secs(30), sleep(Duration::from_millis(10)))
        .await
        .is_ok()
    {
        count(&done.in_time);
    }
    let sleeper = spawn(sleep(Duration::from_secs(3600)));
    sleep(Duration::from_millis(1)).await;
    sleeper.abort();
    if sleeper.await.is_err_and(|error| error.is_cancelled()) {
        count(&done.aborted);
    }
    // Quiet: no hook is told.
    let panicking = spawn(async { std::panic::resume_unwind(Box::new("as it was told")) });
    if panicking
        .await
        .is_err_and(|error: JoinError| error.is_panic())
    {
        count(&done.panicked);
    }
}
