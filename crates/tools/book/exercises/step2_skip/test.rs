use step2_round_robin::{Co, Generated};

use super::{Body, Ran, Request, run};

/// Skips these numbers of rounds, one after the other.
fn task(skips: &'static [u64]) -> Body {
    Box::new(Generated::new(async move |co: &Co<Request>| {
        for &rounds in skips {
            let request = if rounds == 0 {
                Request::Turn
            } else {
                Request::Skip(rounds)
            };
            co.yield_(request).await;
        }
    }))
}

fn resumed(ran: &Ran) -> Vec<(u64, usize)> {
    let mut resumed = ran.resumed.clone();
    // In one round, any order will do.
    resumed.sort_unstable();
    resumed
}

/// Passes when the exercise is solved.
pub(crate) fn check() {
    let ran = run(vec![task(&[0, 0])]);
    assert_eq!(
        resumed(&ran),
        [(0, 0), (1, 0), (2, 0)],
        "a turn is in the next round"
    );

    let ran = run(vec![task(&[2]), task(&[0, 1, 0])]);
    assert_eq!(
        resumed(&ran),
        [(0, 0), (0, 1), (1, 1), (3, 0), (3, 1), (4, 1)],
        "who skips 2 rounds goes on in the 3rd"
    );

    let ran = run(vec![task(&[10]), task(&[5, 5]), task(&[7])]);
    assert_eq!(
        resumed(&ran),
        [(0, 0), (0, 1), (0, 2), (6, 1), (8, 2), (11, 0), (12, 1)]
    );
    assert_eq!(ran.looks, 7, "nobody is looked at in vain");

    let ran = run(vec![task(&[100_000]), task(&[1_000, 1_000])]);
    assert_eq!(ran.looks, 5, "however long it takes");
}
