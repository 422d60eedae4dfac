//! Is what only a person can mend named, with its place?

use crate::repository::Repository;

/// Returns the only thing that is wrong with a page. Renewing does not change the page.
#[track_caller]
fn problem(page: &str) -> String {
    let repository = Repository::with_page(page);
    repository.write("x.rs", "fn x() {}\nmod a {\n    fn y() {}\n}\nfn y() {}\n");
    let found = repository.check();
    let renewed = repository.report(true);
    assert_eq!(
        (renewed.findings.len(), repository.page().as_str()),
        (1, page)
    );
    assert_eq!(found.len(), 1, "{found:?}");
    found.into_iter().next().unwrap()
}

#[track_caller]
fn assert_problem(page: &str, expected: &str) {
    let problem = problem(page);
    assert!(problem.contains(expected), "{problem}");
}

#[test]
fn directives_that_are_not_understood() {
    let expected =
        "docs/page.md:2: `cod` is not a directive: there are code, diff, output, picture, tests";
    assert_eq!(problem("\n<!-- cod: x.rs -->\n"), expected);
    assert_problem("<!-- hello -->\n", "a directive is a line `<!-- KIND");
    assert_problem("- a\n  <!-- code: x.rs#fn x -->\n", "a directive is a line");
    let expected = "`doc` is unknown: the options of `code` are docs";
    assert_problem("<!-- code doc: x.rs#fn x -->\n", expected);
    assert_problem(
        "<!-- output lines=x: cargo run -->\n",
        "`lines=x` is unknown",
    );
    assert_problem("<!-- output: ls -->\n", "`ls` is not a `cargo run`");
}

#[test]
fn pieces_of_code_that_are_not_there() {
    assert_problem(
        "<!-- code: y.rs#fn x -->\n",
        "docs/page.md:1: y.rs: No such file",
    );
    assert_problem("<!-- code: x.rs#fn z -->\n", "x.rs: there is no `fn z`");
    assert_problem("<!-- code: x.rs#fn y -->\n", "in each of the lines 3, 5");
    assert_problem("<!-- diff: x.rs#fn x => x.rs#fn x -->\n", "are equal");
    assert_problem(
        "<!-- diff: x.rs#fn x -->\n",
        "a diff is `FILE#ITEM => FILE#ITEM`",
    );
}

#[test]
fn blocks_that_are_not_where_they_must_be() {
    let endless = "docs/page.md:2: this block of code has no end";
    assert_eq!(problem("\n```text\na\n"), endless);
    let apart = "<!-- code: x.rs#fn x -->\n\n```text\nfn x() {}\n```\n";
    assert_problem(apart, "remove the empty line");
    let page = "<!-- picture: cargo run -- --svg docs/x.svg -->\nText.\n";
    assert_problem(page, "the next line must lead to docs/x.svg, as `![");
    let page = "<!-- picture: cargo run -- docs/x.svg docs/x.html -->\n![X](../x.rs) docs/x.svg\n";
    assert_problem(page, "the next line must lead to docs/x.svg, as `![");
    assert_problem(
        "<!-- picture: cargo run -- --svg x.svg -->\n",
        "below docs/",
    );
}

#[test]
fn pictures_without_a_link_to_their_player() {
    let directive = "<!-- picture real: cargo run -- docs/x.svg docs/x.html -->";
    let repository = Repository::with_page(&format!("{directive}\n![X](x.svg)\n"));
    repository.write("docs/x.svg", "");
    let problem = "docs/page.md:1: the next line must lead to docs/x.html, \
                   as `[![what is in it](picture)](page)`";
    assert_eq!(repository.check(), [problem]);
}

#[test]
fn pages_that_are_too_large_to_load() {
    let repository =
        Repository::with_page("<!-- picture: cargo run -- docs/x.svg -->\n![X](x.svg)\n");
    repository.prints.replace("x".repeat(300_001));
    repository.write("docs/x.svg", "small");
    assert!(repository.check()[0].starts_with("docs/page.md:1: docs/x.svg has 300001 bytes"));
    repository.report(true);
    assert_eq!(repository.read("docs/x.svg"), "small");
}

#[test]
fn blocks_that_are_too_wide() {
    let wide = |language: &str, columns: usize| {
        let line = "é".repeat(columns);
        Repository::with_page(&format!("```{language}\n{line}\n```\n")).check()
    };
    assert_eq!(wide("text", 100), [""; 0]);
    assert_eq!(wide("diff", 101), [""; 0]);
    let problem = "docs/page.md:2: this line has 101 columns: at most 100 fit";
    assert_eq!(wide("text", 101), [problem]);
}

