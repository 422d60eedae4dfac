//! The listener that writes recordings.

use std::cell::RefCell;
use std::collections::HashMap;
use std::fmt;
use std::rc::Rc;
use std::time::Instant;

use trace::{Event, Listening};

use crate::draft::Draft;
use crate::stack;
use crate::{Picture, Recording};

/// Runs `f`, and returns a recording of each run of a scheduler in it, and the output of `f`.
///
/// # Panics
///
/// Panics if something else [listens](trace::listen) on this thread, and if `f` does.
///
/// # Examples
///
/// ```
/// use step2_round_robin::Scheduler;
/// use timeline::Picture;
///
/// let (recordings, output) = timeline::record(|| {
///     Scheduler::new().run(async |co| {
///         let child = co.spawn_named("child", async |co| co.turn().await).await;
///         child.join(&co).await
///     })
/// });
/// assert!(output.is_ok());
/// let picture = recordings.into_iter().fold(Picture::new(""), Picture::run);
/// assert!(picture.to_text(80).starts_with("\
/// main   ████jjjjjjjj████
/// child      ████████····
/// "));
/// ```
pub fn record<T>(f: impl FnOnce() -> T) -> (Vec<Recording>, T) {
    let recorder = Recorder::listen();
    let output = f();
    (recorder.recordings(), output)
}

/// Writes down what the schedulers on its thread do, until it is dropped.
///
/// A run begins when a scheduler reports that it [starts](trace::started), and has the last
/// [title](trace::title) before that. An executor has one run, however often it blocks and whatever
/// else runs [meanwhile](trace::within).
///
/// Of each run the first 500,000 events are kept, lest it takes all memory. The picture says so.
///
/// # Examples
///
/// ```
/// use std::time::Duration;
/// use step3_sleeping_heap::{Clock, Scheduler};
///
/// let recorder = timeline::Recorder::listen();
/// Scheduler::with_clock(Clock::virtual_time()).run(async |co| {
///     let second = Duration::from_secs(1);
///     let hello = co.spawn_named("hello", async move |co| co.sleep(second).await).await;
///     co.spawn_named("world", async |co| co.sleep(Duration::from_secs(2)).await).await;
///     hello.join(&co).await
/// })?;
/// assert_eq!(recorder.picture("").to_text(30), "\
/// main   █jjjjjjjjjj█···········
/// hello  █zzzzzzzzzz█···········
/// world  █zzzzzzzzzzzzzzzzzzzzz█
///        ┬──────────┬──────────┬
///        0          1        2 s
/// 6 turns, 6 wakes, 3 waits: 2
///   sleeping, 1 joining
/// █ running  z sleeping
/// j joining  · done
/// ");
/// # Ok::<(), Box<dyn std::error::Error>>(())
/// ```
pub struct Recorder {
    book: Rc<RefCell<Book>>,
    _listening: Listening,
}

#[derive(Default)]
struct Book {
    /// Whether it looks where in the program tasks stand.
    has_code: bool,
    /// The title of the next run.
    title: String,
    runs: Vec<Draft>,
    /// The scheduler that was entered, and the run of each, by its place.
    entered: Option<usize>,
    of_schedulers: HashMap<Option<usize>, usize>,
}

impl Recorder {
    /// Begins to listen on this thread.
    ///
    /// # Panics
    ///
    /// Panics if something else [listens](trace::listen) there.
    pub fn listen() -> Recorder {
        Recorder::new(Book::default())
    }

    /// Begins to listen on this thread, and to look where in the program each task is suspended, so
    /// that a [page](Picture::to_html) shows the code beside what happens.
    ///
    /// That takes a fraction of a millisecond each time, so of each run only the beginning has it. A program that
    /// was built without debug information, such as a release build, shows no code.
    ///
    /// # Panics
    ///
    /// Panics if something else [listens](trace::listen) there.
    pub fn with_code() -> Recorder {
        stack::prepare();
        let has_code = true;
        Recorder::new(Book {
            has_code,
            ..Book::default()
        })
    }

    fn new(book: Book) -> Recorder {
        let book = Rc::new(RefCell::new(book));
        let listener = Rc::clone(&book);
        Recorder {
            book,
            _listening: trace::listen(move |event| listener.borrow_mut().follow(event)),
        }
    }

    /// Returns a recording of each run so far in which something happened.
    pub fn recordings(&self) -> Vec<Recording> {
        let book = self.book.borrow();
        let recordings = book.runs.iter().map(|run| &run.recording);
        let recordings = recordings.filter(|recording| !recording.events.is_empty());
        recordings.cloned().collect()
    }

    /// Returns a picture of all runs so far.
    pub fn picture(&self, title: &str) -> Picture {
        let recordings = self.recordings().into_iter();
        recordings.fold(Picture::new(title), Picture::run)
    }
}

impl Book {
    fn follow(&mut self, event: Event) {
        match event {
            Event::Title(title) => self.title = title,
            Event::Entered(scheduler) => self.entered = scheduler,
            Event::Started { now, is_virtual } => {
                let title = std::mem::take(&mut self.title);
                self.of_schedulers.insert(self.entered, self.runs.len());
                let mut run = Draft::new(title, now, is_virtual, self.has_code);
                run.recording.has_wakers = self.entered.is_some();
                self.runs.push(run);
            }
            // A task of an executor that runs in another thread.
            Event::Woken { .. } if self.entered.is_some() && !self.knows_entered() => {}
            event => self.run().follow(event),
        }
    }

    fn knows_entered(&self) -> bool {
        self.of_schedulers.contains_key(&self.entered)
    }

    /// Returns the run of the scheduler that was entered.
    fn run(&mut self) -> &mut Draft {
        if !self.knows_entered() {
            // It was started earlier. Its clock is not known, so let it be the real one.
            self.follow(Event::Started {
                now: Some(Instant::now()),
                is_virtual: false,
            });
        }
        &mut self.runs[self.of_schedulers[&self.entered]]
    }
}

impl fmt::Debug for Recorder {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        f.debug_struct("Recorder")
            .field("runs", &self.book.borrow().runs.len())
            .finish_non_exhaustive()
    }
}
