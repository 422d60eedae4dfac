//! Draws a picture with letters.

use crate::cells::cells;
use crate::names::{columns, cut, fit, wrap};
use crate::picture::{Line, Picture, Run, TextOptions, longest_name};
use crate::scale::Scale;
use crate::state::State;
use crate::words::{counts, heading, messages, summary};

const NARROWEST: usize = 20;
const WIDEST_TURN: usize = 4;

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
            self.words(&heading(run));
        }
        if run.names.is_empty() {
            return self.line("nothing has run");
        }
        let lines = run.lines(self.options.most_rows);
        let names = longest_name(run, &lines).min(self.width / 3);
        let scale = Scale::new(&run.history, self.width - names - 2, WIDEST_TURN);
        for line in &lines {
            match line {
                Line::Row(row) => {
                    let cells = cells(&run.history, &scale, *row);
                    let name = fit(&run.names[*row], names);
                    let painted = self.painted(&cells);
                    self.line(&format!("{name}  {painted}"));
                }
                Line::Gap(text) => self.words(text),
            }
        }
        self.axis(&scale, names + 2);
        self.words(&summary(run));
        if let Some(messages) = messages(run) {
            self.words(&messages);
        }
        if self.options.counts_of_each {
            self.counts_of_each(run, &lines, names);
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
    fn counts_of_each(&mut self, run: &Run, lines: &[Line], names: usize) {
        let line = |name: &str, [turns, wakes, waits]: [String; 3]| {
            format!("{}  {turns:>7} {wakes:>7} {waits:>7}", fit(name, names))
        };
        let heading = line("", ["turns", "wakes", "waits"].map(str::to_owned));
        let is_table = columns(&heading) <= self.width;
        if is_table {
            self.line(&heading);
        }
        for row in lines {
            let Line::Row(row) = row else {
                self.line("…");
                continue;
            };
            let (name, of_task) = (&run.names[*row], &run.history.rows[*row].counts);
            if is_table {
                let numbers = [of_task.turns, of_task.wakes, of_task.all_waits()];
                self.line(&line(name, numbers.map(|count| count.to_string())));
            } else {
                let name = cut(name, self.width - 1);
                self.words(&format!("{name}: {}", counts(of_task)));
            }
        }
    }

    fn legend(&mut self, picture: &Picture) {
        let mut line = (String::new(), 0);
        for look in picture.legend() {
            let width = 2 + columns(look.name);
            if line.1 > 0 && line.1 + 2 + width > self.width {
                self.line(&line.0);
                line = (String::new(), 0);
            }
            if line.1 > 0 {
                line.0 += "  ";
                line.1 += 2;
            }
            line.0 += &format!("{} {}", self.painted(&[look.state]), look.name);
            line.1 += width;
        }
        if line.1 > 0 {
            self.line(&line.0);
        }
    }

    /// Writes cells as letters, in colours if it is to have them.
    fn painted(&self, cells: &[State]) -> String {
        let mut painted = String::new();
        for same in cells.chunk_by(|one, other| one == other) {
            let look = same[0].look();
            let letters = look.letter.to_string().repeat(same.len());
            painted += &match look.ansi {
                color @ 1.. if self.options.color => format!("\x1b[{color}m{letters}\x1b[0m"),
                _ => letters,
            };
        }
        painted
    }

    /// Writes a text into as many lines as it needs, all but the first of which are indented.
    fn words(&mut self, text: &str) {
        for line in wrap(text, self.width, "  ") {
            self.line(&line);
        }
    }

    fn line(&mut self, line: &str) {
        self.lines += line.trim_end();
        self.lines.push('\n');
    }
}
