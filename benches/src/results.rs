//! What criterion has measured, from the files that it leaves.

use std::path::{Path, PathBuf};
use std::{env, fs, io};

use crate::workloads::{Contender, Who, Workload};

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
    /// The time of one operation in nanoseconds: the median of criterion's samples.
    pub nanoseconds: f64,
}

/// What [`read`] has found.
#[derive(Clone, Debug, PartialEq)]
pub struct Found {
    /// The workloads of which at least one contender was measured.
    pub comparisons: Vec<Comparison>,
    /// The names of contenders that were not measured.
    pub missing: Vec<String>,
}

impl Comparison {
    /// Returns each contender's time, and how many times that of the step before it is.
    ///
    /// Contenders that are not steps are compared with the last step. The first step has `None`.
    ///
    /// # Examples
    ///
    /// ```
    /// use benches::results::{Comparison, Time};
    /// use benches::workloads::Who;
    ///
    /// let times = [(Who::Step(4), 10.0), (Who::Step(5), 20.0), (Who::Threads, 80.0)];
    /// let times = times.map(|(who, nanoseconds)| Time { who, nanoseconds }).to_vec();
    /// let (workload, operation) = ("switch".to_owned(), String::new());
    /// let comparison = Comparison { workload, operation, times };
    /// let ratios = Vec::from_iter(comparison.with_ratios().map(|(_, ratio)| ratio));
    /// assert_eq!(ratios, [None, Some(2.0), Some(4.0)]);
    /// ```
    pub fn with_ratios(&self) -> impl Iterator<Item = (Time, Option<f64>)> {
        self.times.iter().enumerate().map(|(i, &time)| {
            let mut before = self.times[..i].iter();
            let step_before = before.rfind(|before| before.who.is_step());
            let ratio = step_before.map(|before| time.nanoseconds / before.nanoseconds);
            (time, ratio)
        })
    }
}

/// Returns the folder in which criterion leaves its results: `$CRITERION_HOME`, or `criterion` in
/// the target directory that this program was built in.
///
/// # Errors
///
/// Returns an error if the system does not tell where this program is.
pub fn folder() -> io::Result<PathBuf> {
    if let Some(folder) = env::var_os("CRITERION_HOME") {
        return Ok(folder.into());
    }
    Ok(target_of(&env::current_exe()?).join("criterion"))
}

/// Finds the target directory of a program, `target/release/benches` or
/// `target/release/deps/steps-1234`.
fn target_of(program: &Path) -> &Path {
    let mut above = program.ancestors().skip(1);
    let profile = above.find(|folder| !folder.ends_with("deps"));
    profile.and_then(Path::parent).unwrap_or(program)
}

/// Reads the times of all contenders of these workloads from criterion's folder.
///
/// # Errors
///
/// Returns an error if there are none, or if a file does not hold what criterion writes.
pub fn read(folder: &Path, workloads: &[Workload]) -> io::Result<Found> {
    let (mut comparisons, mut missing) = (Vec::new(), Vec::new());
    for workload in workloads {
        let mut times = Vec::new();
        for contender in &workload.contenders {
            match read_time(folder, workload, contender)? {
                Some(time) => times.push(time),
                None => missing.push(format!("{workload}, {}", contender.who)),
            }
        }
        if !times.is_empty() {
            comparisons.push(Comparison {
                workload: workload.to_string(),
                operation: workload.operation.clone(),
                times,
            });
        }
    }
    if comparisons.is_empty() {
        let message = format!(
            "there are no results in {}: measure first, with `cargo bench -p benches -- --quick`",
            folder.display()
        );
        return Err(io::Error::new(io::ErrorKind::NotFound, message));
    }
    Ok(Found {
        comparisons,
        missing,
    })
}

fn read_time(
    folder: &Path,
    workload: &Workload,
    contender: &Contender,
) -> io::Result<Option<Time>> {
    let who = contender.who;
    let mut file = folder.join(workload.name).join(who.to_string());
    if let Some(idle) = workload.idle {
        file.push(idle.to_string());
    }
    file.push("new/estimates.json");
    let json = match fs::read_to_string(&file) {
        Ok(json) => json,
        Err(error) if error.kind() == io::ErrorKind::NotFound => return Ok(None),
        Err(error) => return Err(unreadable(&file, &error)),
    };
    let nanoseconds = median(&json).ok_or_else(|| unreadable(&file, &"it has no median"))?;
    Ok(Some(Time { who, nanoseconds }))
}

fn unreadable(file: &Path, why: &dyn std::fmt::Display) -> io::Error {
    io::Error::other(format!("cannot read {}: {why}", file.display()))
}

/// Finds `"median":{.., "point_estimate":NUMBER, ..}` in criterion's estimates.
fn median(json: &str) -> Option<f64> {
    let (_, median) = json.split_once("\"median\":")?;
    let (_, number) = median.split_once("\"point_estimate\":")?;
    let end = number.find([',', '}'])?;
    number[..end].trim().parse().ok()
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn programs_and_benchmarks_share_a_folder() {
        let target = Path::new("/a/target");
        for built in ["release/benches", "release/deps/steps-1234"] {
            assert_eq!(target_of(&target.join(built)), target);
        }
    }

    #[test]
    fn the_median_is_found_among_estimates() {
        let json = r#"{"mean":{"point_estimate":1.0,"standard_error":2.0},
            "median":{"confidence_interval":{"upper_bound":5.0},"point_estimate":1.25e3},
            "slope":null}"#;
        assert_eq!(median(json), Some(1_250.0));
    }

    #[test]
    fn what_has_no_median_gives_none() {
        let texts = ["", "{}", r#"{"median":{"point_estimate":"#];
        assert!(texts.iter().all(|text| median(text).is_none()));
        assert_eq!(median(r#"{"median":{"point_estimate":null}}"#), None);
    }
}
