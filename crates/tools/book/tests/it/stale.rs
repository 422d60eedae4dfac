//! Is what is stale found, and does `renew` mend it?

use crate::repository::Repository;

#[test]
fn code_that_is_not_shown_or_has_changed() {
    let repository = Repository::with_page("# A\n\n<!-- code: x.rs#fn x -->\n\nText.\n");
    repository.assert_stale("docs/page.md:3: stale code: it is not shown yet");
    let block = "<!-- code: x.rs#fn x -->\n```rust,ignore\nfn x() {\n    1\n}\n```\n";
    assert_eq!(repository.page(), format!("# A\n\n{block}\nText.\n"));
    repository.write("x.rs", "struct Before;\n\nfn x() {\n    2\n}\n");
    repository.assert_stale("docs/page.md:6: stale code: `    1` must be `    2`");
    repository.write(
        "x.rs",
        "mod a {\n    pub fn y() {}\n}\n\nfn x() {\n    2\n}\n",
    );
    assert_eq!(repository.check(), [""; 0], "it has only moved");
}

#[test]
fn code_that_is_too_wide() {
    let line = |columns: usize| format!("let {} = y(1);", "x".repeat(columns - 12));
    // As wide as a page has room for, with the four columns before it that are shown; and wider.
    let (fits, wide) = (line(76), line(77));
    let text = format!("impl X {{\n    fn x() {{\n        {fits}\n        {wide}\n    }}\n}}\n");
    let repository = Repository::with_page("<!-- code: x.rs#fn x -->\n");
    repository.write("x.rs", &text);
    repository.report(true);
    let broken = wide.replace("= ", "=\n        ");
    let expected = format!("\nfn x() {{\n    {fits}\n    {broken}\n}}\n");
    let page = repository.page();
    assert!(page.contains(&expected), "{page}");
    assert_eq!(repository.check(), [""; 0]);
}

#[test]
fn a_difference() {
    let repository = Repository::with_page("<!-- diff: x.rs#fn x => z.rs#fn x -->\n");
    repository.write("z.rs", "fn x() {\n    2\n}\n");
    repository.assert_stale("docs/page.md:1: stale diff: it is not shown yet");
    let expected = "```diff\n--- x.rs\n+++ z.rs\n fn x() {\n-    1\n+    2\n }\n```\n";
    assert!(
        repository.page().ends_with(expected),
        "{}",
        repository.page()
    );
    repository.write("z.rs", "fn x() {\n    3\n}\n");
    repository.assert_stale("docs/page.md:7: stale diff: `+    2` must be `+    3`");
}

#[test]
fn output() {
    let repository = Repository::with_page("<!-- output: cargo run -- --virtual -->\nEnd.\n");
    repository.prints.replace("one\ntwo \n\n".to_owned());
    repository.assert_stale("docs/page.md:1: stale output: it is not shown yet");
    let block = "```console\n$ cargo run -- --virtual\none\ntwo\n```\nEnd.\n";
    assert!(repository.page().ends_with(block));
    repository.prints.replace("one\ntoo\n".to_owned());
    repository.assert_stale("docs/page.md:5: stale output: `two` must be `too`");
    repository.prints.replace("one\n```\ntoo\n".to_owned());
    repository.report(true);
    assert!(repository.page().ends_with("\none\n```\ntoo\n````\nEnd.\n"));
}

#[test]
fn real_output_that_differs_in_words() {
    let repository = Repository::with_page("<!-- output real lines=2: cargo run -->\n");
    repository.prints.replace("took 1.002 s\na\nb".to_owned());
    repository.report(true);
    assert!(
        repository
            .page()
            .ends_with("$ cargo run\ntook 1.002 s\na\n...\n```\n")
    );
    repository.prints.replace("took 17 ms\na\nc".to_owned());
    assert_eq!(
        repository.check(),
        [""; 0],
        "numbers may differ, and what is not shown"
    );
    repository.report(true);
    assert!(
        repository.page().contains("took 1.002 s"),
        "what is good is kept"
    );
    repository.prints.replace("takes 17 ms\na\nc".to_owned());
    let stale = "docs/page.md:4: stale output: `took 1.002 s` must be `takes 17 ms`";
    repository.assert_stale(stale);
}

#[test]
fn rows_of_the_benchmarks() {
    let rows = "| what | who | time |\n|---|---|---|\n| a | b | 1 |\n";
    let repository = Repository::with_page(rows);
    repository.write("docs/SUMMARY.md", "[P](page.md)\n[B](benchmarks.md)\n");
    repository.write(
        "docs/benchmarks.md",
        "| a | b | 1 | 7 |\n| c | d | 2 | 8 |\n",
    );
    assert_eq!(repository.check(), [""; 0]);
    repository.write(
        "docs/benchmarks.md",
        "| a | b | 3 | 7 |\n| c | d | 2 | 8 |\n",
    );
    repository.assert_stale("docs/page.md:3: stale table: `| a | b | 1 |` must be `| a | b | 3 |`");
    repository.write("docs/benchmarks.md", "| e | f | 5 |\n|---|---|--:|\n");
    assert_eq!(
        repository.check(),
        [""; 0],
        "the line below a table's head is not a row"
    );
}

