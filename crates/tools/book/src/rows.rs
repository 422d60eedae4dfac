//! Which rows of another page's table a page quotes.

use std::fs;
use std::path::Path;

use crate::options::Options;

/// Rows of a table, by the cells that they begin with.
#[derive(Debug)]
pub(crate) struct Rows {
    path: String,
    /// For each row, or group of rows, its first cells.
    wanted: Vec<Vec<String>>,
    /// Which columns are shown, from 1; empty shows all.
    columns: Vec<usize>,
}

impl Rows {
    /// Reads `FILE: CELL | CELL; CELL | CELL`.
    pub(crate) fn parse(text: &str, options: &mut Options<'_>) -> Result<Rows, String> {
        let (path, wanted) = text
            .split_once(':')
            .ok_or("rows are `FILE: CELL | CELL; CELL | CELL`")?;
        let wanted: Vec<Vec<String>> = wanted.split(';').map(cells).collect();
        let columns = options.value("columns").map_or(Ok(Vec::new()), |list| {
            list.split(',').map(str::parse).collect()
        });
        let columns = columns.map_err(|_| "`columns` is a list of numbers such as 1,3")?;
        Ok(Rows {
            path: path.trim().to_owned(),
            wanted,
            columns,
        })
    }

    /// Returns the table with these rows only, in its own order.
    pub(crate) fn take(&self, root: &Path) -> Result<Vec<String>, String> {
        let named = |problem: String| format!("{}: {problem}", self.path);
        let text =
            fs::read_to_string(root.join(&self.path)).map_err(|error| named(error.to_string()))?;
        self.take_from(&text).map_err(named)
    }

    fn take_from(&self, text: &str) -> Result<Vec<String>, String> {
        let lines: Vec<&str> = text.lines().collect();
        let is_wanted = |line: &str, wanted: &[String]| cells(line).starts_with(wanted);
        let mut missing = None;
        for table in lines
            .chunk_by(|a, b| a.starts_with('|') == b.starts_with('|'))
            .filter(|t| t[0].starts_with('|'))
        {
            let (head, rows) = table.split_at(table.len().min(2));
            let absent = self
                .wanted
                .iter()
                .find(|wanted| !rows.iter().any(|row| is_wanted(row, wanted)));
            let Some(absent) = absent else {
                let taken = rows
                    .iter()
                    .filter(|row| self.wanted.iter().any(|wanted| is_wanted(row, wanted)));
                return head
                    .iter()
                    .chain(taken)
                    .map(|row| self.columns_of(row))
                    .collect();
            };
            missing = missing.or(Some(absent));
        }
        match missing {
            Some(absent) => Err(format!(
                "no table has all these rows: `{}` is missing",
                absent.join(" | ")
            )),
            None => Err("it has no table".to_owned()),
        }
    }

    fn columns_of(&self, row: &str) -> Result<String, String> {
        if self.columns.is_empty() {
            return Ok(row.to_owned());
        }
        // The first piece is what stands before the first bar.
        let pieces: Vec<&str> = row.split('|').collect();
        let mut kept = "|".to_owned();
        for column in &self.columns {
            let piece = pieces
                .get(*column)
                .filter(|_| (1..pieces.len() - 1).contains(column));
            kept += piece.ok_or_else(|| format!("its table has no column {column}"))?;
            kept.push('|');
        }
        Ok(kept)
    }
}

fn cells(row: &str) -> Vec<String> {
    let row = row.trim();
    let row = row.strip_prefix('|').unwrap_or(row);
    row.strip_suffix('|')
        .unwrap_or(row)
        .split('|')
        .map(|cell| cell.trim().to_owned())
        .collect()
}

#[cfg(test)]
mod tests {
    use super::*;

    const TABLE: &str = "text\n\n| what   | step   | time |\n|--------|--------|-----:|\n\
        | a, 0   | step 1 |    1 |\n| a, 0   | step 2 |    2 |\n| b      | step 1 |    3 |\n\n\
        more\n";

    fn columns(option: &str, wanted: &str) -> Result<String, String> {
        let mut options = Options::new("rows", option.split_whitespace().collect());
        Ok(Rows::parse(&format!("x.md: {wanted}"), &mut options)?
            .take_from(TABLE)?
            .join("\n"))
    }

    fn rows(wanted: &str) -> Result<String, String> {
        columns("", wanted)
    }

    #[test]
    fn a_row_is_taken_by_its_first_cells() {
        let head = "| what   | step   | time |\n|--------|--------|-----:|\n";
        assert_eq!(
            rows("b").unwrap(),
            format!("{head}| b      | step 1 |    3 |")
        );
        assert_eq!(
            rows("a, 0 | step 2; b").unwrap(),
            format!("{head}| a, 0   | step 2 |    2 |\n| b      | step 1 |    3 |")
        );
        assert_eq!(rows("a, 0").unwrap().lines().count(), 4);
    }

    #[test]
    fn a_row_that_is_not_there_is_named() {
        assert_eq!(
            rows("b; b | step 9").unwrap_err(),
            "no table has all these rows: `b | step 9` is missing"
        );
        assert!(Rows::parse("x.md", &mut Options::new("rows", Vec::new())).is_err());
    }

    #[test]
    fn columns_are_chosen_by_their_numbers() {
        assert_eq!(
            columns("columns=1,3", "b").unwrap(),
            "| what   | time |\n|--------|-----:|\n| b      |    3 |"
        );
        assert_eq!(
            columns("columns=4", "b").unwrap_err(),
            "its table has no column 4"
        );
        assert_eq!(
            columns("columns=0", "b").unwrap_err(),
            "its table has no column 0"
        );
        assert!(
            columns("columns=x", "b")
                .unwrap_err()
                .contains("a list of numbers")
        );
    }
}
