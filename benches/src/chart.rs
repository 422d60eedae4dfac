//! All that was measured, in one picture.
//!
//! Between a switch and a thread lie five powers of ten, so the axis is logarithmic: each line
//! stands for ten times the time of the one before. A group of bars is as wide as a phone; on a
//! wider page the groups stand in two columns. The picture brings its own background, and is light
//! on paper.

use timeline::image::{INK, Image, LINE, PAPER, SOFT, palette};
use timeline::units::{decade, measured};

use crate::comparison::{Comparison, Time};
use crate::table::median;

/// The width of a column.
const COLUMN: f64 = 360.0;
/// Where the bars of a column begin; their names come before that.
const LEFT: f64 = 124.0;
/// Where the longest bar may end; its time comes after that.
const RIGHT: f64 = COLUMN - 68.0;
const MARGIN: f64 = 8.0;
/// What a bar takes of the height, with the gap below it.
const ROW: f64 = 19.0;
const BAR: f64 = 14.0;
/// What the heading of a workload takes of the height, and the axis below its bars.
const HEADING: f64 = 30.0;
const AXIS: f64 = 18.0;
/// What the legend takes of the height.
const TOP: f64 = 64.0;
/// What the legend says, after a sample of each color.
const LEGEND: [(&str, &str, f64); 4] = [
    ("generators", "generators", 0.0),
    ("futures", "futures", 96.0),
    ("threads", "threads", 172.0),
    ("asyncio", "asyncio", 250.0),
];

const FONTS: &str = "\
text { font: 13px system-ui, -apple-system, 'Segoe UI', Roboto, Helvetica, Arial, sans-serif }
.name { font-weight: 600; font-size: 14px } .small { font-size: 12px }
.middle { text-anchor: middle }
.value { paint-order: stroke; stroke-width: 4px }
";

const COLORS: [(&str, [&str; 2]); 10] = [
    (".paper { fill: ? }", PAPER),
    ("text { fill: ? }", INK),
    (".small { fill: ? }", SOFT),
    (".grid { stroke: ? }", LINE),
    (".value { stroke: ? }", PAPER),
    (".whisker { stroke: ? }", INK),
    (".generators { fill: ? }", ["#1a7f64", "#2ea98a"]),
    (".futures { fill: ? }", ["#2f6feb", "#4493f8"]),
    (".threads { fill: ? }", ["#8c959f", "#7d8590"]),
    (".asyncio { fill: ? }", ["#bf8700", "#d29922"]),
];

/// Draws a bar for each contender of the workloads that are to be in the chart, with a whisker from
/// the shortest to the longest time, as an SVG document of so many columns.
///
/// It follows the reader's choice of light or dark, and has no scripts. Screen readers are told all
/// times.
///
/// # Examples
///
/// ```
/// use benches::comparison::{Comparison, Row, Time};
///
/// let workload = &benches::workloads::all()[1];
/// let rows = [("step 4", 20.0), ("step 5", 2_000.0)].map(|(who, time)| {
///     Row { who, time: Time::of(vec![time]), count: None }
/// });
/// let svg = benches::chart::svg(&[Comparison { workload, rows: rows.to_vec() }], 1);
/// assert!(svg.starts_with("<svg ") && svg.ends_with("</svg>\n"));
/// assert!(svg.contains("switch among 1,000 tasks: step 4 20.0 ns, step 5 2.00 µs."));
/// ```
pub fn svg(comparisons: &[Comparison], columns: usize) -> String {
    let comparisons = comparisons.iter();
    let charted = comparisons.filter(|comparison| comparison.workload.is_charted);
    let charted = Vec::from_iter(charted);
    let axis = Axis::of(charted.iter().flat_map(|comparison| times(comparison)));
    let mut image = Image::default();
    draw_legend(&mut image, &axis);
    let all: f64 = charted.iter().map(|comparison| height(comparison)).sum();
    let (mut column, mut top, mut bottom) = (0, TOP, TOP);
    for comparison in &charted {
        // The middle of a group says which column it belongs to.
        let middle = (top - TOP) + height(comparison) / 2.0;
        if column + 1 < columns && middle > all / columns as f64 {
            (column, top) = (column + 1, TOP);
        }
        let left = column as f64 * COLUMN;
        draw_comparison(&mut image, &axis, comparison, [left, top]);
        top += height(comparison);
        bottom = bottom.max(top);
    }
    let title = "The time of one operation, step by step";
    let style = FONTS.to_owned() + &palette(&COLORS);
    let size = [COLUMN * columns as f64, bottom + MARGIN];
    image.finish(size, title, &describe(&charted), &style)
}

