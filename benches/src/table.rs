//! What was measured, as tables.

use std::fmt::Write;

use timeline::units::{integer, measured, ratio};

use crate::comparison::{Comparison, Ratios, Row, Time};
use crate::workload::{Count, Section, Workload};

/// What [`plain`] says below all.
const LEGEND: &str = "\
The median, the range of the samples, and how many times as much as the step
before and as step 5. `~` is before what moves: the longest took more than twice
as long as the shortest. Step 7 is step 5's executor on epoll, step 6 runs on
step 5, and step 8 is an executor of its own, on Linux with an epoll of its own.
";

const HEADINGS: [&str; 7] = [
    "operation",
    "by",
    "median",
    "range",
    "to the step before",
    "to step 5",
    "counted",
];

/// Draws a table of at most 80 columns, with a block for each operation.
///
/// # Examples
///
/// ```
/// use benches::comparison::{Comparison, Row, Time};
///
/// let workload = &benches::workloads::all()[1];
/// let rows = [("step 4", 20.0, None), ("step 5", 5.0, Some(57.0))].map(|(who, time, count)| {
///     Row { who, time: Time::of(vec![time, time + 1.0]), count }
/// });
/// let comparison = Comparison { workload, rows: rows.to_vec() };
/// let text = benches::table::plain(&[comparison]);
/// let (block, _) = text.split_once("\n\n").unwrap();
/// assert_eq!(
///     block,
///     "\
/// switch among 1,000 tasks                            before  step 5  instructions
///  step 4                 20.5 ns     20.0 to 21.0 ns            3.7
///  step 5                 5.50 ns     5.00 to 6.00 ns   0.27     1.0            57"
/// );
/// ```
pub fn plain(comparisons: &[Comparison]) -> String {
    let mut text = String::new();
    for comparison in comparisons {
        let workload = comparison.workload;
        let unit = workload.count.map(|count| count.to_string());
        let unit = unit.unwrap_or_default();
        let title = format!("{:<51} before  step 5 {unit:>13}", workload.name);
        _ = writeln!(text, "{}", title.trim_end());
        for (row, ratios) in comparison.with_ratios() {
            let [median, range] = row.time.as_ref().map(times).unwrap_or_default();
            let ratios = [ratios.to_step_before, ratios.to_step5];
            let [before, step5] = ratios.map(|to| to.map(ratio).unwrap_or_default());
            let count = row.count.map(counted).unwrap_or_default();
            let line = format!(
                " {:<20} {median:>9} {range:>19} {before:>6} {step5:>7} {count:>13}",
                row.who
            );
            _ = writeln!(text, "{}", line.trim_end());
        }
        text.push('\n');
    }
    text + LEGEND
}

/// Draws the table of a section as Markdown, with the operation in each row.
///
/// # Examples
///
/// ```
/// use benches::comparison::{Comparison, Row, Time};
/// use benches::workload::Section;
///
/// let workload = &benches::workloads::all()[0];
/// let row = Row { who: "step 1", time: Time::of(vec![2.0]), count: Some(7.0) };
/// let comparison = Comparison { workload, rows: vec![row] };
/// let text = benches::table::markdown(Section::Switch, &[comparison]);
/// let row = text.lines().nth(2).unwrap();
/// assert!(row.starts_with("| switch among 1 task | step 1 | 2.00 ns | 2.00 to 2.00 ns |"));
/// assert!(row.ends_with("| 7 instructions |"));
/// ```
pub fn markdown(section: Section, comparisons: &[Comparison]) -> String {
    let mut rows = Vec::new();
    for comparison in comparisons {
        if comparison.workload.section != section {
            continue;
        }
        for (row, ratios) in comparison.with_ratios() {
            rows.push(cells(comparison.workload, row, ratios));
        }
    }
    draw_markdown(HEADINGS.map(String::from).to_vec(), rows, 2)
}

fn cells(workload: &Workload, row: &Row, ratios: Ratios) -> Vec<String> {
    let [median, range] = row.time.as_ref().map(times).unwrap_or_default();
    let count = row.count.zip(workload.count);
    let count = count.map(|(count, unit)| with_unit(count, unit));
    vec![
        workload.name.clone(),
        row.who.to_owned(),
        median,
        range,
        ratios.to_step_before.map(ratio).unwrap_or_default(),
        ratios.to_step5.map(ratio).unwrap_or_default(),
        count.unwrap_or_default(),
    ]
}

