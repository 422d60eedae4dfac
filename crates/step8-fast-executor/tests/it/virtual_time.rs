//! Is virtual time exact, and what keeps it from moving?

use std::future::pending;
use std::io::ErrorKind;
use std::panic::{AssertUnwindSafe, catch_unwind};
use std::thread;
use std::time::{Duration, Instant};

use step8_fast_executor::net::{TcpListener, TcpStream};
use step8_fast_executor::{
    Executor, hold_clock, now, sleep, sleep_until, spawn, spawn_named, timeout,
};
use testing::foreign::turns;
use testing::log::Log;
use testing::promise::promise;
use testing::watchdog::within_a_minute;

use crate::support::{MS, SECOND, run_virtually, udp};

const HOUR: Duration = Duration::from_secs(3_600);

#[test]
fn time_moves_exactly_and_only_when_all_wait() {
    run_virtually(async || {
        let (start, real) = (now(), Instant::now());
        let sleepers: Vec<_> = (1..=100)
            .map(|i| spawn(sleep(i * HOUR + Duration::from_nanos(1))))
            .collect();
        turns(100).await;
        assert_eq!(now(), start);
        for (i, sleeper) in (1..).zip(sleepers) {
            sleeper.await.unwrap();
            assert_eq!(now() - start, i * HOUR + Duration::from_nanos(1));
        }
        assert!(real.elapsed() < HOUR);
    });
}

#[test]
fn the_timer_resolution_makes_no_difference() {
    let executor = Executor::with_virtual_time()
        .unwrap()
        .with_timer_resolution(HOUR);
    executor.block_on(async {
        let start = now();
        for i in 1..=3 {
            sleep(SECOND).await;
            assert_eq!(now() - start, i * SECOND);
        }
    });
}

#[test]
fn time_continues_in_the_next_block_on() {
    let executor = Executor::with_virtual_time().unwrap();
    let start = executor.block_on(async { now() });
    let task = executor.spawn(async {
        sleep(5 * SECOND).await;
        now()
    });
    executor.block_on(async { sleep(2 * SECOND).await });
    assert_eq!(executor.block_on(task).unwrap() - start, 5 * SECOND);
}

/// It does not need the clock to move.
#[test]
fn what_is_due_ends_while_the_clock_is_held() {
    run_virtually(async || {
        let start = now();
        let hold = hold_clock();
        sleep(Duration::ZERO).await;
        sleep_until(start).await;
        assert!(timeout(Duration::ZERO, pending::<()>()).await.is_err());
        assert_eq!(now(), start);
        drop(hold);
    });
}

#[test]
fn a_held_clock_waits_for_another_thread() {
    run_virtually(async || {
        let start = now();
        drop(spawn(sleep(SECOND)));
        let (sender, result) = promise();
        let hold = hold_clock();
        thread::spawn(move || {
            thread::sleep(20 * MS);
            sender.send(7);
            drop(hold);
        });
        assert_eq!(timeout(SECOND, result).await, Ok(7));
        assert_eq!(now(), start);
    });
}

#[test]
fn release_from_a_thread_lets_the_clock_move() {
    run_virtually(async || {
        let start = now();
        let hold = hold_clock();
        let thread = thread::spawn(move || {
            thread::sleep(20 * MS);
            drop(hold);
        });
        sleep(HOUR).await;
        assert_eq!(now() - start, HOUR);
        // It was the release that let the clock move.
        assert!(thread.join().is_ok());
    });
}

#[test]
fn clock_stands_until_the_last_release() {
    run_virtually(async || {
        let (sender, result) = promise();
        let (first, second) = (hold_clock(), hold_clock());
        thread::spawn(move || {
            drop(first);
            thread::sleep(20 * MS);
            sender.send(7);
            drop(second);
        });
        assert_eq!(timeout(SECOND, result).await, Ok(7));
    });
}

