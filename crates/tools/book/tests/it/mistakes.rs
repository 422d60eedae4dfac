//! Is a mistake in a page named, with its place?

use crate::repository::Repository;

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
        "docs/page.md:2: `cod` is not a directive: there are code, diff, output, picture and rows";
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
    assert!(problem("<!-- output exit=x: cargo run -->\n").contains("`exit=x` is not a number"));
    assert!(
        problem("<!-- output stops-after=2: cargo run -->\n")
            .contains("not a time such as 2s or 0.5s")
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
    assert!(problem("<!-- output: cargo run --bin x -->\n").contains("`--bin` is unknown here"));
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
fn a_directive_has_an_end_and_a_line_of_its_own() {
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
        ["docs/page.md:1: the next line must show docs/x.svg, as `![what is in it](file)`"]
    );
    assert!(problem("<!-- picture: cargo run -- --svg x.svg -->\n").contains("below docs/"));
}

#[test]
fn code_that_is_never_compiled() {
    assert!(
        problem("```rust\nfn x() {}\n```\n").contains("this is never compiled: cut it from a file")
    );
    assert!(problem("```rust,ignore\nfn x() {}\n```\n").contains("this is never compiled"));
    assert!(problem("```\nx\n```\n").contains("this block must say what it is"));
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
        "Run `cargo run -p y`, `cargo test\n-p x --test b`, `cargo run -p x --example c`.\n\n\
            ```sh\ncargo run -p z   # why\ncargo run -p x -- 1\ncargo test -p x --test d\n```\n\
            ",
    );
    repository.write("crates/x/Cargo.toml", "[package]\nname = \"x\"\n");
    repository.write("crates/x/tests/a.rs", "");
    assert_eq!(
        repository.check(),
        [
            "docs/page.md:1: `cargo run -p y`: there is no package `y`",
            "docs/page.md:1: `cargo test -p x --test b`: `x` has no test `b`",
            "docs/page.md:2: `cargo run -p x --example c`: `x` has no example `c`",
            "docs/page.md:5: `cargo run -p z`: there is no package `z`",
            "docs/page.md:7: `cargo test -p x --test d`: `x` has no test `d`",
        ]
    );
    repository.write("crates/x/tests/b.rs", "");
    repository.write("crates/x/examples/c/main.rs", "");
    assert_eq!(repository.check().len(), 3);
}

#[test]
fn a_test_that_is_gone() {
    let repository = Repository::with_page(
        "| a promise | `crates/x/tests/it/y.rs: holds` |\n\
         | others | `crates/x/tests/it/y.rs: gone`, `crates/x/tests/it/y.rs: hold` |\n\n\
         `crates/x/src/z.rs: shared`, `crates/x/src/z.rs: no_test`, `crates/x/no.rs: a`\n",
    );
    let tests = "#[test]\nfn holds() {}\n\n#[should_panic]\nfn panics() {}\n";
    repository.write("crates/x/tests/it/y.rs", tests);
    repository.write(
        "crates/x/src/z.rs",
        "pub fn shared() {}\n\nfn no_test() {}\n",
    );
    let gone = |line, test, problem| format!("docs/page.md:{line}: `{test}`: {problem}");
    assert_eq!(
        repository.check(),
        [
            gone(
                2,
                "crates/x/tests/it/y.rs: gone",
                "crates/x/tests/it/y.rs has no such test"
            ),
            gone(
                2,
                "crates/x/tests/it/y.rs: hold",
                "crates/x/tests/it/y.rs has no such test"
            ),
            gone(4, "crates/x/no.rs: a", "there is no crates/x/no.rs"),
            gone(
                4,
                "crates/x/src/z.rs: no_test",
                "crates/x/src/z.rs has no such test"
            ),
        ]
    );
}
