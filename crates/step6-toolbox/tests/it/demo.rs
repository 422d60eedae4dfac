//! Does the demo print what it should?

use std::process::Command;

use trace::Event;

const EXPECTED: &str = "\
naps of 3, 1 and 2 tenths of a second
join_all: [3, 1, 2] (0.300 s)
as_completed: [1, 2, 3] (0.300 s)
race of 3 and 1: Second(1) (0.100 s)
and with naps of one tenth
Queue for one item, its consumer naps: to be or (0.300 s)
map_bounded_ordered, 6 naps by 2: [1, 2, 3, 4, 5, 6] (0.300 s)
task_group, one fails: Err(\"no. 1 is broken\") (0.100 s)
what is not cancelled
shield, 2 within 1: Err(\"the time was over first\"), and later 2 (0.200 s)
spawn_blocking beside a nap: 42 and 1 (0.100 s)
into_blocking_iter: [3, 2, 1]
";

/// Splits a line into its text and the seconds that it took; `None` if it has no time.
fn apart(line: &str) -> (&str, Option<f64>) {
    let Some((said, time)) = line.rsplit_once(" (") else {
        return (line, None);
    };
    let seconds = time.strip_suffix(" s)");
    (said, seconds.and_then(|seconds| seconds.parse().ok()))
}

#[test]
fn nothing_is_early_on_the_real_clock() {
    let output = Command::new(env!("CARGO_BIN_EXE_step6-toolbox"))
        .output()
        .unwrap();
    assert!(output.status.success());
    let output = String::from_utf8(output.stdout).unwrap();
    assert_eq!(output.lines().count(), EXPECTED.lines().count());
    for (line, expected) in output.lines().zip(EXPECTED.lines()) {
        let ((said, seconds), (expected, least)) = (apart(line), apart(expected));
        // If the machine stalls, several naps are over at once, so only the name of the tool is
        // certain.
        let tool = |said: &str| said.split(':').next().map(str::to_owned);
        assert_eq!(tool(said), tool(expected));
        assert!(seconds >= least, "{line}");
    }
}

#[test]
fn times_are_exact_on_the_virtual_clock() {
    let events = testing::events(|| step6_toolbox::demo::demo(true).unwrap());
    let times: Vec<_> = events
        .iter()
        .filter_map(|event| match event {
            Event::Started { now, .. } => *now,
            Event::Waited { now } => Some(*now),
            _ => None,
        })
        .collect();
    let took = *times.last().unwrap() - times[0];
    // The clock is held during the call that blocks, and then the nap begins.
    assert_eq!(
        took.as_millis(),
        300 + 300 + 100 + 300 + 300 + 100 + 200 + 100
    );
}

#[test]
fn each_tool_runs_in_a_task_of_its_name() {
    let events = testing::events(|| step6_toolbox::demo::demo(true).unwrap());
    let names: Vec<_> = events
        .iter()
        .filter_map(|event| match event {
            Event::Title(title) => Some(title.as_str()),
            Event::Spawned { name, .. } if !name.starts_with("task ") => Some(name.as_str()),
            _ => None,
        })
        .collect();
    let expected = [
        "one tool after another",
        "main",
        "join_all",
        "as_completed",
        "race",
        "Queue",
        "map_bounded_ordered",
        "task_group",
        "shield",
        "spawn_blocking",
    ];
    assert_eq!(names, expected);
}
