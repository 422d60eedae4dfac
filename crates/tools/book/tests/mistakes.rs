//! Is a mistake in a page named, with its place?

mod support;

use support::Repository;

/// The only thing that is wrong with a page.
fn problem(page: &str) -> String {
    let repository = Repository::with_page(page);
    repository.write(
        "src/x.rs",
        "fn x() {}\nmod a {\n    fn y() {}\n    fn y() {}\n}\n",
    );
    let found = repository.check();
    assert_eq!(repository.renew(), found, "it is not renewable");
    assert_eq!(repository.page(), page, "and renewing changes nothing");
    assert_eq!(found.len(), 1, "{found:?}");
    found.into_iter().next().unwrap()
}

#[test]
fn an_unknown_directive() {
    let expected =
        "docs/page.md:2: `cod` is no directive: there are code, diff, output, picture and rows";
    assert_eq!(problem("\n<!-- cod: src/x.rs -->\n"), expected);
    assert_eq!(
        problem("<!-- hello -->\n"),
        "docs/page.md:1: a directive is `<!-- KIND OPTIONS: WHAT -->`"
    );
}

#[test]
fn an_unknown_option() {
    let expected = "docs/page.md:1: `doc` is unknown: the options of `code` are docs";
    assert_eq!(problem("<!-- code doc: src/x.rs -->\n"), expected);
    assert!(problem("<!-- output exit=x: cargo run -->\n").contains("`exit=x` is no number"));
    assert!(
        problem("<!-- output stops-after=2: cargo run -->\n")
            .contains("no time such as 2s or 500ms")
    );
    assert!(
        problem("<!-- output mask=all: cargo run -->\n")
            .contains("the masks are `mask` and `mask=numbers`")
    );
    assert!(problem("<!-- output exit=1 stops-after=2s: cargo run -->\n").contains("leave out"));
    assert!(problem("<!-- rows docs: a.md: b -->\n").contains("the options of `rows` are columns"));
}

#[test]
fn a_file_or_item_that_is_not_there() {
    assert!(
        problem("<!-- code: src/y.rs#fn x -->\n")
            .starts_with("docs/page.md:1: src/y.rs: No such file")
    );
    assert_eq!(
        problem("<!-- code: src/x.rs#fn z -->\n"),
        "docs/page.md:1: src/x.rs: there is no `fn z`"
    );
    assert!(
        problem("<!-- code: src/x.rs#fn y -->\n")
            .contains("src/x.rs: `fn y` begins in each of the lines 3, 4")
    );
    assert!(
        problem("<!-- diff: src/x.rs#fn x => src/y.rs#fn x -->\n")
            .contains("src/y.rs: No such file")
    );
    assert!(
        problem("<!-- diff: src/x.rs#fn x -->\n").contains("a diff is `FILE#ITEM => FILE#ITEM`")
    );
    assert!(problem("<!-- diff: src/x.rs => src/x.rs -->\n").contains("are equal"));
    assert!(problem("<!-- rows: docs/page.md: b -->\n").contains("docs/page.md: it has no table"));
}

#[test]
fn a_command_that_is_none() {
    assert!(
        problem("<!-- output: ls -->\n").contains("`ls` is neither `cargo run` nor `cargo test`")
    );
    assert!(problem("<!-- output: cargo run --bin x -->\n").contains("`--bin` is not known here"));
}

#[test]
fn a_block_without_an_end() {
    assert_eq!(
        problem("\n```text\na\n"),
        "docs/page.md:2: this block of code has no end"
    );
    let found = problem("<!-- code: src/x.rs#fn x -->\n```rust,ignore\nfn x() {}\n");
    assert_eq!(found, "docs/page.md:1: this block of code has no end");
}

#[test]
fn a_directive_without_an_end_or_not_on_a_line_of_its_own() {
    assert!(problem("<!-- code: src/x.rs\n#fn x -->\n").contains("a directive ends on its line"));
    assert!(problem("- a\n  <!-- code: src/x.rs#fn x -->\n").contains("at the start of its line"));
    let apart = "<!-- code: src/x.rs#fn x -->\n\n```text\nfn x() {}\n```\n";
    assert!(problem(apart).contains("remove the empty line"));
}

#[test]
fn a_picture_that_is_not_shown() {
    let repository =
        Repository::with_page("<!-- picture: cargo run -- --svg docs/x.svg -->\nText.\n");
    let found = repository.check();
    assert_eq!(
        found,
        ["docs/page.md:1: the next line has to show docs/x.svg, as `![what is in it](file)`"]
    );
    assert!(problem("<!-- picture: cargo run -- --svg x.svg -->\n").contains("below docs/"));
}

#[test]
fn code_that_nobody_compiles() {
    assert!(
        problem("```rust\nfn x() {}\n```\n").contains("nobody compiles this: cut it from a file")
    );
    assert!(problem("```rust,ignore\nfn x() {}\n```\n").contains("nobody compiles this"));
    assert!(problem("```\nx\n```\n").contains("this block has to say what it is"));
    let repository = Repository::with_page("```rust\nfn x() {}\n```\n");
    repository.write(
        "crates/tools/book/src/pages.rs",
        "pages! { Page: \"../../../../docs/page.md\", }\n",
    );
    assert_eq!(repository.check(), [""; 0], "a doctest is compiled");
}

#[test]
fn a_command_that_names_what_is_not_there() {
    let repository = Repository::with_page(
        "Run `cargo run -p y`, `cargo test\n-p x --test b`, `cargo run -p x --example c`.\n\n```sh\ncargo run -p z   # why\ncargo run -p x -- 1\ncargo test -p x --test d\n```\n",
    );
    repository.write(
        "crates/x/Cargo.toml",
        "[package]\nname = \"x\"\n\n[[test]]\nname = \"d\"\n",
    );
    repository.write("crates/x/tests/a.rs", "");
    assert_eq!(
        repository.check(),
        [
            "docs/page.md:1: `cargo run -p y` does not run: there is no package `y`",
            "docs/page.md:1: `cargo test -p x --test b` does not run: the package `x` has no test `b`",
            "docs/page.md:2: `cargo run -p x --example c` does not run: the package `x` has no example `c`",
            "docs/page.md:5: `cargo run -p z` does not run: there is no package `z`",
        ]
    );
    repository.write("crates/x/tests/b.rs", "");
    repository.write("crates/x/examples/c/main.rs", "");
    assert_eq!(repository.check().len(), 2);
}

#[test]
fn an_exercise_that_is_not_whole() {
    let repository = Repository::with_page("Nothing.\n");
    for file in ["exercise.rs", "solution.rs"] {
        repository.write(&format!("crates/tools/book/exercises/step1_a/{file}"), "");
    }
    repository.write(
        "crates/tools/book/exercises/main.rs",
        "mod step1_ab { exercise!(); }",
    );
    assert_eq!(
        repository.check(),
        [
            "crates/tools/book/exercises/main.rs:1: the exercise `step1_a` is not listed",
            "crates/tools/book/exercises/step1_a/exercise.rs:1: no page has the command that ends in `--ignored step1_a`",
            "crates/tools/book/exercises/step1_a/test.rs:1: this part of the exercise is missing",
        ]
    );
}
