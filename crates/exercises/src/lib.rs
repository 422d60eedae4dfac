//! **The book's exercises.** They teach by what is missing.
//!
//! ```sh
//! cargo run -p exercises                        # lists them, and what is solved
//! cargo run -p exercises step1_by_hand          # does this one pass its tests?
//! cargo run -p exercises step1_by_hand --watch  # asks again at each save
//! cargo run -p exercises step1_by_hand --hint
//! ```
//!
//! An exercise is a folder beside `src`:
//!
//! | file | what is in it |
//! |---|---|
//! | `exercise.rs` | what the learner edits: it compiles, fails the tests, and says what to do |
//! | `test.rs` | the tests, which find the exercise in `super` |
//! | `solution.rs` | a solution, which passes them; its first comment is the hint |
//!
//! To add one, add such a folder and its name in `list.rs`. `cargo run -p exercises -- --check`
//! finds what is wrong with it as it comes; `cargo test -p exercises` tests the solutions.
//!
//! Each exercise is built as a crate of its own, made in the target directory. So a syntax error in
//! one stops no other, and nothing else in the workspace. Its crate depends on all steps up to that
//! of the exercise.
#![forbid(unsafe_code)]

mod check;
mod course;
mod exercise;

pub use check::problems;
pub use course::Course;
pub use exercise::{Exercise, Outcome};
