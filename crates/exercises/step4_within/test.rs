use std::io;
use std::rc::Rc;
use std::time::{Duration, Instant};

use step4_select::{Co, Scheduler, Socket};

use super::recv_within;

const SHORT: Duration = Duration::from_millis(20);
/// Longer than any test may take.
const LONG: Duration = Duration::from_secs(60);

/// Runs a test with a socket, and another one that sends to it.
fn run<T: 'static>(test: impl AsyncFnOnce(Co, Rc<Socket>, Socket) -> T + 'static) -> T {
    let result = Scheduler::new().unwrap().run(async move |co| {
        let local = "127.0.0.1:0".parse().unwrap();
        let (socket, sender) = (Rc::new(Socket::bind(local)?), Socket::bind(local)?);
        sender.connect(socket.local_addr()?)?;
        io::Result::Ok(test(co, socket, sender).await)
    });
    result.expect("every task can continue").unwrap()
}

/// Spawns a task that sends "late" when the limit of a short call has long been over.
async fn send_late(co: &Co, sender: Socket) {
    co.spawn(async move |co| {
        co.sleep(10 * SHORT).await;
        sender.send(&co, b"late").await.unwrap();
    })
    .await;
}

#[test]
fn it_gives_up_when_the_time_is_over() {
    let start = Instant::now();
    run(async |co, socket, sender| {
        send_late(&co, sender).await;
        let received = recv_within(&co, &socket, SHORT).await.unwrap();
        assert_eq!(received, None, "nothing has come within the limit");
    });
    assert!(
        start.elapsed() >= SHORT,
        "it gave up before the time was over"
    );
}

#[test]
fn what_comes_in_time_leaves_no_task_behind() {
    let start = Instant::now();
    let received = run(async |co, socket, sender| {
        sender.send(&co, b"news").await.unwrap();
        recv_within(&co, &socket, LONG).await.unwrap()
    });
    assert_eq!(
        received.as_deref(),
        Some(&b"news"[..]),
        "the datagram came in time"
    );
    assert!(start.elapsed() < LONG, "the task that sleeps is left over");
}

#[test]
fn what_comes_late_is_for_the_next_call() {
    let next = run(async |co, socket, sender| {
        send_late(&co, sender).await;
        let received = recv_within(&co, &socket, SHORT).await.unwrap();
        assert_eq!(received, None, "nothing has come within the limit");
        recv_within(&co, &socket, LONG).await.unwrap()
    });
    assert_eq!(
        next.as_deref(),
        Some(&b"late"[..]),
        "the first call must leave no task that receives what comes later"
    );
}
