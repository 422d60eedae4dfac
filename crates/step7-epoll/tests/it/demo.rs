//! Does the demo show the wall and the way past it?

use std::process::{Command, Output};
use std::sync::OnceLock;

const DEMO: &str = env!("CARGO_BIN_EXE_step7-epoll");

/// What the demo prints, as a soft limit of open files is no obstacle; it runs once.
fn printed() -> &'static str {
    static PRINTED: OnceLock<String> = OnceLock::new();
    PRINTED.get_or_init(|| printed_under("ulimit -Sn 256"))
}

/// What the demo prints when a shell has done this first.
fn printed_under(first: &str) -> String {
    let output = run_under(first);
    let error = String::from_utf8_lossy(&output.stderr);
    assert!(output.status.success() && error.is_empty(), "{error}");
    String::from_utf8(output.stdout).unwrap()
}

fn run_under(first: &str) -> Output {
    Command::new("sh")
        .args(["-c", &format!("{first} && exec \"$0\"")])
        .arg(DEMO)
        .output()
        .unwrap()
}

fn hard_limit_is_at_least(least: u64) -> bool {
    let is_enough = testing::files::allow(least);
    if !is_enough {
        eprintln!("skipped: the system allows too few open files");
    }
    is_enough
}

/// The lines of the table below its head, each as its words.
fn rows(printed: &str) -> Vec<Vec<&str>> {
    let lines = printed
        .lines()
        .skip_while(|line| !line.starts_with("idle sockets"));
    lines
        .skip(1)
        .map(|line| line.split_whitespace().collect())
        .collect()
}

fn first_column<'a>(rows: &[Vec<&'a str>]) -> Vec<&'a str> {
    rows.iter().map(|row| row[0]).collect()
}

#[test]
fn demo_fails_on_select_and_runs_on_epoll() {
    if !hard_limit_is_at_least(10_064) {
        return;
    }
    let lines: Vec<_> = printed().lines().collect();
    assert_eq!(lines[0], "2,000 sockets, and a datagram for each:");
    assert!(
        lines[1].starts_with("  select  descriptor 1024 "),
        "{lines:#?}"
    );
    let end = lines.iter().position(|line| line.is_empty()).unwrap();
    assert_eq!(lines[end - 1], "  epoll   all 2,000 have come");
    assert!(
        lines[..end].iter().all(|line| line.len() <= 80),
        "{lines:#?}"
    );
}

#[test]
fn the_table_has_a_row_for_each_number() {
    if !hard_limit_is_at_least(10_064) {
        return;
    }
    let rows = rows(printed());
    assert_eq!(first_column(&rows), ["0", "100", "900", "10,000"]);
    for (index, row) in rows.iter().enumerate() {
        // A cost and a ratio for either; none for `select` where it cannot be.
        assert_eq!(row.len(), 5, "{row:?}");
        let numbers: Vec<f64> = row[1..]
            .iter()
            .filter_map(|cell| cell.parse().ok())
            .collect();
        assert_eq!(numbers.len(), if index == 3 { 2 } else { 4 }, "{row:?}");
        assert!(numbers.iter().all(|number| *number > 0.0), "{row:?}");
    }
    assert_eq!((rows[0][2], rows[0][4]), ("1.0", "1.0"));
}

#[test]
fn the_columns_are_aligned() {
    let table = printed()
        .lines()
        .skip_while(|line| !line.starts_with("idle sockets"));
    let widths: Vec<_> = table.map(|line| line.chars().count()).collect();
    assert!(widths.iter().all(|width| *width == widths[0]), "{widths:?}");
}

#[test]
fn with_fewer_open_files_it_uses_what_is_there() {
    if !hard_limit_is_at_least(1_500) {
        return;
    }
    let printed = printed_under("ulimit -n 1500");
    let expected = "Only 1,500 open files are allowed (see `ulimit -Hn`)";
    assert!(printed.starts_with(expected), "{printed}");
    let expected = "\n1,436 sockets, and a datagram for each:\n  select  descriptor 1024";
    assert!(printed.contains(expected), "{printed}");
    assert_eq!(first_column(&rows(&printed)), ["0", "100", "900", "1,436"]);
}

#[test]
fn with_few_open_files_there_is_no_wall() {
    let printed = printed_under("ulimit -n 300");
    let expected = "\n236 sockets, and a datagram for each:\n  select  all 236 have come\n";
    assert!(printed.contains(expected), "{printed}");
    let rows = rows(&printed);
    assert_eq!(first_column(&rows), ["0", "100", "236"]);
    assert!(rows.iter().all(|row| !row.contains(&"-")), "{rows:?}");
}

#[test]
fn without_a_descriptor_it_fails_with_one_line() {
    let output = run_under("ulimit -n 4");
    assert_eq!(output.status.code(), Some(1));
    let error = String::from_utf8(output.stderr).unwrap();
    assert!(error.starts_with("step7-epoll: "), "{error}");
    assert!(error.contains("open files"), "{error}");
    assert_eq!(error.lines().count(), 1);
}
