//! The table of what each step costs: other pages quote its rows.

/// The page with the table.
pub(crate) const BENCHMARKS: &str = "docs/benchmarks.md";

/// The rows of a page's tables.
#[derive(Debug, Default)]
pub(crate) struct Table {
    rows: Vec<String>,
}

impl Table {
    /// Reads the rows of a page.
    pub(crate) fn new(page: &str) -> Table {
        let is_row = |line: &&str| line.starts_with('|') && !is_rule(line);
        let rows = page.lines().filter(is_row);
        Table {
            rows: rows.map(str::to_owned).collect(),
        }
    }

    /// Returns what a line of another page must be: where it has the first two cells of a row, as
    /// many cells of that row as it has.
    pub(crate) fn row(&self, path: &str, line: &str) -> String {
        let cells: Vec<&str> = line.split('|').collect();
        if path == BENCHMARKS || !line.starts_with('|') || cells.len() < 4 {
            return line.to_owned();
        }
        let key = |cells: &[&str]| [cells[1].trim().to_owned(), cells[2].trim().to_owned()];
        let quote = |row: &String| {
            let of_row: Vec<&str> = row.split('|').collect();
            let is_it = of_row.len() >= cells.len() && key(&of_row) == key(&cells);
            is_it.then(|| of_row[..cells.len() - 1].join("|") + "|")
        };
        self.rows.iter().find_map(quote).unwrap_or(line.to_owned())
    }
}

/// Returns whether a line is that between a table's head and its rows, such as `|---|--:|`, which
/// are alike in all tables.
fn is_rule(line: &str) -> bool {
    line.chars().all(|c| "|-: ".contains(c))
}

#[cfg(test)]
mod tests {
    use super::*;

    const PAGE: &str = "text\n| what | step   | time | ratio |\n|---|---|--:|--:|\n\
        | a, 0 | step 1 |    1 |    |\n| b    | step 1 |    3 |  2 |\n";

    #[test]
    fn a_row_that_is_quoted_is_that_of_the_table() {
        let row = |line: &str| Table::new(PAGE).row("docs/x.md", line);
        assert_eq!(row("| b | step 1 | 7 |"), "| b    | step 1 |    3 |");
        assert_eq!(
            row("| a, 0 | step 1 | 7 | 8 |"),
            "| a, 0 | step 1 |    1 |    |"
        );
        for other in [
            "| b | step 2 | 7 |",
            "| b | step 1",
            "b | step 1 | 7 |",
            "|---|---|---|",
            "|---|---|:-:|",
            "text",
        ] {
            assert_eq!(row(other), other);
        }
    }
}
