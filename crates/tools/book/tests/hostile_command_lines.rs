//! Does each step take whatever one types, or name it as wrong, without a panic?

#[path = "../../../step4-select/tests/support/hostile_arguments.rs"]
mod hostile_arguments;

use hostile_arguments::feed;

#[test]
fn by_step_3() {
    feed(20_000, step3_sleeping_heap::Options::parse);
}

#[test]
fn by_step_4() {
    feed(20_000, step4_select::Options::parse);
}

#[test]
fn by_step_5() {
    feed(20_000, step5_executor::Options::parse);
}

#[test]
fn by_step_6() {
    feed(20_000, step6_toolbox::Options::parse);
}

#[cfg(target_os = "linux")]
#[test]
fn by_step_7() {
    feed(20_000, step7_epoll::Options::parse);
}
