//! How are the contenders measured so that whatever else the machine does hits all of them alike?
//!
//! In rounds: each contender of each workload has a short run, and then the next round begins. A disturbance that lasts
//! hits one round of all contenders rather than all rounds of one, and of a contender's rounds the median counts.

use std::io;
use std::time::Duration;

use crate::workloads::{Contender, Who, Workload};

/// How often and how long each contender of each workload runs.
#[derive(Clone, Copy, Debug)]
pub struct Plan {
    /// How many runs each has.
    pub rounds: usize,
    /// How long a run is to last, roughly.
    pub run: Duration,
}

impl Default for Plan {
    /// About a second for each, in nine runs.
    fn default() -> Plan {
        Plan {
            rounds: 9,
            run: Duration::from_millis(100),
        }
    }
}

/// What was measured of a workload.
#[derive(Clone, Debug, PartialEq)]
pub struct Comparison {
    /// The workload's name, with its size if it has one.
    pub workload: String,
    /// What one operation is.
    pub operation: String,
    /// The contenders' times, in their order.
    pub times: Vec<Time>,
}

/// What an operation costs a contender.
#[derive(Clone, Copy, Debug, PartialEq)]
pub struct Time {
    /// The contender.
    pub who: Who,
    /// The time of one operation in nanoseconds: the median of its runs.
    pub nanoseconds: f64,
}

impl Comparison {
    /// Returns each contender's time, and how many times that of the step before it is.
    ///
    /// Contenders that are not steps are compared with the last step. The first step has `None`.
    ///
    /// # Examples
    ///
    /// ```
    /// use benches::measuring::{Comparison, Time};
    /// use benches::workloads::Who;
    ///
    /// let times = [(Who::Step(4), 10.0), (Who::Step(5), 20.0), (Who::Threads, 80.0), (Who::Asyncio, 60.0)];
    /// let times = times.map(|(who, nanoseconds)| Time { who, nanoseconds }).to_vec();
    /// let comparison = Comparison { workload: "switch".into(), operation: String::new(), times };
    /// let ratios = Vec::from_iter(comparison.with_ratios().map(|(_, ratio)| ratio));
    /// assert_eq!(ratios, [None, Some(2.0), Some(4.0), Some(3.0)]);
    /// ```
    pub fn with_ratios(&self) -> impl Iterator<Item = (Time, Option<f64>)> {
        self.times.iter().enumerate().map(|(i, &time)| {
            let step_before = self.times[..i].iter().rfind(|before| before.who.is_step());
            (
                time,
                step_before.map(|before| time.nanoseconds / before.nanoseconds),
            )
        })
    }
}

/// Measures all contenders of all workloads.
///
/// # Errors
///
/// When a run fails: the message names it.
///
/// # Panics
///
/// When the plan has no rounds.
pub fn measure(workloads: &[Workload], plan: Plan) -> io::Result<Vec<Comparison>> {
    let contenders: Vec<_> = workloads
        .iter()
        .flat_map(|workload| workload.contenders.iter().map(move |one| (workload, one)))
        .collect();
    let run = |(workload, contender): (&Workload, &Contender), operations| {
        let failed = |error: io::Error| {
            io::Error::new(
                error.kind(),
                format!("{workload}, {}: {error}", contender.who),
            )
        };
        contender.run(operations).map_err(failed)
    };

    let mut operations = Vec::new();
    for &contender in &contenders {
        operations.push(calibrate(
            |operations| run(contender, operations),
            plan.run,
        )?);
    }
    let mut samples = vec![Vec::new(); contenders.len()];
    for _ in 0..plan.rounds {
        for (i, &contender) in contenders.iter().enumerate() {
            samples[i]
                .push(run(contender, operations[i])?.as_secs_f64() * 1e9 / operations[i] as f64);
        }
    }

    let mut medians = samples.into_iter().map(median);
    let compare = |workload: &Workload| Comparison {
        workload: workload.to_string(),
        operation: workload.operation.clone(),
        times: workload
            .contenders
            .iter()
            .zip(&mut medians)
            .map(|(contender, nanoseconds)| Time {
                who: contender.who,
                nanoseconds,
            })
            .collect(),
    };
    Ok(workloads.iter().map(compare).collect())
}

/// Finds how many operations take about as long as a run is to last. This is the warm-up too.
fn calibrate(run: impl Fn(u64) -> io::Result<Duration>, target: Duration) -> io::Result<u64> {
    let mut operations = 1_u64;
    loop {
        let elapsed = run(operations)?;
        // From a fifth of that on, the time is measured well enough to tell the rest.
        if elapsed * 5 >= target {
            let ratio = target.as_secs_f64() / elapsed.as_secs_f64().max(1e-9);
            return Ok(((operations as f64 * ratio) as u64).max(1));
        }
        operations *= 4;
    }
}

fn median(mut samples: Vec<f64>) -> f64 {
    samples.sort_by(f64::total_cmp);
    let middle = samples.len() / 2;
    if samples.len() % 2 == 1 {
        samples[middle]
    } else {
        (samples[middle - 1] + samples[middle]) / 2.0
    }
}

#[cfg(test)]
mod tests {
    use std::cell::Cell;

    use super::*;

    #[test]
    fn a_median_is_in_the_middle() {
        assert_eq!(median(vec![9.0, 1.0, 2.0]), 2.0);
        assert_eq!(median(vec![9.0, 1.0, 2.0, 4.0]), 3.0);
    }

    #[test]
    fn calibrating_finds_how_much_fits_in_a_run() {
        let runs = Cell::new(0);
        let microsecond_each = |operations| {
            runs.set(runs.get() + 1);
            Ok(Duration::from_micros(operations))
        };
        assert_eq!(
            calibrate(microsecond_each, Duration::from_millis(100)).unwrap(),
            100_000
        );
        assert_eq!(runs.get(), 9, "1, 4, .. 65,536");
        assert_eq!(
            calibrate(|_| Ok(Duration::from_secs(1)), Duration::from_millis(100)).unwrap(),
            1
        );
    }
}
