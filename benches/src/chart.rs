//! All that was measured, in one picture.
//!
//! Between a yield and a thread lie four powers of ten, so the axis is logarithmic: each line
//! stands for ten times the time of the one before. The picture is narrow enough for a phone,
//! brings its own background, and is light on paper.

use timeline::image::{INK, Image, LINE, PAPER, SOFT, palette};
use timeline::units::{decade, measured};

use crate::results::{Comparison, Time};
use crate::workloads::Who;

const WIDTH: f64 = 360.0;
/// Where the bars begin; their names come before that.
const LEFT: f64 = 66.0;
/// Where the longest bar may end; its time comes after that.
const RIGHT: f64 = WIDTH - 66.0;
const MARGIN: f64 = 8.0;
/// What a bar takes of the height, with the gap below it.
const ROW: f64 = 19.0;
const BAR: f64 = 14.0;
/// What a workload's two lines of heading take of the height.
const HEADING: f64 = 44.0;
/// What the axis and the caption take of the height, and the axis below the bars.
const TOP: f64 = 50.0;
const BOTTOM: f64 = 26.0;

const FONTS: &str = "\
text { font: 13px system-ui, -apple-system, 'Segoe UI', Roboto, Helvetica, Arial, sans-serif }
.name { font-weight: 600; font-size: 14px } .small { font-size: 12px } .middle { text-anchor: middle }
.value { paint-order: stroke; stroke-width: 4px }
";

const COLORS: [(&str, [&str; 2]); 8] = [
    (".paper { fill: ? }", PAPER),
    ("text { fill: ? }", INK),
    (".small { fill: ? }", SOFT),
    (".grid { stroke: ? }", LINE),
    (".value { stroke: ? }", PAPER),
    (".step { fill: ? }", ["#2f6feb", "#4493f8"]),
    (".threads { fill: ? }", ["#8c959f", "#7d8590"]),
    (".asyncio { fill: ? }", ["#bf8700", "#d29922"]),
];

/// Draws a bar for each contender of each workload, as an SVG document.
///
/// It follows the reader's choice of light or dark, and has no scripts. Screen readers are told all
/// times.
///
/// # Examples
///
/// ```
/// use benches::results::{Comparison, Time};
/// use benches::workloads::Who;
///
/// let times = vec![
///     Time { who: Who::Step(4), nanoseconds: 20.0 },
///     Time { who: Who::Step(5), nanoseconds: 2_000.0 },
/// ];
/// let switch = Comparison { workload: "switch".into(), operation: "one yield".into(), times };
/// let svg = benches::chart::svg(&[switch]);
/// assert!(svg.starts_with("<svg ") && svg.ends_with("</svg>\n"));
/// assert!(svg.contains("switch, one yield: step 4 20.0 ns, step 5 2.00 µs."));
/// ```
pub fn svg(comparisons: &[Comparison]) -> String {
    let axis = Axis::of(comparisons);
    let mut image = Image::default();
    let caption = "Time of one operation. From line to line: × 10.";
    image.text("small", [MARGIN, 20.0], caption);
    axis.draw_labels(&mut image, TOP - 6.0);
    let mut top = TOP;
    for comparison in comparisons {
        top = draw_comparison(&mut image, &axis, comparison, top);
    }
    axis.draw_labels(&mut image, top + 14.0);
    let title = "The time of one operation, step by step";
    let style = FONTS.to_owned() + &palette(&COLORS);
    image.finish([WIDTH, top + BOTTOM], title, &describe(comparisons), &style)
}

/// Says in words what the picture shows.
fn describe(comparisons: &[Comparison]) -> String {
    let sentence = |comparison: &Comparison| {
        let time = |time: &Time| format!("{} {}", time.who, measured(time.nanoseconds));
        let times = Vec::from_iter(comparison.times.iter().map(time)).join(", ");
        format!(
            "{}, {}: {times}.",
            comparison.workload, comparison.operation
        )
    };
    Vec::from_iter(comparisons.iter().map(sentence)).join(" ")
}

