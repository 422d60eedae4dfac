//! Is whatever one types taken, or named as wrong, without a panic?

#[path = "../../crates/step4-select/tests/support/hostile_arguments.rs"]
mod hostile_arguments;

#[test]
fn whatever_one_types_is_taken_or_named_as_wrong() {
    hostile_arguments::feed(20_000, benches::Options::parse);
}
