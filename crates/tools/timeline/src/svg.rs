//! Draws a picture as an SVG image.

use std::fmt::Write;

use crate::cells::{Cell, cells};
use crate::history::{Axis, Span, State};
use crate::names::{columns, cut, escaped};
use crate::picture::{Picture, Run};
use crate::scale::{Scale, time};
use crate::text::{counts, heading};

// All lengths are in the image's own units, which are pixels unless it is scaled.
const WIDTH: usize = 760;
const MARGIN: usize = 16;
const ROW: usize = 22;
const BAR: usize = 14;
/// The width of a cell.
const CELL: usize = 2;
const WIDEST_TURN: usize = 24;
/// The width of a letter of the text, which is an estimate: the font is the reader's.
const LETTER: usize = 7;
const LONGEST_NAME: usize = 24;
const MOST_ROWS: usize = 24;

/// The style, for light and for dark. It names each colour where it is used, for not every viewer
/// knows variables.
const STYLE: &str = include_str!("svg.css");

impl Picture {
    /// Draws it as an SVG image, which has no scripts, follows the reader's choice of light or
    /// dark, and says what it shows to those who cannot see it.
    pub fn to_svg(&self) -> String {
        draw(self)
    }
}

fn draw(picture: &Picture) -> String {
    let mut svg = Svg {
        shapes: String::new(),
        y: MARGIN,
    };
    if !picture.title.is_empty() {
        svg.y += 16;
        svg.text(
            MARGIN,
            "h",
            &cut(&picture.title, (WIDTH - 2 * MARGIN) / LETTER),
        );
        svg.y += 12;
    }
    for run in &picture.runs {
        svg.run(run);
    }
    svg.legend(picture);
    let Svg { shapes, y } = svg;
    let height = y + MARGIN;
    let title = if picture.title.is_empty() {
        "Which task did what, and when"
    } else {
        &picture.title
    };
    format!(
        "<svg xmlns=\"http://www.w3.org/2000/svg\" viewBox=\"0 0 {WIDTH} {height}\" width=\"{WIDTH}\" \
         height=\"{height}\" role=\"img\" aria-labelledby=\"title desc\">\n\
         <title id=\"title\">{}</title>\n<desc id=\"desc\">{}</desc>\n<style>\n{STYLE}</style>\n\
         <defs><pattern id=\"hatch\" width=\"5\" height=\"5\" patternUnits=\"userSpaceOnUse\" \
         patternTransform=\"rotate(45)\"><rect class=\"hatched\" width=\"5\" height=\"5\"/>\
         <rect class=\"hatching\" width=\"2\" height=\"5\"/></pattern></defs>\n\
         <rect class=\"paper\" width=\"{WIDTH}\" height=\"{height}\" rx=\"6\"/>\n{shapes}</svg>\n",
        escaped(title),
        escaped(&description(picture)),
    )
}

struct Svg {
    shapes: String,
    y: usize,
}

impl Svg {
    fn run(&mut self, run: &Run) {
        if !run.title.is_empty() {
            self.y += 14;
            self.text(
                MARGIN,
                "r",
                &cut(&heading(run), (WIDTH - 2 * MARGIN) / LETTER),
            );
            self.y += 8;
        }
        let rows = run.rows(MOST_ROWS);
        let longest = rows
            .iter()
            .flatten()
            .map(|row| columns(&run.names[*row]))
            .max()
            .unwrap_or(0);
        let left = MARGIN + (longest.clamp(4, LONGEST_NAME) + 1) * LETTER + 4;
        let scale = Scale::new(&run.history, (WIDTH - MARGIN - left) / CELL, WIDEST_TURN);
        self.axis(&scale, left, rows.len() * ROW);
        for row in &rows {
            match row {
                Some(row) => self.row(run, &scale, left, *row),
                None => {
                    let left_out = run.names.len() + 1 - rows.len();
                    self.y += ROW - 7;
                    self.text(MARGIN, "s", &format!("… {left_out} more tasks, not shown"));
                    self.y += 7;
                }
            }
        }
        self.y += 40;
        self.text(MARGIN, "s", &counts(&run.history.totals()));
        self.y += 16;
    }

    fn row(&mut self, run: &Run, scale: &Scale, left: usize, row: usize) {
        let name = &run.names[row];
        let baseline = self.y + ROW - 7;
        let shown = escaped(&cut(name, LONGEST_NAME));
        let full = if columns(name) > LONGEST_NAME {
            format!("<title>{}</title>", escaped(name))
        } else {
            String::new()
        };
        _ = writeln!(
            self.shapes,
            "<text class=\"n\" x=\"{MARGIN}\" y=\"{baseline}\">{full}{shown}</text>"
        );
        let cells = cells(&run.history, scale, row);
        // What runs is drawn last, to be seen even when it takes no time.
        for is_running in [false, true] {
            let mut x = left;
            for same in cells.chunk_by(|one, other| one == other) {
                let width = same.len() * CELL;
                if is_running == (same[0] == Cell::In(State::Running)) {
                    self.cells(same[0], x, width);
                }
                x += width;
            }
        }
        self.y += ROW;
    }

