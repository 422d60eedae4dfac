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
//! Countdown / fn next`. Generics of an `impl` may be left out. No item gives the whole file.
//!
//! ```text
//! <!-- code: crates/step1-interleaver/src/interleave.rs#fn interleave -->
//! <!-- code docs: crates/step2-round-robin/src/generator.rs#enum GeneratorState -->
//! <!-- code: crates/x/src/y.rs#impl Iterator for Y without fn size_hint, fn nth -->
//! <!-- code: crates/x/src/y.rs#fn main from "let start" to "elapsed" -->
//! ```
//!
//! Attributes come along; with the option `docs`, so do documentation and comments above the item.
//! `without` leaves out items inside it. `from` and `to` cut further, to the lines that hold these
//! texts; the first must be in one line only. Rust code is marked `rust,ignore`, because a piece
//! does not compile on its own. A block marked just `rust` is a doctest: it must be complete, and
//! its page must be named in `crates/tools/book/src/pages.rs`.
//!
//! **`diff: FILE#ITEM => FILE#ITEM`** shows how the one became the other, with three lines around
//! each change, or as many as `context=N` says. Each side is written as for `code`.
//!
//! ```text
//! <!-- diff: crates/a/src/scheduler.rs#fn give_turn => crates/b/src/scheduler.rs#fn give_turn -->
//! ```
//!
//! **`output: COMMAND`** shows a command and what it prints, on both its streams. The command is a
//! `cargo run`. It must succeed, within a minute.
//!
//! ```text
//! <!-- output: cargo run -- 3 --virtual -->
//! <!-- output mask: cargo run -p delay-server --example threads -->
//! <!-- output exit=101 mask head=3: cargo run -p x --example panics -->
//! <!-- output stops-after=2s: cargo run -p x --example hangs -->
//! ```
//!
//! | option | means |
//! |---|---|
//! | `mask` | numbers may differ, with the spaces that align them, and units of time |
//! | `any-order` | words may come in any order, such as when threads race |
//! | `exit=N` | it must end with this status; a panic's is 101 |
//! | `stops-after=TIME` | it must still run then, and is stopped: what hangs is shown hanging |
//! | `head=N` | only the first lines are shown, and `...` |
//! | `linux` | runs on Linux only, and is not looked at elsewhere |
//!
//! Masks are for comparing only; what is shown is what was printed: readers see a real run. What
//! runs on the virtual clock needs none.
//!
//! **`picture: COMMAND`** draws. One argument of the command is a file below `docs/`, which the
//! program writes; the next line of the page must show it, as `![what is in it, for those who
//! cannot see it](pictures/step3.svg)`, or link to it. A picture is compared to the byte, so it is
//! drawn on the virtual clock. With the option `real` it need only be there, and is drawn anew when
//! it has been deleted.
//!
//! ```text
//! <!-- picture: cargo run -- 3 --virtual --svg docs/pictures/step3.svg -->
//! ![Two tasks sleep at the same time](pictures/step3.svg)
//! ```
//!
//! **`rows: FILE: CELLS; CELLS`** cuts rows from the first table of another page that has them.
//! Cells are separated by `|`; a row is taken if it begins with them. The option `columns` says
//! which columns are shown; without it, all are.
//!
//! ```text
//! <!-- rows columns=1,2,3: docs/benchmarks.md: switch | step 1; switch | threads -->
//! ```
//!
//! # What else is checked
//!
//! - Each link inside the repository leads to a file, and to a heading if it names one. Links to
//!   the web are not followed. Links from `docs/` to Markdown outside of it are refused: mdBook
//!   would break them.
//! - Each `cargo run` and `cargo test` in inline code or in a block names packages, examples and
//!   tests that exist.
//! - Each test that is named in inline code, as `crates/x/tests/it/y.rs: z`, exists.
//! - Each block of code names its language.
//! - `docs/SUMMARY.md` lists each page of `docs/` once.
//!
//! # The files, by level
//!
//! A file uses those above it.
//!
//! | files | what is in them |
//! |---|---|
//! | `finding`, `options`, `commands`, `compare`, `markdown`, `rust_source` | texts, taken apart |
//! | `diff`, `packages` | two texts compared; the folders of packages |
//! | `programs`, `cut`, `rows` | what a block is made from |
//! | `directive`, `page` | what a page asks for |
//! | `links`, `mentions`, `languages`, `summary`, `blocks` | what can be wrong |
//! | `book` | all pages |
#![forbid(unsafe_code)]

mod blocks;
mod book;
mod commands;
mod compare;
mod cut;
mod diff;
mod directive;
mod finding;
mod languages;
mod links;
mod markdown;
mod mentions;
mod options;
mod packages;
mod page;
#[cfg(doctest)]
mod pages;
mod programs;
mod rows;
mod rust_source;
mod summary;

pub use book::{Book, Report};
pub use commands::Command;
pub use finding::Finding;
pub use programs::{Programs, Ran, Run, Runner};
