use super::{Request, Task, run};

fn letters(letters: &'static str) -> Task {
    Box::new(letters.chars().map(Request::Print))
}

/// Prints its first letters, starts a task, and prints the others.
fn parent(before: &'static str, child: Task, after: &'static str) -> Task {
    Box::new(
        letters(before)
            .chain([Request::Spawn(child)])
            .chain(letters(after)),
    )
}

/// Passes when the exercise is solved.
pub(crate) fn check() {
    assert_eq!(run(letters("ABC")), "ABC");
    assert_eq!(
        run(parent("", letters("xyz"), "ABC")),
        "AxByCz",
        "the parent goes on at once"
    );
    assert_eq!(
        run(parent("AB", letters("xyz"), "")),
        "ABxyz",
        "the child goes on after the parent's end"
    );

    let twins = parent("", letters("12"), "").chain(parent("", letters("xy"), "AB"));
    assert_eq!(
        run(Box::new(twins)),
        "A1xB2y",
        "the children go to the back, in order"
    );

    let grandchild = parent("x", letters("123"), "yz");
    assert_eq!(
        run(parent("A", grandchild, "BC")),
        "ABxCy1z23",
        "a child may have children"
    );
}
