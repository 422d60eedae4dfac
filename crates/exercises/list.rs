// The exercises, in the order of the path. `src/course.rs` lists them, and `tests/it/solutions.rs`
// tests their solutions.
exercises! {
    step1_by_hand,
    step1_weights,
    step1_spawn,
    step2_all_at_once,
    step2_park,
    step2_skip,
}
