//! A listener that keeps what happened to each task, by its id.

use std::cell::RefCell;
use std::fmt;
use std::rc::Rc;

use step4_select::TaskId;
use trace::{Event, Listening, Reason};

/// Records the events of its thread for as long as it lives.
pub struct Recorder {
    events: Rc<RefCell<Vec<Event>>>,
    _listening: Listening,
}

impl Recorder {
    /// Begins to listen.
    ///
    /// # Panics
    ///
    /// Panics if the thread has a listener already.
    pub fn new() -> Recorder {
        let events = Rc::new(RefCell::new(Vec::new()));
        let log = events.clone();
        Recorder {
            events,
            _listening: trace::listen(move |event| log.borrow_mut().push(event)),
        }
    }

    /// Returns all events so far.
    pub fn events(&self) -> Vec<Event> {
        self.events.borrow().clone()
    }

    /// Takes all events so far out.
    pub fn take(&self) -> Vec<Event> {
        self.events.take()
    }

    /// Returns how often this happened to that task.
    pub fn count(&self, what: &str, task: TaskId) -> usize {
        let events = self.events.borrow();
        let is_it = |event: &&Event| of(event) == Some((what, task.0));
        events.iter().filter(is_it).count()
    }

    /// Returns how often the task was resumed.
    pub fn resumes(&self, task: TaskId) -> usize {
        self.count("resumed", task)
    }

    /// Returns how often tasks were resumed, all together.
    pub fn all_resumes(&self) -> usize {
        self.order("resumed").len()
    }

    /// Returns all that happened to the task: a word for each event.
    pub fn story(&self, task: TaskId) -> String {
        let events = self.events.borrow();
        let of_task = events
            .iter()
            .filter_map(of)
            .filter(|found| found.1 == task.0);
        of_task.map(|found| found.0).collect::<Vec<_>>().join(" ")
    }

    /// Returns the tasks to which this happened, in order.
    pub fn order(&self, what: &str) -> Vec<u64> {
        let events = self.events.borrow();
        let of_kind = events.iter().filter_map(of).filter(|found| found.0 == what);
        of_kind.map(|found| found.1).collect()
    }

    /// Returns what the task waited for in each of its turns that ended with its suspension.
    pub fn reasons(&self, task: TaskId) -> Vec<Vec<Reason>> {
        let (mut turns, mut reasons) = (Vec::new(), Vec::new());
        for event in self.events.borrow().iter() {
            match event {
                Event::Resumed { .. } => reasons.clear(),
                Event::Waits(reason) => reasons.push(*reason),
                Event::GaveUp(reason) => reasons.retain(|told| told != reason),
                Event::Suspended { task: suspended } if *suspended == task.0 => {
                    turns.push(std::mem::take(&mut reasons));
                }
                _ => {}
            }
        }
        turns
    }
}

impl Default for Recorder {
    fn default() -> Recorder {
        Recorder::new()
    }
}

impl fmt::Debug for Recorder {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        f.debug_list().entries(self.events.borrow().iter()).finish()
    }
}

/// Returns the word for an event, and the task that it happened to. `None` if it did not happen to
/// a task.
fn of(event: &Event) -> Option<(&'static str, u64)> {
    Some(match event {
        Event::Spawned { task, .. } => ("spawned", *task),
        Event::Woken { task } => ("woken", *task),
        Event::Resumed { task } => ("resumed", *task),
        Event::Suspended { task } => ("suspended", *task),
        Event::Finished { task } => ("finished", *task),
        Event::Cancelled { task } => ("cancelled", *task),
        Event::Panicked { task } => ("panicked", *task),
        _ => return None,
    })
}
