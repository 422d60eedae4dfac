//! The page that shows the tables: they are renewed where they stand.

use crate::comparison::Comparison;
use crate::table;

/// Replaces the tables in a page of Markdown: one whose first row is an operation by the table of
/// its section, and one that begins with what there is more and more of by that growth table.
/// Everything else stays, a table of which nothing was measured too.
///
/// # Examples
///
/// ```
/// use benches::comparison::{Comparison, Row, Time};
///
/// let workload = &benches::workloads::all()[0];
/// let row = Row { who: "step 1", time: Time::of(vec![2.0]), count: None };
/// let comparison = Comparison { workload, rows: vec![row] };
/// let page = "text\n\n| x |\n|---|\n| switch among 1 task |\n\nmore\n";
/// let page = benches::page::renew(page, &[comparison]);
/// assert!(page.starts_with("text\n\n| operation |"));
/// assert!(page.contains("| switch among 1 task | step 1 | 2.00 ns |"));
/// assert!(page.ends_with("|\n\nmore\n"));
/// ```
pub fn renew(page: &str, comparisons: &[Comparison]) -> String {
    let lines = Vec::from_iter(page.split_inclusive('\n'));
    let blocks = lines.chunk_by(|one, other| one.starts_with('|') == other.starts_with('|'));
    blocks
        .map(|block| fresh(block, comparisons).unwrap_or_else(|| block.concat()))
        .collect()
}

/// Makes a table anew, if it is one of these.
fn fresh(block: &[&str], comparisons: &[Comparison]) -> Option<String> {
    let first_cell = |line: usize| Some(block.get(line)?.split('|').nth(1)?.trim());
    let (heading, row) = (first_cell(0)?, first_cell(2)?);
    let workloads = || comparisons.iter().map(|comparison| comparison.workload);
    if let Some(growth) = workloads()
        .filter_map(|w| w.growth)
        .find(|g| g.of == heading)
    {
        return Some(table::growth(growth.of, comparisons));
    }
    let workload = workloads().find(|workload| workload.name == row)?;
    Some(table::markdown(workload.section, comparisons))
}
