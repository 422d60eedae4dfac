use std::time::Duration;

use step3_sleeping_heap::{Clock, Scheduler};

use super::every;

/// Returns when each beat began, in ms, if they are 100 ms apart and work takes so long.
fn beats(work_ms: &'static [u64]) -> Vec<u128> {
    let clock = Clock::virtual_time();
    let (start, now) = (clock.now(), clock.clone());
    let beats = Scheduler::with_clock(clock).run(async move |co| {
        let mut beats = Vec::new();
        let times = work_ms.len() as u32;
        let work = async |beat| {
            beats.push((now.now() - start).as_millis());
            co.sleep(Duration::from_millis(work_ms[beat as usize]))
                .await;
        };
        every(&co, &now, Duration::from_millis(100), times, work).await;
        beats
    });
    beats.expect("no task sleeps forever")
}

#[test]
fn it_beats_at_once_and_after_each_period() {
    assert_eq!(beats(&[0, 0, 0]), [0, 100, 200]);
}

#[test]
fn it_does_not_drift() {
    assert_eq!(beats(&[10, 99, 30, 50]), [0, 100, 200, 300]);
}

#[test]
fn one_that_is_late_does_not_move_the_others() {
    assert_eq!(beats(&[0, 250, 0, 0, 0]), [0, 100, 350, 350, 400]);
}
