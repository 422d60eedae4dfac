//! Do the examples print what they should, and is none of their times early?

use crate::program::{assert_same_or_later, printed, split_times};

/// Sorts lines, because in which order threads speak is not up to the program.
fn sorted(text: &str) -> String {
    let mut lines: Vec<_> = text.lines().collect();
    lines.sort_unstable();
    lines.join("\n")
}

#[test]
fn hello_greets() {
    let expected = "\
one greeting:
hello world
took 1.00 s
two greetings:
second hello
first hello
took 2.00 s
";
    assert_same_or_later(&printed("hello"), expected);
}

#[test]
fn sleeps_sleeps_in_turn_and_at_once() {
    let in_turn = "Start sleep\nStop sleep\n".repeat(2);
    let at_once = "Start sleep\nStart sleep\nStop sleep\nStop sleep\n";
    let expected = format!(
        "{in_turn}Sync took 1.70 s\n{at_once}Thread took 0.90 s\n\
         {in_turn}Await took 1.70 s\n{at_once}Async took 0.90 s\n"
    );
    let printed = printed("sleeps");
    assert_same_or_later(&sorted(&printed), &sorted(&expected));
    // In which order tasks speak is up to the program.
    let tasks = printed.split_once("Await took ").unwrap().1;
    assert!(tasks.contains(at_once), "{printed}");
}

#[test]
fn first_completed_does_not_wait_for_the_others() {
    let printed = printed("first_completed");
    let expected = "Start sleep\nStart sleep\nStop sleep\n";
    assert!(printed.starts_with(expected), "{printed}");
    let (said, times) = split_times(&printed);
    // After a stall of the machine both are over at once.
    assert!(
        said.contains("First took _ s: the one of 800ms\n"),
        "{said}"
    );
    assert!(times[0] >= 0.8, "{printed}");
}

#[test]
fn ten_slow_calls_are_made_in_each_way() {
    let printed = printed("ten_slow_calls");
    let titles: Vec<_> = printed
        .lines()
        .filter_map(|line| line.split_once(':'))
        .filter(|(title, _)| !title.starts_with(' '))
        .map(|(title, _)| title)
        .collect();
    let expected = [
        "Calls that block, for 50ms each",
        "one after another",
        "in threads",
        "in a blocking pool",
        "Calls that wait, for up to a second",
        "all at once",
        "three at a time, by hand",
        "three at a time, by map_bounded",
        "for at most half a second",
    ];
    assert_eq!(titles, expected);
    let times = split_times(&printed).1;
    // Three at a time are never faster than the sum of all by three.
    let least = [0.5, 0.05, 0.05, 0.97, 2.14, 2.14, 0.5, 0.97];
    assert_eq!(times.len(), least.len(), "{printed}");
    for (time, least) in times.iter().zip(least) {
        assert!(*time >= least, "{printed}");
    }
    // Each way but the last, which is in two parts, has all outputs.
    let outputs = printed.lines().filter_map(|line| line.split_once(" s: ["));
    for (_, outputs) in outputs.take(6) {
        let outputs = outputs.trim_end_matches(']');
        let mut numbers: Vec<u32> = outputs.split(", ").map(|n| n.parse().unwrap()).collect();
        numbers.sort_unstable();
        assert_eq!(numbers, (0..10).collect::<Vec<_>>(), "{printed}");
    }
}

#[test]
fn sleep_sort_sorts_and_no_number_is_early() {
    let printed = printed("sleep_sort");
    let (text, times) = split_times(&printed);
    assert!(text.contains("[1, 2, 3, 4, 5] took _ s\n"), "{text}");
    assert!(text.contains("_ s: the sequence yields 0.5\n"), "{text}");
    assert!(text.contains("_ s: the iterator yields 0.5\n"), "{text}");
    let least = [5.0, 0.1, 0.2, 0.3, 0.4, 0.5, 0.1, 0.2, 0.3, 0.4, 0.5];
    for (time, least) in times.iter().zip(least) {
        assert!(*time >= least, "{time} < {least} in {printed}");
    }
    let end = "\
And if all count from one start:
100000 numbers in 10ms: sorted
By a heap alone, without sleeping:
[0.1, 0.2, 0.3, 0.4, 0.5]
100000 numbers of up to an hour: sorted, in _ s
";
    assert!(text.ends_with(end), "{text}");
}

#[test]
fn producer_and_consumer_overlap_as_tasks() {
    let printed = printed("producer_consumer");
    // There is no terminal here, so there are no colours.
    assert!(!printed.contains('\x1b'), "{printed}");
    let sums: Vec<_> = printed.lines().filter(|l| !l.starts_with(' ')).collect();
    let expected = [
        "App started, as plain code.",
        "App exiting, total time: 30.14 sec.",
        "20 values waited 15.25 sec. on average, and 20.14 sec. at most.",
        "App started, as tasks.",
        "App exiting, total time: 20.58 sec.",
        "40 values waited 0.39 sec. on average, and 0.88 sec. at most.",
    ];
    assert_eq!(sums, expected);
    let count = |what| printed.lines().filter(|l| l.starts_with(what)).count();
    assert_eq!(count(" -- generated"), 20 + 2 * 20);
    assert_eq!(count(" +++ Processed"), 20 + 2 * 20);

    let (plain, _) = printed.split_once("App started, as tasks.\n").unwrap();
    let (generated, processed) = plain.split_once(" +++ ").unwrap();
    assert!(!generated.contains("Processed") && !processed.contains("generated"));
    let overlap = "\
App started, as tasks.
 -- generated item 1
 -- generated item 1
 +++ Processed value 1 after 0.00 sec.
 +++ Processed value 1 after 0.50 sec.
 -- generated item 2
 -- generated item 2
 +++ Processed value 4 after 0.39 sec.
";
    assert!(printed.contains(overlap), "{printed}");
}

