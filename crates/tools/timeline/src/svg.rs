//! Draws a picture as an SVG image.

use std::collections::BTreeMap;

use trace::Fate;

use crate::cells::cells;
use crate::image::{INK, Image, LINE, PAPER, SOFT, palette};
use crate::message::{Arrow, arrows, legend};
use crate::names::{columns, wrap};
use crate::picture::{Line, Picture, Run, longest_name};
use crate::scale::Scale;
use crate::state::{LOOKS, State};
use crate::words::{description, heading, messages, summary};

/// Narrow enough that letters of 12 have 9 pixels on a phone that is 390 wide.
const WIDTH: f64 = 460.0;
const MARGIN: f64 = 12.0;
const ROW: f64 = 22.0;
/// That of a run with messages, whose arrows need room between the rows.
const ROW_WITH_MESSAGES: f64 = 44.0;
const BAR: f64 = 14.0;
/// The width of a cell.
const CELL: f64 = 2.0;
const WIDEST_TURN: usize = 24;
/// The width of a letter of the text, which is an estimate: the font is the reader's.
const LETTER: f64 = 7.25;
/// How far a message gets that is lost.
const LOST: f64 = 12.0;
const LONGEST_NAME: usize = 18;
const LONGEST_LINE: usize = ((WIDTH - 2.0 * MARGIN) / LETTER) as usize;
const MOST_ROWS: usize = 24;

impl Picture {
    /// Draws it as an SVG image, which has no scripts, follows the reader's choice of light or
    /// dark, and says what it shows to those who cannot see it.
    pub fn to_svg(&self) -> String {
        let mut svg = Svg {
            image: Image::default(),
            y: MARGIN,
            row: ROW,
        };
        if !self.title.is_empty() {
            svg.lines("h", &self.title);
        }
        for run in &self.runs {
            svg.run(run);
        }
        svg.legend(self);
        let title = match self.title.as_str() {
            "" => "Which task did what, and when",
            title => title,
        };
        let size = [WIDTH, svg.y + MARGIN];
        svg.image
            .finish(size, title, &description(self), &style(self))
    }
}

fn style(picture: &Picture) -> String {
    let mut rules = vec![
        (".paper { fill: ? }".to_owned(), PAPER),
        ("text { fill: ? }".to_owned(), INK),
        (".s { fill: ? }".to_owned(), SOFT),
        (".axis, .grid { stroke: ? }".to_owned(), LINE),
    ];
    for look in LOOKS {
        let class = look.class;
        let [fill, ink] = [0, 1].map(|i| [look.light[i], look.dark[i]]);
        rules.push(match look.state {
            State::Absent => continue,
            State::Done => (format!(".{class} {{ stroke: ? }}"), ink),
            State::Ready => (format!(".{class} {{ stroke: ? }}"), fill),
            _ => (format!(".{class} {{ fill: ? }}"), fill),
        });
        rules.push((format!(".{class}-t {{ fill: ? }}"), ink));
    }
    let mut style = include_str!("svg.css").to_owned();
    for look in legend(picture) {
        let dashes = match look.fate {
            Fate::Doubled => "; stroke-dasharray: 4 2",
            _ => "",
        };
        style += &format!(".m.{} {{ stroke-width: 1.5{dashes} }}\n", look.class);
        let rule = format!(".m.{} {{ stroke: ? }}", look.class);
        rules.push((rule, look.colors));
    }
    style + &palette(&rules)
}

struct Svg {
    image: Image,
    y: f64,
    /// The height of a row, in the run that is drawn.
    row: f64,
}

impl Svg {
    /// Writes a text below what is there, in as many lines as it needs.
    fn lines(&mut self, class: &str, text: &str) {
        for line in wrap(text, LONGEST_LINE, "  ") {
            self.y += 16.0;
            self.image.text(class, [MARGIN, self.y - 4.0], &line);
        }
    }

    fn run(&mut self, run: &Run) {
        self.y += 6.0;
        if !run.title.is_empty() {
            self.lines("h", &heading(run));
            self.y += 4.0;
        }
        self.row = match arrows(run).next() {
            Some(_) => ROW_WITH_MESSAGES,
            None => ROW,
        };
        let lines = run.lines(MOST_ROWS);
        let names = longest_name(run, &lines).min(LONGEST_NAME);
        let left = MARGIN + (names + 1) as f64 * LETTER;
        let room = (WIDTH - MARGIN - left) / CELL;
        let scale = Scale::new(&run.history, room as usize, WIDEST_TURN);
        self.axis(&scale, left, lines.len() as f64 * self.row);
        let mut middles = BTreeMap::new();
        for line in &lines {
            match line {
                Line::Row(row) => {
                    middles.insert(*row, self.y + self.row / 2.0);
                    self.row(run, &scale, left, *row);
                }
                Line::Gap(text) => {
                    self.y += 3.0;
                    self.lines("s", text);
                    self.y += 3.0;
                }
            }
        }
        for arrow in arrows(run) {
            if let (Some(from), Some(to)) = (middles.get(&arrow.from), middles.get(&arrow.to)) {
                self.arrow(&arrow, &scale, left, [*from, *to]);
            }
        }
        self.row = ROW;
        self.y += 26.0;
        self.lines("s", &summary(run));
        if let Some(messages) = messages(run) {
            self.lines("s", &messages);
        }
    }

