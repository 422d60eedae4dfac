//! **Keeps the book true: what a page shows is what the repository holds and does.**
//!
//! The pages are `README.md`, `docs/**/*.md`, and a `README.md` in a package. They are plain
//! Markdown, to be read on GitHub and with mdBook. What can get stale in them is made by this
//! crate, from *directives*: HTML comments, which readers do not see, each with the block that it
//! makes right below.
//!
//! ```sh
//! cargo run -p book                         # what is stale or broken, with file and line
//! cargo run -p book -- renew                # makes blocks and pictures anew
//! cargo run -p book -- renew docs/why.md    # this page only
//! ```
//!
//! mdBook makes a site of these pages: `mdbook serve docs`. It runs this crate too, as a
//! *preprocessor*, which leads links from pages to sources to where the repository can be read:
//! `docs/book.toml` has the setting.
//!
//! To write a block, write its directive on a line of its own, with an empty line above and below,
//! and `renew`.
//!
//! # Directives
//!
//! A directive is `<!-- KIND OPTIONS: WHAT -->`. Paths begin at the repository's root.
//!
//! **`code: FILE#ITEM`** cuts code from a file. An item is named by how it begins, without `pub`,
//! `async` and the like: `fn interleave`, `struct Countdown`, `impl Iterator for Countdown`. It
//! must be the only one that begins so; if not, name the one around it first: `impl Iterator for
//! Countdown / fn next`. Generics of an `impl` may be left out.
//!
//! ```text
//! <!-- code: crates/step1-interleaver/src/interleave.rs#fn interleave -->
//! <!-- code docs: crates/step2-round-robin/src/generator.rs#enum GeneratorState -->
//! <!-- code: crates/x/src/y.rs#fn main from "let start" to "elapsed" -->
//! ```
//!
//! Attributes come along; with the option `docs`, so do documentation and comments above the item.
//! `from` and `to` cut further, to the lines that hold these texts; the first must be in one line
//! only. A piece with lines of more than 80 columns is laid out anew, in 80. Rust code is marked `rust,ignore`, because a piece does not compile on its own. A block
//! marked just `rust` is a doctest: it must be complete, and its page must be named in
//! `crates/tools/book/src/pages.rs`.
//!
//! **`diff: FILE#ITEM => FILE#ITEM`** shows how the one became the other. Each side is written as
//! for `code`.
//!
//! ```text
//! <!-- diff: crates/a/src/scheduler.rs#fn run_task => crates/b/src/scheduler.rs#fn run_task -->
//! ```
//!
//! **`output: COMMAND`** shows a `cargo run` and what it prints, on both its streams.
//!
//! ```text
//! <!-- output: cargo run -- 3 --virtual -->
//! <!-- output real: cargo run -p delay-server --example threads -->
//! <!-- output hangs lines=5: cargo run -p x --example counts_forever -->
//! ```
//!
//! | option | means |
//! |---|---|
//! | `real` | it takes real time: numbers may differ, and their units |
//! | `hangs` | it must not end, and is stopped after 2 s |
//! | `lines=N` | only the first lines are shown, and `...` |
//! | `linux` | runs on Linux only, and is not looked at elsewhere |
//!
//! What is shown is what was printed: readers see a real run. What runs on the virtual clock needs
//! no option.
//!
//! **`picture: COMMAND`** draws. One argument of the command is a file below `docs/`, which the
//! program writes; the next line of the page must show it, as `![what is in it, for those who
//! cannot see it](pictures/x.svg)`. Another argument may be a page that plays the picture: then the
//! picture must be a link to it. Both are compared to the byte, so they are drawn on the virtual
//! clock. With the option `real` they need only be there, and are drawn anew when one of them has
//! been deleted. Neither may have more than 300 kB.
//!
//! ```text
//! <!-- picture: cargo run -- 3 --virtual --svg docs/pictures/x.svg --html docs/pictures/x.html -->
//! [![Two tasks sleep at the same time](pictures/x.svg)](pictures/x.html)
//! ```
//!
//! On a site, `docs/site.js` shows the page that plays the picture below it.
//!
//! **`tests: LABEL`** makes a table of what tests say that they hold: the steps that run them, and
//! their names. A test says so in a paragraph of its doc comment that begins with the label.
//!
//! ```text
//! <!-- tests: Promise (time) -->
//!
//! /// Promise (time): A sleep is never early.
//! #[test]
//! fn a_sleep_is_never_early() {
//! ```
//!
//! Tests that hold the same say it in the same words, and are in one row.
//!
//! # What else is kept true
//!
//! - A row of a table that begins with the first two cells of a row of `docs/benchmarks.md` has
//!   that row's other cells too, as many as there are columns.
//! - Each link inside the repository leads to a file, and to a heading if it names one. Links to
//!   the web are not followed. Links from `docs/` to Markdown outside of it are refused: mdBook
//!   would break them.
//! - Each `cargo run` and `cargo test` in inline code or in a block names packages, examples and
//!   tests that exist.
//! - Each test that is named in inline code, as `crates/x/tests/it/y.rs: z`, exists.
//! - Each block of code names its language, and has at most 100 columns, for which a site has room.
//! - `docs/SUMMARY.md` lists each page of `docs/` once.
//!
//! # The files, by level
//!
//! A file uses those above it.
//!
//! | files | what is in them |
//! |---|---|
//! | `files`, `finding`, `markdown`, `diff`, `table` | texts, taken apart |
//! | `programs` | what programs print |
//! | `site` | what mdBook asks for |
//! | `narrow` | code in fewer columns |
//! | `cut`, `links`, `marks`, `mentions` | what is shown of a file; what can be broken |
//! | `directive`, `page` | what a page asks for, and what it must be |
//! | `book` | all pages |
#![forbid(unsafe_code)]

mod book;
mod cut;
mod diff;
mod directive;
mod files;
mod finding;
mod links;
mod markdown;
mod marks;
mod mentions;
mod narrow;
mod page;
#[cfg(doctest)]
mod pages;
mod programs;
mod site;
mod table;

pub use book::{Book, Report};
pub use finding::Finding;
pub use programs::{Run, Runner, run};
pub use site::preprocess;
