// Exercise: a task starts another one.
//
// So far an item only meant "let another one run". Here it is a request, and `run` has a `match` on
// it. But one of the arms throws the new task away. Start it instead: the new task goes to the back
// of the queue, and the task that asked for it continues at once, in the same turn.

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
