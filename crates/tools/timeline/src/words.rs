//! Sentences about runs.

use crate::history::{Axis, Counts, Span};
use crate::message::{self, arrows, look_of};
use crate::picture::{Picture, Run};
use crate::state::State;
use crate::units::time;

/// How many tasks a description speaks of, and of how many spans of each.
const MOST: usize = 12;

/// Says how often something happened, in the singular or the plural.
fn counted(count: u64, what: &str) -> String {
    match count {
        1 => format!("1 {what}"),
        _ => format!("{count} {what}s"),
    }
}

/// Says how many turns, wakes and waits there were, and for what.
pub(crate) fn counts(counts: &Counts) -> String {
    let of_each = counts.waits.iter();
    let of_each: Vec<_> = of_each
        .map(|(state, count)| format!("{count} {}", state.name()))
        .collect();
    let colon = if of_each.is_empty() { "" } else { ": " };
    let turns = counted(counts.turns, "turn");
    let wakes = counted(counts.wakes, "wake");
    let waits = counted(counts.all_waits(), "wait");
    format!("{turns}, {wakes}, {waits}{colon}{}", of_each.join(", "))
}

/// Says how many turns, wakes and waits a run had, and whether that is all.
pub(crate) fn summary(run: &Run) -> String {
    let counts = counts(&run.history.totals());
    match run.recording.is_cut {
        true => format!(
            "{counts}; recording stopped here, to save memory, after {} events",
            run.recording.events.len()
        ),
        false => counts,
    }
}

/// Says how many messages had which fate; `None` if there were none.
pub(crate) fn messages(run: &Run) -> Option<String> {
    let of_each = message::count(&run.recording);
    let count = of_each.values().sum();
    let of_each: Vec<_> = of_each
        .iter()
        .map(|(fate, count)| format!("{count} {}", look_of(*fate).class))
        .collect();
    (count > 0).then(|| format!("{}: {}", counted(count, "message"), of_each.join(", ")))
}

/// Says what became of the first few messages, a sentence each.
fn fates(run: &Run) -> impl Iterator<Item = String> {
    arrows(run).take(MOST).map(|arrow| {
        let (from, to) = (&run.names[arrow.from], &run.names[arrow.to]);
        let (sent, fate) = (time(arrow.sent), arrow.look.class);
        let at = match run.history.axis {
            Axis::Time => format!(", sent at {sent}, {fate} at {}", time(arrow.at)),
            Axis::Turns => format!(", {fate} in turn {}", arrow.at),
        };
        format!("A message from {from} to {to}{at}.")
    })
}

/// Returns the title of a run with how long it took, as a heading.
pub(crate) fn heading(run: &Run) -> String {
    let length = match run.history.axis {
        Axis::Time => time(run.history.length),
        Axis::Turns => counted(run.history.length, "turn"),
    };
    match run.title.as_str() {
        "" => length,
        title => format!("{title}: {length}"),
    }
}

/// Says in words what a picture shows, for those who cannot see it: a sentence for each of the
/// first few tasks.
pub(crate) fn description(picture: &Picture) -> String {
    let mut sentences = vec![];
    for run in &picture.runs {
        sentences.push(format!("{}.", heading(run)));
        let axis = run.history.axis;
        // What begins with the end of the last turn is in no turn.
        let is_seen =
            |span: &&Span| axis == Axis::Time || span.state == State::Done || span.from < span.to;
        for (name, row) in run.names.iter().zip(&run.history.rows).take(MOST) {
            let spans = row.spans.iter().filter(is_seen).take(MOST);
            let spans: Vec<_> = spans.map(|span| say(span, axis)).collect();
            let is_all = row.spans.len() <= spans.len();
            let more = if is_all { "" } else { ", and so on" };
            sentences.push(format!("{name}: {}{more}.", spans.join(", ")));
        }
        if run.names.len() > MOST {
            sentences.push(format!("And {} more tasks.", run.names.len() - MOST));
        }
        sentences.push(format!("{}.", summary(run)));
        sentences.extend(fates(run));
        sentences.extend(messages(run).map(|messages| messages + "."));
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
