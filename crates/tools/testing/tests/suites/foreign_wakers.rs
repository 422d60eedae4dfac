//! Which waker is woken, if a future was polled with several? The last one.

use std::future::poll_fn;
use std::pin::Pin;
use std::sync::Arc;
use std::task::{Poll, Waker};

use testing::foreign::{Counter, poll_once, poll_with, turns};
use testing::gate::Gate;
use testing::random::Random;

use crate::executor::{JoinHandle, Sleep, sleep, spawn, yield_now};
use crate::suites::support::{MS, SECOND, run, sender, spawn_waiting, udp, virtually};

/// Polls a future with three wakers, lets `end` end its wait, and asserts that only the last one
/// was woken.
async fn check<F: Future>(mut future: Pin<&mut F>, end: impl AsyncFnOnce()) {
    let counters = [Counter::new(), Counter::new(), Counter::new()];
    for i in [0, 1, 2, 1, 2, 2] {
        assert!(poll_with(future.as_mut(), &counters[i].1).is_pending());
    }
    end().await;
    let wakes: Vec<_> = counters
        .iter()
        .map(|(counter, _)| counter.wakes())
        .collect();
    assert_eq!(wakes, [0, 0, 1]);
    assert!(poll_with(future.as_mut(), Waker::noop()).is_ready());
    for (counter, waker) in counters {
        drop(waker);
        assert_eq!(Arc::strong_count(&counter), 1, "no clone is left");
    }
}

#[test]
fn a_sleep_wakes_the_last_waker() {
    virtually(async {
        let mut nap = sleep(SECOND);
        check(Pin::new(&mut nap), async || sleep(2 * SECOND).await).await;
    });
}

#[test]
fn a_join_wakes_the_last_waker() {
    virtually(async {
        let (mut task, gate) = spawn_waiting().await;
        let end = async || {
            gate.open();
            turns(2).await;
        };
        check(Pin::new(&mut task), end).await;
    });
}

#[test]
fn a_socket_wakes_the_last_waker() {
    run(async || {
        let (socket, mut buffer) = (udp(), [0]);
        let end = async || {
            sender(&socket).send(b"1").unwrap();
            turns(2).await;
        };
        check(Box::pin(socket.recv_from(&mut buffer)).as_mut(), end).await;
    });
}

#[test]
fn a_future_may_move_to_another_task() {
    run(async || {
        let (socket, gate) = (udp(), Gate::default());
        let sender = sender(&socket);
        let mut nap = Box::pin(sleep(20 * MS));
        let mut task = Box::pin(spawn(gate.clone().wait()));
        let mut receive = Box::pin(async move { socket.recv(&mut [0]).await.map(drop) });
        // It is polled here at first, and then there.
        assert!(poll_once(nap.as_mut()).await.is_pending());
        assert!(poll_once(task.as_mut()).await.is_pending());
        assert!(poll_once(receive.as_mut()).await.is_pending());
        let moved = spawn(async move {
            nap.await;
            receive.await.unwrap();
            task.await.unwrap();
        });
        yield_now().await;
        sender.send(b"1").unwrap();
        gate.open();
        moved.await.unwrap();
    });
}

// --- In random programs ---

/// How many foreign wakers there are. The waker of main is one more.
const WAKERS: usize = 4;

/// What waits, and which waker it was polled with last.
struct Waiter {
    what: What,
    last: Option<usize>,
}

enum What {
    /// A sleep until that second.
    Nap(Sleep, u32),
    /// A task behind a gate.
    Task(JoinHandle<()>, Gate),
}

/// What ought to be: what waits, and how often each waker was woken.
struct Model {
    random: Random,
    wakers: [(Arc<Counter>, Waker); WAKERS],
    wakes: [usize; WAKERS + 1],
    waiters: Vec<Waiter>,
    /// Sleeps that are over, to be dropped some time later.
    over: Vec<Sleep>,
    second: u32,
}

