//! Who computes, and who waits for it meanwhile?

#[path = "support/example.rs"]
mod example;
#[path = "../examples/support/heartbeat.rs"]
mod heartbeat;
#[path = "support/transcript.rs"]
mod transcript;

use std::sync::mpsc;
use std::thread;
use std::time::Duration;

use example::assert_refused;
use heartbeat::{BEAT, beside};
use step5_executor::{Executor, block_on, sleep, spawn};
use step6_toolbox::spawn_blocking;
use transcript::{printed, split_times};

#[test]
fn all_ways_give_the_same_numbers() {
    let printed = printed("fib", &[]);
    // How long it took is not up to the program, nor how often the heart beat: a busy machine may stop it anywhere, and
    // then a beat is due between two turns.
    let (text, times) = split_times(&printed);
    let text: Vec<_> = text
        .lines()
        .map(|line| line.split_whitespace().collect::<Vec<_>>().join(" "))
        .collect();
    let tables = [
        (
            "recursive, numbers 33 and 34:",
            "They are 5702887 and 9227465.",
        ),
        (
            "iterative, numbers 10000 to 10999:",
            "The last one ends with 293021565614955125.",
        ),
    ];
    for (lines, (title, result)) in text.chunks(6).zip(tables) {
        assert_eq!((&*lines[0], &*lines[5]), (title, result));
        for (line, way) in lines[1..].iter().zip([
            "in plain code",
            "in threads",
            "as tasks",
            "in a blocking pool",
        ]) {
            let (beginning, end) = line.split_once(" beats").unwrap();
            let (beginning, beats) = beginning.rsplit_once(' ').unwrap();
            assert_eq!(
                (beginning, end),
                (&*format!("{way} _ s,"), " of the heart, longest pause _ s")
            );
            beats.parse::<u32>().unwrap();
        }
    }
    assert_eq!((text.len(), times.len()), (12, 16));
}

#[test]
fn recursive_and_iterative_agree() {
    for number in ["1", "2", "3", "20"] {
        let printed = printed(
            "fib",
            &["--recursive", number, "--from", number, "--count", "2"],
        );
        let lines: Vec<_> = printed.lines().collect();
        let (_, last) = lines[5].trim_end_matches('.').rsplit_once(' ').unwrap();
        assert_eq!(lines[11], format!("  The last one ends with {last:0>18}."));
    }
}

#[test]
fn the_heart_beats_while_others_wait() {
    let ((), pulse) = Executor::with_virtual_time()
        .unwrap()
        .block_on(beside(async {
            sleep(100 * BEAT + BEAT / 2).await;
        }));
    assert_eq!((pulse.beats, pulse.longest_gap), (100, BEAT));
}

#[test]
fn the_heart_stands_still_while_a_task_keeps_the_thread() {
    let time = Duration::from_millis(30);
    let ((), pulse) = block_on(beside(async {
        spawn(async move { thread::sleep(time) }).await.unwrap();
    }));
    assert!(pulse.longest_gap >= time, "{pulse:?}");
}

#[test]
fn the_heart_beats_while_a_thread_works() {
    let ((), pulse) = block_on(beside(async {
        let (sender, receiver) = mpsc::channel();
        let work = spawn_blocking(move || receiver.recv());
        // If the work stopped the loop, nobody would ever end it.
        drop(spawn(async move {
            sleep(5 * BEAT).await;
            sender.send(()).unwrap();
        }));
        work.await.unwrap().unwrap();
    }));
    assert!(pulse.beats > 0, "{pulse:?}");
}

#[test]
fn a_bad_command_line_is_named() {
    for (arguments, problem) in [
        (
            &["--recursive", "41"][..],
            "--recursive cannot be \"41\": give a whole number from 1 to 40",
        ),
        (
            &["--count=0"],
            "--count cannot be \"0\": give a whole number from 1 to 2000",
        ),
        (
            &["--from"],
            "--from needs a value: a whole number from 1 to 1000000",
        ),
        (&["33"], "unexpected argument \"33\"; see --help"),
    ] {
        assert_refused("fib", arguments, 2, problem);
    }
    assert!(printed("fib", &["--help"]).contains("Usage:"));
}
