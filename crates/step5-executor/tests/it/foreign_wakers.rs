//! Which waker is woken, if a future was polled with several? The last one.

use std::pin::Pin;
use std::sync::Arc;
use std::task::Waker;

use step5_executor::{sleep, spawn, yield_now};
use testing::foreign::{Counter, poll_once, poll_with, turns};
use testing::random::Random;

use crate::support::{MS, SECOND, run, sender, spawn_waiting, udp, virtually};

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
        let (socket, gate) = (udp(), testing::gate::Gate::default());
        let sender = sender(&socket);
        let mut nap = Box::pin(sleep(20 * MS));
        let mut task = Box::pin(spawn(gate.clone().wait()));
        let mut receive = Box::pin(async move { socket.recv(&mut [0]).await.map(drop) });
        // Polled here at first, and then there.
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

/// Sleeps and joins are polled with wakers at random; after each wake-up the model says which waker
/// it was.
#[test]
fn the_last_waker_wins_in_random_programs() {
    for seed in 0..200 {
        let mut random = Random::new(seed);
        virtually(async {
            let counters: Vec<_> = (0..4).map(|_| Counter::new()).collect();
            let mut expected = [0; 4];
            let mut naps: Vec<_> = (0..6).map(|i| (sleep((1 + i) * SECOND), None)).collect();
            for second in 0..7 {
                for (i, (nap, last)) in naps.iter_mut().enumerate().skip(second) {
                    for _ in 0..random.below(3) {
                        let which = random.below(counters.len());
                        let polled = poll_with(Pin::new(&mut *nap), &counters[which].1);
                        assert!(polled.is_pending(), "nap {i}");
                        *last = Some(which);
                    }
                }
                if let Some((_, Some(last))) = naps.get(second) {
                    expected[*last] += 1;
                }
                sleep(SECOND).await;
                let wakes: Vec<_> = counters.iter().map(|counter| counter.0.wakes()).collect();
                assert_eq!(wakes, expected, "seed {seed}, after {second} s");
            }
        });
    }
}
