//! The axis: where on it a point in time is, and its marks.

use crate::history::{Axis, History};
use crate::units::{decimal, unit_of};

/// An axis, cut into cells of the same width.
#[derive(Clone, Copy, Debug)]
pub(crate) struct Scale {
    axis: Axis,
    length: u64,
    pub(crate) cells: usize,
    /// How many cells there are from the beginning to the end: the end of time has a cell of its
    /// own, for what happens at that instant, and the end of the last turn has none.
    steps: usize,
}

/// A mark on the axis.
#[derive(Clone, Debug, PartialEq, Eq)]
pub(crate) struct Tick {
    pub(crate) at: u64,
    pub(crate) label: String,
}

impl Scale {
    /// Makes the scale of a history for so many cells at most, which must be at least two.
    ///
    /// No turn has more than `widest_turn`, so that a few turns don't look like many.
    pub(crate) fn new(history: &History, most: usize, widest_turn: usize) -> Scale {
        let (axis, length) = (history.axis, history.length.max(1));
        let cells = match axis {
            Axis::Time => most,
            Axis::Turns => usize::try_from(length).map_or(most, |turns| match most / turns {
                0 => most,
                each => turns * each.min(widest_turn),
            }),
        };
        let steps = if axis == Axis::Time { cells - 1 } else { cells };
        Scale {
            axis,
            length,
            cells,
            steps,
        }
    }

    /// Returns the cell that a point is in: the nearest for a time, while a turn begins at the left
    /// of its cell.
    pub(crate) fn cell(&self, at: u64) -> usize {
        let cell = self.scaled(at) / self.size();
        usize::try_from(cell).map_or(self.cells - 1, |cell| cell.min(self.cells - 1))
    }

    /// Returns where a point is, as a part of the whole width.
    pub(crate) fn fraction(&self, at: u64) -> f64 {
        self.scaled(at) as f64 / (self.size() as f64 * self.cells as f64)
    }

    /// Returns how much of a cell lies between two points, in a unit in which a cell has
    /// [`size`](Self::size).
    pub(crate) fn overlap(&self, cell: usize, from: u64, to: u64) -> u128 {
        let begin = cell as u128 * self.size();
        let end = begin + self.size();
        // What lasts to the end lasts forever.
        let to = if to >= self.length {
            end
        } else {
            self.scaled(to).min(end)
        };
        to.saturating_sub(self.scaled(from).max(begin))
    }

    /// Twice the length, so that the half of it is a whole number.
    fn size(&self) -> u128 {
        2 * u128::from(self.length)
    }

    fn scaled(&self, at: u64) -> u128 {
        let half = if self.axis == Axis::Time {
            self.length
        } else {
            0
        };
        2 * u128::from(at) * self.steps as u128 + u128::from(half)
    }

    /// Returns what is counted, unless the marks say it.
    pub(crate) fn title(&self) -> &'static str {
        if self.axis == Axis::Turns { "turn" } else { "" }
    }

    /// Returns where the label of a mark begins: at the mark, or before it if it would go past the
    /// end.
    pub(crate) fn label_cell(&self, tick: &Tick) -> usize {
        self.cell(tick.at)
            .min(self.cells.saturating_sub(tick.label.chars().count()))
    }

    /// Returns the marks, as many as there is room for.
    pub(crate) fn ticks(&self) -> Vec<Tick> {
        let gap = if self.axis == Axis::Turns { 2 } else { 3 };
        self.ticks_apart(|label| label.chars().count(), gap)
    }

    /// Returns the marks, as many as there is room for when labels are so many cells wide, and so
    /// many apart.
    pub(crate) fn ticks_apart(&self, width: impl Fn(&str) -> usize, gap: usize) -> Vec<Tick> {
        let begin = |tick: &Tick| {
            self.cell(tick.at)
                .min(self.cells.saturating_sub(width(&tick.label)))
        };
        let (unit, nanos) = match self.axis {
            Axis::Time => unit_of(self.length),
            Axis::Turns => ("", 1),
        };
        let steps = (0..20).flat_map(|power| {
            [1, 2, 5].map(|step: u64| step.checked_mul(10_u64.checked_pow(power)?))
        });
        for step in steps.flatten() {
            if self.cell(step) < 2 && step < self.length {
                continue;
            }
            let ticks = self.ticks_each(step, unit, nanos);
            let is_apart = ticks
                .windows(2)
                .all(|two| begin(&two[0]) + width(&two[0].label) + gap <= begin(&two[1]));
            if is_apart {
                return ticks;
            }
        }
        self.ticks_each(u64::MAX, unit, nanos)
    }

    fn ticks_each(&self, step: u64, unit: &str, nanos: u64) -> Vec<Tick> {
        let mut ticks: Vec<Tick> = match self.axis {
            Axis::Time => {
                let at = (0..=self.length / step).map(|i| i * step);
                at.map(|at| Tick {
                    at,
                    label: decimal(at, nanos),
                })
                .collect()
            }
            Axis::Turns => {
                // Turns are counted from 1: the first, and then those that are a multiple of the
                // step.
                let numbers = std::iter::once(1).chain(
                    (1..=self.length / step)
                        .map(|i| i * step)
                        .filter(|i| *i > 1),
                );
                numbers
                    .map(|number| Tick {
                        at: number - 1,
                        label: number.to_string(),
                    })
                    .collect()
            }
        };
        if let Some(last) = ticks.last_mut().filter(|_| !unit.is_empty()) {
            last.label = format!("{} {unit}", last.label);
        }
        ticks
    }
}