impl Model {
    fn new(seed: u64) -> Model {
        Model {
            random: Random::new(seed),
            wakers: [(); WAKERS].map(|()| Counter::new()),
            wakes: Default::default(),
            waiters: Vec::new(),
            over: Vec::new(),
            second: 0,
        }
    }

    async fn step(&mut self) {
        let waiter = self.random.below(self.waiters.len().max(1));
        let has_waiters = !self.waiters.is_empty();
        match self.random.below(11) {
            0 => {
                let seconds = 1 + self.random.below(4) as u32;
                let what = What::Nap(sleep(seconds * SECOND), self.second + seconds);
                self.waiters.push(Waiter { what, last: None });
            }
            1 => {
                let (task, gate) = spawn_waiting().await;
                let what = What::Task(task, gate);
                self.waiters.push(Waiter { what, last: None });
            }
            2..7 if has_waiters => self.poll(waiter).await,
            7 if has_waiters => drop(self.waiters.swap_remove(waiter)),
            8 if has_waiters => self.end(waiter).await,
            9 => self.pass().await,
            10 if !self.over.is_empty() => drop(self.over.remove(0)),
            _ => {}
        }
    }

    /// Polls a waiter with one of the wakers.
    async fn poll(&mut self, waiter: usize) {
        let which = self.random.below(WAKERS + 1);
        let main = poll_fn(|cx| Poll::Ready(cx.waker().clone())).await;
        let waker = self.wakers.get(which).map_or(&main, |(_, waker)| waker);
        let Waiter { what, last } = &mut self.waiters[waiter];
        let is_pending = match what {
            What::Nap(nap, _) => poll_with(Pin::new(nap), waker).is_pending(),
            What::Task(task, _) => poll_with(Pin::new(task), waker).is_pending(),
        };
        assert!(is_pending);
        *last = Some(which);
    }

    /// Ends a task, if the waiter is one, by its gate or by an abort.
    async fn end(&mut self, waiter: usize) {
        let What::Task(task, gate) = &self.waiters[waiter].what else {
            return;
        };
        if self.random.below(2) == 0 {
            task.abort();
        } else {
            gate.open();
        }
        yield_now().await;
        assert!(task.is_finished());
        if let Some(last) = self.waiters.swap_remove(waiter).last {
            self.wakes[last] += 1;
        }
    }

    /// Lets some seconds pass.
    async fn pass(&mut self) {
        let seconds = self.random.below(3) as u32;
        self.second += seconds;
        sleep(seconds * SECOND).await;
        let second = self.second;
        let is_due =
            |waiter: &mut Waiter| matches!(waiter.what, What::Nap(_, due) if due <= second);
        for Waiter { what, last } in self.waiters.extract_if(.., is_due) {
            if let (What::Nap(mut nap, _), Some(last)) = (what, last) {
                self.wakes[last] += 1;
                assert!(poll_with(Pin::new(&mut nap), Waker::noop()).is_ready());
                self.over.push(nap);
            }
        }
    }

    /// What should have been woken was, nothing else was, and only the wakers of waiters are kept.
    fn check(&self, seed: u64) {
        for (i, (counter, _)) in self.wakers.iter().enumerate() {
            assert_eq!(counter.wakes(), self.wakes[i], "seed {seed}, waker {i}");
            let waiters = self.waiters.iter();
            let kept = waiters.filter(|waiter| waiter.last == Some(i)).count();
            let count = Arc::strong_count(counter);
            assert_eq!(count, 2 + kept, "seed {seed}, waker {i}");
        }
    }
}

/// Promise (wakers): A leaf future wakes the waker of its last poll, and works on any executor.
#[test]
fn the_last_waker_wins_in_random_programs() {
    for seed in 0..500 {
        virtually(async {
            let mut model = Model::new(seed);
            for _ in 0..100 {
                model.step().await;
                model.check(seed);
            }
        });
    }
}