#[test]
fn future_by_hand_shows_each_state() {
    let expected = "\
--- A value that is sent
What's your name mate?
(Is the receiver done? false)
(Is the receiver gone? false)
(Is the receiver done? true)
My name is Sam
took 1.00 s
--- A value that a task sends
What's your name mate?
(Is the receiver gone? false)
(Is the receiver done? true)
My name is Sam
took 1.00 s
--- A value that is not needed
What's your name mate?
Never mind.
(Is the receiver gone? true)
(Then Sam keeps it to himself.)
took 1.00 s
--- A value that is not sent
What's your name mate?
(Is the receiver done? true)
There is no answer: the sender was dropped without a value
took 0.50 s
--- A task
One that is pending:
  TaskId(4), finished: false
One that is finished:
  TaskId(4), finished: true
One that is cancelled:
  TaskId(5), finished: true
  the task was cancelled
took 1.00 s
";
    assert_same_or_later(&printed("future_by_hand"), expected);
}

#[test]
fn poll_by_hand_asks_until_there_is_a_result() {
    let printed = printed("poll_by_hand");
    let beginning = "\
1. poll it again and again
Result not ready yet. Please try again.
Coroutine says hi!
2. let the loop run for 100ms, and ask again
Waiting 2 seconds
";
    let end = "\
3. ask only when it says so
Asked once: not ready. Woken? false
A result was given. Woken? true
Asked once more: Sam
";
    let asked = printed.strip_prefix(beginning).unwrap();
    let asked: Vec<_> = asked.strip_suffix(end).unwrap().lines().collect();
    // Each try is a tenth of a second later or more, so it takes 20, or fewer after a stall.
    assert!((2..=21).contains(&asked.len()), "{printed}");
    let (last, before) = asked.split_last().unwrap();
    for line in before {
        let end = " s: Result not ready yet. Please try again.";
        assert!(line.ends_with(end), "{printed}");
    }
    let seconds: f64 = last.strip_suffix(" s: 1").unwrap().parse().unwrap();
    assert!(seconds >= 2.0, "{printed}");
}

#[test]
fn fib_computes_the_same_numbers_in_all_ways() {
    let printed = printed("fib");
    // How long it took is not up to the program, nor how often the heart beat.
    let words = |line: &str| line.split_whitespace().collect::<Vec<_>>().join(" ");
    let (text, times) = split_times(&printed);
    let text: Vec<_> = text.lines().map(words).collect();
    assert_eq!((text.len(), times.len()), (12, 16));
    let recursive = (
        "recursive, numbers 33 and 34:",
        "They are 5702887 and 9227465.",
    );
    let iterative = (
        "iterative, numbers 10000 to 10999:",
        "The last one ends with 293021565614955125.",
    );
    let ways = [
        "in plain code",
        "in threads",
        "as tasks",
        "in a blocking pool",
    ];
    for (lines, (title, result)) in text.chunks(6).zip([recursive, iterative]) {
        assert_eq!((&*lines[0], &*lines[5]), (title, result));
        for (line, way) in lines[1..].iter().zip(ways) {
            assert!(line.starts_with(&format!("{way} _ s, ")), "{line}");
            let end = " beats of the heart, longest pause _ s";
            assert!(line.ends_with(end), "{line}");
        }
    }
}

#[test]
fn compute_pi_lets_other_tasks_go_first() {
    let printed = printed("compute_pi");
    let lines: Vec<_> = printed.lines().collect();
    let expected = [
        "Now, compute_pi will be executed",
        "Another function gets calleeeeeeed",
        "Another function gets called",
    ];
    assert_eq!(lines[..3], expected);
    let (digits, comparison) = lines[3..].split_at(lines.len() - 3 - 4);
    let digits: String = digits.iter().map(|line| line.trim_start()).collect();
    assert_eq!(digits.len(), "3.".len() + 800);
    assert!(digits.starts_with("3.14159265358979323846264338327950288"));
    let (text, _) = split_times(&comparison.join("\n"));
    let text: Vec<_> = text.lines().collect();
    assert_eq!(text[0], "in the blocking pool it took _ s");
    assert_eq!(text[2], "in the loop's own thread it took _ s");
    // Within a poll no other task gets a turn: there is not a single beat.
    let no_beat = "  the heart beat 0 times meanwhile, its longest pause _ s";
    assert_eq!(text[3], no_beat);
}
