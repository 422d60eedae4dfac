//! The messages of a run: how each fate looks, and where the arrows are.

use std::collections::{BTreeMap, HashMap};
use std::fmt::Write;

use trace::Fate;

use crate::history::Axis;
use crate::picture::{Line, Picture, Run};
use crate::scale::Scale;
use crate::state::nanos;
use crate::steps::Step;
use crate::{Message, Recording};

/// How a message looks.
pub(crate) struct FateLook {
    pub(crate) fate: Fate,
    /// What a legend calls it.
    pub(crate) name: &'static str,
    /// The class of its arrows, and what the page calls the event.
    pub(crate) class: &'static str,
    /// The colours of its arrows: on light paper, and on dark.
    pub(crate) colors: [&'static str; 2],
}

/// How all look, in the order of a legend.
pub(crate) const FATES: &[FateLook] = &[
    look(
        Fate::Delivered,
        "message",
        "delivered",
        ["#0969da", "#58a6ff"],
    ),
    look(
        Fate::Doubled,
        "second copy",
        "doubled",
        ["#8250df", "#bc8cff"],
    ),
    look(Fate::Late, "too late", "late", ["#bc4c00", "#f0883e"]),
    look(Fate::Lost, "lost", "lost", ["#b62324", "#ff8b84"]),
];

const fn look(
    fate: Fate,
    name: &'static str,
    class: &'static str,
    colors: [&'static str; 2],
) -> FateLook {
    FateLook {
        fate,
        name,
        class,
        colors,
    }
}

pub(crate) fn look_of(fate: Fate) -> &'static FateLook {
    let look = FATES.iter().find(|look| look.fate == fate);
    look.expect("the table has all")
}

/// An arrow between two rows.
pub(crate) struct Arrow {
    /// Its event's place in the recording.
    pub(crate) event: usize,
    pub(crate) look: &'static FateLook,
    pub(crate) from: usize,
    pub(crate) to: usize,
    /// Where on the axis it begins and ends.
    pub(crate) sent: u64,
    pub(crate) at: u64,
}

/// Returns the arrows of a run: one for each message between two tasks.
pub(crate) fn arrows(run: &Run) -> impl Iterator<Item = Arrow> {
    let is_timed = run.history.axis == Axis::Time;
    let events = run.recording.events.iter().enumerate();
    events.filter_map(move |(event, happened)| {
        let crate::What::Message(message) = &happened.what else {
            return None;
        };
        let (from, to) = (message.from?, message.to?);
        let at = match is_timed {
            true => nanos(happened.at),
            false => happened.turn,
        };
        let sent = if is_timed { nanos(message.sent) } else { at };
        let look = look_of(message.fate);
        (from != to).then_some(Arrow {
            event,
            look,
            from,
            to,
            sent,
            at,
        })
    })
}

/// Returns the fates that a legend has to explain.
pub(crate) fn legend(picture: &Picture) -> impl Iterator<Item = &'static FateLook> {
    let counts = picture.runs.iter().map(|run| count(&run.recording));
    let counts: Vec<_> = counts.collect();
    FATES.iter().filter(move |look| {
        let mut counts = counts.iter();
        counts.any(|counts| counts.contains_key(&look.fate))
    })
}

/// Returns how many messages had which fate.
pub(crate) fn count(recording: &Recording) -> BTreeMap<Fate, u64> {
    let mut counts = BTreeMap::new();
    for (_, Message { fate, .. }) in recording.messages() {
        *counts.entry(*fate).or_default() += 1;
    }
    counts
}

/// How many arrows a page has at most: there is no telling apart any more.
const MOST_ARROWS: usize = 2_000;

/// Writes the messages between rows that are shown into a page, as arrows over them, each with the
/// number of its step. One that is lost ends on its way.
pub(crate) fn write_arrows(
    page: &mut String,
    run: &Run,
    scale: &Scale,
    lines: &[Line],
    steps: &[Step<'_>],
) {
    let mut heights = HashMap::new();
    for (i, line) in lines.iter().enumerate() {
        if let Line::Row(row) = line {
            heights.insert(*row, i as f64 + 0.5);
        }
    }
    let mut steps = steps.iter().enumerate();
    let mut svg = String::new();
    let mut heads = String::new();
    let arrows = arrows(run).filter_map(|arrow| {
        let (from, to) = (*heights.get(&arrow.from)?, *heights.get(&arrow.to)?);
        Some((arrow, from, to))
    });
    for (arrow, from, to) in arrows.take(MOST_ARROWS) {
        let step = steps.find(|(_, step)| step.event == Some(arrow.event));
        let step = step.expect("each message has its step").0;
        let down = (to - from).signum();
        let (to, head) = match arrow.look.fate {
            Fate::Lost => (from + 0.6 * down, "×"),
            _ if down > 0.0 => (to - 0.3, "▾"),
            _ => (to + 0.3, "▴"),
        };
        let class = arrow.look.class;
        let [sent, at] = [arrow.sent, arrow.at].map(|at| scale.fraction(at));
        _ = write!(
            svg,
            "<path class=\"{class}\" data-step=\"{step}\" d=\"M{sent:.5} {from}L{at:.5} {to:.2}\"/>"
        );
        let (left, top) = (at * 100.0, to / lines.len() as f64 * 100.0);
        _ = write!(
            heads,
            "<b class=\"{class}\" data-step=\"{step}\" \
             style=\"left:{left:.3}%;top:{top:.3}%\">{head}</b>"
        );
    }
    if !svg.is_empty() {
        let height = lines.len();
        _ = write!(
            page,
            "<svg viewBox=\"0 0 1 {height}\" preserveAspectRatio=\"none\" aria-hidden=\"true\">\
             {svg}</svg>{heads}"
        );
    }
}
