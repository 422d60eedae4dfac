use super::{Request, Task, run};

fn letters(letters: &'static str) -> Task {
    Box::new(letters.chars().map(Request::Print))
}

/// Prints its first letters, starts a task, and prints the others.
fn parent(before: &'static str, child: Task, after: &'static str) -> Task {
    let spawn = [Request::Spawn(child)];
    Box::new(letters(before).chain(spawn).chain(letters(after)))
}

#[test]
fn a_task_without_children_prints() {
    assert_eq!(
        run(letters("ABC")),
        "ABC",
        "a task prints its letters in order"
    );
}

#[test]
fn the_parent_continues_at_once() {
    let printed = run(parent("", letters("xyz"), "ABC"));
    assert_eq!(
        printed, "AxByCz",
        "the parent prints A in the turn in which it spawns its child; then they alternate"
    );
}

#[test]
fn the_child_continues_after_the_parents_end() {
    let printed = run(parent("AB", letters("xyz"), ""));
    assert_eq!(
        printed, "ABxyz",
        "the child runs on when its parent has ended"
    );
}

#[test]
fn children_go_to_the_back_in_order() {
    let twins = parent("", letters("12"), "").chain(parent("", letters("xy"), "AB"));
    assert_eq!(
        run(Box::new(twins)),
        "A1xB2y",
        "of two children, the first that is spawned is the first in the queue"
    );
}

#[test]
fn a_child_may_have_children() {
    let child = parent("x", letters("123"), "yz");
    let printed = run(parent("A", child, "BC"));
    assert_eq!(
        printed, "ABxCy1z23",
        "the grandchild 123 goes to the back of the queue, too"
    );
}
