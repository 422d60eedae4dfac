//! Does the chart show what the table does?

use std::env;
use std::fs;
use std::path::PathBuf;
use std::process;
use std::time::Duration;

use benches::measuring::Plan;
use benches::{Options, report};

/// As little as there can be: each contender runs once to be calibrated, and once more.
const LITTLE: Plan = Plan {
    rounds: 1,
    run: Duration::from_nanos(1),
};

fn file(name: &str) -> PathBuf {
    env::temp_dir().join(format!("benches-{}-{name}", process::id()))
}

#[test]
fn markdown_and_a_chart_show_the_same() {
    let svg = file("chart.svg");
    let options = Options {
        markdown: true,
        svg: Some(svg.clone()),
        ..Options::default()
    };
    let table = report(&options, LITTLE).unwrap();
    let chart = fs::read_to_string(&svg).unwrap();
    fs::remove_file(&svg).unwrap();

    assert!(
        table
            .lines()
            .all(|line| line.starts_with("| ") || line.starts_with("|-")),
        "{table}"
    );
    for row in table.lines().skip(2) {
        let cells = Vec::from_iter(row.split('|').map(str::trim));
        let (who, time) = (cells[2], cells[3]);
        assert!(chart.contains(&format!("{who} {time}")), "{who} {time}");
    }
}

#[test]
fn a_file_that_cannot_be_written_is_named_before_anything_is_measured() {
    let nowhere = file("no-such-folder").join("chart.svg");
    let options = Options {
        svg: Some(nowhere.clone()),
        ..Options::default()
    };
    let forever = Plan {
        rounds: 1,
        run: Duration::MAX,
    };
    let error = report(&options, forever).unwrap_err().to_string();
    assert!(
        error.starts_with(&format!("cannot write {}: ", nowhere.display())),
        "{error}"
    );
}
