//! Writes a page that plays what a scheduler did.
//!
//! The page is one file: this puts the title, the rows and the data into `player.html`, with its
//! style and its script.

use std::fmt::Write;
use std::time::Duration;

use crate::cells::{Cell, cells};
use crate::history::State;
use crate::names::escaped;
use crate::picture::{Picture, Run};
use crate::scale::Scale;
use crate::svg::class;
use crate::text::{counts, heading};
use crate::{Event, Reason, What};

const TEMPLATE: &str = include_str!("player.html");
const STYLE: &str = include_str!("player.css");
const SCRIPT: &str = include_str!("player.js");

/// Into how many cells a row is cut.
const CELLS: usize = 400;
/// How many cells a letter takes where the page is at its narrowest.
const LETTER: usize = 11;
const GAP: usize = 20;
const MOST_ROWS: usize = 40;

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
            "style}}" => page += STYLE,
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

/// Writes the rows of a run, which are there even without a script.
fn rows(page: &mut String, number: usize, run: &Run) {
    let scale = scale(run);
    let percent = |cell: usize| format!("{:.3}%", cell as f64 * 100.0 / scale.cells as f64);
    _ = writeln!(
        page,
        "<section class=\"rows\" id=\"rows{number}\"><h2>{}</h2><div class=\"chart\">",
        escaped(&heading(run))
    );
    let chosen = run.rows(MOST_ROWS);
    for row in &chosen {
        let Some(row) = row else {
            _ = writeln!(
                page,
                "<p class=\"gap\">… {} more tasks, not shown</p>",
                run.names.len() + 1 - chosen.len()
            );
            continue;
        };
        let name = escaped(&run.names[*row]);
        _ = write!(
            page,
            "<div class=\"row\" data-task=\"{row}\"><span class=\"name\" title=\"{name}\">{name}</span><div class=\"track\">"
        );
        let mut from = 0;
        for same in cells(&run.history, &scale, *row).chunk_by(|one, other| one == other) {
            let (left, width) = (percent(from), percent(same.len()));
            from += same.len();
            let (class, name) = match same[0] {
                Cell::In(State::Absent) => continue,
                Cell::In(state) => (class(state), state.name()),
                Cell::Cancelled => ("cancelled", "cancelled"),
                Cell::Panicked => ("panicked", "panicked"),
            };
            _ = write!(
                page,
                "<i class=\"{class}\" style=\"left:{left};width:{width}\" title=\"{name}\"></i>"
            );
        }
        page.push_str("</div></div>\n");
    }
    _ = write!(
        page,
        "<div class=\"row axis\"><span class=\"name\">{}</span><div class=\"track\">",
        scale.title()
    );
    for tick in scale.ticks_apart(|label| label.chars().count() * LETTER, GAP) {
        let cell = scale.cell(tick.at);
        let side = if cell + tick.label.chars().count() * LETTER > scale.cells {
            " class=\"last\""
        } else {
            ""
        };
        _ = write!(
            page,
            "<b{side} style=\"left:{}\">{}</b>",
            percent(cell),
            escaped(&tick.label)
        );
    }
    page.push_str("</div></div><div class=\"over\"><div class=\"cursor\"></div></div></div>\n");
    _ = writeln!(
        page,
        "<p class=\"counts\">{}</p></section>",
        counts(&run.history.totals())
    );
}

fn scale(run: &Run) -> Scale {
    Scale::new(&run.history, CELLS, CELLS)
}

/// Writes what the script plays, as JSON.
fn data(page: &mut String, picture: &Picture) {
    let runs = picture.runs.iter().map(|run| {
        let tasks = run
            .recording
            .tasks
            .iter()
            .zip(&run.names)
            .map(|(task, name)| {
                let by = task.by.map_or("null".to_owned(), |by| by.to_string());
                format!("[{},{by}]", quoted(name))
            });
        let scale = scale(run);
        let events = run
            .recording
            .events
            .iter()
            .map(|event| self::event(event, &scale, run));
        format!(
            "{{\"title\":{},\"tasks\":[{}],\n\"events\":[{}]}}",
            quoted(&run.title),
            list(tasks, ","),
            list(events, ",\n")
        )
    });
    _ = write!(page, "{{\"runs\":[{}]}}", list(runs, ",\n"));
}

/// Writes an event: the task, what happened, where its mark is on the axis, when it was in words,
/// and the reasons.
fn event(event: &Event, scale: &Scale, run: &Run) -> String {
    let (what, reasons) = match &event.what {
        What::Spawned => ("spawned", &[][..]),
        What::Ready => ("ready", &[][..]),
        What::Runs => ("runs", &[][..]),
        What::Suspended(reasons) => ("suspended", &reasons[..]),
        What::Finished => ("finished", &[][..]),
        What::Cancelled => ("cancelled", &[][..]),
        What::Panicked => ("panicked", &[][..]),
    };
    let (at, when) = if run.recording.is_timed() {
        (nanos(event.at), crate::scale::time(nanos(event.at)))
    } else {
        let turn = if event.what == What::Runs {
            event.turn + 1
        } else {
            event.turn
        };
        (event.turn, format!("turn {}", turn.max(1)))
    };
    let reasons = reasons.iter().map(|reason| match reason {
        Reason::Sleep(Some(deadline)) => {
            format!(
                "[\"sleep\",{},{}]",
                nanos(*deadline),
                quoted(&crate::scale::time(nanos(*deadline)))
            )
        }
        Reason::Sleep(None) => "[\"sleep\",null,\"forever\"]".to_owned(),
        Reason::Readable(socket) => format!("[\"read\",{socket}]"),
        Reason::Writable(socket) => format!("[\"write\",{socket}]"),
        Reason::Join(Some(task)) => format!("[\"join\",{task}]"),
        Reason::Join(None) => "[\"join\",null]".to_owned(),
    });
    format!(
        "[{},\"{what}\",{:.5},{},[{}]]",
        event.task,
        scale.fraction(at),
        quoted(&when),
        list(reasons, ",")
    )
}

fn nanos(duration: Duration) -> u64 {
    u64::try_from(duration.as_nanos()).unwrap_or(u64::MAX)
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
