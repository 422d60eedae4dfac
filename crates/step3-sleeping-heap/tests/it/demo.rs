//! Does the demo print what it should, and take as long as it should?

use std::process::Command;
use std::time::{Duration, Instant};

use step3_sleeping_heap::{Clock, demo};
use trace::Event;

#[test]
fn demo_takes_1_s_3_s_and_2_s_on_the_real_clock() {
    let start = Instant::now();
    let output = Command::new(env!("CARGO_BIN_EXE_step3-sleeping-heap"))
        .output()
        .unwrap();
    assert!(start.elapsed() >= Duration::from_secs(6));
    assert!(output.status.success());
    let printed = String::from_utf8(output.stdout).unwrap();
    let (times, words): (Vec<_>, Vec<_>) = printed.lines().partition(|line| line.ends_with(" s"));
    let expected = [
        "hello, and a second later world:",
        "hello",
        "world",
        "one after another:",
        "hello",
        "world",
        "as two tasks:",
        "hello",
        "goodbye",
    ];
    assert_eq!(words, expected);
    let seconds = times.iter().map(|time| time.strip_suffix(" s").unwrap());
    let seconds: Vec<f64> = seconds.map(|time| time.parse().unwrap()).collect();
    assert_eq!(seconds.len(), 3);
    for (seconds, at_least) in seconds.into_iter().zip([1.0, 3.0, 2.0]) {
        assert!(seconds >= at_least, "{printed}");
    }
}

#[test]
fn demo_is_exact_on_a_virtual_clock() {
    let clock = Clock::virtual_time();
    let start = clock.now();
    let events = testing::events(|| demo::demo(&clock).unwrap());
    assert_eq!(clock.now() - start, Duration::from_secs(6));
    let titles: Vec<_> = events
        .iter()
        .filter_map(|event| match event {
            Event::Title(title) => Some(title.as_str()),
            _ => None,
        })
        .collect();
    let expected = [
        "hello, and a second later world",
        "one after another",
        "as two tasks",
    ];
    assert_eq!(titles, expected);
}