/// Draws the heading, the lines and the bars of a workload, and returns where they end.
fn draw_comparison(image: &mut Image, axis: &Axis, comparison: &Comparison, top: f64) -> f64 {
    image.text("name", [MARGIN, top + 18.0], &comparison.workload);
    image.text("small", [MARGIN, top + 34.0], &comparison.operation);
    let bars = top + HEADING;
    let bottom = bars + ROW * comparison.times.len() as f64;
    axis.draw_lines(image, bars - 3.0, bottom);
    let mut y = bars;
    for time in &comparison.times {
        let (end, baseline) = (axis.x(time.nanoseconds), y + BAR - 2.5);
        image.text("", [MARGIN, baseline], &time.who.to_string());
        image.rect(class(time.who), [LEFT, y, end - LEFT, BAR]);
        let value = measured(time.nanoseconds);
        image.text("value", [end + 4.0, baseline], &value);
        y += ROW;
    }
    bottom
}

fn class(who: Who) -> &'static str {
    match who {
        Who::Step(_) => "step",
        Who::Threads => "threads",
        Who::Asyncio => "asyncio",
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
    fn of(comparisons: &[Comparison]) -> Axis {
        let times = comparisons.iter().flat_map(|comparison| &comparison.times);
        let exponents = Vec::from_iter(times.map(|time| time.nanoseconds.max(0.001).log10()));
        let (least, greatest) = (
            exponents.iter().copied().reduce(f64::min),
            exponents.iter().copied().reduce(f64::max),
        );
        let first = (least.unwrap_or(0.0) - 0.3).floor() as i32;
        Axis {
            first,
            last: (greatest.unwrap_or(0.0).ceil() as i32).max(first + 1),
        }
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

    fn draw_lines(&self, image: &mut Image, top: f64, bottom: f64) {
        for (_, x) in self.decades() {
            image.line("grid", [x, top], [x, bottom]);
        }
    }

    fn draw_labels(&self, image: &mut Image, y: f64) {
        for (exponent, x) in self.decades() {
            image.text("small middle", [x, y], &decade(exponent));
        }
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    fn comparison(times: &[f64]) -> Comparison {
        let times = times
            .iter()
            .map(|&nanoseconds| Time {
                who: Who::Step(2),
                nanoseconds,
            })
            .collect();
        Comparison {
            workload: "switch".into(),
            operation: "one yield".into(),
            times,
        }
    }

    #[test]
    fn an_axis_has_room_for_the_shortest_bar() {
        assert_eq!(
            Axis::of(&[comparison(&[3.0, 50.0]), comparison(&[2_000.0])]),
            Axis { first: 0, last: 4 }
        );
        assert_eq!(
            Axis::of(&[comparison(&[1.5, 1_000.0])]),
            Axis { first: -1, last: 3 }
        );
        assert_eq!(Axis::of(&[comparison(&[5.0])]), Axis { first: 0, last: 1 });
        assert_eq!(Axis::of(&[]), Axis { first: -1, last: 0 });
    }

    #[test]
    fn ten_times_as_long_is_as_far_everywhere() {
        let axis = Axis { first: 0, last: 4 };
        assert_eq!((axis.x(1.0), axis.x(10_000.0)), (LEFT, RIGHT));
        let distance = |from: f64| axis.x(from * 10.0) - axis.x(from);
        assert!((distance(2.0) - distance(300.0)).abs() < 1e-9);
    }

    #[test]
    fn no_time_at_all_is_drawn_too() {
        assert!(!svg(&[comparison(&[0.0])]).contains("NaN"));
    }

    #[test]
    fn each_contender_has_a_bar() {
        let svg = svg(&[comparison(&[3.0, 50.0]), comparison(&[2_000.0])]);
        assert_eq!(svg.matches(r#"<rect class="step""#).count(), 3);
    }
}
