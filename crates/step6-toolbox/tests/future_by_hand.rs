//! What is a promise before it is kept, and after, and if it is not?

#[path = "support/example.rs"]
mod example;
#[path = "support/transcript.rs"]
mod transcript;

use example::assert_refused;
use transcript::{assert_same_but_later, printed};

const EXPECTED: &str = "\
--- A promise that is kept
What's your name mate?
(Is Promised(pending) done? false)
(Is Promise(pending) cancelled? false)
(Is Promised(finished: \"Sam\") done? true)
My name is Sam
took 1.00 s
--- A promise that is given to a task
What's your name mate?
(Is Promise(pending) cancelled? false)
(Is Promised(finished) done? true)
My name is Sam
took 1.00 s
--- A promise that nobody waits for any more
What's your name mate?
Never mind.
(Is Promise(cancelled) cancelled? true)
(Nobody wants to know that it is Sam.)
took 1.00 s
--- A promise that is broken
What's your name mate?
(Is Promised(broken) done? true)
There is no answer: the promise was dropped without a result
took 0.50 s
--- A task
One that is pending:
  JoinHandle { id: TaskId(4), is_finished: false }
  Promised(pending)
One that is finished:
  JoinHandle { id: TaskId(4), is_finished: true }
  Promised(finished: \"Sam\")
One that is cancelled:
  JoinHandle { id: TaskId(5), is_finished: true }
  Promised(broken)
  JoinError(Cancelled): the task was cancelled
took 1.00 s
";

#[test]
fn each_state_is_shown() {
    assert_eq!(printed("future_by_hand", &["--virtual"]), EXPECTED);
}

#[test]
fn on_the_real_clock_it_is_the_same() {
    let arguments = ["--virtual", "--delay", "0.02", "--name", "a b"];
    let exact = printed("future_by_hand", &arguments);
    let renamed = EXPECTED
        .replace("Sam", "a b")
        .replace("1.00 s", "0.02 s")
        .replace("0.50 s", "0.01 s");
    assert_eq!(exact, renamed);
    assert_same_but_later(&printed("future_by_hand", &arguments[1..]), &exact, 10.0);
}

#[test]
fn a_bad_command_line_is_named() {
    for (arguments, problem) in [
        (&["--name"][..], "--name needs a value: some text"),
        (
            &["--delay", "-0.1"],
            "--delay cannot be \"-0.1\": give a number of seconds from 0 to 86400",
        ),
        (&["Sam"], "unexpected argument \"Sam\"; see --help"),
    ] {
        assert_refused("future_by_hand", arguments, 2, problem);
    }
    assert!(printed("future_by_hand", &["--help"]).contains("Usage:"));
}
