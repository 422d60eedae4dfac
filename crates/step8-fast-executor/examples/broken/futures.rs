//! Futures that wake themselves without need, or do not wake their task.

use std::cell::RefCell;
use std::future::poll_fn;
use std::pin::Pin;
use std::rc::Rc;
use std::task::{Context, Poll, Waker};
use std::time::{Duration, Instant};

use step8_fast_executor::net::UdpSocket;
use step8_fast_executor::{sleep, spawn, timeout, yield_now};

use crate::bugs::{Build, Figures};
use crate::measured::measured;

const WAIT: Duration = Duration::from_millis(100);

/// "Am I there yet?", over and over, instead of a waker that is left where the answer comes from.
pub(crate) fn spins_while_idle(build: Build) -> Figures {
    measured(async {
        match build {
            Build::Right => sleep(WAIT).await,
            Build::Broken => {
                let deadline = Instant::now() + WAIT;
                poll_fn(|cx| {
                    if Instant::now() >= deadline {
                        return Poll::Ready(());
                    }
                    cx.waker().wake_by_ref();
                    Poll::Pending
                })
                .await;
            }
        }
    })
}

/// As in a scheduler that has no place for joiners.
pub(crate) fn join_by_busy_polling(build: Build) -> Figures {
    measured(async {
        let task = spawn(sleep(WAIT));
        while build == Build::Broken && !task.is_finished() {
            yield_now().await;
        }
        task.await.expect("it only sleeps");
    })
}

/// A client without a time limit, which is watched here with one.
pub(crate) fn a_lost_datagram(build: Build) -> Figures {
    let mut requests = 0;
    let mut figures = measured(async {
        let any = "127.0.0.1:0".parse().expect("this is an address");
        let bind = || UdpSocket::bind(any).expect("a port is free");
        let (client, silent) = (bind(), bind());
        let server = silent.local_addr().expect("it is bound");
        let ask = async {
            loop {
                client
                    .send_to(b"hello?", server)
                    .await
                    .expect("a short datagram can be sent");
                requests += 1;
                let limit = if build == Build::Right {
                    WAIT
                } else {
                    Duration::MAX
                };
                if timeout(limit, client.recv_from(&mut [0; 16])).await.is_ok() || requests == 2 {
                    break;
                }
            }
        };
        let is_over = timeout(3 * WAIT, ask).await.is_ok();
        requests = if is_over { requests } else { 0 };
    });
    figures.push((
        requests,
        "requests before it gave up and said so; 0 if it never did",
    ));
    figures
}

/// The simplest thing to wait for: it comes, and wakes the waiter.
#[derive(Default)]
struct Bell {
    has_rung: bool,
    waker: Option<Waker>,
}

/// Waits for a bell.
struct Ring {
    bell: Rc<RefCell<Bell>>,
    build: Build,
}

impl Future for Ring {
    type Output = ();

    fn poll(self: Pin<&mut Self>, cx: &mut Context<'_>) -> Poll<()> {
        let mut bell = self.bell.borrow_mut();
        if bell.has_rung {
            return Poll::Ready(());
        }
        // The bug: the first poller is woken, not the last.
        if self.build == Build::Right || bell.waker.is_none() {
            bell.waker = Some(cx.waker().clone());
        }
        Poll::Pending
    }
}

pub(crate) fn a_leaf_ignores_its_waker(build: Build) -> Figures {
    let mut woken = 0;
    let mut figures = measured(async {
        let bell = Rc::new(RefCell::new(Bell::default()));
        let mut ring = Ring {
            bell: bell.clone(),
            build,
        };
        // This task polls it once, and then hands it on.
        _ = timeout(Duration::ZERO, &mut ring).await;
        let other = spawn(ring);
        yield_now().await;
        let waker = {
            let mut bell = bell.borrow_mut();
            bell.has_rung = true;
            bell.waker.take()
        };
        waker.into_iter().for_each(Waker::wake);
        woken = u64::from(timeout(WAIT, other).await.is_ok());
    });
    figures.push((woken, "of 1 tasks continued after the bell"));
    figures
}