    /// Draws cells that show the same.
    fn cells(&mut self, what: Cell, x: usize, width: usize) {
        let middle = self.y + ROW / 2;
        let state = match what {
            Cell::In(State::Absent) => return,
            Cell::In(State::Done) => {
                let end = x + width;
                _ = writeln!(
                    self.shapes,
                    "<path class=\"done\" d=\"M{x} {middle}H{end}\"/>"
                );
                return;
            }
            Cell::Cancelled | Cell::Panicked => {
                let sign = if what == Cell::Cancelled { '×' } else { '!' };
                let baseline = middle + 5;
                _ = writeln!(
                    self.shapes,
                    "<text class=\"x\" x=\"{}\" y=\"{baseline}\">{sign}</text>",
                    x + width / 2
                );
                return;
            }
            Cell::In(state) => state,
        };
        let is_brief = state == State::Running && width < 2 * CELL;
        let (x, width) = if is_brief {
            (x - CELL / 2, 2 * CELL)
        } else {
            (x, width)
        };
        let height = if state == State::Running {
            BAR + 4
        } else {
            BAR
        };
        let (class, top) = (class(state), middle - height / 2);
        _ = writeln!(
            self.shapes,
            "<rect class=\"{class}\" x=\"{x}\" y=\"{top}\" width=\"{width}\" height=\"{height}\"/>"
        );
        if state != State::Running && width >= state.name().len() * 6 + 8 {
            let (x, baseline) = (x + 5, middle + 4);
            _ = writeln!(
                self.shapes,
                "<text class=\"t {class}-t\" x=\"{x}\" y=\"{baseline}\">{}</text>",
                state.name()
            );
        }
    }

    /// Draws the axis and its marks, which go through all rows, behind them.
    fn axis(&mut self, scale: &Scale, left: usize, rows: usize) {
        let (top, y, right) = (self.y, self.y + rows + 4, left + scale.cells * CELL);
        _ = writeln!(
            self.shapes,
            "<path class=\"axis\" d=\"M{left} {y}H{right}\"/>"
        );
        // Labels need room: a cell is narrower than a letter.
        let ticks = scale.ticks_apart(|label| label.chars().count() * LETTER / CELL, 20 / CELL);
        for tick in ticks {
            let x = left + scale.cell(tick.at) * CELL;
            let is_last = x + tick.label.chars().count() * LETTER > right;
            let (x, class) = if is_last { (right, "e") } else { (x, "a") };
            _ = writeln!(
                self.shapes,
                "<path class=\"grid\" d=\"M{x} {top}V{}\"/>",
                y + 4
            );
            _ = writeln!(
                self.shapes,
                "<text class=\"s {class}\" x=\"{x}\" y=\"{}\">{}</text>",
                y + 17,
                escaped(&tick.label)
            );
        }
        let title = scale.title();
        _ = writeln!(
            self.shapes,
            "<text class=\"s\" x=\"{MARGIN}\" y=\"{}\">{title}</text>",
            y + 17
        );
    }

    fn legend(&mut self, picture: &Picture) {
        let mut x = MARGIN;
        self.y += 4;
        let (is_cancelled, has_panicked) = picture.broken();
        let states = picture
            .states()
            .map(|state| (Cell::In(state), state.name()));
        let broken = [
            (is_cancelled, Cell::Cancelled, "cancelled"),
            (has_panicked, Cell::Panicked, "panicked"),
        ];
        let broken = broken
            .into_iter()
            .filter(|broken| broken.0)
            .map(|(_, cell, name)| (cell, name));
        for (cell, name) in states.chain(broken) {
            let width = 26 + name.len() * LETTER + 12;
            if x + width > WIDTH - MARGIN {
                (x, self.y) = (MARGIN, self.y + ROW);
            }
            self.cells(cell, x, 18);
            let baseline = self.y + ROW - 7;
            _ = writeln!(
                self.shapes,
                "<text class=\"s\" x=\"{}\" y=\"{baseline}\">{name}</text>",
                x + 24
            );
            x += width;
        }
        self.y += ROW;
    }

    fn text(&mut self, x: usize, class: &str, text: &str) {
        _ = writeln!(
            self.shapes,
            "<text class=\"{class}\" x=\"{x}\" y=\"{}\">{}</text>",
            self.y,
            escaped(text)
        );
    }
}

/// The class of the shapes of a state.
pub(crate) fn class(state: State) -> &'static str {
    match state {
        State::Absent => "absent",
        State::Running => "running",
        State::Ready => "ready",
        State::Sleeping => "sleeping",
        State::Socket => "socket",
        State::Joining => "joining",
        State::Other => "waiting",
        State::Done => "done",
    }
}

/// Says in words what the picture shows, for those who cannot see it: a sentence for each of the
/// first few tasks.
fn description(picture: &Picture) -> String {
    let mut sentences = vec![];
    for run in &picture.runs {
        sentences.push(format!("{}.", heading(run)));
        // What begins with the end of the last turn is in no turn.
        let is_seen = |span: &&Span| {
            run.history.axis == Axis::Time || span.state == State::Done || span.from < span.to
        };
        for (name, row) in run.names.iter().zip(&run.history.rows).take(12) {
            let spans: Vec<_> = row
                .spans
                .iter()
                .filter(is_seen)
                .take(12)
                .map(|span| say(span, run.history.axis))
                .collect();
            let more = if row.spans.len() > spans.len() {
                ", and so on"
            } else {
                ""
            };
            sentences.push(format!("{name}: {}{more}.", spans.join(", ")));
        }
        if run.names.len() > 12 {
            sentences.push(format!("And {} more tasks.", run.names.len() - 12));
        }
        sentences.push(format!("{}.", counts(&run.history.totals())));
    }
    sentences.join(" ")
}

fn say(span: &Span, axis: Axis) -> String {
    let Span { from, to, state } = *span;
    let name = state.name();
    match axis {
        Axis::Time if state == State::Done => format!("{name} at {}", time(from)),
        Axis::Time if time(from) == time(to) => format!("{name} at {}", time(from)),
        Axis::Time => format!("{name} from {} to {}", time(from), time(to)),
        Axis::Turns if state == State::Done => format!("{name} after turn {from}"),
        Axis::Turns if from + 1 >= to => format!("{name} in turn {}", from + 1),
        Axis::Turns => format!("{name} in turns {} to {to}", from + 1),
    }
}