/// Draws the medians of all workloads that differ only in how many there are of something, as
/// Markdown.
pub fn growth(of: &str, comparisons: &[Comparison]) -> String {
    let is_of = |comparison: &&Comparison| {
        comparison
            .workload
            .growth
            .is_some_and(|growth| growth.of == of)
    };
    let sizes = Vec::from_iter(comparisons.iter().filter(is_of));
    let mut contenders = Vec::new();
    for row in sizes.iter().flat_map(|comparison| &comparison.rows) {
        if !contenders.contains(&row.who) {
            contenders.push(row.who);
        }
    }
    let headings = [of].into_iter().chain(contenders.iter().copied());
    let rows = sizes.iter().map(|comparison| {
        let n = comparison.workload.growth.map_or(0, |growth| growth.n);
        let median = |who: &&str| {
            let time = comparison.row(who).and_then(|row| row.time);
            time.as_ref().map(median).unwrap_or_default()
        };
        [integer(n)]
            .into_iter()
            .chain(contenders.iter().map(median))
            .collect()
    });
    draw_markdown(headings.map(String::from).collect(), rows.collect(), 0)
}

/// Writes the median, with the mark of what moves.
pub(crate) fn median(time: &Time) -> String {
    let mark = if time.moves() { "~" } else { "" };
    format!("{mark}{}", measured(time.median))
}

/// Writes the median and the range.
fn times(time: &Time) -> [String; 2] {
    let [least, most] = [time.least, time.most].map(measured);
    // The unit once, if it is the same.
    let range = match (least.split_once(' '), most.split_once(' ')) {
        (Some((number, unit)), Some((_, same))) if unit == same => format!("{number} to {most}"),
        _ => format!("{least} to {most}"),
    };
    [median(time), range]
}

/// Writes a count: as an integer if it is one, or large; else to two digits.
fn counted(count: f64) -> String {
    let nearest = count.abs().round();
    let is_whole = (count - nearest).abs() < 0.03 && (nearest > 0.0 || count < 0.001);
    match nearest >= 10.0 || is_whole {
        true => integer(nearest as u64),
        false => ratio(count),
    }
}

/// Writes a count with its unit, which is singular after `1`.
fn with_unit(count: f64, unit: Count) -> String {
    let (number, unit) = (counted(count), unit.to_string());
    match number.as_str() {
        "1" => format!("1 {}", unit.trim_end_matches('s')),
        _ => format!("{number} {unit}"),
    }
}

/// Draws a table whose first columns, as many as `words`, hold words, and the others numbers.
fn draw_markdown(headings: Vec<String>, rows: Vec<Vec<String>>, words: usize) -> String {
    let rule = (0..headings.len()).map(|i| if i < words { ":--" } else { "--:" }.to_owned());
    let rule = rule.collect();
    let mut text = String::new();
    for row in [headings, rule].iter().chain(&rows) {
        _ = writeln!(text, "| {} |", row.join(" | "));
    }
    text
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn counts_are_whole_or_have_two_digits() {
        let counts = [0.0, 2.999, 0.123, 8.25, 12_345.6].map(counted);
        assert_eq!(counts, ["0", "3", "0.12", "8.3", "12,346"]);
    }

    #[test]
    fn one_is_singular() {
        let calls = [0.0, 1.0, 1.1, 2.0].map(|count| with_unit(count, Count::SystemCalls));
        let expected = [
            "0 system calls",
            "1 system call",
            "1.1 system calls",
            "2 system calls",
        ];
        assert_eq!(calls, expected);
    }

    #[test]
    fn a_range_has_its_unit_once_if_it_is_one() {
        let times = |least, most| times(&Time::of(vec![least, most]).unwrap());
        assert_eq!(times(800.0, 1_200.0), ["1.00 µs", "800 ns to 1.20 µs"]);
        assert_eq!(times(1.0, 3.0), ["~2.00 ns", "1.00 to 3.00 ns"]);
    }
}