    fn row(&mut self, run: &Run, scale: &Scale, left: f64, row: usize) {
        let at = [MARGIN, self.y + self.row / 2.0 + 4.0];
        self.image.text_cut("", at, &run.names[row], LONGEST_NAME);
        let cells = cells(&run.history, scale, row);
        // What runs is drawn last, to be seen even when it takes no time.
        for is_running in [false, true] {
            let mut x = left;
            for same in cells.chunk_by(|one, other| one == other) {
                let width = same.len() as f64 * CELL;
                if is_running == (same[0] == State::Running) {
                    self.bar(same[0], x, width);
                }
                x += width;
            }
        }
        self.y += self.row;
    }

    /// Draws cells that show the same.
    fn bar(&mut self, state: State, x: f64, width: f64) {
        let middle = self.y + self.row / 2.0;
        let top = middle - BAR / 2.0;
        let class = state.class();
        match state {
            State::Absent => {}
            State::Done | State::Ready => {
                self.image.line(class, [x, middle], [x + width, middle]);
            }
            State::Cancelled | State::Panicked => {
                let sign = if state == State::Cancelled { "×" } else { "!" };
                let at = [x + width / 2.0, middle + 5.0];
                self.image.text(&format!("x {class}"), at, sign);
            }
            State::Running => {
                let spare = (2.0 * CELL - width).max(0.0);
                let sides = [x - spare / 2.0, top - 2.0, width + spare, BAR + 4.0];
                self.image.rect(class, sides);
            }
            _ => self.image.rect(class, [x, top, width, BAR]),
        }
        let letters = columns(state.name()) as f64 * LETTER + 8.0;
        let is_bar = ![State::Absent, State::Running, State::Done].contains(&state);
        if is_bar && width >= letters {
            let class = format!("{class}-t");
            self.image
                .text(&class, [x + 5.0, middle + 4.0], state.name());
        }
    }

    /// Draws a message from the middle of a row to that of another. One that is lost ends halfway.
    fn arrow(&mut self, arrow: &Arrow, scale: &Scale, left: f64, [from, to]: [f64; 2]) {
        let x = |at| left + (scale.cell(at) as f64 + 0.5) * CELL;
        let class = format!("m {}", arrow.look.class);
        let down = (to - from).signum();
        let begin = [x(arrow.sent), from + down * BAR / 2.0];
        if arrow.look.fate == Fate::Lost {
            let [x, y] = [x(arrow.at), begin[1] + down * LOST];
            self.image.line(&class, begin, [x, y]);
            for side in [-3.0, 3.0] {
                self.image
                    .line(&class, [x - side, y - 3.0], [x + side, y + 3.0]);
            }
            return;
        }
        let end = [x(arrow.at), to - down * BAR / 2.0];
        self.image.line(&class, begin, end);
        self.head(&class, begin, end);
    }

    /// Draws the head of an arrow.
    fn head(&mut self, class: &str, [x, y]: [f64; 2], end: [f64; 2]) {
        let (along, down) = (end[0] - x, end[1] - y);
        let length = (along * along + down * down).sqrt().max(1.0);
        let (along, down) = (along / length * 6.0, down / length * 6.0);
        for side in [-0.5, 0.5] {
            let back = [end[0] - along + side * down, end[1] - down - side * along];
            self.image.line(class, back, end);
        }
    }

    /// Draws the axis and its marks, which go through all rows, behind them.
    fn axis(&mut self, scale: &Scale, left: f64, rows: f64) {
        let (top, y) = (self.y, self.y + rows + 4.0);
        let right = left + scale.cells as f64 * CELL;
        self.image.line("axis", [left, y], [right, y]);
        // Labels need room: a cell is narrower than a letter.
        let width = |label: &str| columns(label) as f64 * LETTER;
        let cells = |label: &str| (width(label) / CELL) as usize;
        for tick in scale.ticks_apart(cells, (20.0 / CELL) as usize) {
            let x = left + scale.cell(tick.at) as f64 * CELL;
            let (x, class) = match x + width(&tick.label) > right {
                true => (right, "s e"),
                false => (x, "s"),
            };
            self.image.line("grid", [x, top], [x, y + 4.0]);
            self.image.text(class, [x, y + 18.0], &tick.label);
        }
        self.image.text("s", [MARGIN, y + 18.0], scale.title());
    }

    fn legend(&mut self, picture: &Picture) {
        let mut x = MARGIN;
        self.y += 8.0;
        for look in picture.legend() {
            let left = self.legend_of(&mut x, look.name);
            self.bar(look.state, left, 18.0);
            self.label(left, look.name);
        }
        for look in legend(picture) {
            let left = self.legend_of(&mut x, look.name);
            let middle = self.y + ROW / 2.0;
            let (begin, end) = ([left, middle], [left + 18.0, middle]);
            let class = format!("m {}", look.class);
            self.image.line(&class, begin, end);
            self.head(&class, begin, end);
            self.label(left, look.name);
        }
        self.y += ROW;
    }

    /// Makes room for an entry of the legend, in the next line if need be. Returns where it begins.
    fn legend_of(&mut self, x: &mut f64, name: &str) -> f64 {
        let width = 24.0 + columns(name) as f64 * LETTER + 12.0;
        if *x + width > WIDTH {
            (*x, self.y) = (MARGIN, self.y + ROW);
        }
        let left = *x;
        *x += width;
        left
    }

    fn label(&mut self, left: f64, name: &str) {
        let at = [left + 24.0, self.y + ROW - 7.0];
        self.image.text("s", at, name);
    }
}
