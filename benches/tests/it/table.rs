//! Is there one table of everything?

use benches::results::{Comparison, Time};
use benches::{table, workloads};

/// Results for every contender, so large that they need the widest cells.
fn everything() -> Vec<Comparison> {
    let comparison = |workload: &workloads::Workload| Comparison {
        workload: workload.to_string(),
        operation: workload.operation.clone(),
        times: (workload.contenders.iter())
            .map(|contender| Time {
                who: contender.who,
                nanoseconds: 123_456.0,
            })
            .collect(),
    };
    workloads::all().iter().map(comparison).collect()
}

#[test]
fn plain_table_has_all_rows_in_80_columns() {
    let comparisons = everything();
    let text = table::plain(&comparisons);
    let (table, legend) = text.split_once("\n\n").unwrap();
    let rows: usize = (comparisons.iter())
        .map(|comparison| comparison.times.len())
        .sum();
    assert_eq!(table.lines().count(), 1 + rows);
    let first = table.lines().nth(1).unwrap();
    assert!(first.starts_with("switch             step 1 "), "{table}");
    let epoll = usize::from(cfg!(target_os = "linux"));
    assert_eq!(legend.lines().count(), 7 + epoll + 1);
    assert!(legend.contains("\nstep 8: an executor of its own"));
    assert!(legend.contains("idle_sockets, 900: the same beside 900 idle sockets\n"));
    let is_narrow = |line: &str| line.chars().count() <= 80;
    assert!(text.lines().all(is_narrow), "{text}");
}

#[test]
fn markdown_repeats_the_workload_in_each_row() {
    let comparisons = everything();
    let text = table::markdown(&comparisons);
    let switch = comparisons[0].times.len();
    assert_eq!(text.matches("| switch ").count(), switch);
}
