//! Is a link that leads nowhere found?

use crate::repository::Repository;

#[test]
fn a_file_or_a_heading_that_is_not_there() {
    let repository = Repository::with_page(
        "# A page\n\n[a](other.md) [b](other.md#what-is-it) [c](#a-page) [d](../src/)\n[w](https://x.org)\n\
         [e](nothing.md) [f](other.md#no)\n[g](#no) ![p](p.svg)\n",
    );
    repository.write("docs/other.md", "## What *is* it?\n");
    repository.write("docs/SUMMARY.md", "[P](page.md)\n[O](other.md)\n");
    repository.write("src/x.rs", "");
    assert_eq!(
        repository.check(),
        [
            "docs/page.md:5: broken link `nothing.md`: there is no docs/nothing.md",
            "docs/page.md:5: broken link `other.md#no`: there is no heading `#no`, but what-is-it",
            "docs/page.md:6: broken link `#no`: there is no heading `#no`, but a-page",
            "docs/page.md:6: broken link `p.svg`: there is no docs/p.svg",
        ]
    );
}

#[test]
fn a_link_that_works_in_one_place_only() {
    let repository = Repository::with_page(
        "[a](/docs/page.md)\n[b](../README.md)\n[c](../../x)\n[d](../src/x.rs#L1)\n",
    );
    repository.write("README.md", "[the page](docs/page.md)\n");
    repository.write("src/x.rs", "");
    let found = repository.check();
    assert_eq!(found.len(), 4, "{found:?}");
    for (found, problem) in found.iter().zip([
        "relative to the page",
        "mdBook",
        "leaves the repository",
        "lines of code move",
    ]) {
        assert!(found.contains(problem), "{found}");
    }
}

#[test]
fn pages_of_packages_are_checked_too() {
    let repository = Repository::with_page("");
    repository.write("crates/tools/x/Cargo.toml", "[package]\nname = \"x\"\n");
    repository.write("crates/tools/x/README.md", "[a](nothing)\n");
    let found = repository.check();
    assert_eq!(
        found,
        ["crates/tools/x/README.md:1: broken link `nothing`: there is no crates/tools/x/nothing"]
    );
}

#[test]
fn a_chapter_that_the_summary_does_not_list_once() {
    let repository = Repository::with_page("");
    repository.write("docs/more/b.md", "");
    repository.write(
        "docs/SUMMARY.md",
        "- [A](page.md)\n- [A](page.md)\n- [C](c.md)\n",
    );
    assert_eq!(
        repository.check(),
        [
            "docs/SUMMARY.md:1: docs/more/b.md is not listed",
            "docs/SUMMARY.md:2: docs/page.md is listed twice",
            "docs/SUMMARY.md:3: broken link `c.md`: there is no docs/c.md",
        ]
    );
}
