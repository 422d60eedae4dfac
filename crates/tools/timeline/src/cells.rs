//! What each cell of a row shows.

use crate::history::{History, Span, State};
use crate::scale::Scale;

/// What a cell shows.
#[derive(Clone, Copy, PartialEq, Eq)]
pub(crate) enum Cell {
    In(State),
    Cancelled,
    Panicked,
}

/// Finds what each cell of a row shows: that the task has run in it, however briefly, or else the
/// state that it was in for most of it.
pub(crate) fn cells(history: &History, scale: &Scale, row: usize) -> Vec<Cell> {
    let row = &history.rows[row];
    let mut shares = vec![[0_u128; State::Done as usize + 1]; scale.cells];
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
                return Cell::In(State::Running);
            }
            let most = State::NAMED
                .into_iter()
                .max_by_key(|state| shares[*state as usize]);
            let most =
                most.filter(|state| shares[*state as usize] > shares[State::Absent as usize]);
            Cell::In(most.unwrap_or(State::Absent))
        })
        .collect();
    if let Some((at, is_panic)) = row.broken {
        cells[scale.cell(at)] = if is_panic {
            Cell::Panicked
        } else {
            Cell::Cancelled
        };
    }
    cells
}
