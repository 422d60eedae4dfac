//! Is a stale block found, and does `renew` mend it?

use crate::repository::Repository;

const CODE: &str = "<!-- code: src/x.rs#fn x -->\n";

#[test]
fn a_directive_without_a_block_gets_one() {
    let repository = Repository::with_page(&format!("# A\n\n{CODE}\nText.\n"));
    repository.write("src/x.rs", "fn x() {\n    1\n}\n");
    repository.assert_stale("the code of src/x.rs is not shown yet");
    assert_eq!(
        repository.page(),
        format!("# A\n\n{CODE}```rust,ignore\nfn x() {{\n    1\n}}\n```\n\nText.\n")
    );
}

#[test]
fn code_that_has_changed() {
    let repository = Repository::with_page(CODE);
    repository.write("src/x.rs", "fn x() {\n    1\n}\n");
    repository.renew();
    repository.write("src/x.rs", "struct Before;\n\nfn x() {\n    2\n}\n");
    repository.assert_stale("stale code of src/x.rs: it shows `    1`, and must show `    2`");
    assert!(repository.page().contains("    2\n"));
}

#[test]
fn code_that_has_only_moved_is_not_stale() {
    let repository = Repository::with_page(CODE);
    repository.write("src/x.rs", "fn x() {}\n");
    repository.renew();
    repository.write(
        "src/x.rs",
        "mod a {\n    pub(crate) async fn y() {}\n    fn x() {}\n}\n",
    );
    assert_eq!(repository.check(), [""; 0]);
}

#[test]
fn a_difference_that_has_changed() {
    let repository = Repository::with_page("<!-- diff: a.rs#fn x => b.rs#fn x -->\n");
    repository.write("a.rs", "fn x() {\n    1\n}\n");
    repository.write("b.rs", "fn x() {\n    2\n}\n");
    repository.assert_stale("the difference of a.rs and b.rs is not shown yet");
    let expected = "```diff\n--- a.rs\n+++ b.rs\n fn x() {\n-    1\n+    2\n }\n```\n";
    assert!(
        repository.page().ends_with(expected),
        "{}",
        repository.page()
    );
    repository.write("b.rs", "fn x() {\n    3\n}\n");
    repository.assert_stale(
        "stale difference of a.rs and b.rs: it shows `+    2`, and must show `+    3`",
    );
}

#[test]
fn output_that_has_changed() {
    let repository = Repository::with_page("<!-- output: cargo run -- --virtual -->\n");
    repository.prints("one\ntwo \n\n");
    repository.assert_stale("the output of `cargo run -- --virtual` is not shown yet");
    assert!(
        repository
            .page()
            .ends_with("```console\n$ cargo run -- --virtual\none\ntwo\n```\n")
    );
    repository.prints("one\ntoo\n");
    assert!(
        repository.check()[0].starts_with("docs/page.md:5: "),
        "the line that differs is named"
    );
    repository.assert_stale(
        "stale output of `cargo run -- --virtual`: it shows `two`, and must show `too`",
    );
}

#[test]
fn output_that_differs_in_numbers_only_is_kept() {
    let repository = Repository::with_page("<!-- output mask: cargo run -->\n");
    repository.prints("took 1.002 s");
    repository.renew();
    repository.prints("took 1.017 s");
    assert_eq!(repository.check(), [""; 0]);
    repository.renew();
    assert!(repository.page().contains("took 1.002 s"));
    repository.prints("took 2.017 h");
    assert_eq!(repository.check().len(), 1);
}

#[test]
fn what_is_written_meanwhile_is_not_lost() {
    let repository = Repository::with_page("<!-- output: cargo run -->\n");
    repository.prints("out");
    let edited = "Work of an hour.\n\n<!-- output: cargo run -->\n";
    repository.writes_meanwhile(edited);
    assert_eq!(
        repository.renew(),
        ["docs/page.md:1: it was edited while the commands ran: renew it again"]
    );
    assert_eq!(repository.page(), edited);
    assert_eq!(repository.renew(), [""; 0]);
    assert!(repository.page().starts_with(edited) && repository.page().contains("\nout\n"));
}

#[test]
fn output_that_looks_like_a_fence_is_one_block() {
    for fence in ["```", "\t```", "  ````", "~~~"] {
        let repository = Repository::with_page("<!-- output: cargo run -->\n\nEnd.\n");
        repository.prints(&format!("a\n{fence}\nb\n"));
        repository.assert_stale("the output of `cargo run` is not shown yet");
    }
}

#[test]
fn a_head_shows_the_first_lines_only() {
    let repository = Repository::with_page("<!-- output head=2: cargo run -->\n");
    repository.prints("1\n2\n3\n");
    repository.renew();
    assert!(
        repository.page().ends_with("$ cargo run\n1\n2\n...\n```\n"),
        "{}",
        repository.page()
    );
    repository.prints("1\n2\n4\n");
    assert_eq!(repository.check(), [""; 0]);
}

