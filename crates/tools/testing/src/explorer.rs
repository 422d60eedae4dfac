//! Small programs of a few steps, run in every order in which their threads could run.

use std::collections::{HashMap, HashSet, VecDeque};
use std::fmt::Debug;
use std::hash::Hash;

/// A moment in the run of some threads.
pub trait Moment: Clone + Eq + Hash {
    /// What a thread does in one step, which no other thread can interrupt.
    type Step: Copy + Debug;

    /// Returns what each thread that is neither blocked nor over would do next, and the moment
    /// after it.
    fn next(&self) -> Vec<(usize, Self::Step, Self)>;

    /// Returns what is wrong at this moment, if something is.
    fn fault(&self) -> Option<&'static str>;
}

/// What came out of all orders.
#[derive(Debug)]
pub struct Explored {
    /// How many different moments there are.
    pub moments: usize,
    /// How many orders there are, from the beginning to the end. Zero when there is a fault.
    pub orders: u128,
    /// The shortest way to a fault.
    pub fault: Option<Fault>,
}

/// What went wrong, and the steps that led there, each with its thread; none for a circle.
#[derive(Debug)]
pub struct Fault {
    /// What went wrong.
    pub what: &'static str,
    /// The steps that led there, each with its thread.
    pub steps: Vec<String>,
}

/// Runs all orders.
pub fn explore<M: Moment>(start: M) -> Explored {
    match shortest_fault(&start) {
        Err(fault) => Explored {
            moments: 0,
            orders: 0,
            fault: Some(fault),
        },
        Ok(moments) => match orders(&start, &mut HashMap::new()) {
            Some(orders) => Explored {
                moments,
                orders,
                fault: None,
            },
            None => {
                let fault = Fault {
                    what: "it runs in a circle",
                    steps: vec![],
                };
                Explored {
                    moments,
                    orders: 0,
                    fault: Some(fault),
                }
            }
        },
    }
}

/// Looks at all moments, those after few steps first. Returns how many there are, or the first
/// fault.
fn shortest_fault<M: Moment>(start: &M) -> Result<usize, Fault> {
    let mut known = HashSet::from([start.clone()]);
    // How each moment was reached: from which other one, and by which step.
    let mut reached: Vec<(M, usize, String)> = vec![(start.clone(), 0, String::new())];
    let mut queue = VecDeque::from([0]);
    while let Some(place) = queue.pop_front() {
        if let Some(what) = reached[place].0.fault() {
            let mut steps = Vec::new();
            let mut at = place;
            while at != 0 {
                steps.push(reached[at].2.clone());
                at = reached[at].1;
            }
            steps.reverse();
            return Err(Fault { what, steps });
        }
        for (thread, step, next) in reached[place].0.next() {
            if known.insert(next.clone()) {
                reached.push((next, place, format!("{thread}: {step:?}")));
                queue.push_back(reached.len() - 1);
            }
        }
    }
    Ok(known.len())
}

/// Counts the ways from a moment to the end of all threads. `None` if there is a way that never
/// ends.
fn orders<M: Moment>(moment: &M, known: &mut HashMap<M, Option<u128>>) -> Option<u128> {
    if let Some(count) = known.get(moment) {
        return *count;
    }
    // A path that comes by here before it is counted has run in a circle.
    known.insert(moment.clone(), None);
    let next = moment.next();
    let mut count = u128::from(next.is_empty());
    for (_, _, next) in next {
        count += orders(&next, known)?;
    }
    known.insert(moment.clone(), Some(count));
    Some(count)
}
