//! Does the demo print what it should, and say clearly what went wrong?

use std::process::{Command, Output};

use step6_toolbox::Options;

fn run(arguments: &[&str]) -> Output {
    Command::new(env!("CARGO_BIN_EXE_step6-toolbox"))
        .args(arguments)
        .output()
        .unwrap()
}

fn stdout(output: Output) -> String {
    assert!(
        output.status.success(),
        "{}",
        String::from_utf8_lossy(&output.stderr)
    );
    String::from_utf8(output.stdout).unwrap()
}

const EXPECTED: &str = "\
naps of 3, 1 and 2 tenths of a second
join_all: [3, 1, 2] (0.300 s)
as_completed: [1, 2, 3] (0.300 s)
race of 3 and 1: Second(1) (0.100 s)
and with naps of 1
Queue for one item, its consumer naps: to be or (0.300 s)
map_bounded_ordered, 6 naps by 2: [1, 2, 3, 4, 5, 6] (0.300 s)
task_group, one fails: Err(\"no. 1 is broken\") (0.100 s)
out of reach of cancelling, and of the loop
shield, 2 within 1: Err(\"the time was over first\"), and later 2 (0.200 s)
spawn_blocking, 3 calls that block: [1, 4, 9] (0.000 s)
into_blocking_iter: [3, 2, 1]
";

#[test]
fn on_the_virtual_clock_the_output_is_exact() {
    assert_eq!(stdout(run(&["--virtual"])), EXPECTED);
}

/// Splits a line into what it says and how many seconds it took. `None` for the time where none is given.
fn apart(line: &str) -> (&str, Option<f64>) {
    let Some((said, time)) = line.rsplit_once(" (") else {
        return (line, None);
    };
    (
        said,
        time.strip_suffix(" s)")
            .and_then(|seconds| seconds.parse().ok()),
    )
}

#[test]
fn on_the_real_clock_it_does_the_same_and_nothing_is_early() {
    let output = stdout(run(&[]));
    assert_eq!(output.lines().count(), EXPECTED.lines().count());
    for (line, expected) in output.lines().zip(EXPECTED.lines()) {
        let ((said, seconds), (expected, least)) = (apart(line), apart(expected));
        // Who is first is not sure on a machine that stands still for a moment: then all are due at once.
        assert_eq!(
            said.split_once(':').map(|(what, _)| what),
            expected.split_once(':').map(|(what, _)| what)
        );
        assert!(seconds >= least, "{line}");
        // In real time the calls that block take their time too.
        assert!(
            !said.starts_with("spawn_blocking") || seconds >= Some(0.1),
            "{line}"
        );
    }
}

#[test]
fn a_wrong_argument_is_named() {
    for wrong in [&["--frob"][..], &["--virtual", "--frob"]] {
        let output = run(wrong);
        assert_eq!(output.status.code(), Some(2));
        let stderr = String::from_utf8(output.stderr).unwrap();
        assert_eq!(
            stderr,
            "step6-toolbox: \"--frob\" is unknown: give --virtual for the virtual clock, or nothing\n"
        );
        assert!(output.stdout.is_empty());
    }
    assert!(Options::parse(["--virtual".into()]).unwrap().virtual_time);
}
