//! A thread tells an executor something: it leaves a number, and wakes.

use std::future::poll_fn;
use std::sync::Arc;
use std::sync::atomic::{AtomicU64, Ordering::SeqCst};
use std::sync::mpsc::{self, TryRecvError};
use std::task::{Context, Poll, Waker};
use std::thread::{self, Thread};
use std::time::{Duration, Instant};
use std::{hint, io};

use crate::asyncio;
use crate::steps::Futures;
use crate::workload::{Contender, Count, Section, Timed, Workload};

/// How long the thread lets the executor fall asleep.
const PAUSE: Duration = Duration::from_micros(200);

/// The executor sleeps, and the thread waits for its answer.
pub(super) fn asleep() -> Workload {
    Workload {
        name: "a thread wakes a sleeper, which answers".into(),
        section: Section::Wakes,
        batch: 10,
        count: Some(Count::SystemCalls),
        growth: None,
        is_charted: true,
        contenders: vec![
            Contender::new("step 5", wake_asleep::<step5_executor::Executor>),
            Contender::new("step 8", wake_asleep::<step8_fast_executor::Executor>),
            Contender::new("threads", send_asleep),
            asyncio::contender("asyncio", "wake_asleep", 0),
        ],
    }
}

/// The executor has other tasks to run. The thread does not wait for it.
pub(super) fn awake() -> Workload {
    Workload {
        name: "a thread wakes a busy executor".into(),
        section: Section::Wakes,
        batch: 1_000,
        count: Some(Count::SystemCalls),
        growth: None,
        is_charted: false,
        contenders: vec![
            Contender::new("step 5", wake_awake::<step5_executor::Executor>),
            Contender::new("step 8", wake_awake::<step8_fast_executor::Executor>),
            Contender::new("threads", send_awake),
            asyncio::contender("asyncio", "wake_awake", 0),
        ],
    }
}

/// What the thread and the executor share.
#[derive(Default)]
struct Mailbox {
    /// How often the thread has rung.
    rung: AtomicU64,
    /// How much of that the executor has heard.
    heard: AtomicU64,
}

impl Mailbox {
    /// Rings, and waits until that was heard; again and again, with a pause before each, which is
    /// not in the time.
    fn ring_and_wait(&self, ring: impl Fn(), times: u64) -> Timed {
        let mut elapsed = Duration::ZERO;
        for number in 1..=times {
            let pause = Instant::now();
            while pause.elapsed() < PAUSE {
                hint::spin_loop();
            }
            let start = Instant::now();
            self.rung.store(number, SeqCst);
            ring();
            while self.heard.load(SeqCst) < number {
                thread::park();
            }
            elapsed += start.elapsed();
        }
        let done = self.heard.load(SeqCst);
        Timed { done, elapsed }
    }

    /// Hears what has been rung, and returns whether that was all.
    fn hear(&self, times: u64) -> bool {
        let rung = self.rung.load(SeqCst);
        self.heard.store(rung, SeqCst);
        rung == times
    }
}

/// Returns the waker of the task that awaits this.
async fn waker() -> Waker {
    poll_fn(|cx: &mut Context<'_>| Poll::Ready(cx.waker().clone())).await
}

fn wake_asleep<E: Futures>(times: u64) -> io::Result<Timed> {
    let mailbox = Arc::new(Mailbox::default());
    E::new()?.block_on(async {
        let (waker, shared) = (waker().await, Arc::clone(&mailbox));
        let builder = thread::Builder::new();
        let caller = builder.spawn(move || shared.ring_and_wait(|| waker.wake_by_ref(), times))?;
        poll_fn(|_| {
            let is_all = mailbox.hear(times);
            caller.thread().unpark();
            ready_if(is_all)
        })
        .await;
        Ok(caller.join().expect("waking does not panic"))
    })
}

/// A thread that waits for messages, and answers each.
fn send_asleep(times: u64) -> io::Result<Timed> {
    let mailbox = Mailbox::default();
    let (sender, receiver) = mpsc::channel::<Thread>();
    thread::scope(|scope| {
        thread::Builder::new().spawn_scoped(scope, || {
            for caller in receiver {
                mailbox.hear(times);
                caller.unpark();
            }
        })?;
        let caller = thread::current();
        let ring = || {
            sender
                .send(caller.clone())
                .expect("it receives until the end")
        };
        let timed = mailbox.ring_and_wait(ring, times);
        drop(sender);
        Ok(timed)
    })
}

fn wake_awake<E: Futures>(times: u64) -> io::Result<Timed> {
    let mailbox = Arc::new(Mailbox::default());
    E::new()?.block_on(async {
        let shared = Arc::clone(&mailbox);
        // Keeps the executor awake.
        drop(E::spawn(async move {
            while shared.heard.load(SeqCst) < times {
                E::yield_now().await;
            }
        }));
        let (waker, shared) = (waker().await, Arc::clone(&mailbox));
        let builder = thread::Builder::new();
        let start = Instant::now();
        let caller = builder.spawn(move || {
            for _ in 0..times {
                shared.rung.fetch_add(1, SeqCst);
                waker.wake_by_ref();
            }
        })?;
        poll_fn(|_| ready_if(mailbox.hear(times))).await;
        let elapsed = start.elapsed();
        caller.join().expect("waking does not panic");
        let done = mailbox.heard.load(SeqCst);
        Ok(Timed { done, elapsed })
    })
}

fn ready_if(is_ready: bool) -> Poll<()> {
    match is_ready {
        true => Poll::Ready(()),
        false => Poll::Pending,
    }
}

/// A thread that looks for messages again and again.
fn send_awake(times: u64) -> io::Result<Timed> {
    let (sender, receiver) = mpsc::channel();
    thread::scope(|scope| {
        let builder = thread::Builder::new();
        let start = Instant::now();
        let listener = builder.spawn_scoped(scope, move || {
            let mut done = 0;
            loop {
                match receiver.try_recv() {
                    Ok(()) => done += 1,
                    Err(TryRecvError::Empty) => hint::spin_loop(),
                    Err(TryRecvError::Disconnected) => return done,
                }
            }
        })?;
        (0..times).for_each(|_| sender.send(()).expect("it receives until the end"));
        drop(sender);
        let done = listener.join().expect("receiving does not panic");
        let elapsed = start.elapsed();
        Ok(Timed { done, elapsed })
    })
}
