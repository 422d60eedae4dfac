//! What was measured, from the files that criterion leaves, and those with counts beside them.

use std::path::{Path, PathBuf};
use std::{env, fmt, fs, io};

use crate::workload::{Contender, Count, Workload, step};

/// What was measured of a workload.
#[derive(Debug)]
pub struct Comparison<'a> {
    /// The workload.
    pub workload: &'a Workload,
    /// What the contenders take, in their order.
    pub rows: Vec<Row>,
}

/// What an operation takes a contender.
#[derive(Clone, Copy, Debug, PartialEq)]
pub struct Row {
    /// The contender's name.
    pub who: &'static str,
    /// The time; `None` where there is only a count.
    pub time: Option<Time>,
    /// What the workload says that it counts; `None` if that was not counted.
    pub count: Option<f64>,
}

/// The times of one operation in nanoseconds, over criterion's samples.
#[derive(Clone, Copy, Debug, PartialEq)]
pub struct Time {
    /// As many were shorter as longer.
    pub median: f64,
    /// The shortest.
    pub least: f64,
    /// The longest.
    pub most: f64,
}

/// How many times as much a contender takes as another one.
#[derive(Clone, Copy, Debug, PartialEq)]
pub struct Ratios {
    /// As the step in a row before; `None` if this is not a step, or is the first.
    pub to_step_before: Option<f64>,
    /// As step 5, or what runs on it.
    pub to_step5: Option<f64>,
}

/// What [`read`] has found.
#[derive(Debug)]
pub struct Found<'a> {
    /// The workloads of which at least one contender was measured.
    pub comparisons: Vec<Comparison<'a>>,
    /// The names of contenders that were not measured.
    pub missing: Vec<String>,
}

impl Row {
    /// Returns what is compared: the median time, or the bytes where there is no time.
    pub fn value(&self) -> Option<f64> {
        self.time.map(|time| time.median).or(self.count)
    }
}

impl Time {
    /// Makes them of samples; `None` if there are none.
    pub fn of(mut samples: Vec<f64>) -> Option<Time> {
        samples.sort_by(f64::total_cmp);
        let (half, is_odd) = (samples.len() / 2, samples.len() % 2 == 1);
        Some(Time {
            least: *samples.first()?,
            most: *samples.last()?,
            median: match is_odd {
                true => samples[half],
                false => samples[half - 1].midpoint(samples[half]),
            },
        })
    }

    /// Returns whether it moves so much that its median means little: the longest is more than
    /// twice the shortest.
    pub fn moves(&self) -> bool {
        self.most > 2.0 * self.least
    }
}

impl Comparison<'_> {
    /// Returns each row with its ratios.
    ///
    /// # Examples
    ///
    /// ```
    /// use benches::results::{Comparison, Row, Time};
    ///
    /// let workload = &benches::workloads::all()[0];
    /// let rows = [("step 1", 10.0), ("step 5", 20.0), ("asyncio", 80.0)];
    /// let rows = rows.map(|(who, time)| {
    ///     Row { who, time: Time::of(vec![time]), count: None }
    /// });
    /// let comparison = Comparison { workload, rows: rows.to_vec() };
    /// let ratios = Vec::from_iter(comparison.with_ratios().map(|(_, ratios)| ratios));
    /// assert_eq!(ratios[1].to_step_before, Some(2.0));
    /// assert_eq!(ratios[2].to_step_before, None);
    /// assert_eq!(ratios[2].to_step5, Some(4.0));
    /// ```
    pub fn with_ratios(&self) -> impl Iterator<Item = (&Row, Ratios)> {
        let step5 = self.row("step 5").or_else(|| self.row("step 6"));
        self.rows.iter().enumerate().map(move |(i, row)| {
            let mut before = self.rows[..i].iter();
            let before = before.rfind(|before| step(before.who).is_some());
            let before = before.filter(|_| row.who.starts_with("step"));
            let ratio_to = |other: &Row| Some(row.value()? / other.value()?);
            let ratios = Ratios {
                to_step_before: before.and_then(ratio_to),
                to_step5: step5.and_then(ratio_to),
            };
            (row, ratios)
        })
    }

    /// Finds a contender's row.
    pub fn row(&self, who: &str) -> Option<&Row> {
        self.rows.iter().find(|row| row.who == who)
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
            let row = Row {
                who: contender.name,
                time: parse(&files.join("new/sample.json"), time)?,
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

/// Returns where criterion leaves what it has measured of a contender.
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

/// Reads criterion's samples: how many iterations each has, and how long they took.
fn time(json: &str) -> Option<Time> {
    let numbers = |name: &str| {
        let (_, numbers) = json.split_once(&format!("\"{name}\":["))?;
        let (numbers, _) = numbers.split_once(']')?;
        let numbers = numbers.split(',').map(|number| number.trim().parse().ok());
        numbers.collect::<Option<Vec<f64>>>()
    };
    let (iterations, times) = (numbers("iters")?, numbers("times")?);
    let samples = times
        .iter()
        .zip(iterations)
        .map(|(time, count)| time / count);
    Time::of(samples.collect())
}

impl fmt::Display for Count {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        f.pad(match self {
            Count::Instructions => "instructions",
            Count::SystemCalls => "system calls",
            Count::Allocations => "allocations",
            Count::Bytes => "bytes",
        })
    }
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
    fn samples_give_median_and_range() {
        let json = r#"{"sampling_mode":"Flat","iters":[2.0,2.0,4.0],"times":[8.0,2.0,1e1]}"#;
        let (median, least, most) = (2.5, 1.0, 4.0);
        assert_eq!(
            time(json),
            Some(Time {
                median,
                least,
                most
            })
        );
        assert_eq!(Time::of(vec![4.0, 1.0]).unwrap().median, 2.5);
    }

    #[test]
    fn what_has_no_samples_gives_none() {
        for text in [
            "",
            "{}",
            r#"{"iters":[],"times":[]}"#,
            r#"{"iters":[1],"times":[x]}"#,
        ] {
            assert_eq!(time(text), None);
        }
    }

    #[test]
    fn what_doubles_moves() {
        assert!(!Time::of(vec![1.0, 2.0]).unwrap().moves());
        assert!(Time::of(vec![1.0, 2.1]).unwrap().moves());
    }
}
