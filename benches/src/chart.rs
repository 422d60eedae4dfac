//! All that was measured, in one picture.
//!
//! Between a yield and a thread lie four powers of ten, so the axis is logarithmic: each line
//! stands for ten times the time of the one before. The picture is narrow enough for a phone,
//! brings its own background, and is light on paper.

use std::fmt::Write;

use crate::results::{Comparison, Time};
use crate::units;
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

const STYLE: &str = "\
text { font: 13px system-ui, -apple-system, 'Segoe UI', Roboto, Helvetica, Arial, sans-serif; fill: #1f2328 }
.background { fill: #ffffff } .grid { stroke: #d1d9e0 }
.name { font-weight: 600; font-size: 14px } .small { font-size: 12px; fill: #59636e } .middle { text-anchor: middle }
.value { paint-order: stroke; stroke: #ffffff; stroke-width: 4px }
.step { fill: #2f6feb } .threads { fill: #8c959f } .asyncio { fill: #bf8700 }
@media screen and (prefers-color-scheme: dark) {
text { fill: #e6edf3 } .background { fill: #0d1117 } .grid { stroke: #30363d } .small { fill: #9198a1 }
.value { stroke: #0d1117 } .step { fill: #4493f8 } .threads { fill: #7d8590 } .asyncio { fill: #d29922 }
}";

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
    let heights = comparisons
        .iter()
        .map(|comparison| HEADING + ROW * comparison.times.len() as f64);
    let height = TOP + heights.sum::<f64>() + BOTTOM;

    let mut svg = format!(
        "<svg xmlns=\"http://www.w3.org/2000/svg\" viewBox=\"0 0 {WIDTH} {height}\" width=\"{WIDTH}\" \
         height=\"{height}\" role=\"img\" aria-labelledby=\"title description\">\n\
         <title id=\"title\">The time of one operation, step by step</title>\n\
         <desc id=\"description\">{}</desc>\n<style>\n{STYLE}\n</style>\n\
         <rect class=\"background\" width=\"{WIDTH}\" height=\"{height}\"/>\n",
        describe(comparisons)
    );
    draw_text(
        &mut svg,
        "small",
        (MARGIN, 20.0),
        "Time of one operation. From line to line: × 10.",
    );
    axis.draw_labels(&mut svg, TOP - 6.0);
    let mut top = TOP;
    for comparison in comparisons {
        top = draw_comparison(&mut svg, &axis, comparison, top);
    }
    axis.draw_labels(&mut svg, top + 14.0);
    svg.push_str("</svg>\n");
    svg
}

/// Says in words what the picture shows.
fn describe(comparisons: &[Comparison]) -> String {
    let sentence = |comparison: &Comparison| {
        let time = |time: &Time| format!("{} {}", time.who, units::time(time.nanoseconds));
        let times = Vec::from_iter(comparison.times.iter().map(time)).join(", ");
        format!(
            "{}, {}: {times}.",
            comparison.workload, comparison.operation
        )
    };
    Vec::from_iter(comparisons.iter().map(sentence)).join(" ")
}

/// Draws the heading, the lines and the bars of a workload, and returns where they end.
fn draw_comparison(svg: &mut String, axis: &Axis, comparison: &Comparison, top: f64) -> f64 {
    draw_text(svg, "name", (MARGIN, top + 18.0), &comparison.workload);
    draw_text(svg, "small", (MARGIN, top + 34.0), &comparison.operation);
    let bars = top + HEADING;
    let bottom = bars + ROW * comparison.times.len() as f64;
    axis.draw_lines(svg, bars - 3.0, bottom);
    let mut y = bars;
    for time in &comparison.times {
        let (end, baseline) = (axis.x(time.nanoseconds), y + BAR - 2.5);
        let (class, width) = (class(time.who), end - LEFT);
        draw_text(svg, "", (MARGIN, baseline), &time.who.to_string());
        _ = writeln!(
            svg,
            r#"<rect class="{class}" x="{LEFT}" y="{y}" width="{width:.1}" height="{BAR}" rx="2"/>"#
        );
        draw_text(
            svg,
            "value",
            (end + 4.0, baseline),
            &units::time(time.nanoseconds),
        );
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

/// Draws a text whose left end is at a point.
fn draw_text(svg: &mut String, class: &str, (x, y): (f64, f64), text: &str) {
    let class = if class.is_empty() {
        String::new()
    } else {
        format!(r#" class="{class}""#)
    };
    _ = writeln!(svg, r#"<text{class} x="{x:.1}" y="{y:.1}">{text}</text>"#);
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

    fn draw_lines(&self, svg: &mut String, top: f64, bottom: f64) {
        for (_, x) in self.decades() {
            _ = writeln!(
                svg,
                r#"<line class="grid" x1="{x:.1}" x2="{x:.1}" y1="{top}" y2="{bottom}"/>"#
            );
        }
    }

    fn draw_labels(&self, svg: &mut String, y: f64) {
        for (exponent, x) in self.decades() {
            let label = units::decade(exponent);
            _ = writeln!(
                svg,
                r#"<text class="small middle" x="{x:.1}" y="{y:.1}">{label}</text>"#
            );
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
    fn all_have_bars_and_elements_are_closed() {
        let svg = svg(&[comparison(&[3.0, 50.0]), comparison(&[2_000.0])]);
        assert_eq!(svg.matches(r#"<rect class="step""#).count(), 3);
        for element in ["svg", "title", "desc", "style", "text"] {
            let opened = svg.matches(&format!("<{element} ")).count()
                + svg.matches(&format!("<{element}>")).count();
            assert_eq!(
                opened,
                svg.matches(&format!("</{element}>")).count(),
                "{element}"
            );
        }
    }
}
