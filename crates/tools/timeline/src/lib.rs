//! Pictures of what a scheduler did, and when.
//!
//! The schedulers of all steps report what they do to [`trace`]. A [`Recorder`] listens, and writes
//! it down, by whichever clock runs; a program that runs without it pays nothing. A [`Picture`]
//! draws what was written down:
//!
//! - as text, a row for each task and time to the right, for a terminal, and for tests: under a
//!   virtual clock it is the same to the byte each time;
//! - as an SVG image, for a book;
//! - as a page that plays what happened, step by step: the ready queue, the heap, the sockets and
//!   the task that runs, and [with the code](Recorder::with_code) the line of each task.
//!
//! A program of your own takes three lines:
//!
//! ```
//! use std::time::Duration;
//! use step5_executor::{Executor, sleep, spawn, yield_now};
//!
//! let recorder = timeline::Recorder::listen();
//! Executor::with_virtual_time()?.block_on(async {
//!     let sleeper = spawn(sleep(Duration::from_millis(20)));
//!     yield_now().await;
//!     sleeper.await.unwrap();
//! });
//! let picture = recorder.picture("A sleeper");
//!
//! assert_eq!(picture.to_text(40), "\
//! main    █jjjjjjjjjjjjjjjjjjjjjjjjjjjjjj█
//! task 1  █zzzzzzzzzzzzzzzzzzzzzzzzzzzzzz█
//!         ┬───────────────┬──────────────┬
//!         0               10         20 ms
//! 5 turns, 5 wakes, 2 waits: 1 sleeping, 1
//!   joining
//! █ running  z sleeping  j joining
//! ");
//! # std::io::Result::Ok(())
//! ```
//!
//! `cargo run -- 5 --timeline` prints the pictures of step 5's demo, and `--svg FILE` and `--html
//! FILE` write them.
//!
//! What is counted: a *turn* each time the scheduler takes a task from the ready queue and runs it;
//! a *wake* each time a task goes into that queue; a *wait* each time one is suspended and is not in
//! it.
//!
//! | file | what is in it |
//! |---|---|
//! | `recording.rs` | what a scheduler did, in order |
//! | `draft.rs`, `recorder.rs` | how that is written down |
//! | `iterators.rs` | the same for step 1, which has no scheduler |
//! | `stack.rs`, `whereabouts.rs` | where in the program a task stands |
//! | `state.rs` | the states that a task can be in, and how each is drawn: one table |
//! | `message.rs` | how a message from a task to another is drawn |
//! | `history.rs` | the states of each task, from when to when |
//! | `scale.rs`, `cells.rs` | the axis, what a cell shows |
//! | [`units`], `names.rs`, `words.rs` | how a time is written, a name is cut, a run is told |
//! | `picture.rs` | what a picture is made of |
//! | [`image`] | an SVG image, and its colours |
//! | `text.rs`, `svg.rs`, `page.rs` | how it is drawn |
//! | `steps.rs`, `data.rs`, `player.js` | the steps of a page, how they are written and played |
#![forbid(unsafe_code)]

mod cells;
mod data;
mod draft;
mod history;
pub mod image;
mod iterators;
mod message;
mod names;
mod page;
mod picture;
mod recorder;
mod recording;
mod scale;
mod stack;
mod state;
mod steps;
mod svg;
mod text;
pub mod units;
mod whereabouts;
mod words;

pub use iterators::{Watched, watch};
pub use picture::{Picture, TextOptions};
pub use recorder::{Recorder, record};
pub use recording::{Cause, Event, Message, Note, Recording, TaskInfo, What};
pub use stack::Line;
pub use state::Reason;
