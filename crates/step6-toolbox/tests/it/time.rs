//! Do deadlines and rhythms keep to the clock?

use std::future::{pending, ready};
use std::pin::pin;
use std::time::Duration;

use step5_executor::{Elapsed, Executor, now, sleep, sleep_until, timeout};
use step6_toolbox::{MissedTick, interval_at, timeout_at};

const SECOND: Duration = Duration::from_secs(1);

fn run(main: impl Future<Output = ()>) {
    Executor::with_virtual_time().unwrap().block_on(main);
}

#[test]
fn a_deadline_ends_a_wait() {
    run(async {
        let deadline = now() + SECOND;
        assert_eq!(timeout_at(deadline, pending::<()>()).await, Err(Elapsed));
        assert_eq!(now(), deadline);
        // The deadline is past, but a future that is ready still wins.
        assert_eq!(timeout_at(now() - SECOND, ready(7)).await, Ok(7));
        assert_eq!(timeout_at(now(), pending::<()>()).await, Err(Elapsed));
    });
}

#[test]
fn a_lent_future_survives_its_deadline() {
    run(async {
        let mut nap = pin!(sleep(SECOND * 2));
        assert_eq!(timeout_at(now() + SECOND, nap.as_mut()).await, Err(Elapsed));
        assert_eq!(timeout_at(now() + SECOND, nap.as_mut()).await, Ok(()));
    });
}

/// What other libraries have a `reset` for.
#[test]
fn a_new_sleep_takes_the_place_of_an_old_one() {
    run(async {
        let start = now();
        let mut idle = sleep(SECOND);
        assert!(timeout(SECOND / 2, &mut idle).await.is_err());
        idle = sleep_until(start + SECOND * 3);
        idle.await;
        assert_eq!(now(), start + SECOND * 3);
    });
}

#[test]
fn a_rhythm_begins_at_its_start() {
    run(async {
        for missed in [MissedTick::Burst, MissedTick::Skip, MissedTick::Delay] {
            let start = now() + SECOND * 5;
            let mut interval = interval_at(start, SECOND, missed);
            for n in 0..3 {
                assert_eq!(interval.tick().await, start + SECOND * n);
                assert_eq!(now(), start + SECOND * n);
            }
        }
    });
}

/// The caller comes 3.5 periods late.
#[test]
fn a_missed_tick_does_as_was_chosen() {
    let cases = [
        (MissedTick::Burst, [0, 1_000, 2_000, 3_000, 4_000]),
        (MissedTick::Skip, [0, 4_000, 5_000, 6_000, 7_000]),
        (MissedTick::Delay, [0, 4_500, 5_500, 6_500, 7_500]),
    ];
    for (missed, expected) in cases {
        run(async {
            let start = now();
            let mut interval = interval_at(start, SECOND, missed);
            sleep(Duration::from_millis(3_500)).await;
            for due in expected {
                let due = start + Duration::from_millis(due);
                assert_eq!(interval.tick().await, due, "{missed:?}");
                assert_eq!(now(), due.max(start + Duration::from_millis(3_500)));
            }
        });
    }
}

#[test]
fn a_tick_that_is_dropped_is_not_lost() {
    for missed in [MissedTick::Burst, MissedTick::Skip, MissedTick::Delay] {
        run(async {
            let start = now() + SECOND;
            let mut interval = interval_at(start, SECOND, missed);
            assert!(timeout(SECOND / 2, interval.tick()).await.is_err());
            assert_eq!(interval.tick().await, start);
            assert_eq!(interval.tick().await, start + SECOND);
        });
    }
}

#[test]
fn a_tick_that_no_clock_can_show_never_comes() {
    run(async {
        let mut interval = interval_at(now(), Duration::MAX, MissedTick::Skip);
        interval.tick().await;
        assert!(timeout(SECOND, interval.tick()).await.is_err());
    });
}

#[test]
#[should_panic = "a rhythm needs a period above zero"]
fn a_rhythm_without_a_period_is_refused() {
    run(async {
        interval_at(now(), Duration::ZERO, MissedTick::Burst);
    });
}
