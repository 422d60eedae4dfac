//! Draws a picture with letters.

use crate::cells::{Cell, cells};
use crate::history::{Axis, Counts, State};
use crate::names::{columns, cut, fit};
use crate::picture::{Picture, Run, TextOptions};
use crate::scale::{Scale, time};

const NARROWEST: usize = 20;
const WIDEST_TURN: usize = 4;

impl Cell {
    fn letter(self) -> char {
        match self {
            Cell::In(State::Absent) => ' ',
            Cell::In(State::Running) => '█',
            Cell::In(State::Ready) => '░',
            Cell::In(State::Sleeping) => 'z',
            Cell::In(State::Socket) => 's',
            Cell::In(State::Joining) => 'j',
            Cell::In(State::Other) => 'w',
            Cell::In(State::Done) => '·',
            Cell::Cancelled => 'x',
            Cell::Panicked => '!',
        }
    }

    /// The number of its ANSI colour. `None` for that of the text.
    fn color(self) -> Option<u8> {
        Some(match self {
            Cell::In(State::Absent | State::Other) => return None,
            Cell::In(State::Running) => 32,
            Cell::In(State::Ready) => 33,
            Cell::In(State::Sleeping) => 34,
            Cell::In(State::Socket) => 35,
            Cell::In(State::Joining) => 36,
            Cell::In(State::Done) => 90,
            Cell::Cancelled | Cell::Panicked => 31,
        })
    }
}

impl Picture {
    /// Draws it as text that is so many columns wide at most, and 20 at least, with all rows up to
    /// 40 and without colours.
    ///
    /// The text ends with a newline. [`to_text_with`](Self::to_text_with) offers more choices.
    pub fn to_text(&self, width: usize) -> String {
        self.to_text_with(&TextOptions {
            width,
            ..TextOptions::default()
        })
    }

    /// Draws it as text: a row for each task, time to the right, an axis, what the letters mean,
    /// and the counts.
    ///
    /// A cell shows that its task has run, however briefly, or else the state that the task was in
    /// for most of the cell. Where no time has passed, or there is none, the axis shows turns. The
    /// picture's own title is not in the text.
    pub fn to_text_with(&self, options: &TextOptions) -> String {
        draw(self, options)
    }
}

fn draw(picture: &Picture, options: &TextOptions) -> String {
    let mut text = Text {
        lines: String::new(),
        width: options.width.max(NARROWEST),
        options,
    };
    for (i, run) in picture.runs.iter().enumerate() {
        if i > 0 {
            text.line("");
        }
        text.run(run);
    }
    if picture.runs.len() > 1 {
        text.line("");
    }
    text.legend(picture);
    text.lines
}

struct Text<'a> {
    lines: String,
    width: usize,
    options: &'a TextOptions,
}

