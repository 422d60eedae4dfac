//! The book's exercises: does each solution pass?
//!
//! An exercise is a folder here. To solve it, change its `exercise.rs` until this passes:
//!
//! ```sh
//! cargo test -p book --test exercises -- --ignored step1_by_hand
//! ```
//!
//! `.ci/run` checks that each is still unsolved. That is no test here: it would fail for whoever solves one.
#![forbid(unsafe_code)]
#![allow(
    clippy::duplicate_mod,
    reason = "one test checks both the exercise and its solution"
)]

/// The tests of the exercise in the module around it.
macro_rules! exercise {
    () => {
        #[test]
        #[ignore = "it is for you: change exercise.rs until it passes"]
        fn is_solved() {
            exercise::test::check();
        }

        #[test]
        fn the_solution_passes() {
            solution::test::check();
        }
    };
}

mod step1_by_hand {
    mod exercise;
    mod solution;
    exercise!();
}

mod step1_spawn {
    mod exercise;
    mod solution;
    exercise!();
}

mod step1_weights {
    mod exercise;
    mod solution;
    exercise!();
}

mod step2_all_at_once {
    mod exercise;
    mod solution;
    exercise!();
}

mod step2_park {
    mod exercise;
    mod solution;
    exercise!();
}

mod step2_skip {
    mod exercise;
    mod solution;
    exercise!();
}

mod step3_cancel {
    mod exercise;
    mod solution;
    exercise!();
}

mod step3_doorbell {
    mod exercise;
    mod solution;
    exercise!();
}

mod step3_every {
    mod exercise;
    mod solution;
    exercise!();
}

mod step4_read_exact {
    mod exercise;
    mod solution;
    exercise!();
}

mod step4_waiters {
    mod exercise;
    mod solution;
    exercise!();
}

mod step4_within {
    mod exercise;
    mod solution;
    exercise!();
}

mod step5_bell {
    mod exercise;
    mod solution;
    exercise!();
}

mod step5_first_of {
    mod exercise;
    mod solution;
    exercise!();
}

mod step5_listeners {
    mod exercise;
    mod solution;
    exercise!();
}

mod step6_bells {
    mod exercise;
    mod solution;
    exercise!();
}

mod step6_first_few {
    mod exercise;
    mod solution;
    exercise!();
}

mod step6_pass_it_on {
    mod exercise;
    mod solution;
    exercise!();
}

mod step7_completion {
    mod exercise;
    mod solution;
    exercise!();
}

#[cfg(target_os = "linux")]
mod step7_drain {
    mod exercise;
    mod solution;
    exercise!();
}

mod step7_writable {
    mod exercise;
    mod solution;
    exercise!();
}
