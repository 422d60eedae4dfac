//! What does a time limit do to the future that it limits?

use std::cell::Cell;
use std::future::{pending, ready};
use std::pin::pin;
use std::rc::Rc;
use std::time::{Duration, Instant};

use testing::log::on_drop;

use crate::executor::{Elapsed, now, sleep, sleep_until, spawn, timeout, yield_now};
use crate::suites::support::{MS, SECOND, counted, run, sender, udp, virtually};

#[test]
fn a_ready_future_wins_even_without_any_time() {
    virtually(async {
        assert_eq!(timeout(Duration::ZERO, ready(7)).await, Ok(7));
        assert_eq!(timeout(SECOND, ready(7)).await, Ok(7));
    });
}

#[test]
fn at_the_same_instant_the_future_wins() {
    virtually(async {
        assert_eq!(timeout(SECOND, sleep(SECOND)).await, Ok(()));
    });
}

#[test]
fn the_limit_is_exact() {
    virtually(async {
        let start = now();
        assert_eq!(timeout(3 * SECOND, pending::<()>()).await, Err(Elapsed));
        assert_eq!(now() - start, 3 * SECOND);
        assert_eq!(timeout(3 * SECOND, sleep(2 * SECOND)).await, Ok(()));
        assert_eq!(now() - start, 5 * SECOND);
        assert_eq!(timeout(Duration::ZERO, pending::<()>()).await, Err(Elapsed));
        assert_eq!(now() - start, 5 * SECOND);
    });
}

#[test]
fn the_limit_counts_from_the_making() {
    virtually(async {
        let start = now();
        let limited = timeout(3 * SECOND, pending::<()>());
        sleep(2 * SECOND).await;
        assert_eq!(limited.await, Err(Elapsed));
        assert_eq!(now() - start, 3 * SECOND);
    });
}

#[test]
fn a_limit_on_the_real_clock_is_never_early() {
    run(async || {
        let start = Instant::now();
        assert_eq!(timeout(20 * MS, pending::<()>()).await, Err(Elapsed));
        assert!(start.elapsed() >= 20 * MS);
    });
}

/// Even if the timeout that is over is still there.
///
/// Promise (time): A timeout that has passed drops its future at once, and one that has not leaves
/// no timer behind.
#[test]
fn the_loser_is_dropped_at_once() {
    virtually(async {
        let is_dropped = Rc::new(Cell::new(false));
        let dropped = is_dropped.clone();
        let guard = on_drop(move || dropped.set(true));
        let mut limited = pin!(timeout(SECOND, async move {
            let _guard = guard;
            pending::<()>().await;
        }));
        assert_eq!(limited.as_mut().await, Err(Elapsed));
        assert!(is_dropped.get());
    });
}

/// Promise (time): A timeout that has passed drops its future at once, and one that has not leaves
/// no timer behind.
#[test]
fn a_future_in_time_leaves_no_wake_up() {
    let (executor, counts) = counted();
    let start = Instant::now();
    executor.block_on(async {
        assert_eq!(timeout(5 * MS, yield_now()).await, Ok(()));
        sleep_until(start + 40 * MS).await;
    });
    let ends = counts.ends();
    let is_later = |end: &Option<Instant>| end.is_some_and(|end| end >= start + 40 * MS);
    assert!(ends.iter().all(is_later), "{ends:?}");
}

#[test]
fn the_longest_limit_is_none() {
    virtually(async {
        let week = 7 * 24 * 3_600 * SECOND;
        assert_eq!(timeout(Duration::MAX, sleep(week)).await, Ok(()));
    });
}

#[test]
fn a_borrowed_future_can_be_continued() {
    virtually(async {
        let start = now();
        let mut task = spawn(async {
            sleep(5 * SECOND).await;
            7
        });
        assert!(timeout(SECOND, &mut task).await.is_err());
        assert_eq!(timeout(10 * SECOND, task).await.unwrap().unwrap(), 7);
        assert_eq!(now() - start, 5 * SECOND);
    });
}

#[test]
fn the_shorter_of_two_limits_holds() {
    virtually(async {
        let start = now();
        let inner = timeout(SECOND, pending::<()>());
        assert_eq!(timeout(2 * SECOND, inner).await, Ok(Err(Elapsed)));
        let inner = timeout(2 * SECOND, pending::<()>());
        assert_eq!(timeout(SECOND, inner).await, Err(Elapsed));
        assert_eq!(now() - start, 2 * SECOND);
    });
}

/// This is what step 4 could not say.
///
/// Classic bug: One lost datagram hangs the client forever
#[test]
fn a_receive_with_a_limit_does_not_wait_forever() {
    run(async || {
        let socket = udp();
        let start = Instant::now();
        assert!(timeout(20 * MS, socket.recv_from(&mut [0])).await.is_err());
        assert!(start.elapsed() >= 20 * MS);
        // The wait that was given up has taken nothing with it.
        sender(&socket).send(b"1").unwrap();
        let received = timeout(30 * SECOND, socket.recv_from(&mut [0])).await;
        assert_eq!(received.unwrap().unwrap().0, 1);
    });
}
