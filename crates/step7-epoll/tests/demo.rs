//! Does the demo show the wall and the way past it, and say clearly what is wrong?

use std::process::{Command, Output};
use std::sync::OnceLock;

const DEMO: &str = env!("CARGO_BIN_EXE_step7-epoll");

/// What the demo prints, as a soft limit of open files is no obstacle. Run once.
fn printed() -> &'static str {
    static PRINTED: OnceLock<String> = OnceLock::new();
    PRINTED.get_or_init(|| printed_under("ulimit -Sn 256"))
}

/// What the demo prints when a shell has done this first.
fn printed_under(first: &str) -> String {
    let output = Command::new("sh")
        .args(["-c", &format!("{first} && exec \"$0\"")])
        .arg(DEMO)
        .output()
        .unwrap();
    succeeded(output)
}

fn succeeded(output: Output) -> String {
    assert!(
        output.status.success(),
        "{}",
        String::from_utf8_lossy(&output.stderr)
    );
    assert!(output.stderr.is_empty());
    String::from_utf8(output.stdout).unwrap()
}

fn hard_limit_is_at_least(least: u64) -> bool {
    let is_enough = step7_epoll::raise_open_files_limit().unwrap() >= least;
    if !is_enough {
        eprintln!("skipped: the system allows too few open files");
    }
    is_enough
}

/// The lines of the table below its head, each as its words.
fn rows(printed: &str) -> Vec<Vec<&str>> {
    let lines = printed
        .lines()
        .skip_while(|line| !line.starts_with("idle sockets"))
        .skip(1);
    lines
        .map(|line| line.split_whitespace().collect())
        .collect()
}

#[test]
fn the_same_program_fails_on_select_and_runs_on_epoll() {
    if !hard_limit_is_at_least(10_064) {
        return;
    }
    let lines: Vec<_> = printed().lines().take(5).collect();
    let expected = "\
2,000 sockets, and a datagram for each:
  select  descriptor 1024 does not fit the set of select(2):
          its limit is 1024, so the last number is 1023;
          the epoll selector of step 7 has no such limit
  epoll   all 2,000 have come";
    assert_eq!(lines, Vec::from_iter(expected.lines()));
}

#[test]
fn the_table_has_a_row_for_each_number_of_idle_sockets() {
    if !hard_limit_is_at_least(10_064) {
        return;
    }
    let rows = rows(printed());
    assert!(
        rows.iter()
            .map(|row| row[0])
            .eq(["0", "100", "900", "10,000"]),
        "{rows:?}"
    );
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
    let table: Vec<_> = printed()
        .lines()
        .skip_while(|line| !line.starts_with("idle sockets"))
        .collect();
    let width = table[0].chars().count();
    assert!(
        table.iter().all(|line| line.chars().count() == width),
        "{table:#?}"
    );
}

#[test]
fn with_fewer_open_files_it_says_so_and_uses_what_is_there() {
    if !hard_limit_is_at_least(1_500) {
        return;
    }
    let printed = printed_under("ulimit -n 1500");
    assert!(
        printed.starts_with("Only 1,500 open files are allowed (see `ulimit -Hn`)"),
        "{printed}"
    );
    assert!(
        printed.contains("\n1,436 sockets, and a datagram for each:\n"),
        "{printed}"
    );
    assert!(
        printed.contains("\n  select  descriptor 1024 does not fit"),
        "{printed}"
    );
    let rows = rows(&printed);
    assert!(
        rows.iter()
            .map(|row| row[0])
            .eq(["0", "100", "900", "1,436"]),
        "{rows:?}"
    );
}

#[test]
fn with_few_open_files_there_is_no_wall() {
    let printed = printed_under("ulimit -n 300");
    assert!(
        printed.contains("\n236 sockets, and a datagram for each:\n  select  all 236 have come\n"),
        "{printed}"
    );
    let rows = rows(&printed);
    assert!(
        rows.iter().map(|row| row[0]).eq(["0", "100", "236"]),
        "{rows:?}"
    );
    assert!(rows.iter().all(|row| !row.contains(&"-")), "{rows:?}");
}

#[test]
fn without_any_descriptor_it_is_exit_code_1_and_one_line() {
    let output = Command::new("sh")
        .args(["-c", "ulimit -n 5 && exec \"$0\""])
        .arg(DEMO)
        .output()
        .unwrap();
    assert_eq!(output.status.code(), Some(1));
    let error = String::from_utf8(output.stderr).unwrap();
    assert!(
        error.starts_with("step7-epoll: ") && error.contains("open files"),
        "{error}"
    );
    assert_eq!(error.lines().count(), 1);
}

#[test]
fn an_argument_is_exit_code_2_and_is_named() {
    let output = Command::new(DEMO).arg("--frob").output().unwrap();
    assert_eq!(output.status.code(), Some(2));
    assert!(output.stdout.is_empty());
    let error = String::from_utf8(output.stderr).unwrap();
    assert_eq!(
        error,
        "step7-epoll: takes no arguments, but was given \"--frob\"\n"
    );
}