#[test]
fn a_defect_is_shown_failing_and_must_fail() {
    let repository = Repository::with_page("<!-- output exit=101: cargo run -->\n");
    repository.prints("it\npanicked\n");
    repository.exits_with(101);
    repository.assert_stale("the output of `cargo run` is not shown yet");
    repository.exits_with(0);
    assert_eq!(
        repository.check(),
        ["docs/page.md:1: `cargo run` ends with status 0, not 101: panicked"]
    );
    let before = repository.page();
    assert_eq!(repository.renew().len(), 1, "renewing does not mend it");
    assert_eq!(repository.page(), before);
}

#[test]
fn what_hangs_is_shown_up_to_its_stop() {
    let repository = Repository::with_page("<!-- output stops-after=2s: cargo run -->\n");
    repository.prints("waits\n");
    repository.assert_stale("the output of `cargo run` is not shown yet");
    assert!(repository.page().contains("\nwaits\n"));
}

#[test]
fn a_command_on_several_places_runs_once() {
    let repository =
        Repository::with_page("<!-- output: cargo run -->\n\n<!-- output head=1: cargo run -->\n");
    repository.check();
    assert_eq!(repository.runs(), 1);
}

#[test]
fn rows_that_have_changed() {
    let repository = Repository::with_page("<!-- rows: docs/table.md: a -->\nText.\n");
    repository.write("docs/SUMMARY.md", "[P](page.md)\n[T](table.md)\n");
    repository.write(
        "docs/table.md",
        "| x | y |\n|---|---|\n| a | 1 |\n| b | 2 |\n",
    );
    repository.assert_stale("the table is not shown yet");
    assert!(
        repository
            .page()
            .ends_with("-->\n| x | y |\n|---|---|\n| a | 1 |\nText.\n"),
        "{}",
        repository.page()
    );
    repository.write(
        "docs/table.md",
        "| x | y |\n|---|---|\n| a | 3 |\n| b | 2 |\n",
    );
    repository.assert_stale("stale table: it shows `| a | 1 |`, and must show `| a | 3 |`");
}

const PICTURE: &str =
    "cargo run -- 3 --svg docs/pictures/x.svg -->\n![Two tasks](pictures/x.svg)\n";

#[test]
fn a_picture_that_has_changed_is_drawn_anew() {
    let repository = Repository::with_page(&format!("<!-- picture: {PICTURE}"));
    repository.draws("<svg>1</svg>");
    let missing = repository.check();
    assert_eq!(
        missing.len(),
        2,
        "it is not drawn yet, and the link leads nowhere: {missing:?}"
    );
    assert_eq!(repository.renew(), [""; 0]);
    assert_eq!(repository.read("docs/pictures/x.svg"), "<svg>1</svg>");
    repository.draws("<svg>2</svg>");
    repository.assert_stale("stale picture docs/pictures/x.svg");
    assert_eq!(repository.read("docs/pictures/x.svg"), "<svg>2</svg>");
}

#[test]
fn a_picture_of_real_time_is_drawn_once() {
    let repository = Repository::with_page(&format!("<!-- picture real: {PICTURE}"));
    repository.draws("<svg>1</svg>");
    repository.renew();
    assert_eq!(repository.runs(), 1);
    repository.draws("<svg>2</svg>");
    assert_eq!(repository.renew(), [""; 0]);
    assert_eq!(repository.read("docs/pictures/x.svg"), "<svg>1</svg>");
    assert_eq!(repository.runs(), 1, "what is there is not drawn again");
}

#[test]
fn stale_blocks_of_a_page_are_renewed_at_once() {
    let repository = Repository::with_page(&format!(
        "{CODE}\nBetween.\n\n<!-- output: cargo run -->\n```console\nold\n```\nEnd.\n"
    ));
    repository.write("src/x.rs", "fn x() {}\n");
    repository.prints("new");
    assert_eq!(repository.check().len(), 2);
    assert_eq!(repository.renew(), [""; 0]);
    let expected = "```rust,ignore\nfn x() {}\n```\n\nBetween.\n\n<!-- output: cargo run -->\n\
        ```console\n$ cargo run\nnew\n```\nEnd.\n";
    assert_eq!(repository.page(), format!("{CODE}{expected}"));
}

#[test]
fn a_directive_inside_of_a_block_is_text() {
    let page = format!("```text\n{CODE}```\n");
    let repository = Repository::with_page(&page);
    assert_eq!(repository.renew(), [""; 0]);
    assert_eq!(repository.page(), page);
}
