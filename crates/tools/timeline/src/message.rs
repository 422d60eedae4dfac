//! The messages of a run: how each fate looks, and where the arrows are.

use std::collections::BTreeMap;
use std::fmt::Write;

use trace::Fate;

use crate::history::Axis;
use crate::picture::{Picture, Run};
use crate::scale::Scale;
use crate::state::nanos;
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

/// Writes the messages into a page, as arrows over its rows. One that is lost ends on its way.
pub(crate) fn write_arrows(page: &mut String, run: &Run, scale: &Scale) {
    let arrows: Vec<_> = arrows(run).collect();
    if arrows.is_empty() {
        return;
    }
    let rows = run.names.len() as f64;
    let end = |arrow: &Arrow| {
        let (from, to) = (arrow.from as f64 + 0.5, arrow.to as f64 + 0.5);
        let down = (to - from).signum();
        match arrow.look.fate {
            Fate::Lost => [from, from + 0.6 * down],
            _ => [from, to - 0.3 * down],
        }
    };
    _ = write!(
        page,
        "<svg viewBox=\"0 0 1 {rows}\" preserveAspectRatio=\"none\" aria-hidden=\"true\">"
    );
    for arrow in &arrows {
        let (event, class, [from, to]) = (arrow.event, arrow.look.class, end(arrow));
        let [sent, at] = [arrow.sent, arrow.at].map(|at| scale.fraction(at));
        _ = write!(
            page,
            "<path class=\"{class}\" data-event=\"{event}\" \
             d=\"M{sent:.5} {from}L{at:.5} {to:.2}\"/>"
        );
    }
    page.push_str("</svg>");
    for arrow in &arrows {
        let (event, class, [_, to]) = (arrow.event, arrow.look.class, end(arrow));
        let (left, top) = (scale.fraction(arrow.at) * 100.0, to / rows * 100.0);
        let head = match arrow.look.fate {
            Fate::Lost => "×",
            _ if arrow.to > arrow.from => "▾",
            _ => "▴",
        };
        _ = write!(
            page,
            "<b class=\"{class}\" data-event=\"{event}\" \
             style=\"left:{left:.3}%;top:{top:.3}%\">{head}</b>"
        );
    }
}
