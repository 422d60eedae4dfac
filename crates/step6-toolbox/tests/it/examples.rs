//! Do the examples print what they should? Most are on the virtual clock, so every word is known.
//! In the output of the others, times are masked.

use crate::program::{masked, printed};

#[test]
fn sleeps_sleeps_in_turn_and_at_once() {
    let printed = masked(&printed("sleeps"));
    let in_turn = "  Start sleep\n  Stop sleep\n".repeat(2) + "  took _ s\n";
    let at_once = "  Start sleep\n".repeat(2) + &"  Stop sleep\n".repeat(2) + "  took _ s\n";
    let title = "Two sleeps, of 80ms and 90ms, in four ways.\n";
    let expected = format!("{title}Plain calls:\n{in_turn}Two threads:\n");
    let rest = printed.strip_prefix(&expected).unwrap();
    let (threads, rest) = rest.split_at(at_once.len());
    // The program does not decide which thread is first.
    for word in ["Start", "Stop"] {
        assert_eq!(threads.matches(word).count(), 2, "{threads}");
    }
    let expected = format!("One await after the other:\n{in_turn}Two tasks:\n{at_once}");
    assert_eq!(rest, expected);
}

#[test]
fn first_completed_does_not_wait_for_the_others() {
    let expected = "\
Two sleeps, until the first has ended, on the virtual clock:
Start sleep of 800 ms
Start sleep of 900 ms
Stop sleep of 800 ms
The first: Ok(800) after 800ms
The other: the task was cancelled after 800ms
";
    assert_eq!(printed("first_completed"), expected);
}

#[test]
fn ten_slow_calls_are_made_in_each_way() {
    let printed = printed("ten_slow_calls");
    let waits = "Calls that wait, for up to a second, in one thread:\n";
    let (blocking, waiting) = printed.split_once(waits).unwrap();
    let outputs = "    _ s: [0, 1, 2, 3, 4, 5, 6, 7, 8, 9]";
    let expected = format!(
        "\
Ten slow calls, in seven ways: the time, and the outputs in the order they came.
Calls that block, for 20ms each:
  one after the other:
{outputs}
  in ten threads:
{outputs}
  in a pool of ten:
{outputs}
"
    );
    assert_eq!(masked(blocking), expected);
    let expected = "  all at once:
    0.97 s: [8, 4, 3, 7, 0, 1, 5, 9, 6, 2]
  three at a time, by hand:
    2.52 s: [0, 1, 2, 3, 4, 7, 5, 6, 8, 9]
  three at a time, by map_bounded:
    2.52 s: [0, 1, 2, 3, 4, 7, 5, 6, 8, 9]
  those that end within half a second:
    0.50 s: [8, 4, 3]
  and, after that, the late ones:
    0.47 s: [7, 0, 1, 5, 9, 6, 2]
";
    assert_eq!(waiting, expected);
}

#[test]
fn producer_and_consumer_overlap_as_tasks() {
    let printed = printed("producer_consumer");
    let tasks = "Two generators and the consumer, as tasks:\n";
    let (plain, tasks) = printed.split_once(tasks).unwrap();
    let (generated, processed) = plain.split_once("+++").unwrap();
    assert!(!generated.contains("processed") && !processed.contains("generated"));
    assert!(plain.ends_with("  5 values took 7.32 s\n"), "{plain}");
    let beginning = "  -- generated item 1
  +++ processed value 1 after 0.00 s
  -- generated item 1
  +++ processed value 1 after 0.50 s
  -- generated item 2
  -- generated item 2
  +++ processed value 4 after 0.24 s
";
    assert!(tasks.starts_with(beginning), "{tasks}");
    assert!(tasks.ends_with("  10 values took 5.20 s\n"), "{tasks}");
}