/// The message is there when the clock is released, so there is no instant at which nothing is left
/// to wait for.
#[test]
fn result_with_the_release_is_not_a_deadlock() {
    run_virtually(async || {
        for _ in 0..5_000 {
            let (sender, result) = promise();
            let hold = hold_clock();
            let thread = thread::spawn(move || {
                sender.send(7);
                drop(hold);
            });
            assert_eq!(result.await, 7);
            thread.join().unwrap();
        }
    });
}

#[test]
fn on_the_real_clock_a_hold_does_nothing() {
    step8_fast_executor::block_on(async {
        let _hold = hold_clock();
        sleep(MS).await;
    });
}

/// Runs a body that must end in a deadlock, and returns what the panic says.
fn deadlock(executor: &Executor, main: impl Future<Output = ()>) -> String {
    let outcome = catch_unwind(AssertUnwindSafe(|| executor.block_on(main)));
    *outcome.unwrap_err().downcast::<String>().unwrap()
}

#[test]
fn deadlock_panics_and_names_the_waiters() {
    within_a_minute(|| {
        let executor = Executor::with_virtual_time().unwrap();
        let message = deadlock(&executor, pending());
        assert_eq!(message, "deadlock: nothing can wake main");

        let message = deadlock(&executor, async {
            drop(spawn(sleep(HOUR)));
            drop(spawn(sleep(Duration::MAX)));
            drop(spawn_named("narcissus", pending::<()>()));
            pending().await
        });
        assert_eq!(
            message,
            "deadlock: nothing can wake main, task 2, narcissus"
        );
        // The executor can be used again.
        assert_eq!(executor.block_on(async { 7 }), 7);
    });
}

#[test]
fn a_deadlock_of_many_names_ten_of_them() {
    within_a_minute(|| {
        let executor = Executor::with_virtual_time().unwrap();
        for _ in 0..15 {
            drop(executor.spawn(pending::<()>()));
        }
        let message = deadlock(&executor, pending());
        assert!(
            message.starts_with("deadlock: nothing can wake main, task 1, task 2, "),
            "{message}"
        );
        assert!(message.ends_with(", task 9, and 6 more"), "{message}");
    });
}

#[test]
fn held_clock_is_not_a_deadlock() {
    within_a_minute(|| {
        let executor = Executor::with_virtual_time().unwrap();
        let message = deadlock(&executor, async {
            let hold = hold_clock();
            thread::spawn(move || {
                thread::sleep(20 * MS);
                drop(hold);
            });
            pending().await
        });
        assert!(message.starts_with("deadlock"), "{message}");
    });
}

#[test]
fn a_wait_for_a_socket_is_a_clear_error() {
    run_virtually(async || {
        let socket = udp();
        let to = socket.local_addr().unwrap();
        // A send need not wait.
        socket.send_to(b"x", to).await.unwrap();
        let listener = TcpListener::bind("127.0.0.1:0".parse().unwrap()).unwrap();
        let errors = [
            socket.recv_from(&mut [0]).await.unwrap_err(),
            socket.recv(&mut [0]).await.unwrap_err(),
            listener.accept().await.unwrap_err(),
            TcpStream::connect(listener.local_addr().unwrap())
                .await
                .unwrap_err(),
        ];
        for error in errors {
            assert_eq!(error.kind(), ErrorKind::Unsupported);
            let expected = "a socket cannot be awaited on a virtual clock: use the real one";
            assert_eq!(error.to_string(), expected);
        }
    });
}

#[test]
fn equal_deadlines_go_in_order_of_arrival() {
    run_virtually(async || {
        let log = Log::default();
        for name in ["a", "b"] {
            let log = log.clone();
            drop(spawn(async move {
                for i in 0..3 {
                    sleep(SECOND).await;
                    log.add(format!("{name}{i}"));
                }
            }));
        }
        sleep(10 * SECOND).await;
        assert_eq!(log.take(), ["a0", "b0", "a1", "b1", "a2", "b2"]);
    });
}
