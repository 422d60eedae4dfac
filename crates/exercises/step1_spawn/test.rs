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
    assert_eq!(run(letters("ABC")), "ABC");
}

#[test]
fn the_parent_continues_at_once() {
    assert_eq!(run(parent("", letters("xyz"), "ABC")), "AxByCz");
}

#[test]
fn the_child_continues_after_the_parents_end() {
    assert_eq!(run(parent("AB", letters("xyz"), "")), "ABxyz");
}

#[test]
fn children_go_to_the_back_in_order() {
    let twins = parent("", letters("12"), "").chain(parent("", letters("xy"), "AB"));
    assert_eq!(run(Box::new(twins)), "A1xB2y");
}

#[test]
fn a_child_may_have_children() {
    let child = parent("x", letters("123"), "yz");
    assert_eq!(run(parent("A", child, "BC")), "ABxCy1z23");
}
