use step2_round_robin::Generated;

use super::{Body, Ran, Request, run};

/// Skips these numbers of rounds, one after the other.
fn task(skips: &'static [u64]) -> Body {
    Box::new(Generated::new(async move |yielder| {
        for &rounds in skips {
            let request = match rounds {
                0 => Request::Turn,
                rounds => Request::Skip(rounds),
            };
            yielder.yield_(request).await;
        }
    }))
}

/// Returns which task was resumed in which round. Within a round, any order will do.
fn resumed(ran: &Ran) -> Vec<(u64, usize)> {
    let mut resumed = ran.resumed.clone();
    resumed.sort_unstable();
    resumed
}

#[test]
fn a_turn_is_in_the_next_round() {
    let ran = run(vec![task(&[0, 0])]);
    let expected = [(0, 0), (1, 0), (2, 0)];
    assert_eq!(
        resumed(&ran),
        expected,
        "(round, task): a task that skips nothing has a turn in each round"
    );
}

#[test]
fn one_that_skips_two_continues_in_the_third() {
    let ran = run(vec![task(&[2]), task(&[0, 1, 0])]);
    let expected = [(0, 0), (0, 1), (1, 1), (3, 0), (3, 1), (4, 1)];
    assert_eq!(
        resumed(&ran),
        expected,
        "(round, task): task 0 skips rounds 1 and 2, task 1 skips round 2"
    );
}

#[test]
fn no_task_is_looked_at_in_vain() {
    let ran = run(vec![task(&[10]), task(&[5, 5]), task(&[7])]);
    let expected = [(0, 0), (0, 1), (0, 2), (6, 1), (8, 2), (11, 0), (12, 1)];
    assert_eq!(
        resumed(&ran),
        expected,
        "(round, task): a task that skips 10 rounds from round 0 on continues in round 11"
    );
    assert_eq!(
        ran.looks, 7,
        "seven turns need seven looks: none at a task that skips"
    );
}

#[test]
fn a_long_wait_costs_no_looks() {
    let ran = run(vec![task(&[100_000]), task(&[1_000, 1_000])]);
    assert_eq!(
        ran.looks, 5,
        "five turns need five looks, however many rounds are skipped"
    );
}
