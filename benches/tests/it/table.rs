//! Is there a table of everything?

use benches::comparison::{Comparison, Row, Time};
use benches::workload::{Section, Workload};
use benches::{page, table, workloads};

/// Results for every contender, so large that they need the widest cells.
fn everything(workloads: &[Workload]) -> Vec<Comparison<'_>> {
    let row = |who| Row {
        who,
        time: Time::of(vec![1_230.0, 123_456.0]),
        count: Some(123_456.0),
    };
    let compare = |workload: &'_ Workload| -> Vec<Row> {
        let names = workload.contenders.iter().map(|contender| contender.name);
        names.map(row).collect()
    };
    workloads
        .iter()
        .map(|workload| Comparison {
            workload,
            rows: compare(workload),
        })
        .collect()
}

#[test]
fn plain_table_has_all_rows_in_80_columns() {
    let workloads = workloads::all();
    let text = table::plain(&everything(&workloads));
    for line in text.lines() {
        assert!(line.chars().count() <= 80, "{line}");
    }
    for workload in &workloads {
        let (_, block) = text.split_once(&format!("{workload} ")).unwrap();
        let block = block.split("\n\n").next().unwrap();
        let names = block.lines().skip(1).map(|line| line[1..22].trim());
        let contenders = workload.contenders.iter().map(|contender| contender.name);
        assert!(names.eq(contenders), "{block}");
    }
}

#[test]
fn markdown_has_the_rows_of_its_section() {
    let workloads = workloads::all();
    let text = table::markdown(Section::HandOver, &everything(&workloads));
    let rows = Vec::from_iter(text.lines().skip(2));
    assert!(
        rows.iter()
            .all(|row| row.starts_with("| hand over between two | "))
    );
    let workload = workloads
        .iter()
        .find(|workload| workload.name == "hand over between two");
    assert_eq!(rows.len(), workload.unwrap().contenders.len());
}

#[test]
fn growth_has_a_line_for_each_size() {
    let workloads = workloads::all();
    let text = table::growth("tasks", &everything(&workloads));
    let lines = Vec::from_iter(text.lines());
    assert!(lines[0].starts_with("| tasks | step 1 | step 2 by hand | step 2 | "));
    let sizes = lines[2..]
        .iter()
        .map(|line| line.split(" | ").next().unwrap());
    assert!(sizes.eq(["| 1", "| 1,000", "| 100,000"]), "{text}");
}

#[test]
fn other_tables_of_a_page_stay() {
    let workloads = workloads::all();
    let page =
        "# Title\n\n| a | b |\n|---|---|\n| 1 | 2 |\n\n| timers | x |\n|---|---|\n| 1 | 2 |\n";
    let renewed = page::renew(page, &everything(&workloads));
    assert!(
        renewed.starts_with("# Title\n\n| a | b |\n|---|---|\n| 1 | 2 |\n\n| timers | step 3 |")
    );
    assert_eq!(page::renew(&renewed, &everything(&workloads)), renewed);
}
