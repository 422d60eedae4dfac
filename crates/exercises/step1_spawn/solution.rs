// Hint: a loop around the `match`, which a task leaves when its turn is over.

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
        loop {
            match task.next() {
                Some(Request::Print(letter)) => {
                    printed.push(letter);
                    ready.push_back(task);
                    break;
                }
                Some(Request::Spawn(child)) => ready.push_back(child),
                None => break,
            }
        }
    }
    printed
}
