//! Writes a page that plays what a scheduler did.
//!
//! The page is one file: this puts the title, the rows and the data into `player.html`, with its
//! style and its script.

use std::fmt::Write;

use crate::cells::cells;
use crate::image::{INK, LINE, PAPER, SOFT, palette};
use crate::message::{self, FATES, look_of};
use crate::names::{columns, cut, escaped};
use crate::picture::{Line, Picture, Run};
use crate::scale::Scale;
use crate::state::{LOOKS, State, nanos};
use crate::units::time;
use crate::words::{heading, messages, summary};
use crate::{Reason, What};

const TEMPLATE: &str = include_str!("player.html");
const STYLE: &str = include_str!("player.css");
const SCRIPT: &str = include_str!("player.js");

/// Into how many cells a row is cut.
const CELLS: usize = 400;
/// How many cells a letter takes where the page is at its narrowest.
const LETTER: usize = 11;
const GAP: usize = 20;
const MOST_ROWS: usize = 40;
/// How many columns a name may have in a sentence.
const LONGEST_NAME: usize = 40;

impl Picture {
    /// Writes a page that plays what happened, event by event. It needs nothing but itself.
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
    let mut page = String::new();
    // Piece by piece, because what is put in may hold anything, even the name of the next place.
    for piece in TEMPLATE.split_inclusive("}}") {
        let (before, place) = piece.split_once("{{").unwrap_or((piece, ""));
        page += before;
        match place {
            "" => {}
            "title}}" => page += &escaped(title),
            "style}}" => page += &(STYLE.to_owned() + &colors()),
            "rows}}" => picture
                .runs
                .iter()
                .enumerate()
                .for_each(|(i, run)| rows(&mut page, i, run)),
            "data}}" => data(&mut page, picture),
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
    palette(&rules)
}

/// Writes the rows of a run, which are there even without a script.
fn rows(page: &mut String, number: usize, run: &Run) {
    let scale = scale(run);
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
            Line::Row(row) => self::row(page, run, row, &scale, percent),
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
        let cell = scale.cell(tick.at);
        let is_last = cell + width(&tick.label) > scale.cells;
        let class = if is_last { " class=\"last\"" } else { "" };
        let (left, label) = (percent(cell), escaped(&tick.label));
        _ = write!(page, "<b{class} style=\"left:{left}\">{label}</b>");
    }
    page.push_str("</div></div><div class=\"over\">");
    // Where rows are left out, there is no telling how high the others are.
    if lines.len() == run.names.len() {
        message::write_arrows(page, run, &scale);
    }
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
         <span class=\"name\" title=\"{name}\">{name}</span><div class=\"track\">"
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

/// Writes what the script plays, as JSON: the places that tasks can be in, and the runs.
fn data(page: &mut String, picture: &Picture) {
    let places = LOOKS.iter().filter(|look| !look.place.is_empty());
    let places = places.map(|look| format!("[\"{}\",{}]", look.class, quoted(look.place)));
    let runs = picture.runs.iter().map(|run| {
        let tasks = run.recording.tasks.iter().zip(&run.names);
        let tasks = tasks.map(|(task, name)| {
            let by = task.by.map_or("null".to_owned(), |by| by.to_string());
            format!("[{},{by}]", quoted(name))
        });
        format!(
            "{{\"title\":{},\"tasks\":[{}],\n\"events\":[{}]}}",
            quoted(&run.title),
            list(tasks, ","),
            list(events(run), ",\n")
        )
    });
    _ = write!(
        page,
        "{{\"places\":[{}],\n\"runs\":[{}]}}",
        list(places, ","),
        list(runs, ",\n")
    );
}

/// Writes each event: the task, what happened, where its mark is on the axis, when it was in words,
/// for one that waits from now on, the reasons, and for a message, the tasks at its ends.
fn events(run: &Run) -> impl Iterator<Item = String> {
    let scale = scale(run);
    let mut are_ready = vec![false; run.names.len()];
    run.recording.events.iter().map(move |event| {
        let (task, is_ready) = (event.task, &mut are_ready[event.task]);
        let mut waits = vec![];
        let what = match &event.what {
            What::Spawned => "spawned",
            What::Ready => {
                *is_ready = true;
                "ready"
            }
            What::Runs => {
                *is_ready = false;
                "runs"
            }
            What::Suspended(_) if *is_ready => "yields",
            What::Suspended(reasons) => {
                waits = reasons.iter().map(|reason| wait(reason, run)).collect();
                if waits.is_empty() {
                    waits.push(unknown_wait());
                }
                "suspended"
            }
            What::Finished => "finished",
            What::Cancelled => "cancelled",
            What::Panicked => "panicked",
            What::Message(message) => look_of(message.fate).class,
        };
        let (at, when) = if run.recording.is_timed() {
            (nanos(event.at), time(nanos(event.at)))
        } else {
            let turn = event.turn + u64::from(event.what == What::Runs);
            (event.turn, format!("turn {}", turn.max(1)))
        };
        let (at, when, waits) = (scale.fraction(at), quoted(&when), waits.join(","));
        let ends = match &event.what {
            What::Message(message) => {
                let end = |task: Option<usize>| task.map_or("null".to_owned(), |t| t.to_string());
                format!(",[{},{}]", end(message.from), end(message.to))
            }
            _ => String::new(),
        };
        format!("[{task},\"{what}\",{at:.5},{when},[{waits}]{ends}]")
    })
}

/// Writes a reason to wait: its place, what a sentence and a note say, and its order there.
fn wait(reason: &Reason, run: &Run) -> String {
    let order = match reason {
        Reason::Sleep(Some(deadline)) => nanos(*deadline).to_string(),
        _ => "null".to_owned(),
    };
    let name = |task: usize| match run.names[task].as_str() {
        "" => "(no name)".to_owned(),
        name => cut(name, LONGEST_NAME),
    };
    let [sentence, note] = reason.words(name).map(|words| quoted(&words));
    format!("[\"{}\",{sentence},{note},{order}]", reason.state().class())
}

fn unknown_wait() -> String {
    let class = State::Other.class();
    format!("[\"{class}\",\"waits for something that only it knows\",\"\",null]")
}

fn list(items: impl Iterator<Item = String>, separator: &str) -> String {
    items.collect::<Vec<_>>().join(separator)
}

/// Writes a text as a string of JSON that may stand in a `<script>`, whatever is in it.
fn quoted(text: &str) -> String {
    let mut quoted = String::from("\"");
    for char in text.chars() {
        match char {
            '"' | '\\' | '<' | '>' | '&' | '\'' | '\0'..'\x20' | '\u{2028}' | '\u{2029}' => {
                _ = write!(quoted, "\\u{:04x}", u32::from(char));
            }
            char => quoted.push(char),
        }
    }
    quoted.push('"');
    quoted
}
