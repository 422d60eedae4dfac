//! What was measured, from the files that criterion leaves, and those with counts beside them.
//!
//! Machines slow down and speed up from one second to the next, so a contender is measured in
//! several rounds, with all others in between: `OPERATION/BY/round 1`, and so on. Its samples are
//! those of all its rounds.

use std::path::{Path, PathBuf};
use std::{env, fmt, fs, io};

use crate::comparison::{Comparison, Row, Time};
use crate::workload::{Contender, Workload};

/// How many rounds `cargo bench` measures at most.
pub const ROUNDS: usize = 3;

/// What [`read`] has found.
#[derive(Debug)]
pub struct Found<'a> {
    /// The workloads of which at least one contender was measured.
    pub comparisons: Vec<Comparison<'a>>,
    /// The names of contenders that were not measured.
    pub missing: Vec<String>,
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
/// `target/release/deps/times-1234`.
fn target_of(program: &Path) -> &Path {
    let mut above = program.ancestors().skip(1);
    let profile = above.find(|folder| !folder.ends_with("deps"));
    profile.and_then(Path::parent).unwrap_or(program)
}

/// Reads what was measured of these workloads from criterion's folder.
///
/// # Errors
///
/// Returns an error if that is nothing, or if a file does not hold what it should.
pub fn read<'a>(folder: &Path, workloads: &'a [Workload]) -> io::Result<Found<'a>> {
    let (mut comparisons, mut missing) = (Vec::new(), Vec::new());
    for workload in workloads {
        let mut rows = Vec::new();
        for contender in &workload.contenders {
            let files = folder_of(folder, workload, contender);
            let mut samples = Vec::new();
            for round in (1..=ROUNDS).map(round) {
                let file = files.join(round).join("new/sample.json");
                samples.extend(parse(&file, samples_of)?.unwrap_or_default());
            }
            // An iteration of criterion is a batch.
            let samples = samples.iter().map(|time| time / workload.batch as f64);
            let row = Row {
                who: contender.name,
                time: Time::of(samples.collect()),
                count: parse(&files.join("count"), |text| text.trim().parse().ok())?,
            };
            match row.time.is_some() || row.count.is_some() && !workload.is_timed() {
                true => rows.push(row),
                false => missing.push(format!("{workload}/{contender}")),
            }
        }
        if !rows.is_empty() {
            comparisons.push(Comparison { workload, rows });
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

/// Returns what criterion is to call a round.
pub fn round(number: usize) -> String {
    format!("round {number}")
}

/// Deletes what was measured of a contender in all rounds, so that rounds of two runs do not mix.
/// Its count stays.
///
/// # Errors
///
/// Returns an error if a file cannot be deleted.
pub fn forget(folder: &Path, workload: &Workload, contender: &Contender) -> io::Result<()> {
    for round in (1..=ROUNDS).map(round) {
        match fs::remove_dir_all(folder_of(folder, workload, contender).join(round)) {
            Err(error) if error.kind() != io::ErrorKind::NotFound => return Err(error),
            _ => {}
        }
    }
    Ok(())
}

/// Keeps a count where [`read`] looks for it.
///
/// # Errors
///
/// Returns an error if the file cannot be written.
pub fn keep_count(
    folder: &Path,
    workload: &Workload,
    contender: &Contender,
    count: f64,
) -> io::Result<()> {
    let folder = folder_of(folder, workload, contender);
    fs::create_dir_all(&folder)?;
    fs::write(folder.join("count"), format!("{count}\n"))
}

/// Returns where criterion leaves what it measures of a contender.
fn folder_of(folder: &Path, workload: &Workload, contender: &Contender) -> PathBuf {
    folder.join(&workload.name).join(contender.name)
}

/// Reads a file, if there is one.
fn parse<T>(file: &Path, read: impl Fn(&str) -> Option<T>) -> io::Result<Option<T>> {
    let unreadable =
        |why: &dyn fmt::Display| io::Error::other(format!("cannot read {}: {why}", file.display()));
    match fs::read_to_string(file) {
        Ok(text) => {
            let read = read(&text).ok_or_else(|| unreadable(&"it does not hold what it should"))?;
            Ok(Some(read))
        }
        Err(error) if error.kind() == io::ErrorKind::NotFound => Ok(None),
        Err(error) => Err(unreadable(&error)),
    }
}

/// Reads criterion's samples, in nanoseconds an iteration: it writes how many iterations each has,
/// and how long they took.
fn samples_of(json: &str) -> Option<Vec<f64>> {
    let numbers = |name: &str| {
        let (_, numbers) = json.split_once(&format!("\"{name}\":["))?;
        let (numbers, _) = numbers.split_once(']')?;
        let numbers = numbers.split(',').map(|number| number.trim().parse().ok());
        numbers.collect::<Option<Vec<f64>>>()
    };
    let (iterations, times) = (numbers("iters")?, numbers("times")?);
    let samples = times.iter().zip(iterations);
    Some(samples.map(|(time, count)| time / count).collect())
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn programs_and_benchmarks_share_a_folder() {
        let target = Path::new("/a/target");
        for built in ["release/benches", "release/deps/times-1234"] {
            assert_eq!(target_of(&target.join(built)), target);
        }
    }

    #[test]
    fn a_sample_is_the_time_of_an_iteration() {
        let json = r#"{"sampling_mode":"Flat","iters":[2.0,2.0,4.0],"times":[8.0,2.0,1e1]}"#;
        assert_eq!(samples_of(json), Some(vec![4.0, 1.0, 2.5]));
    }

    #[test]
    fn what_has_no_samples_gives_none() {
        for text in [
            "",
            "{}",
            r#"{"iters":[],"times":[]}"#,
            r#"{"iters":[1],"times":[x]}"#,
        ] {
            assert_eq!(samples_of(text), None);
        }
    }
}
