use std::collections::VecDeque;

use super::Waiters;

/// Lets so many tasks wait, has datagrams come in bursts, and gives who has read, in order, and how often somebody
/// tried.
fn serve(tasks: usize, bursts: &[u32]) -> (Vec<usize>, u32) {
    let mut waiters = Waiters::default();
    (0..tasks).for_each(|task| waiters.wait(task, false));
    let (mut served, mut tries) = (Vec::new(), 0);
    for &burst in bursts {
        let mut datagrams = burst;
        // One event, however many have come.
        let mut woken = VecDeque::from(waiters.event());
        while let Some(task) = woken.pop_front() {
            tries += 1;
            assert!(tries < 100_000, "tasks are woken again and again");
            if datagrams > 0 {
                datagrams -= 1;
                served.push(task);
                woken.extend(waiters.succeeded());
            } else {
                waiters.wait(task, true);
            }
        }
        assert!(
            datagrams == 0 || served.len() == tasks,
            "{datagrams} are left, and nobody was woken for them"
        );
    }
    (served, tries)
}

/// Passes when the exercise is solved.
pub(crate) fn check() {
    assert_eq!(serve(1, &[1]), (vec![0], 1));
    assert_eq!(
        serve(5, &[3]).0,
        [0, 1, 2],
        "each of a burst finds its reader"
    );
    assert_eq!(
        serve(5, &[1, 1, 2, 1]).0,
        [0, 1, 2, 3, 4],
        "first come, first served"
    );
    let (served, tries) = serve(100, &[1; 100]);
    assert_eq!(served, Vec::from_iter(0..100));
    assert!(tries <= 200, "{tries} tries for 100 datagrams");
    assert_eq!(serve(2, &[5]).0, [0, 1], "more than anybody waits for");
}