#[test]
fn the_crawler_keeps_to_its_limit() {
    let expected = "\
From the first page, at most 2 requests at once:
    0 ms: ask for /
  100 ms: / has 3 links
  100 ms: ask for /news
  100 ms: ask for /team
  200 ms: /team has 2 links
  200 ms: ask for /shop
  400 ms: /news has 2 links
  400 ms: /shop has 1 links
  400 ms: ask for /jobs
  400 ms: ask for /news/old
  500 ms: /news/old has 0 links
  600 ms: /jobs has 1 links
Ok(6) pages
From a page with a broken link, which ends the rest:
    0 ms: ask for /sale
  100 ms: /sale has 3 links
  100 ms: ask for /news
  100 ms: ask for /team
  200 ms: /team has 2 links
  200 ms: ask for /prices
Err([\"/prices is broken\"]), and 2 permits are back
";
    assert_eq!(printed("crawler"), expected);
}

#[test]
fn future_by_hand_shows_each_state() {
    let expected = "\
What's your name mate?
  (Is the future done? false)
  (Is the future cancelled? false)
  (Is the future done? true)
My name is Ok(\"Sam\")
What's your name mate? Never mind.
  (Is the future cancelled? true)
  (Then Sam keeps it to himself.)
What's your name mate? (He is called away.)
  (Is the task done? false)
  (Is the task done? true)
My name is Err(RecvError)
  (And the task? Err(\"the task was cancelled\"))
What's your name mate? (From a task.)
  (Is the future cancelled? false)
My name is Ok(\"Sam\")
  (And the task? Ok(()))
";
    assert_eq!(printed("future_by_hand"), expected);
}

#[test]
fn sleep_sort_sorts_in_each_form() {
    let numbers = |before: &str| -> String {
        (1..=5)
            .map(|number| format!("  {before}{number}\n"))
            .collect()
    };
    let expected = [
        "Sleep sort of [3, 2, 5, 4, 1], in tenths of a second, in four ways.\n",
        "From an array, printed as they wake:\n",
        &numbers(""),
        "  all, returned at the end: [1, 2, 3, 4, 5]\n",
        "From a set, printed as they wake:\n",
        &numbers(""),
        "  all, returned at the end: [1, 2, 3, 4, 5]\n",
        "As an async generator:\n",
        &numbers("the generator yields "),
        "As a plain iterator, fed from a thread:\n",
        &numbers("the iterator yields "),
        "\
If each starts 10µs later than the one before, twenty numbers in 2 ms:
  [248, 313, 735, 1389, 1567, 2114, 5403, 4980, 5340, 6107]
  [6768, 9510, 9915, 13523, 15502, 17214, 17219, 16292, 18098, 19651]
The same in 0.2 s:
  sorted: true
How many of 10 lists of random numbers come out sorted:
  numbers   in 1 s  in 10 s in 100 s
       10       10       10       10
       20       10       10       10
       50        9       10       10
      100        3        9       10
      200        0        3       10
      500        0        0        2
10000 numbers in a hundredth of a second, if all count from one start:
  sorted: true
The same numbers, sorted by a heap without sleeping:
  the same order: true
",
    ];
    assert_eq!(printed("sleep_sort"), expected.concat());
}

#[test]
fn fib_is_the_same_in_all_ways() {
    let printed = printed("fib");
    let lines: Vec<_> = printed
        .lines()
        .filter(|line| line.contains(" s, "))
        .collect();
    let last = |line: &&str| line.split_once(", the last is ").unwrap().1.to_owned();
    let numbers: Vec<_> = lines.iter().map(last).collect();
    assert_eq!(numbers[..5], ["1346269"; 5]);
    assert_eq!(numbers[5..], ["293021565614955125"; 2]);
    // Within a poll no other task gets a turn, so there is no beat. Around a task, the heart may
    // beat when the task begins and when it ends.
    for (way, most) in [(0, 0), (1, 0), (2, 2), (3, 2), (5, 0)] {
        let (_, beats) = lines[way].split_once(" s, ").unwrap();
        let (beats, _) = beats.split_once(" beats").unwrap();
        assert!(beats.parse::<u32>().unwrap() <= most, "{printed}");
    }
    assert!(
        printed.contains("each of the 4356616 calls makes a box"),
        "{printed}"
    );
}

#[test]
fn compute_pi_lets_other_tasks_go_first() {
    let printed = printed("compute_pi");
    let beginning = "\
Now, compute_pi will be executed
Another function gets calleeeeeeed
Another function gets called
";
    let digits = printed.strip_prefix(beginning).unwrap().replace('\n', "");
    assert_eq!(digits.len(), "3.".len() + 800);
    assert!(digits.starts_with("3.14159265358979323846264338327950288419716939937510"));
    // The six nines from the 762nd digit on, and what follows.
    assert!(digits.ends_with("999999837297804995105973173281609631859"));
}
