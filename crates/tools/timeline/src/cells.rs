//! What each cell of a row shows.

use crate::history::{History, Span};
use crate::scale::Scale;
use crate::state::{LOOKS, State};

/// Finds what each cell of a row shows: that the task has run in it, however briefly, or else the
/// state that it was in for most of it.
pub(crate) fn cells(history: &History, scale: &Scale, row: usize) -> Vec<State> {
    let row = &history.rows[row];
    let mut shares = vec![[0_u128; LOOKS.len()]; scale.cells];
    let first = row.spans.first().map_or(0, |span| span.from);
    let absent = Span {
        from: 0,
        to: first,
        state: State::Absent,
    };
    for span in [absent].iter().filter(|span| span.to > 0).chain(&row.spans) {
        let cells = scale.cell(span.from)..=scale.cell(span.to);
        for cell in cells {
            shares[cell][span.state as usize] += scale.overlap(cell, span.from, span.to);
        }
        if span.state == State::Running {
            shares[scale.cell(span.from)][State::Running as usize] += 1;
        }
    }
    let mut cells: Vec<_> = shares
        .into_iter()
        .map(|shares| {
            if shares[State::Running as usize] > 0 {
                return State::Running;
            }
            // Of what is equal the last one, but not being spawned yet.
            let states = LOOKS.iter().map(|look| look.state).skip(1);
            let most = states.max_by_key(|state| shares[*state as usize]);
            most.filter(|state| shares[*state as usize] > shares[State::Absent as usize])
                .unwrap_or(State::Absent)
        })
        .collect();
    if let Some((at, how)) = row.broken {
        cells[scale.cell(at)] = how;
    }
    cells
}
