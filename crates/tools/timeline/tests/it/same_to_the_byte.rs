//! Is the picture of a program under the virtual clock, or without one, the same each time?

use std::time::Instant;

use step2_round_robin::Co as Co2;
use step3_sleeping_heap::{Clock, Scheduler};
use step5_executor::{sleep, spawn};
use timeline::{Picture, watch};
use trace::Reason;

use crate::support::{SECOND, drawn, one_run, recorded2, reported};

#[track_caller]
fn assert_drawn(drawn: &str, expected: &str) {
    assert!(drawn == expected, "drawn:\n{drawn}\nexpected:\n{expected}");
}

#[test]
fn letters_in_turns_as_in_step_1() {
    let recording = one_run(|| {
        let letters = watch(["ABC", "XY"].map(|name| (name, name.chars())));
        let interleaved = step1_interleaver::interleave(letters);
        assert_eq!(interleaved.collect::<String>(), "AXBYC");
    });
    let expected = "\
ABC   ████░░░░████░░░░████░░░░████
XY    ░░░░████░░░░████░░░░████····
      ┬───┬───┬───┬───┬───┬───┬───
turn  1   2   3   4   5   6   7
7 turns, 7 wakes, 0 waits
█ running  ░ ready  · done
";
    assert_drawn(&Picture::from(recording).to_text(60), expected);
}

#[test]
fn a_parent_and_two_children_as_in_step_2() {
    async fn turns(co: &Co2, count: u32) {
        for _ in 0..count {
            co.turn().await;
        }
    }
    let recording = recorded2(async |co| {
        let two = async |co| turns(&co, 2).await;
        let two = co.spawn_named("two", two).await;
        let four = async |co| turns(&co, 4).await;
        let four = co.spawn_named("four", four).await;
        two.join(&co).await;
        four.join(&co).await;
    });
    let expected = "\
main  ████jjjjjjjjjjjjjjjjjjjj░░░░████jjjjjjjj████
two       ████░░░░████░░░░████····················
four      ░░░░████░░░░████░░░░████░░░░████████····
      ┬───┬───┬───┬───┬───┬───┬───┬───┬───┬───┬───
turn  1   2   3   4   5   6   7   8   9   10  11
11 turns, 11 wakes, 2 waits: 2 joining
█ running  ░ ready  j joining  · done
";
    assert_drawn(&Picture::from(recording).to_text(60), expected);
}

/// The same program is run by generators and by futures, and does the same.
const AS_TWO_TASKS: &str = "\
main    █jjjjjjjjjjjjjjjjjjjj█jjjjjjjjjjjjjjjjjjjj█
task 1  █zzzzzzzzzzzzzzzzzzzz█·····················
task 2  █zzzzzzzzzzzzzzzzzzzzzzzzzzzzzzzzzzzzzzzzz█
        ┬──────────┬─────────┬──────────┬─────────┬
        0          0.5       1          1.5     2 s
7 turns, 7 wakes, 4 waits: 2 sleeping, 2 joining
█ running  z sleeping  j joining  · done
";

#[test]
fn two_sleepers_as_in_step_3() {
    let recording = one_run(|| {
        let scheduler = Scheduler::with_clock(Clock::virtual_time());
        let ended = scheduler.run(async |co| {
            let hello = co.spawn(async |co| co.sleep(SECOND).await).await;
            let goodbye = co.spawn(async |co| co.sleep(2 * SECOND).await).await;
            hello.join(&co).await;
            goodbye.join(&co).await;
        });
        ended.unwrap();
    });
    assert_drawn(&Picture::from(recording).to_text(51), AS_TWO_TASKS);
}

#[test]
fn two_sleepers_as_in_step_5() {
    let drawn = drawn(51, async {
        let hello = spawn(sleep(SECOND));
        let goodbye = spawn(sleep(2 * SECOND));
        hello.await.unwrap();
        goodbye.await.unwrap();
    });
    assert_drawn(&drawn, AS_TWO_TASKS);
}

/// A server answers once and is cancelled, a client waits for it with a limit, a task panics, and
/// one never ends.
#[test]
fn all_states_at_once() {
    fn ready(task: u64) {
        trace::woken(task);
        trace::resumed(task);
    }
    fn program(start: Instant) {
        let at = |quarters| start + quarters * SECOND / 4;
        let sleeps_until = |quarters| Reason::Sleep(Some(at(quarters)));
        trace::spawned(0, "main");
        ready(0);
        for task in 1..=4 {
            trace::spawned(task, "");
            trace::woken(task);
        }
        trace::suspended(0, Some(Reason::Join(2)));
        trace::resumed(1);
        trace::suspended(1, Some(Reason::Readable(3)));
        trace::resumed(2);
        trace::waits(Reason::Readable(4));
        trace::suspended(2, Some(sleeps_until(4)));
        trace::resumed(3);
        trace::suspended(3, None);
        trace::resumed(4);
        trace::woken(4);
        trace::suspended(4, Some(Reason::Turn));
        trace::resumed(4);
        trace::panicked(4);
        trace::waited(at(1));
        ready(1);
        trace::suspended(1, Some(sleeps_until(3)));
        trace::waited(at(3));
        ready(1);
        trace::suspended(1, Some(Reason::Writable(3)));
        ready(2);
        trace::gave_up(sleeps_until(4));
        trace::suspended(2, Some(sleeps_until(5)));
        trace::waited(at(5));
        ready(2);
        trace::finished(2);
        ready(0);
        trace::cancelled(1);
        trace::cancelled(3);
        trace::finished(0);
    }
    let expected = "\
main    █jjjjjjjjjjjjjjjjjjjjjjjjjjjjjjjjjjjjjjjjjjjjjjjjjj█
task 1  █sssssssss█zzzzzzzzzzzzzzzzzzzz█sssssssssssssssssssx
task 2  █ssssssssssssssssssssssssssssss█zzzzzzzzzzzzzzzzzzz█
task 3  █wwwwwwwwwwwwwwwwwwwwwwwwwwwwwwwwwwwwwwwwwwwwwwwwwwx
task 4  !···················································
        ┬───────┬───────┬───────┬────────┬───────┬───────┬──
        0       0.2     0.4     0.6      0.8     1     1.2 s
11 turns, 11 wakes, 7 waits: 2 sleeping, 3 waiting for a
  socket, 1 joining, 1 waiting
█ running  z sleeping  s waiting for a socket  j joining
w waiting  · done  x cancelled  ! panicked
";
    let picture = || Picture::from(reported(program)).to_text(60);
    assert_drawn(&picture(), expected);
    assert_drawn(&picture(), expected);
}
