//! Is there one table of everything?
//!
//! It is alone in this file: 900 idle sockets, twice, are more than the set of `select` has room for.

use std::time::Duration;

use benches::measuring::Plan;
use benches::{Options, report, workloads};

/// As little as there can be: each contender runs once to be calibrated, and once more.
const LITTLE: Plan = Plan {
    rounds: 1,
    run: Duration::from_nanos(1),
};

#[test]
fn the_plain_table_has_a_row_for_each_contender_and_fits_80_columns() {
    let text = report(&Options::default(), LITTLE).unwrap();
    let (table, legend) = text.split_once("\n\n").unwrap();
    let contenders: usize = workloads::all()
        .iter()
        .map(|workload| workload.contenders.len())
        .sum();
    assert_eq!(table.lines().count(), 1 + contenders);
    assert!(
        table
            .lines()
            .nth(1)
            .unwrap()
            .starts_with("switch             step 1 "),
        "{table}"
    );
    assert_eq!(legend.lines().count(), 7);
    assert!(legend.contains("idle_sockets, 900: the same beside 900 idle sockets\n"));
    assert!(
        text.lines().all(|line| line.chars().count() <= 80),
        "{text}"
    );
}
