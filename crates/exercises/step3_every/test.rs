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
    assert_eq!(
        beats(&[0, 0, 0]),
        [0, 100, 200],
        "in ms: the first beat is at once"
    );
}

#[test]
fn it_does_not_drift() {
    let begun = beats(&[10, 99, 30, 50]);
    assert_eq!(
        begun,
        [0, 100, 200, 300],
        "in ms: the work is part of the period, and moves no beat"
    );
}

#[test]
fn one_that_is_late_does_not_move_the_others() {
    let begun = beats(&[0, 250, 0, 0, 0]);
    assert_eq!(
        begun,
        [0, 100, 350, 350, 400],
        "in ms: after the long beat those of 200 and 300 come at once, and that of 400 in time"
    );
}
