//! Which of several tasks that wait for one socket is served, and when is it the next one's turn?

#[path = "support/counting.rs"]
mod counting;

use std::cell::RefCell;
use std::net::UdpSocket;
use std::rc::Rc;

use counting::Counting;
use step4_select::{Co, Generated, Request, Scheduler, Sleep, Socket, Task, Turn};

fn socket() -> Socket {
    Socket::bind("127.0.0.1:0".parse().unwrap()).unwrap()
}

/// A std socket that is connected to `to`, and sends to it at once.
fn sender(to: &Socket) -> UdpSocket {
    let sender = UdpSocket::bind("127.0.0.1:0").unwrap();
    sender.connect(to.local_addr().unwrap()).unwrap();
    sender
}

type Log = Rc<RefCell<Vec<String>>>;

/// Spawns a task that receives `count` datagrams, and logs each with its name.
async fn reader(
    co: &Co,
    name: &'static str,
    count: usize,
    socket: &Rc<Socket>,
    log: &Log,
) -> Task<()> {
    let (socket, log) = (socket.clone(), log.clone());
    let body = Generated::new(async move |co: &Co| {
        let mut buffer = [0; 16];
        for _ in 0..count {
            let (length, _) = socket.recv_from(co, &mut buffer).await.unwrap();
            log.borrow_mut().push(format!(
                "{name} {}",
                String::from_utf8_lossy(&buffer[..length])
            ));
        }
    });
    co.spawn_named(name, body).await
}

fn run(main: impl AsyncFnOnce(&Co) + 'static) {
    Scheduler::new()
        .unwrap()
        .run(Generated::<Request, _>::new(main))
        .unwrap();
}

async fn turns(co: &Co, count: usize) {
    for _ in 0..count {
        co.yield_(Turn).await;
    }
}

/// Classic bug: "waiters served LIFO". The tutorial's scheduler does this.
#[test]
fn waiters_served_lifo() {
    let log = Log::default();
    let seen = log.clone();
    run(async move |co: &Co| {
        let socket = Rc::new(socket());
        for name in ["first", "second", "third"] {
            reader(co, name, 1, &socket, &seen).await;
        }
        turns(co, 2).await;
        let sender = sender(&socket);
        for datagram in ["1", "2", "3"] {
            sender.send(datagram.as_bytes()).unwrap();
        }
    });
    assert_eq!(log.take(), ["first 1", "second 2", "third 3"]);
}

#[test]
fn readers_in_a_loop_alternate() {
    let log = Log::default();
    let seen = log.clone();
    run(async move |co: &Co| {
        let socket = Rc::new(socket());
        for name in ["a", "b"] {
            reader(co, name, 3, &socket, &seen).await;
        }
        turns(co, 2).await;
        let sender = sender(&socket);
        for i in 0..6 {
            sender.send(&[b'0' + i]).unwrap();
            // Both are waiting again before the next comes.
            turns(co, 6).await;
        }
    });
    assert_eq!(log.take(), ["a 0", "b 1", "a 2", "b 3", "a 4", "b 5"]);
}

/// The selector's contract: try first, and ask only after the try would have blocked.
#[test]
fn who_was_woken_tries_again_before_it_waits_again() {
    let (selector, counts) = Counting::new();
    let main = Generated::new(async |co: &Co| {
        let socket = Rc::new(socket());
        let reader = reader(co, "reader", 2, &socket, &Log::default()).await;
        turns(co, 2).await;
        let sender = sender(&socket);
        sender.send(b"1").unwrap();
        sender.send(b"2").unwrap();
        reader.join(co).await.unwrap();
    });
    Scheduler::with_selector(selector).run(main).unwrap();
    assert_eq!(
        counts.armed(step4_select::Direction::Read),
        1,
        "the second datagram is there already"
    );
}

#[test]
fn newcomers_queue_behind_those_who_wait() {
    let log = Log::default();
    let seen = log.clone();
    run(async move |co: &Co| {
        let socket = Rc::new(socket());
        reader(co, "first", 1, &socket, &seen).await;
        turns(co, 2).await;
        // The datagram is there before the newcomer, which would be the first to find it if it looked.
        sender(&socket).send(b"1").unwrap();
        reader(co, "newcomer", 1, &socket, &seen).await;
        turns(co, 6).await;
        sender(&socket).send(b"2").unwrap();
    });
    assert_eq!(log.take(), ["first 1", "newcomer 2"]);
}

