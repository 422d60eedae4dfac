//! Writes a page that plays what a scheduler did.
//!
//! The page is one file: this puts the title, the rows and the data into `player.html`, with its
//! style and its script.

use std::fmt::Write;

use crate::cells::cells;
use crate::data;
use crate::image::{INK, LINE, PAPER, SOFT, palette};
use crate::message::{self, FATES};
use crate::names::{columns, escaped};
use crate::picture::{Line, Picture, Run};
use crate::scale::Scale;
use crate::state::{LOOKS, State};
use crate::steps::{Step, steps};
use crate::words::{heading, messages, summary};

const TEMPLATE: &str = include_str!("player.html");
const STYLE: &str = include_str!("player.css");
const SCRIPT: &str = include_str!("player.js");

/// Into how many cells a row is cut.
const CELLS: usize = 400;
/// How many cells a letter takes where the page is at its narrowest.
const LETTER: usize = 11;
const GAP: usize = 20;
const MOST_ROWS: usize = 40;
/// The colours of tasks, on light paper and on dark: the edge of a chip, and the name beside what
/// is printed. What fills a chip is the colour of its state.
const TASK_COLORS: [[&str; 2]; 6] = [
    ["#0969da", "#58a6ff"],
    ["#bc4c00", "#f0883e"],
    ["#8250df", "#bc8cff"],
    ["#1b7c83", "#39c5cf"],
    ["#bf3989", "#f778ba"],
    ["#9a6700", "#d29922"],
];

impl Picture {
    /// Writes a page that plays what happened, step by step. It needs nothing but itself.
    pub fn to_html(&self) -> String {
        write(self)
    }
}

fn write(picture: &Picture) -> String {
    let title = if picture.title.is_empty() {
        "A schedule"
    } else {
        &picture.title
    };
    let of_runs = picture.runs.iter();
    let of_runs: Vec<_> = of_runs
        .map(|run| (scale(run), steps(&run.recording)))
        .collect();
    let mut page = String::new();
    // Piece by piece, because what is put in may hold anything, even the name of the next place.
    for piece in TEMPLATE.split_inclusive("}}") {
        let (before, place) = piece.split_once("{{").unwrap_or((piece, ""));
        page += before;
        match place {
            "" => {}
            "title}}" => page += &escaped(title),
            "style}}" => page += &(STYLE.to_owned() + &colors()),
            "rows}}" => {
                for (i, (run, (scale, steps))) in picture.runs.iter().zip(&of_runs).enumerate() {
                    rows(&mut page, i, run, scale, steps);
                }
            }
            "data}}" => data::write(&mut page, picture, &of_runs),
            "script}}" => page += SCRIPT,
            other => unreachable!("the template has no place {other}"),
        }
    }
    page
}

/// Writes the colours, as variables: what has the class of a state has those of that state.
fn colors() -> String {
    let of_page = [
        ("--paper", PAPER),
        ("--panel", ["#f6f8fa", "#161b22"]),
        ("--ink", INK),
        ("--soft", SOFT),
        ("--line", LINE),
        ("--cursor", ["#d1242f", "#ff7b72"]),
        ("--active", ["#1a7f37", "#3fb950"]),
        ("--focus", ["#0a3069", "#b6d8ff"]),
    ];
    let mut rules = of_page
        .map(|(name, colors)| (format!(":root {{ {name}: ?; }}"), colors))
        .to_vec();
    for look in LOOKS {
        for (name, i) in [("--fill", 0), ("--on-fill", 1)] {
            let rule = format!(".{} {{ {name}: ?; }}", look.class);
            rules.push((rule, [look.light[i], look.dark[i]]));
        }
    }
    for look in FATES {
        let rule = format!(".over .{} {{ stroke: ?; color: ?; }}", look.class);
        rules.push((rule, look.colors));
    }
    for (i, colors) in TASK_COLORS.into_iter().enumerate() {
        rules.push((format!(".task{i} {{ --task: ?; }}"), colors));
    }
    palette(&rules)
}

/// Writes the rows of a run, which are there even without a script.
fn rows(page: &mut String, number: usize, run: &Run, scale: &Scale, steps: &[Step<'_>]) {
    let percent = |cell: usize| format!("{:.3}%", cell as f64 * 100.0 / scale.cells as f64);
    // Arrows need room between the rows.
    let has_messages = message::arrows(run).next().is_some();
    let class = if has_messages { " tall" } else { "" };
    _ = writeln!(
        page,
        "<section class=\"rows\" id=\"rows{number}\"><h2>{}</h2><div class=\"chart{class}\">",
        escaped(&heading(run))
    );
    let lines = run.lines(MOST_ROWS);
    for line in &lines {
        match *line {
            Line::Row(row) => self::row(page, run, row, scale, percent),
            Line::Gap(ref text) => _ = writeln!(page, "<p class=\"gap\">{text}</p>"),
        }
    }
    _ = write!(
        page,
        "<div class=\"row axis\"><span class=\"name\">{}</span><div class=\"track\">",
        scale.title()
    );
    let width = |label: &str| columns(label) * LETTER;
    for tick in scale.ticks_apart(width, GAP) {
        let (left, label) = (percent(scale.cell(tick.at)), escaped(&tick.label));
        // The last one ends with the axis at most.
        let letters = columns(&tick.label);
        _ = write!(
            page,
            "<b style=\"left:min({left}, 100% - {letters}ch)\">{label}</b>"
        );
    }
    page.push_str("</div></div><div class=\"over\">");
    message::write_arrows(page, run, scale, &lines, steps);
    page.push_str("<div class=\"cursor\"></div></div></div>\n");
    let counts = [Some(summary(run)), messages(run)];
    for counts in counts.into_iter().flatten() {
        _ = writeln!(page, "<p class=\"counts\">{counts}</p>");
    }
    page.push_str("</section>\n");
}

fn row(page: &mut String, run: &Run, row: usize, scale: &Scale, percent: impl Fn(usize) -> String) {
    let name = escaped(&run.names[row]);
    _ = write!(
        page,
        "<div class=\"row\" data-task=\"{row}\">\
         <span class=\"name task{}\" title=\"{name}\">{name}</span><div class=\"track\">",
        row % TASK_COLORS.len()
    );
    let mut from = 0;
    for same in cells(&run.history, scale, row).chunk_by(|one, other| one == other) {
        let (left, width) = (percent(from), percent(same.len()));
        from += same.len();
        let (class, name) = (same[0].class(), same[0].name());
        if same[0] != State::Absent {
            _ = write!(
                page,
                "<i class=\"{class}\" style=\"left:{left};width:{width}\" title=\"{name}\"></i>"
            );
        }
    }
    page.push_str("</div></div>\n");
}

fn scale(run: &Run) -> Scale {
    Scale::new(&run.history, CELLS, CELLS)
}