impl Text<'_> {
    fn run(&mut self, run: &Run) {
        if !run.title.is_empty() {
            let heading = heading(run);
            self.words("  ", heading.split(' '));
        }
        if run.names.is_empty() {
            return self.line("nothing has run");
        }
        let rows = run.rows(self.options.most_rows);
        let names = rows
            .iter()
            .flatten()
            .map(|row| columns(&run.names[*row]))
            .max()
            .unwrap_or(0)
            .min(self.width / 3);
        // Below the names it says "turn".
        let names = names.max(4);
        let scale = Scale::new(&run.history, self.width - names - 2, WIDEST_TURN);
        for row in &rows {
            match row {
                Some(row) => {
                    let cells = cells(&run.history, &scale, *row);
                    let name = fit(&run.names[*row], names);
                    let painted = self.painted(&cells);
                    self.line(&format!("{name}  {painted}"));
                }
                None => {
                    let left_out = run.names.len() + 1 - rows.len();
                    self.words(
                        "  ",
                        format!("… {left_out} more tasks, not shown").split(' '),
                    );
                }
            }
        }
        self.axis(&scale, names + 2);
        self.words("  ", counts(&run.history.totals()).split(' '));
        if self.options.counts_of_each {
            self.counts_of_each(run, &rows, names);
        }
    }

    fn axis(&mut self, scale: &Scale, indent: usize) {
        let ticks = scale.ticks();
        let mut line = vec!['─'; scale.cells];
        let mut labels = vec![' '; scale.cells];
        for tick in &ticks {
            line[scale.cell(tick.at)] = '┬';
            for (place, char) in (scale.label_cell(tick)..).zip(tick.label.chars()) {
                match labels.get_mut(place) {
                    Some(label) => *label = char,
                    None => labels.push(char),
                }
            }
        }
        for (title, line) in [("", line), (scale.title(), labels)] {
            self.line(&format!(
                "{title:indent$}{}",
                line.into_iter().collect::<String>()
            ));
        }
    }

    /// A line for each task, or several where one is too long.
    fn counts_of_each(&mut self, run: &Run, rows: &[Option<usize>], names: usize) {
        let line = |name: &str, cells: [String; 3]| {
            let [resumes, wakes, waits] = cells;
            format!("{}  {resumes:>7} {wakes:>7} {waits:>7}", fit(name, names))
        };
        let heading = line("", ["resumes", "wakes", "waits"].map(str::to_owned));
        let is_table = columns(&heading) <= self.width;
        if is_table {
            self.line(&heading);
        }
        for row in rows {
            let Some(row) = row else {
                self.line("…");
                continue;
            };
            let of_task = &run.history.rows[*row].counts;
            if is_table {
                let numbers = [of_task.resumes, of_task.wakes, of_task.all_waits()]
                    .map(|count| count.to_string());
                self.line(&line(&run.names[*row], numbers));
            } else {
                let name = cut(&run.names[*row], self.width - 1);
                self.words(
                    "  ",
                    std::iter::once(&*format!("{name}:")).chain(counts(of_task).split(' ')),
                );
            }
        }
    }

    fn legend(&mut self, picture: &Picture) {
        let mut cells: Vec<_> = picture
            .states()
            .map(|state| (Cell::In(state), state.name()))
            .collect();
        let (is_cancelled, has_panicked) = picture.broken();
        cells.extend(is_cancelled.then_some((Cell::Cancelled, "cancelled")));
        cells.extend(has_panicked.then_some((Cell::Panicked, "panicked")));
        let mut line = (String::new(), 0);
        for (cell, name) in cells {
            let width = 2 + columns(name);
            if line.1 > 0 && line.1 + 2 + width > self.width {
                self.line(&line.0);
                line = (String::new(), 0);
            }
            if line.1 > 0 {
                line.0 += "  ";
                line.1 += 2;
            }
            line.0 += &format!("{} {name}", self.painted(&[cell]));
            line.1 += width;
        }
        if line.1 > 0 {
            self.line(&line.0);
        }
    }

    /// Writes cells as letters, in colours if it is to have them.
    fn painted(&self, cells: &[Cell]) -> String {
        let mut painted = String::new();
        for same in cells.chunk_by(|one, other| one == other) {
            let letters = same.iter().map(|cell| cell.letter());
            match same[0].color().filter(|_| self.options.color) {
                Some(color) => {
                    painted += &format!("\x1b[{color}m");
                    painted.extend(letters);
                    painted += "\x1b[0m";
                }
                None => painted.extend(letters),
            }
        }
        painted
    }

    /// Writes words into as many lines as they need, all but the first of which are indented.
    fn words<'w>(&mut self, indent: &str, words: impl Iterator<Item = &'w str>) {
        let mut line = String::new();
        for word in words {
            let word = cut(word, self.width - columns(indent));
            if !line.is_empty() && columns(&line) + 1 + columns(&word) > self.width {
                self.line(&line);
                line = indent.to_owned();
            } else if !line.is_empty() {
                line.push(' ');
            }
            line += &word;
        }
        self.line(&line);
    }

    fn line(&mut self, line: &str) {
        self.lines += line.trim_end();
        self.lines.push('\n');
    }
}

/// Says how often something happened, in the singular or the plural.
pub(crate) fn counted(count: u64, what: &str) -> String {
    if count == 1 {
        format!("1 {what}")
    } else {
        format!("{count} {what}s")
    }
}

/// Says how often tasks were resumed, woken and waiting, and for what.
pub(crate) fn counts(counts: &Counts) -> String {
    let waits = counted(counts.all_waits(), "wait");
    let of_each: Vec<_> = counts
        .waits
        .iter()
        .map(|(state, count)| format!("{count} {}", state.name()))
        .collect();
    let colon = if of_each.is_empty() { "" } else { ": " };
    let (resumes, wakes) = (
        counted(counts.resumes, "resume"),
        counted(counts.wakes, "wake"),
    );
    format!("{resumes}, {wakes}, {waits}{colon}{}", of_each.join(", "))
}

/// Returns the title of a run with how long it took, as a heading.
pub(crate) fn heading(run: &Run) -> String {
    let length = match run.history.axis {
        Axis::Time => time(run.history.length),
        Axis::Turns => counted(run.history.length, "turn"),
    };
    if run.title.is_empty() {
        length
    } else {
        format!("{}: {length}", run.title)
    }
}