#[test]
fn one_datagram_wakes_one_waiter_and_then_the_next_looks_once() {
    struct Resumes(Rc<RefCell<Vec<u32>>>);
    impl step4_select::Observer<Request> for Resumes {
        fn spawned(
            &mut self,
            _: step4_select::TaskId,
            _: &step4_select::TaskName,
            _: Option<step4_select::TaskId>,
        ) {
            self.0.borrow_mut().push(0);
        }
        fn yielded(&mut self, _: step4_select::TaskId, request: &Request) {
            if let Request::Readable(_) = request {
                *self.0.borrow_mut().last_mut().unwrap() += 1;
            }
        }
    }
    let waits = Rc::new(RefCell::new(vec![]));
    let main = Generated::new(async move |co: &Co| {
        let socket = Rc::new(socket());
        let readers = [
            reader(co, "a", 1, &socket, &Log::default()).await,
            reader(co, "b", 1, &socket, &Log::default()).await,
            reader(co, "c", 1, &socket, &Log::default()).await,
        ];
        turns(co, 2).await;
        sender(&socket).send(b"1").unwrap();
        turns(co, 20).await;
        for reader in readers {
            reader.cancel(co).await;
        }
    });
    Scheduler::new()
        .unwrap()
        .with_observer(Resumes(waits.clone()))
        .run(main)
        .unwrap();
    assert_eq!(
        waits.take().iter().sum::<u32>(),
        3 + 1,
        "each waits, and the second looks once for nothing"
    );
}

#[test]
fn a_waiter_that_is_cancelled_is_passed_over() {
    let log = Log::default();
    let seen = log.clone();
    run(async move |co: &Co| {
        let socket = Rc::new(socket());
        let first = reader(co, "first", 1, &socket, &seen).await;
        let second = reader(co, "second", 1, &socket, &seen).await;
        reader(co, "third", 1, &socket, &seen).await;
        turns(co, 2).await;
        first.cancel(co).await;
        second.cancel(co).await;
        sender(&socket).send(b"1").unwrap();
    });
    assert_eq!(log.take(), ["third 1"]);
}

#[test]
fn a_waiter_that_is_cancelled_after_it_was_woken_wakes_the_next() {
    let log = Log::default();
    let seen = log.clone();
    run(async move |co: &Co| {
        let socket = Rc::new(socket());
        // Once `first` is woken, it is behind this task, its canceller, in the ready queue.
        let first = reader(co, "first", 1, &socket, &seen).await;
        reader(co, "second", 1, &socket, &seen).await;
        turns(co, 2).await;
        sender(&socket).send(b"1").unwrap();
        // In this round the scheduler finds the datagram, and readies `first` behind this task.
        turns(co, 1).await;
        first.cancel(co).await;
    });
    assert_eq!(log.take(), ["second 1"]);
}

/// Classic bug: "a registration outlives its task".
#[test]
fn a_registration_outlives_its_task() {
    let (selector, counts) = Counting::new();
    let seen = counts.clone();
    let main = Generated::new(async move |co: &Co| {
        for _ in 0..10 {
            let body =
                Generated::new(async |co: &Co| socket().recv_from(co, &mut [0]).await.map(drop));
            let reader = co.spawn(body).await;
            turns(co, 2).await;
            assert_eq!(seen.registered(), 1);
            reader.cancel(co).await;
            assert_eq!(seen.registered(), 0);
        }
    });
    Scheduler::with_selector(selector).run(main).unwrap();
    assert_eq!(counts.registered(), 0);
}

#[test]
fn the_interest_of_who_is_gone_is_taken_back() {
    let (selector, counts) = Counting::new();
    let seen = counts.clone();
    let main = Generated::new(async move |co: &Co| {
        let socket = Rc::new(socket());
        let first = reader(co, "first", 1, &socket, &Log::default()).await;
        let second = reader(co, "second", 1, &socket, &Log::default()).await;
        turns(co, 2).await;
        first.cancel(co).await;
        assert_eq!(seen.disarmed(), 0);
        second.cancel(co).await;
        assert_eq!(seen.disarmed(), 1);
    });
    Scheduler::with_selector(selector).run(main).unwrap();
}

