//! Writes what the script of a page plays, as JSON.
//!
//! A step takes some 30 bytes, and 40 if all times are different: times, reasons to wait, and lines
//! of code are in tables, once each.

use std::collections::HashMap;
use std::fmt::Write;

use crate::message::look_of;
use crate::names::cut;
use crate::picture::{Picture, Run};
use crate::scale::Scale;
use crate::stack;
use crate::state::{LOOKS, State, nanos};
use crate::steps::{Move, Step};
use crate::units::time;
use crate::{Cause, Line, Reason};

/// How many columns a name may have in a sentence.
const LONGEST_NAME: usize = 40;

/// Values as JSON, each once, and known by its number.
#[derive(Default)]
struct Table {
    numbers: HashMap<String, usize>,
    values: Vec<String>,
}

/// The files that lines of the program name, by name, as far as they are there.
#[derive(Default)]
struct Files {
    numbers: HashMap<String, Option<usize>>,
    values: Vec<String>,
}

/// What the steps of a run refer to.
struct Tables<'a> {
    run: &'a Run,
    scale: Scale,
    files: &'a mut Files,
    times: Table,
    waits: Table,
    lines: Table,
}

impl Table {
    fn number_of(&mut self, value: String) -> usize {
        if let Some(number) = self.numbers.get(&value) {
            return *number;
        }
        self.values.push(value.clone());
        self.numbers.insert(value, self.values.len() - 1);
        self.values.len() - 1
    }
}

impl Files {
    fn number_of(&mut self, file: &str) -> Option<usize> {
        if let Some(number) = self.numbers.get(file) {
            return *number;
        }
        let number = stack::source(file).map(|text| {
            let value = format!("[{},{}]", quoted(file), quoted(&text));
            self.values.push(value);
            self.values.len() - 1
        });
        self.numbers.insert(file.to_owned(), number);
        number
    }
}

