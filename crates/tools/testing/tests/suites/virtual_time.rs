//! Is virtual time exact, and what keeps it still?

use std::future::pending;
use std::io::ErrorKind;
use std::thread;
use std::time::{Duration, Instant};

use testing::foreign::turns;
use testing::log::Log;
use testing::panic_message;
use testing::promise::promise;
use testing::watchdog::within_a_minute;

use crate::executor::net::{TcpListener, TcpStream};
use crate::executor::{
    Executor, hold_clock, now, sleep, sleep_until, spawn, timeout, try_hold_clock,
};
use crate::suites::support::{MS, SECOND, udp, virtually};

const HOUR: Duration = Duration::from_secs(3_600);

/// Runs a test that might hang if it failed.
fn run(main: impl AsyncFnOnce() + Send + 'static) {
    within_a_minute(move || virtually(main()));
}

/// Promise (time): The virtual clock moves only when all tasks wait, and then exactly to the next
/// deadline; while it is held it stands still.
#[test]
fn time_moves_when_all_tasks_wait_and_exactly() {
    virtually(async {
        let (start, real) = (now(), Instant::now());
        let nap = |i| async move { sleep(i * HOUR + Duration::from_nanos(1)).await };
        let sleepers: Vec<_> = (1..=100).map(|i| spawn(nap(i))).collect();
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

#[test]
fn tasks_at_the_same_instant_alternate() {
    virtually(async {
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

// --- Sockets take real time ---

/// Promise (time): On the virtual clock, a wait for a socket is refused.
#[test]
fn a_wait_for_a_socket_is_a_clear_error() {
    virtually(async {
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
            assert!(error.to_string().contains("real"), "{error}");
        }
    });
}

// --- What a thread owes ---

/// No time has to pass for a timer that is due.
#[test]
fn a_due_timer_fires_while_the_clock_is_held() {
    run(async || {
        let start = now();
        let hold = hold_clock();
        sleep(Duration::ZERO).await;
        sleep_until(start).await;
        assert!(timeout(Duration::ZERO, pending::<()>()).await.is_err());
        assert_eq!(now(), start);
        drop(hold);
    });
}

/// Promise (time): The virtual clock moves only when all tasks wait, and then exactly to the next
/// deadline; while it is held it stands still.
#[test]
fn what_a_thread_owes_keeps_the_clock_still() {
    run(async || {
        let start = now();
        drop(spawn(async { sleep(SECOND).await }));
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
fn a_release_by_another_thread_lets_time_pass() {
    run(async || {
        let start = now();
        let hold = hold_clock();
        let thread = thread::spawn(move || {
            thread::sleep(20 * MS);
            drop(hold);
        });
        sleep(HOUR).await;
        assert_eq!(now() - start, HOUR);
        thread.join().unwrap();
    });
}

#[test]
fn two_holds_need_two_releases() {
    run(async || {
        let (sender, result) = promise();
        let (first, second) = (hold_clock(), try_hold_clock().unwrap());
        thread::spawn(move || {
            drop(first);
            thread::sleep(20 * MS);
            sender.send(7);
            drop(second);
        });
        assert_eq!(timeout(SECOND, result).await, Ok(7));
    });
}

/// There is no moment between the two at which nothing is left to wait for.
#[test]
fn a_wake_before_the_release_precedes_time() {
    run(async || {
        for _ in 0..2_000 {
            let (sender, result) = promise();
            let hold = hold_clock();
            let thread = thread::spawn(move || {
                sender.send(7);
                drop(hold);
            });
            assert_eq!(timeout(SECOND, result).await, Ok(7));
            thread.join().unwrap();
        }
    });
}

#[test]
fn on_the_real_clock_a_hold_does_nothing() {
    crate::executor::block_on(async {
        let _hold = hold_clock();
        sleep(MS).await;
    });
}

#[test]
fn a_held_clock_is_a_deadlock_once_released() {
    within_a_minute(|| {
        let message = panic_message::of(|| {
            virtually(async {
                let hold = hold_clock();
                thread::spawn(move || {
                    thread::sleep(20 * MS);
                    drop(hold);
                });
                pending::<()>().await
            })
        });
        assert_eq!(message, "deadlock: nothing can wake main");
    });
}

/// Its own socket, by which threads end its waits, is as it was.
#[test]
fn after_a_deadlock_an_executor_hears_of_threads() {
    within_a_minute(|| {
        let executor = Executor::with_virtual_time().unwrap();
        for _ in 0..3 {
            panic_message::of(|| executor.block_on(pending::<()>()));
            executor.block_on(async {
                let (sender, result) = promise();
                let hold = hold_clock();
                thread::spawn(move || {
                    thread::sleep(10 * MS);
                    sender.send(7);
                    drop(hold);
                });
                assert_eq!(timeout(SECOND, result).await, Ok(7));
            });
        }
    });
}

/// A sleep that never ends is not a timer.
#[test]
fn a_sleep_forever_can_be_a_deadlock() {
    let message = panic_message::of(|| {
        virtually(async {
            drop(spawn(async { sleep(HOUR).await }));
            drop(spawn(async { sleep(Duration::MAX).await }));
            drop(spawn(pending::<()>()));
            sleep(Duration::MAX).await;
        })
    });
    let expected = "deadlock: nothing can wake main, task 2, task 3";
    assert_eq!(message, expected);
}

#[test]
fn a_deadlock_of_many_names_ten_of_them() {
    let message = panic_message::of(|| {
        virtually(async {
            for _ in 0..15 {
                drop(spawn(pending::<()>()));
            }
            pending::<()>().await
        })
    });
    let expected = "deadlock: nothing can wake main, task 1, task 2, ";
    assert!(message.starts_with(expected), "{message}");
    assert!(message.ends_with(", task 9, and 6 more"), "{message}");
}
