//! What did the scheduler do, and when? Pictures of what an observer saw.
//!
//! A [`Recorder`] stands behind the observers of the schedulers of steps 2 to 4 and of the executor of step 5, and
//! writes down what they see, by whichever clock runs. A program that runs without it pays nothing. A [`Picture`] draws
//! what was written down:
//!
//! - as text, a row for each task and time to the right, for a terminal, and for tests: under a virtual clock it is the
//!   same to the byte each time;
//! - as an SVG image, for a book;
//! - as a page that plays what happened, event by event: the ready queue, the heap, the sockets and who runs.
//!
//! ```
//! use std::time::Duration;
//! use step5_executor::{Executor, sleep, spawn, yield_now};
//! use timeline::{Picture, Recorder};
//!
//! let recorder = Recorder::new();
//! let executor = Executor::with_virtual_time()?.with_observer(recorder.clone());
//! executor.block_on(async {
//!     let sleeper = spawn(sleep(Duration::from_millis(20)));
//!     yield_now().await;
//!     sleeper.await.unwrap();
//! });
//!
//! let picture = Picture::from(recorder.recording());
//! assert_eq!(picture.to_text(40), "\
//! main    █jjjjjjjjjjjjjjjjjjjjjjjjjjjjjj█
//! task 1  █zzzzzzzzzzzzzzzzzzzzzzzzzzzzzz█
//!         ┬───────────────┬──────────────┬
//!         0               10         20 ms
//! 5 resumes, 5 wakes, 2 waits: 1 sleeping,
//!   1 joining
//! █ running  z sleeping  j joining
//! ");
//! # std::io::Result::Ok(())
//! ```
//!
//! `cargo run -- 5 --timeline` prints the pictures of step 5's demo, and `--svg FILE` and `--html FILE` write them.
//!
//! What is counted: a *resume* each time a task is resumed or polled, a *wake* each time one goes to the ready queue, a
//! *wait* each time one is suspended and not in that queue. With generators there are more resumes than with futures,
//! because each request that is answered at once takes one too.
//!
//! | file | question |
//! |---|---|
//! | `recording.rs` | What did a scheduler do, in order? |
//! | `recorder.rs` | How is that written down? |
//! | `iterators.rs`, `generators.rs`, `executor.rs` | What is seen of step 1, of steps 2 to 4, of step 5? |
//! | `history.rs` | In which state was each task, from when to when? |
//! | `scale.rs`, `cells.rs`, `names.rs` | Where on the axis is that, what does a cell show, how is a name cut? |
//! | `picture.rs` | What is a picture made of? |
//! | `text.rs`, `svg.rs`, `page.rs` | How is it drawn? |
#![forbid(unsafe_code)]

mod cells;
mod executor;
mod generators;
mod history;
mod iterators;
mod names;
mod page;
mod picture;
mod recorder;
mod recording;
mod scale;
mod svg;
mod text;

pub use generators::{Asks, Generators};
pub use iterators::Watched;
pub use picture::{Picture, TextOptions};
pub use recorder::Recorder;
pub use recording::{Event, Reason, Recording, TaskInfo, What};