#[test]
fn tests_that_say_what_they_hold() {
    let repository = Repository::with_page("Held:\n\n<!-- tests: Rule (x) -->\n\nText.\n");
    let one = "/// Rule (x): It holds.\n#[test]\nfn one() {}\n";
    repository.write("crates/step2-x/tests/it/y.rs", one);
    repository.assert_stale("docs/page.md:3: stale tests: it is not shown yet");
    let row = "| It holds. | 2 | [`one`](../crates/step2-x/tests/it/y.rs) |";
    let table = format!("| rule | steps | tests |\n|---|---|---|\n{row}\n\nText.\n");
    assert!(repository.page().ends_with(&table), "{}", repository.page());

    let two = one.replace("one", "two");
    repository.write("crates/step3-z/tests/it/y.rs", &two);
    let rows = "[`one`](../crates/step2-x/tests/it/y.rs), [`two`](../crates/step3-z/tests/it/y.rs)";
    let stale = format!("stale tests: `{row}` must be `| It holds. | 2, 3 | {rows} |`");
    repository.assert_stale(&format!("docs/page.md:6: {stale}"));
}

#[test]
fn a_picture() {
    let shown = "cargo run -- 3 --svg docs/pictures/x.svg -->\n![Two tasks](pictures/x.svg)\n";
    let repository = Repository::with_page(&format!("<!-- picture: {shown}"));
    repository.write("docs/pictures/x.svg", "old");
    repository.prints.replace("<svg>1</svg>".to_owned());
    repository.assert_stale("docs/page.md:1: stale picture: docs/pictures/x.svg");
    assert_eq!(repository.read("docs/pictures/x.svg"), "<svg>1</svg>");

    repository.prints.replace("<svg>2</svg>".to_owned());
    repository.write("docs/page.md", &format!("<!-- picture real: {shown}"));
    repository.report(true);
    let kept = repository.read("docs/pictures/x.svg");
    assert_eq!(kept, "<svg>1</svg>", "one of real time is drawn once");
}

#[test]
fn a_picture_and_the_page_that_plays_it() {
    let shown = "cargo run -- --svg docs/x.svg --html docs/x.html -->\n[![X](x.svg)](x.html)\n";
    let repository = Repository::with_page(&format!("<!-- picture: {shown}"));
    repository.write("docs/x.svg", "1");
    repository.write("docs/x.html", "old");
    repository.prints.replace("1".to_owned());
    repository.assert_stale("docs/page.md:1: stale picture: docs/x.html");
    assert_eq!(repository.read("docs/x.html"), "1");

    repository.prints.replace("2".to_owned());
    repository.write("docs/page.md", &format!("<!-- picture real: {shown}"));
    assert_eq!(repository.report(true).renewed, [""; 0]);
    repository.remove("docs/x.svg");
    let renewed = repository.report(true).renewed;
    assert_eq!(renewed, ["docs/x.svg", "docs/x.html"], "of the same run");
}

#[test]
fn all_that_is_stale_is_renewed_at_once() {
    let repository = Repository::with_page(
        "<!-- code: x.rs#fn y -->\n\nBetween.\n\n\
         <!-- output: cargo run -->\n```console\nold\n```\nEnd.\n",
    );
    repository.prints.replace("new".to_owned());
    assert_eq!(repository.check().len(), 2);
    repository.report(true);
    let expected = "<!-- code: x.rs#fn y -->\n```rust,ignore\nfn y() {}\n```\n\nBetween.\n\n\
        <!-- output: cargo run -->\n```console\n$ cargo run\nnew\n```\nEnd.\n";
    assert_eq!(repository.page(), expected);
}

#[test]
fn what_is_written_meanwhile_is_not_lost() {
    let repository = Repository::with_page("<!-- output: cargo run -->\n");
    let edited = "Work of an hour.\n\n<!-- output: cargo run -->\n";
    repository.edited.replace(Some(edited.to_owned()));
    let report = repository.report(true);
    assert!(
        report.to_string().contains("edited while the commands ran"),
        "{report}"
    );
    assert_eq!(repository.page(), edited);
}

#[test]
fn a_directive_inside_of_a_block_is_text() {
    let repository = Repository::with_page("```text\n<!-- code: no.rs#fn x -->\n```\n");
    assert_eq!(repository.check(), [""; 0]);
}
