//! Is a picture of letters readable, whatever the run and however narrow?

use std::time::Duration;

use step5_executor::{sleep, spawn, yield_now};
use timeline::{Picture, Recorder, Recording, TextOptions, watch};

use crate::support::{HOSTILE, SECOND, drawn, named, one_run, recorded};

#[test]
fn nothing_goes_past_the_width() {
    let recordings = [
        Recording::default(),
        named(&[]),
        named(
            &["a name that is a good deal longer than any row has room for, so that it is cut"; 9],
        ),
        named(&[
            &"x".repeat(5_000),
            "日本語の名前はとても長いことがある",
            "🦀🦀🦀🦀🦀🦀🦀🦀🦀🦀🦀🦀🦀",
            "✅⚡✅⚡✅⚡✅⚡✅⚡✅⚡✅⚡✅⚡",
            "e\u{301}\u{301}",
        ]),
        named(&["task"; 300]),
        recorded(async { sleep(Duration::from_secs(123_456_789)).await }),
        recorded(async {
            sleep(Duration::from_nanos(1)).await;
            drop(spawn(async {}));
        }),
    ];
    for recording in recordings {
        for width in [0, 20, 21, 33, 60, 80, 200] {
            let title = "a title of many words, one of them beinglongerthanthenarrowestwidth";
            let picture = Picture::new("title")
                .run(recording.clone())
                .run(recording.clone().titled(title));
            let options = TextOptions {
                width,
                counts_of_each: true,
                ..TextOptions::default()
            };
            for line in picture.to_text_with(&options).lines() {
                let columns: usize = line.chars().map(columns).sum();
                assert!(
                    columns <= width.max(20),
                    "{columns} columns of {width}: {line}"
                );
            }
        }
    }
}

/// How many columns terminals give to the characters that are used here.
fn columns(char: char) -> usize {
    match char {
        '\u{301}' => 0,
        '日' | '本' | '語' | '🦀' | '✅' | '⚡' => 2,
        char if ('\u{3040}'..'\u{a000}').contains(&char) => 2,
        _ => 1,
    }
}

#[test]
fn one_task_is_one_row() {
    let expected = "\
main  █zzzzzzzzzzzz█
      ┬────────────┬
      0          1 s
2 turns, 2 wakes, 1
  wait: 1 sleeping
█ running
z sleeping
";
    assert_eq!(drawn(20, async { sleep(SECOND).await }), expected);
}

#[test]
fn of_many_tasks_the_middle_ones_are_counted() {
    let names: Vec<_> = (1..=50).map(|i| format!("task {i}")).collect();
    let names: Vec<_> = names.iter().map(String::as_str).collect();
    let picture = Picture::from(named(&names));
    let options = TextOptions {
        width: 60,
        most_rows: 10,
        ..TextOptions::default()
    };
    let text = picture.to_text_with(&options);
    let firsts: Vec<_> = text
        .lines()
        .take(10)
        .map(|line| line.split("  ").next().unwrap())
        .collect();
    let expected = [
        "main",
        "task 1",
        "task 2",
        "task 3",
        "task 4",
        "task 5",
        "… 42 more tasks, not shown",
        "task 48",
        "task 49",
        "task 50",
    ];
    assert_eq!(firsts, expected);
    // With room for all, all are there.
    let options = TextOptions {
        most_rows: 51,
        ..options
    };
    assert_eq!(picture.to_text_with(&options).matches("task ").count(), 50);
}

#[test]
fn a_run_that_takes_no_time_has_turns() {
    let expected = "\
main    ████jjjj████
task 1      ████····
        ┬───┬───┬───
turn    1   2   3
3 turns, 3 wakes, 1 wait: 1 joining
█ running  j joining  · done
";
    assert_eq!(
        drawn(80, async { spawn(async {}).await.unwrap() }),
        expected
    );
}

#[test]
fn a_run_in_which_nothing_ran_says_so() {
    let nothing = Picture::from(Recording::default());
    assert_eq!(nothing.to_text(80), "nothing has run\n");
    // Spawned, but not run.
    let late = one_run(|| _ = watch([("late", "abc".chars())]));
    assert!(Picture::from(late).to_text(80).starts_with("late\n"));
}

#[test]
fn a_picture_without_runs_is_empty() {
    assert_eq!(Recorder::listen().picture("nothing").to_text(80), "");
}

#[test]
fn more_turns_than_columns_share_cells() {
    let text = drawn(30, async {
        let other = spawn(async {
            for _ in 0..1_000 {
                yield_now().await;
            }
        });
        sleep(Duration::ZERO).await;
        other.await.unwrap();
    });
    let lines: Vec<_> = text.lines().collect();
    assert_eq!(lines[0], format!("main    █{}█", "j".repeat(20)));
    assert_eq!(lines[1], format!("task 1  {}", "█".repeat(22)));
    assert_eq!(lines[3], "turn    1         500     1000");
}

#[test]
fn names_cannot_break_lines_or_move_the_cursor() {
    let text = Picture::from(named(&HOSTILE)).to_text(80);
    assert_eq!(
        text.lines().filter(|line| line.contains('█')).count(),
        HOSTILE.len() + 2,
        "{text}"
    );
    assert!(!text.chars().any(|char| char.is_control() && char != '\n'));
    assert!(!text.contains(['\u{202e}', '\u{2028}']));
}

#[test]
fn colours_are_there_only_when_asked_for() {
    let picture = Picture::from(named(&["a"]));
    let plain = picture.to_text(80);
    assert!(!plain.contains('\x1b'));
    let colored = picture.to_text_with(&TextOptions {
        color: true,
        ..TextOptions::default()
    });
    assert!(colored.contains("\x1b[32m████\x1b[0m"), "{colored:?}");
    // They change nothing else.
    let mut without = String::new();
    for piece in colored.split('\x1b') {
        without += piece
            .strip_prefix('[')
            .map_or(piece, |piece| piece.split_once('m').unwrap().1);
    }
    assert_eq!(without, plain);
}

#[test]
fn several_runs_are_one_picture_with_one_legend() {
    let picture = Picture::new("not in the text")
        .run(named(&["a"]).titled("first"))
        .run(named(&[]).titled("second"));
    let expected = "\
first: 3 turns
main  ████········
a         ████████
      ┬───┬───┬───
turn  1   2   3
3 turns, 3 wakes, 0 waits

second: 1 turn
main  ████
      ┬───
turn  1
1 turn, 1 wake, 0 waits

█ running  · done
";
    assert_eq!(picture.to_text(80), expected);
}

#[test]
fn the_counts_of_each_task_stand_below() {
    let picture = Picture::from(recorded(async { spawn(sleep(SECOND)).await.unwrap() }));
    let text = picture.to_text_with(&TextOptions {
        counts_of_each: true,
        ..TextOptions::default()
    });
    let expected = "
4 turns, 4 wakes, 2 waits: 1 sleeping, 1 joining
          turns   wakes   waits
main          2       2       1
task 1        2       2       1
█ running";
    assert!(text.contains(expected), "{text}");
}
