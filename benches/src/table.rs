//! All that was measured, in one table.

use std::fmt::Write;

use timeline::units;

use crate::results::Comparison;
use crate::workloads::Who;

const HEADINGS: [&str; 4] = [
    "workload",
    "step",
    "time an operation",
    "ratio to the step before",
];

/// The steps whose rows are not what their neighbours' are.
const NOT_PLAIN: [(Who, &str); 2] = [
    (Who::Step(7), "step 5's executor, on epoll"),
    (
        Who::Step(8),
        "an executor of its own, and on Linux an epoll of its own",
    ),
];

/// A row's cells: workload, contender, time and ratio.
type Row = [String; 4];

/// Draws a table of at most 80 columns, and below it what one operation of each workload is, and
/// what is special about a step.
///
/// # Examples
///
/// ```
/// use benches::results::{Comparison, Time};
/// use benches::workloads::Who;
///
/// let times = vec![
///     Time { who: Who::Step(4), nanoseconds: 20.0 },
///     Time { who: Who::Step(5), nanoseconds: 5.0 },
/// ];
/// let switch = Comparison { workload: "switch".into(), operation: "one yield".into(), times };
/// assert_eq!(
///     benches::table::plain(&[switch]),
///     "\
/// workload  step    time an operation  ratio to the step before
/// switch    step 4            20.0 ns
///           step 5            5.00 ns                      0.25
///
/// switch: one yield
/// "
/// );
/// ```
pub fn plain(comparisons: &[Comparison]) -> String {
    let rows = rows(comparisons, true);
    let mut text = String::new();
    for row in [&HEADINGS.map(String::from)].into_iter().chain(&rows) {
        let line = align(row, &widths(&rows)).join("  ");
        text.push_str(line.trim_end());
        text.push('\n');
    }
    text.push('\n');
    for comparison in comparisons {
        _ = writeln!(text, "{}: {}", comparison.workload, comparison.operation);
    }
    for (step, what) in NOT_PLAIN {
        let mut times = comparisons.iter().flat_map(|comparison| &comparison.times);
        if times.any(|time| time.who == step) {
            _ = writeln!(text, "{step}: {what}");
        }
    }
    text
}

/// Draws the table as Markdown, with the workload in each row, and nothing below it.
///
/// # Examples
///
/// ```
/// use benches::results::{Comparison, Time};
/// use benches::workloads::Who;
///
/// let times = vec![Time { who: Who::Step(4), nanoseconds: 20.0 }];
/// let switch = Comparison { workload: "switch".into(), operation: "one yield".into(), times };
/// assert_eq!(
///     benches::table::markdown(&[switch]),
///     "\
/// | workload | step   | time an operation | ratio to the step before |
/// |----------|--------|------------------:|-------------------------:|
/// | switch   | step 4 |           20.0 ns |                          |
/// "
/// );
/// ```
pub fn markdown(comparisons: &[Comparison]) -> String {
    let rows = rows(comparisons, false);
    let widths = widths(&rows);
    let line = |row: &Row| format!("| {} |\n", align(row, &widths).join(" | "));
    let mut text = line(&HEADINGS.map(String::from));
    let [workload, who, time, ratio] = widths.map(|width| "-".repeat(width + 1));
    _ = writeln!(text, "|{workload}-|{who}-|{time}:|{ratio}:|");
    rows.iter().for_each(|row| text.push_str(&line(row)));
    text
}

/// Makes the rows. The workload's name may be left out where it is the same as in the row before.
fn rows(comparisons: &[Comparison], is_named_once: bool) -> Vec<Row> {
    let mut rows = Vec::new();
    for comparison in comparisons {
        for (i, (time, ratio)) in comparison.with_ratios().enumerate() {
            let name = if i > 0 && is_named_once {
                ""
            } else {
                &comparison.workload
            };
            let ratio = ratio.map(units::ratio).unwrap_or_default();
            rows.push([
                name.to_owned(),
                time.who.to_string(),
                units::measured(time.nanoseconds),
                ratio,
            ]);
        }
    }
    rows
}

/// Finds how many characters each column takes.
fn widths(rows: &[Row]) -> [usize; 4] {
    let width = |column: usize| {
        rows.iter()
            .map(|row| row[column].chars().count())
            .max()
            .unwrap_or(0)
    };
    std::array::from_fn(|column| width(column).max(HEADINGS[column].len()))
}

/// Pads the cells: names on the right, numbers on the left.
fn align([workload, who, time, ratio]: &Row, [a, b, c, d]: &[usize; 4]) -> Row {
    [
        format!("{workload:<a$}"),
        format!("{who:<b$}"),
        format!("{time:>c$}"),
        format!("{ratio:>d$}"),
    ]
}
