//! What was measured of an operation, one contender beside the other.

use crate::workload::{Workload, step};

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
    /// use benches::comparison::{Comparison, Row, Time};
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

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn a_median_is_in_the_middle() {
        let time = Time::of(vec![4.0, 1.0, 2.5]).unwrap();
        assert_eq!((time.least, time.median, time.most), (1.0, 2.5, 4.0));
        assert_eq!(Time::of(vec![4.0, 1.0]).unwrap().median, 2.5);
        assert_eq!(Time::of(vec![]), None);
    }

    #[test]
    fn what_doubles_moves() {
        assert!(!Time::of(vec![1.0, 2.0]).unwrap().moves());
        assert!(Time::of(vec![1.0, 2.1]).unwrap().moves());
    }
}