#[test]
fn code_that_is_never_compiled() {
    assert_problem("```rust\nfn x() {}\n```\n", "this is never compiled");
    assert_problem("```rust,ignore\nfn x() {}\n```\n", "this is never compiled");
    assert_problem("```\nx\n```\n", "this block must say what it is");
    let repository = Repository::with_page("```rust\nfn x() {}\n```\n");
    let pages = "pages! { Page: \"../../../../docs/page.md\", }\n";
    repository.write("crates/tools/book/src/pages.rs", pages);
    assert_eq!(repository.check(), [""; 0], "a doctest is compiled");
}

#[test]
fn commands_that_name_what_is_not_there() {
    let repository = Repository::with_page(
        "Run `cargo run -p y`, `cargo test\n-p x --test b`, `cargo run -p x --example c`.\n\n\
         ```sh\ncargo run -p z   # why\ncargo run -p x -- 1\ncargo test -p x --test a\n```\n",
    );
    repository.write("crates/tools/x/Cargo.toml", "");
    repository.write("crates/tools/x/tests/a.rs", "");
    let expected = [
        "docs/page.md:1: `cargo run -p y`: there is no package `y`",
        "docs/page.md:1: `cargo test -p x --test b`: `x` has no test `b`",
        "docs/page.md:2: `cargo run -p x --example c`: `x` has no example `c`",
        "docs/page.md:5: `cargo run -p z   # why`: there is no package `z`",
    ];
    assert_eq!(repository.check(), expected);
    repository.write("crates/tools/x/examples/c/main.rs", "");
    assert_eq!(repository.check().len(), 3);
}

#[test]
fn tests_that_are_gone() {
    let repository = Repository::with_page(
        "| a | `crates/x/y.rs: holds` |\n| b | `crates/x/y.rs: hold` |\n\n\
         `crates/x/y.rs: shared`, `crates/x/y.rs: no_test`, `crates/x/no.rs: a`\n",
    );
    let tests = "#[test]\nfn holds() {}\n\npub fn shared() {}\n\nfn no_test() {}\n";
    repository.write("crates/x/y.rs", tests);
    let expected = [
        "docs/page.md:2: `crates/x/y.rs: hold`: crates/x/y.rs has no such test",
        "docs/page.md:4: `crates/x/no.rs: a`: there is no crates/x/no.rs",
        "docs/page.md:4: `crates/x/y.rs: no_test`: crates/x/y.rs has no such test",
    ];
    assert_eq!(repository.check(), expected);
}

#[test]
fn tables_of_tests_that_say_nothing() {
    let expected = "no test has a paragraph `/// Rule: ...`";
    assert_problem("<!-- tests: Rule -->\n", expected);
    let repository = Repository::with_page("<!-- tests: Rule -->\n");
    repository.write("crates/x/y.rs", "/// Rule: It holds.\nstruct X;\n");
    let expected = "crates/x/y.rs: `It holds.` is not said by a test";
    assert_eq!(repository.check(), [format!("docs/page.md:1: {expected}")]);
}

#[test]
fn links_that_lead_nowhere() {
    let repository = Repository::with_page(
        "# A page\n\n[a](other.md) [b](other.md#what-is-it) [c](#a-page) [w](https://x.org)\n\
         [e](nothing.md) [f](other.md#no)\n[g](#no) ![p](p.svg)\n",
    );
    repository.write("docs/other.md", "## What *is* it?\n");
    repository.write("docs/SUMMARY.md", "[P](page.md)\n[O](other.md)\n");
    let expected = [
        "docs/page.md:4: broken link `nothing.md`: there is no docs/nothing.md",
        "docs/page.md:4: broken link `other.md#no`: there is no heading `#no`, but what-is-it",
        "docs/page.md:5: broken link `#no`: there is no heading `#no`, but a-page",
        "docs/page.md:5: broken link `p.svg`: there is no docs/p.svg",
    ];
    assert_eq!(repository.check(), expected);
}

#[test]
fn links_that_work_in_one_place_only() {
    assert_problem("[a](/docs/page.md)\n", "relative to the page");
    assert_problem("[c](../../x)\n", "leaves the repository");
    assert_problem("[d](../x.rs#L1)\n", "lines of code move");
    let repository = Repository::with_page("[b](../README.md)\n");
    repository.write("README.md", "[the page](docs/page.md)\n");
    assert!(repository.check()[0].contains("mdBook"));
}

#[test]
fn pages_of_packages_are_checked_too() {
    let repository = Repository::with_page("");
    repository.write("crates/tools/x/README.md", "[a](nothing)\n");
    let place = "crates/tools/x/README.md:1: broken link `nothing`: ";
    assert!(repository.check()[0].starts_with(place));
}

#[test]
fn chapters_that_the_summary_does_not_list_once() {
    let repository = Repository::with_page("");
    repository.write("docs/more/b.md", "");
    repository.write("docs/SUMMARY.md", "- [A](page.md)\n- [A](page.md)\n");
    let expected = [
        "docs/SUMMARY.md:1: docs/more/b.md is listed 0 times",
        "docs/SUMMARY.md:1: docs/page.md is listed 2 times",
    ];
    assert_eq!(repository.check(), expected);
}
