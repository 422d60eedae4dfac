//! Does anybody starve the others: the sleepers, the sockets, the tasks?

use std::cell::Cell;
use std::net::UdpSocket;
use std::rc::Rc;
use std::time::{Duration, Instant};

use step4_select::{Co, Generated, Scheduler, Sleep, Socket, Turn};

fn socket() -> Socket {
    Socket::bind("127.0.0.1:0".parse().unwrap()).unwrap()
}

/// Classic bug: "a task that is always ready starves timers and sockets". The tutorial's scheduler does this: it looks
/// at them only when nothing is ready.
#[test]
fn a_task_that_is_always_ready_starves_timers_and_sockets() {
    let start = Instant::now();
    let delay = Duration::from_millis(10);
    let main = Generated::new(async move |co: &Co| {
        let served = Rc::new(Cell::new(0));
        let socket = socket();
        let to = socket.local_addr().unwrap();
        let count = served.clone();
        co.spawn(Generated::new(async move |co: &Co| {
            socket.recv_from(co, &mut [0]).await.unwrap();
            count.set(count.get() + 1);
        }))
        .await;
        let count = served.clone();
        co.spawn(Generated::new(async move |co: &Co| {
            co.yield_(Sleep(delay)).await;
            count.set(count.get() + 1);
            UdpSocket::bind("127.0.0.1:0")
                .unwrap()
                .send_to(b"1", to)
                .unwrap();
        }))
        .await;
        while served.get() < 2 {
            assert!(
                start.elapsed() < Duration::from_secs(30),
                "{} of 2 were served",
                served.get()
            );
            co.yield_(Turn).await;
        }
    });
    Scheduler::new().unwrap().run(main).unwrap();
    assert!(start.elapsed() >= delay);
}

/// A socket that always has something ready gives its task 128 operations a turn.
#[test]
fn a_flooded_socket_starves_nobody() {
    let main = Generated::new(async |co: &Co| {
        let sent = Rc::new(Cell::new(0));
        let count = sent.clone();
        let flood = co.spawn(Generated::new(async move |co: &Co| {
            let (from, to) = (socket(), socket());
            let to = to.local_addr().unwrap();
            loop {
                // What does not fit in the receiver's buffer is lost, so that this never has to wait.
                from.send_to(co, b"flood", to).await.unwrap();
                count.set(count.get() + 1);
            }
        }));
        let flood = flood.await;
        let mut seen = Vec::new();
        for _ in 0..5 {
            seen.push(sent.get());
            co.yield_(Turn).await;
        }
        flood.cancel(co).await;
        seen
    });
    assert_eq!(
        Scheduler::new().unwrap().run(main),
        Ok(vec![0, 128, 256, 384, 512])
    );
}

#[test]
fn spawning_between_the_operations_does_not_renew_the_budget() {
    let main = Generated::new(async |co: &Co| {
        let flood = Generated::new(async |co: &Co| {
            let (from, to) = (socket(), socket());
            let to = to.local_addr().unwrap();
            loop {
                from.send_to(co, b"flood", to).await.unwrap();
                co.spawn(Generated::new(async |_: &Co| ())).await;
            }
        });
        let flood = co.spawn(flood).await;
        co.yield_(Turn).await;
        flood.cancel(co).await;
    });
    Scheduler::new().unwrap().run(main).unwrap();
}
