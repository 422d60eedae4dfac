// Exercise: a task starts another one.
//
// So far an item only meant "the next one, please". Here it is a request, and `run` has a `match`
// on it. It prints, but drops any task that it should start. Start it: the new task goes to the
// back, and the task that asked for it continues at once.

use std::collections::VecDeque;

/// A suspended function that asks for something each time that it stops.
type Task = Box<dyn Iterator<Item = Request>>;

/// What a task may ask for.
enum Request {
    /// Print this; the turn is over.
    Print(char),
    /// Start this task.
    Spawn(Task),
}

/// Runs a task and all that it starts, in turns, and returns what they printed.
fn run(main: Task) -> String {
    let mut ready = VecDeque::from([main]);
    let mut printed = String::new();
    while let Some(mut task) = ready.pop_front() {
        match task.next() {
            Some(Request::Print(letter)) => {
                printed.push(letter);
                ready.push_back(task);
            }
            Some(Request::Spawn(_child)) => ready.push_back(task),
            None => {}
        }
    }
    printed
}