fn draw_legend(image: &mut Image, axis: &Axis) {
    for (class, name, left) in LEGEND {
        image.rect(class, [MARGIN + left, 10.0, 11.0, 11.0]);
        image.text("small", [MARGIN + left + 15.0, 20.0], name);
    }
    let caption = format!(
        "Bars begin at {}; each line is ten times the one before.",
        decade(axis.first)
    );
    image.text("small", [MARGIN, 38.0], &caption);
    let caption = "Whiskers: the range. ~: its end is over twice its start.";
    image.text("small", [MARGIN, 54.0], caption);
}

/// What a group takes of the height.
fn height(comparison: &Comparison) -> f64 {
    HEADING + ROW * times(comparison).count() as f64 + AXIS
}

/// Returns the contenders' names and times.
fn times(comparison: &Comparison) -> impl Iterator<Item = (&'static str, Time)> {
    let rows = comparison.rows.iter();
    rows.filter_map(|row| Some((row.who, row.time?)))
}

/// Says in words what the picture shows.
fn describe(comparisons: &[&Comparison]) -> String {
    let sentence = |comparison: &&Comparison| {
        let times = times(comparison).map(|(who, time)| format!("{who} {}", measured(time.median)));
        let times = Vec::from_iter(times).join(", ");
        format!("{}: {times}.", comparison.workload)
    };
    Vec::from_iter(comparisons.iter().map(sentence)).join(" ")
}

/// Draws the heading, the bars and the axis of a workload.
fn draw_comparison(image: &mut Image, axis: &Axis, comparison: &Comparison, at: [f64; 2]) {
    let [left, top] = at;
    image.text(
        "name",
        [left + MARGIN, top + 20.0],
        &comparison.workload.name,
    );
    let mut y = top + HEADING;
    let bottom = top + height(comparison) - AXIS;
    for (exponent, x) in axis.decades() {
        image.line("grid", [left + x, y - 3.0], [left + x, bottom]);
        // Names of all lines would run together.
        if exponent % 3 == 0 {
            let label = [left + x, bottom + 13.0];
            image.text("small middle", label, &decade(exponent));
        }
    }
    for (who, time) in times(comparison) {
        let (end, middle, baseline) = (axis.x(time.median), y + BAR / 2.0, y + BAR - 2.5);
        let [least, most] = [time.least, time.most].map(|time| left + axis.x(time));
        image.text("", [left + MARGIN, baseline], who);
        image.rect(class(who), [left + LEFT, y, end - LEFT, BAR]);
        let whisker = "whisker";
        image.line(whisker, [least, middle], [most, middle]);
        for x in [least, most] {
            image.line(whisker, [x, middle - 3.0], [x, middle + 3.0]);
        }
        image.text("value", [most + 4.0, baseline], &median(&time));
        y += ROW;
    }
}

/// Generators, futures, and what the system and Python have.
fn class(who: &str) -> &'static str {
    match who.strip_prefix("step ").map(|number| number.as_bytes()[0]) {
        Some(b'1'..=b'4') => "generators",
        Some(_) => "futures",
        None if who.starts_with("threads") => "threads",
        None => "asyncio",
    }
}

