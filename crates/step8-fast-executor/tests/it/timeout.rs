//! What does a time limit do to the future that it limits?

use std::cell::Cell;
use std::future::{pending, ready};
use std::pin::pin;
use std::rc::Rc;
use std::time::{Duration, Instant};

use step8_fast_executor::{Elapsed, now, sleep, spawn, timeout, yield_now};

use crate::support::counted;
use crate::support::{Guard, MS, SECOND, run, run_virtually, sender, udp};

#[test]
fn ready_future_wins_with_a_zero_limit() {
    run_virtually(async || {
        assert_eq!(timeout(Duration::ZERO, ready(7)).await, Ok(7));
        assert_eq!(timeout(SECOND, ready(7)).await, Ok(7));
    });
}

#[test]
fn future_due_with_its_limit_wins() {
    run_virtually(async || assert_eq!(timeout(SECOND, sleep(SECOND)).await, Ok(())));
}

#[test]
fn the_limit_is_exact() {
    run_virtually(async || {
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
    run_virtually(async || {
        let start = now();
        let limited = timeout(3 * SECOND, pending::<()>());
        sleep(2 * SECOND).await;
        assert_eq!(limited.await, Err(Elapsed));
        assert_eq!(now() - start, 3 * SECOND);
    });
}

#[test]
fn on_the_real_clock_it_is_never_early() {
    run(async || {
        let start = Instant::now();
        assert_eq!(timeout(20 * MS, pending::<()>()).await, Err(Elapsed));
        assert!(start.elapsed() >= 20 * MS);
    });
}

#[test]
fn the_loser_is_dropped_at_once() {
    run_virtually(async || {
        let is_dropped = Rc::new(Cell::new(false));
        let guard = Guard(is_dropped.clone());
        let limited = timeout(SECOND, async move {
            let _guard = guard;
            pending::<()>().await;
        });
        assert_eq!(limited.await, Err(Elapsed));
        assert!(is_dropped.get());
    });
}

/// Even while the timeout that is over is still there.
#[test]
fn the_loser_is_dropped_before_its_timeout_is() {
    run_virtually(async || {
        let is_dropped = Rc::new(Cell::new(false));
        let guard = Guard(is_dropped.clone());
        let mut limited = pin!(timeout(SECOND, async move {
            let _guard = guard;
            pending::<()>().await;
        }));
        assert_eq!(limited.as_mut().await, Err(Elapsed));
        assert!(is_dropped.get());
    });
}

#[test]
fn a_future_in_time_leaves_no_wake_up() {
    let (executor, counts) = counted();
    let start = Instant::now();
    executor.block_on(async {
        let mut limited = pin!(timeout(30 * MS, yield_now()));
        assert_eq!(limited.as_mut().await, Ok(()));
        sleep(60 * MS).await;
    });
    let ends = counts.ends();
    let is_late = |end: &Option<Instant>| end.is_some_and(|end| end >= start + 60 * MS);
    assert!(ends.iter().all(is_late), "{ends:?}");
}

#[test]
fn the_longest_limit_is_none() {
    run_virtually(async || {
        let week = 7 * 24 * 3_600 * SECOND;
        assert_eq!(timeout(Duration::MAX, sleep(week)).await, Ok(()));
    });
}

#[test]
fn borrowed_future_can_be_continued() {
    run_virtually(async || {
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
    run_virtually(async || {
        let start = now();
        let inner = timeout(SECOND, pending::<()>());
        assert_eq!(timeout(2 * SECOND, inner).await, Ok(Err(Elapsed)));
        let inner = timeout(2 * SECOND, pending::<()>());
        assert_eq!(timeout(SECOND, inner).await, Err(Elapsed));
        assert_eq!(now() - start, 2 * SECOND);
    });
}

/// Classic bug: "one lost datagram hangs the client forever". This is what step 4 could not say.
#[test]
fn limit_ends_the_wait_for_a_lost_datagram() {
    run(async || {
        let socket = udp();
        let start = Instant::now();
        assert!(timeout(20 * MS, socket.recv_from(&mut [0])).await.is_err());
        assert!(start.elapsed() >= 20 * MS);
        // The wait that was given up has taken nothing with it.
        sender(&socket).send(b"1").unwrap();
        assert_eq!(
            timeout(30 * SECOND, socket.recv_from(&mut [0]))
                .await
                .unwrap()
                .unwrap()
                .0,
            1
        );
    });
}
