//! Looks for a seed that breaks a program, and makes the program smaller while it still breaks.

use std::ops::Range;

/// How large a run is, and its seed.
#[derive(Clone, Debug, PartialEq, Eq)]
pub struct Setup {
    /// From which all chance comes.
    pub seed: u64,
    /// The numbers of the clients. A client keeps its number, and so its host and its luck, when
    /// others are left out.
    pub clients: Vec<u32>,
    /// How many requests each makes.
    pub requests: u32,
    /// How many datagrams of a hundred are lost.
    pub loss: u64,
}

impl Setup {
    /// Returns the setups that are a step smaller: clients first, then requests, then loss.
    fn smaller(&self) -> Vec<Setup> {
        let count = self.clients.len();
        let middle = count / 2;
        let halves = [&self.clients[..middle], &self.clients[middle..]].map(<[u32]>::to_vec);
        let without_one = (0..count).map(|i| {
            let mut clients = self.clients.clone();
            clients.remove(i);
            clients
        });
        let clients = halves.into_iter().chain(without_one);
        let clients = clients.filter(|some| !some.is_empty() && some.len() < count);
        let clients = clients.map(|clients| Setup {
            clients,
            ..self.clone()
        });
        let requests = less(self.requests.into()).filter(|&requests| requests > 0);
        let requests = requests.map(|requests| Setup {
            requests: requests as u32,
            ..self.clone()
        });
        let loss = less(self.loss).map(|loss| Setup {
            loss,
            ..self.clone()
        });
        clients.chain(requests).chain(loss).collect()
    }
}

/// Returns nothing at all, a half, and one less.
fn less(count: u64) -> impl Iterator<Item = u64> {
    [0, count / 2, count.saturating_sub(1)]
        .into_iter()
        .filter(move |&less| less < count)
}

/// Runs a program with one seed after the other. Returns the first that breaks it, and what
/// `breaks` says of it.
///
/// # Examples
///
/// ```
/// use step9_simulation::{Setup, search, shrink};
///
/// let start = Setup { seed: 0, clients: vec![0, 1, 2, 3], requests: 9, loss: 5 };
/// // Breaks with each seed above 6, if there is client 2 and it makes 3 requests.
/// let breaks = |setup: &Setup| {
///     let breaks = setup.seed > 6 && setup.clients.contains(&2) && setup.requests >= 3;
///     breaks.then_some("client 2 did it")
/// };
/// let (found, said) = search(&start, 0..1_000, breaks).unwrap();
/// assert_eq!((found.seed, said), (7, "client 2 did it"));
///
/// let (smallest, _) = shrink(found, said, breaks);
/// assert_eq!((&smallest.clients[..], smallest.requests, smallest.loss), (&[2][..], 3, 0));
/// ```
pub fn search<B>(
    start: &Setup,
    seeds: Range<u64>,
    breaks: impl Fn(&Setup) -> Option<B>,
) -> Option<(Setup, B)> {
    seeds.into_iter().find_map(|seed| {
        let setup = Setup {
            seed,
            ..start.clone()
        };
        breaks(&setup).map(|broken| (setup, broken))
    })
}

/// Leaves out clients, requests and loss, as long as the program still breaks with the same seed.
/// Returns the smallest setup, and what `breaks` says of it.
pub fn shrink<B>(
    mut setup: Setup,
    mut broken: B,
    breaks: impl Fn(&Setup) -> Option<B>,
) -> (Setup, B) {
    let try_out = |setup: Setup| breaks(&setup).map(|broken| (setup, broken));
    while let Some(smaller) = setup.smaller().into_iter().find_map(try_out) {
        (setup, broken) = smaller;
    }
    (setup, broken)
}
