// The exercises, in the order of the path. `src/course.rs` lists them, and `tests/it/solutions.rs`
// tests their solutions.
exercises! {
    step1_by_hand,
    step1_weights,
    step1_spawn,
    step2_all_at_once,
    step2_park,
    step2_skip,
    step3_every,
    step3_cancel,
    step3_doorbell,
    step4_read_exact,
    step4_waiters,
    step4_within,
    step5_bell,
    step5_first_of,
    step5_listeners,
    step6_first_few,
    step6_pass_it_on,
    step6_bells,
    #[cfg(target_os = "linux")]
    step8_drain,
    step8_writable,
    step8_completion,
    step9_own_answer,
    step9_herd,
    step9_same_again,
}