/// A logarithmic axis.
#[derive(Debug, PartialEq)]
struct Axis {
    /// The exponent of ten at its left end, in nanoseconds.
    first: i32,
    /// The exponent at its right end.
    last: i32,
}

impl Axis {
    /// Makes the shortest axis of whole powers of ten on which the shortest bar can still be seen.
    fn of(times: impl Iterator<Item = (&'static str, Time)>) -> Axis {
        let (mut least, mut most) = (f64::MAX, 1.0_f64);
        for (_, time) in times {
            (least, most) = (least.min(time.least), most.max(time.most));
        }
        let first = (least.clamp(0.001, most).log10() - 0.3).floor() as i32;
        let last = (most.log10().ceil() as i32).max(first + 1);
        Axis { first, last }
    }

    /// Returns where a time is on the axis.
    fn x(&self, nanoseconds: f64) -> f64 {
        let part = (nanoseconds.max(0.001).log10() - f64::from(self.first))
            / f64::from(self.last - self.first);
        LEFT + (RIGHT - LEFT) * part
    }

    fn decades(&self) -> impl Iterator<Item = (i32, f64)> {
        (self.first..=self.last).map(|exponent| (exponent, self.x(10_f64.powi(exponent))))
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    fn axis(times: &[f64]) -> Axis {
        let times = times.iter().filter_map(|&time| Time::of(vec![time]));
        Axis::of(times.map(|time| ("step 5", time)))
    }

    #[test]
    fn an_axis_has_room_for_the_shortest_bar() {
        assert_eq!(axis(&[3.0, 50.0, 2_000.0]), Axis { first: 0, last: 4 });
        assert_eq!(axis(&[1.5, 1_000.0]), Axis { first: -1, last: 3 });
        assert_eq!(axis(&[5.0]), Axis { first: 0, last: 1 });
        assert_eq!(axis(&[]), Axis { first: -1, last: 0 });
    }

    #[test]
    fn ten_times_as_long_is_as_far_everywhere() {
        let axis = Axis { first: 0, last: 4 };
        assert_eq!((axis.x(1.0), axis.x(10_000.0)), (LEFT, RIGHT));
        let distance = |from: f64| axis.x(from * 10.0) - axis.x(from);
        assert!((distance(2.0) - distance(300.0)).abs() < 1e-9);
    }

    #[test]
    fn each_contender_has_a_bar_and_a_whisker() {
        let workloads = crate::workloads::all();
        let workload = workloads.iter().find(|workload| workload.is_charted);
        let workload = workload.expect("some are");
        let row = |who, samples: &[f64]| crate::comparison::Row {
            who,
            time: Time::of(samples.to_vec()),
            count: None,
        };
        let rows = vec![row("step 2 by hand", &[0.0]), row("step 5", &[3.0, 9.0])];
        let svg = svg(&[Comparison { workload, rows }], 1);
        assert_eq!(svg.matches(r#"height="14"/>"#).count(), 2);
        assert_eq!(svg.matches(r#"class="whisker""#).count(), 2 * 3);
        assert!(svg.contains(">~6.00 ns</text>"), "{svg}");
        assert!(!svg.contains("NaN"));
    }

    #[test]
    fn two_columns_are_half_as_high() {
        let workloads = crate::workloads::all();
        let comparison = |workload| Comparison {
            workload,
            rows: vec![crate::comparison::Row {
                who: "step 5",
                time: Time::of(vec![5.0]),
                count: None,
            }],
        };
        let charted = workloads.iter().filter(|workload| workload.is_charted);
        let charted = Vec::from_iter(charted.take(4).map(comparison));
        let group = height(&charted[0]);
        for (columns, groups) in [(1, 4.0), (2, 2.0)] {
            let svg = svg(&charted, columns);
            let (width, height) = (360 * columns, TOP + MARGIN + groups * group);
            let expected = format!(r#"width="{width}" height="{height}" role="#);
            assert!(svg.contains(&expected), "{expected}: {svg}");
        }
    }
}
