use std::time::Duration;

use step3_sleeping_heap::{Clock, Co, Generated, Scheduler, Sleep};

use super::every;

/// Gives when each beat began, in ms, if they are 100 ms apart and work takes so long.
fn beats(work_ms: &'static [u64]) -> Vec<u128> {
    let clock = Clock::virtual_time();
    let (start, now) = (clock.now(), clock.clone());
    let main = Generated::new(async move |co: &Co| {
        let mut beats = Vec::new();
        let times = u32::try_from(work_ms.len()).expect("there are few");
        every(co, &now, Duration::from_millis(100), times, async |beat| {
            beats.push((now.now() - start).as_millis());
            co.yield_(Sleep(Duration::from_millis(work_ms[beat as usize])))
                .await;
        })
        .await;
        beats
    });
    Scheduler::new()
        .with_clock(clock)
        .run(main)
        .expect("nobody sleeps for ever")
}

/// Passes when the exercise is solved.
pub(crate) fn check() {
    assert_eq!(beats(&[0, 0, 0]), [0, 100, 200]);
    assert_eq!(
        beats(&[10, 99, 30, 50]),
        [0, 100, 200, 300],
        "they don't drift"
    );
    assert_eq!(
        beats(&[0, 250, 0, 0, 0]),
        [0, 100, 350, 350, 400],
        "one that is late makes up for it"
    );
}