/// A task may begin to wait for one socket, leave that, and wait for another.
#[test]
fn a_task_that_was_woken_for_one_socket_and_waits_for_another_is_done_with_the_first() {
    let log = Log::default();
    let seen = log.clone();
    run(async move |co: &Co| {
        let (one, two) = (Rc::new(socket()), Rc::new(socket()));
        let (ours, theirs) = (one.clone(), two.clone());
        let fickle = Generated::new(async move |co: &Co| {
            let (mut first, mut second) = ([0; 1], [0; 1]);
            let mut first = Box::pin(ours.recv_from(co, &mut first));
            let mut second = Box::pin(theirs.recv_from(co, &mut second));
            // Each poll hands out a request; the next resume goes on here.
            poll_once(first.as_mut()).await;
            poll_once(second.as_mut()).await;
            first.await.unwrap();
        });
        co.spawn(fickle).await;
        turns(co, 2).await;
        sender(&one).send(b"1").unwrap();
        turns(co, 4).await;
        sender(&two).send(b"2").unwrap();
        turns(co, 4).await;
        reader(co, "other", 1, &two, &seen).await;
        turns(co, 4).await;
        sender(&one).send(b"3").unwrap();
    });
    assert_eq!(log.take(), ["other 2"]);
}

/// Polls a wait once, and goes on when the task is resumed.
async fn poll_once(mut wait: std::pin::Pin<&mut impl Future>) {
    let mut polled = false;
    std::future::poll_fn(|cx| {
        if std::mem::replace(&mut polled, true) {
            return std::task::Poll::Ready(());
        }
        assert!(wait.as_mut().poll(cx).is_pending());
        std::task::Poll::Pending
    })
    .await;
}

#[test]
fn after_a_panic_nobody_waits_for_a_socket_that_lives_on() {
    let kept = Rc::new(socket());
    let socket = kept.clone();
    let panicked = std::panic::catch_unwind(std::panic::AssertUnwindSafe(|| {
        run(async move |co: &Co| {
            reader(co, "reader", 1, &socket, &Log::default()).await;
            turns(co, 2).await;
            panic!("in the middle");
        });
    }));
    assert!(panicked.is_err());
    let (selector, counts) = Counting::new();
    sender(&kept).send(b"1").unwrap();
    let main = Generated::new(async move |co: &Co| kept.recv_from(co, &mut [0]).await.unwrap().0);
    assert_eq!(Scheduler::with_selector(selector).run(main), Ok(1));
    assert_eq!(counts.waits(), [], "it tries before it waits");
}

#[test]
fn a_socket_that_others_wait_for_in_another_scheduler_is_refused() {
    run(async |co: &Co| {
        let socket = Rc::new(socket());
        reader(co, "outer", 1, &socket, &Log::default()).await;
        turns(co, 2).await;
        let inner = socket.clone();
        let main = Generated::new(async move |co: &Co| {
            inner.recv_from(co, &mut [0]).await.unwrap_err().kind()
        });
        let refused = Scheduler::new().unwrap().run(main).unwrap();
        assert_eq!(refused, std::io::ErrorKind::ResourceBusy);
        sender(&socket).send(b"1").unwrap();
    });
}

#[test]
fn a_socket_that_nobody_waits_for_does_not_keep_the_run_going() {
    run(async |co: &Co| {
        let socket = socket();
        let reader = async |co: &Co, socket: &Socket| socket.recv_from(co, &mut [0]).await;
        sender(&socket).send(b"1").unwrap();
        reader(co, &socket).await.unwrap();
        co.yield_(Sleep(std::time::Duration::ZERO)).await;
    });
}

#[test]
fn a_socket_moves_to_the_scheduler_that_waits_for_it() {
    let socket = Rc::new(socket());
    for _ in 0..2 {
        let socket = socket.clone();
        run(async move |co: &Co| {
            reader(co, "reader", 1, &socket, &Log::default()).await;
            turns(co, 2).await;
            sender(&socket).send(b"1").unwrap();
        });
    }
}