/// Writes the places that tasks can be in, the runs with their steps, and the code.
pub(crate) fn write(page: &mut String, picture: &Picture, of_runs: &[(Scale, Vec<Step<'_>>)]) {
    let places = LOOKS.iter().filter(|look| !look.place.is_empty());
    let places = places.map(|look| format!("[\"{}\",{}]", look.class, quoted(look.place)));
    _ = write!(page, "{{\"places\":[{}],\n\"runs\":[", list(places, ","));
    let mut files = Files::default();
    for (i, (run, (scale, steps))) in picture.runs.iter().zip(of_runs).enumerate() {
        page.push_str(if i > 0 { ",\n" } else { "" });
        let mut tables = Tables {
            run,
            scale: *scale,
            files: &mut files,
            times: Table::default(),
            waits: Table::default(),
            lines: Table::default(),
        };
        tables.write(page, steps);
    }
    _ = write!(page, "],\n\"files\":[{}]}}", files.values.join(",\n"));
}

impl Tables<'_> {
    fn write(&mut self, page: &mut String, steps: &[Step<'_>]) {
        let recording = &self.run.recording;
        let tasks = recording.tasks.iter().zip(&self.run.names);
        let tasks = tasks.map(|(task, name)| format!("[{},{}]", quoted(name), number(task.by)));
        _ = write!(
            page,
            "{{\"title\":{},\"tasks\":[{}],\n\
             \"hasWakers\":{},\"isVirtual\":{},\"isCut\":{},\"lacksLines\":{},\n\"steps\":[",
            quoted(&self.run.title),
            list(tasks, ","),
            recording.has_wakers,
            recording.is_virtual,
            recording.is_cut,
            recording.lacks_lines
        );
        for (i, step) in steps.iter().enumerate() {
            page.push_str(if i > 0 { ",\n" } else { "" });
            page.push_str(&self.step(step));
        }
        let tables = [&self.times, &self.waits, &self.lines];
        let [times, waits, lines] = tables.map(|table| table.values.join(","));
        _ = write!(
            page,
            "],\n\"times\":[{times}],\n\"waits\":[{waits}],\n\"lines\":[{lines}]}}"
        );
    }

    /// Writes a step: what happens, to which task, when, what else is known of it, and which task
    /// stands where in the code from now on.
    fn step(&mut self, step: &Step<'_>) -> String {
        let (what, more) = self.what(&step.what);
        let when = match self.run.recording.is_timed() {
            true => time(step.at),
            false => format!("turn {}", step.turn.max(1)),
        };
        let at = self.scale.fraction(step.at);
        let when = self.times.number_of(format!("[{at:.5},{}]", quoted(&when)));
        let task = number(step.task);
        let stands = step.stands.and_then(|(task, lines)| {
            let lines = self.lines(lines)?;
            Some(format!("[{task},{lines}]"))
        });
        match (more, stands) {
            (None, None) => format!("[\"{what}\",{task},{when}]"),
            (Some(more), None) => format!("[\"{what}\",{task},{when},{more}]"),
            (more, Some(stands)) => {
                let more = more.unwrap_or("0".to_owned());
                format!("[\"{what}\",{task},{when},{more},{stands}]")
            }
        }
    }

    fn what(&mut self, what: &Move<'_>) -> (&'static str, Option<String>) {
        match what {
            Move::Appears => ("appears", None),
            Move::Spawned => ("spawned", None),
            Move::Woken(by) => ("woken", by.map(cause)),
            Move::Again(by) => ("again", by.map(cause)),
            Move::Runs => ("runs", None),
            Move::Picked => ("picked", None),
            Move::Unheard => ("unheard", None),
            Move::Yields => ("yields", None),
            Move::Stays => ("stays", None),
            Move::Suspended(reasons) => {
                let waits = reasons.iter().map(|reason| wait(reason, self.run));
                let mut waits: Vec<_> = waits.collect();
                if waits.is_empty() {
                    waits.push(unknown_wait());
                }
                let waits = waits.into_iter();
                let numbers = waits.map(|wait| self.waits.number_of(wait).to_string());
                ("suspended", Some(format!("[{}]", list(numbers, ","))))
            }
            Move::Finished => ("finished", None),
            Move::Cancelled => ("cancelled", None),
            Move::Panicked => ("panicked", None),
            Move::Message(message) => {
                let [from, to] = [message.from, message.to].map(number);
                (look_of(message.fate).class, Some(format!("[{from},{to}]")))
            }
            Move::Printed(line) => ("printed", Some(quoted(line))),
            Move::Waited(until) => ("waited", Some(quoted(&time(nanos(*until))))),
            Move::Ends => ("ends", None),
        }
    }

    /// Writes lines once, and returns their number; `None` if their files are not there.
    fn lines(&mut self, lines: &[Line]) -> Option<usize> {
        let places = lines.iter().filter_map(|Line { file, line }| {
            let file = self.files.number_of(file)?;
            Some(format!("[{file},{line}]"))
        });
        let places = list(places, ",");
        (!places.is_empty()).then(|| self.lines.number_of(format!("[{places}]")))
    }
}

/// Writes what has made a task ready, and its number, if it has one.
fn cause(cause: Cause) -> String {
    match cause {
        Cause::Itself => "[\"itself\"]".to_owned(),
        Cause::Task(task) => format!("[\"task\",{task}]"),
        Cause::End(task) => format!("[\"end\",{task}]"),
        Cause::Timer => "[\"timer\"]".to_owned(),
        Cause::Socket(Some(socket)) => format!("[\"socket\",{}]", socket + 1),
        Cause::Socket(None) => "[\"socket\",null]".to_owned(),
        Cause::Outside => "[\"outside\"]".to_owned(),
    }
}

/// Writes a reason to wait: its place, what a sentence and a note say, its order there, and the
/// task or the socket that is waited for.
fn wait(reason: &Reason, run: &Run) -> String {
    let order = match reason {
        Reason::Sleep(Some(deadline)) => nanos(*deadline).to_string(),
        _ => "null".to_owned(),
    };
    let of = match reason {
        Reason::Sleep(_) => None,
        Reason::Readable(socket) | Reason::Writable(socket) => Some(socket + 1),
        Reason::Join(task) => *task,
    };
    let name = |task: usize| match run.names[task].as_str() {
        "" => "(no name)".to_owned(),
        name => cut(name, LONGEST_NAME),
    };
    let [sentence, note] = reason.words(name).map(|words| quoted(&words));
    let (class, of) = (reason.state().class(), number(of));
    format!("[\"{class}\",{sentence},{note},{order},{of}]")
}

fn unknown_wait() -> String {
    let class = State::Other.class();
    format!("[\"{class}\",\"waits for something that only it knows\",\"\",null,null]")
}

fn number(number: Option<usize>) -> String {
    number.map_or("null".to_owned(), |number| number.to_string())
}

fn list(items: impl Iterator<Item = String>, separator: &str) -> String {
    items.collect::<Vec<_>>().join(separator)
}

/// Writes a text as a string of JSON that may stand in a `<script>`, whatever is in it.
fn quoted(text: &str) -> String {
    let mut quoted = String::from("\"");
    for char in text.chars() {
        match char {
            '\n' => quoted.push_str("\\n"),
            '"' | '\\' | '<' | '>' | '&' | '\'' | '\0'..'\x20' | '\u{2028}' | '\u{2029}' => {
                _ = write!(quoted, "\\u{:04x}", u32::from(char));
            }
            char => quoted.push(char),
        }
    }
    quoted.push('"');
    quoted
}
