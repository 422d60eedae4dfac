//! Which tasks there are, and which one runs.

use std::cell::RefCell;
use std::collections::BTreeMap;
use std::rc::Rc;

use step5_executor::TaskId;
use trace::{Event, Listening, listen};

/// Keeps a list of all tasks that are spawned on this thread from now on, by name.
///
/// This is Python's `current_task` and `all_tasks`. Executors keep no such list; this one listens
/// to what they report to [`trace`]. A thread has one listener at a time, so a picture cannot be
/// drawn meanwhile. It is for one executor; the main future is task 0.
///
/// # Panics
///
/// Panics if the thread has a listener already.
///
/// # Examples
///
/// ```
/// use step5_executor::{block_on, spawn_named, yield_now};
/// use step6_toolbox::list_tasks;
///
/// let tasks = list_tasks();
/// block_on(async {
///     let worker = spawn_named("worker", yield_now());
///     let names: Vec<_> = tasks.all().into_values().collect();
///     assert_eq!(names, ["main", "worker"]);
///     worker.await.unwrap();
///     assert_eq!(tasks.current().unwrap().1, "main");
///     assert_eq!(tasks.all().len(), 1);
/// });
/// assert!(tasks.all().is_empty());
/// ```
#[must_use = "the list is kept as long as this lives"]
pub fn list_tasks() -> TaskList {
    let state = Rc::new(RefCell::new(State::default()));
    let heard = Rc::clone(&state);
    let listening = listen(move |event| heard.borrow_mut().hear(event));
    TaskList {
        state,
        _listening: listening,
    }
}

/// A list of tasks: see [`list_tasks`].
pub struct TaskList {
    state: Rc<RefCell<State>>,
    _listening: Listening,
}

#[derive(Default)]
struct State {
    names: BTreeMap<TaskId, String>,
    current: Option<TaskId>,
}

impl TaskList {
    /// Returns the task that runs now, and its name. Returns `None` between turns.
    pub fn current(&self) -> Option<(TaskId, String)> {
        let state = self.state.borrow();
        let id = state.current?;
        state.names.get(&id).map(|name| (id, name.clone()))
    }

    /// Returns all tasks that have not ended, with their names.
    pub fn all(&self) -> BTreeMap<TaskId, String> {
        self.state.borrow().names.clone()
    }
}

impl State {
    fn hear(&mut self, event: Event) {
        match event {
            Event::Spawned { task, name, .. } => _ = self.names.insert(TaskId(task), name),
            Event::Resumed { task } => self.current = Some(TaskId(task)),
            Event::Suspended { .. } => self.current = None,
            Event::Finished { task } | Event::Panicked { task } => {
                self.names.remove(&TaskId(task));
                self.current = None;
            }
            Event::Cancelled { task } => _ = self.names.remove(&TaskId(task)),
            _ => {}
        }
    }
}
